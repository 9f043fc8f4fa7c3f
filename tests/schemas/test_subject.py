"""Text and lines of a subject are the same whichever is asked for, and those of another body are others."""

import pickle

import pytest

from schemas import Alert, CodeUnit, Document, Field, LogWindow, Subject


def joined(subject: Subject) -> str:
    return "\n".join(f"{line.field}: {line.text}" if line.field else line.text for line in subject.lines)


@pytest.mark.parametrize("body", ["", "\n", "a\r\nb\rc\n\nd", "a\x0bb\u2028c\x85d", "\r\r\n", "one\r\ntwo\n" * 20_000])
def test_the_text_is_the_lines_joined(body: str) -> None:
    fields = (Field(path="a.b", value=body), Field(path="", value=body), Field(path="c", value="x"))
    subjects: list[Subject] = [
        Document(source="t", body=body),
        LogWindow(source="t", body=body),
        CodeUnit(source="t", path="p", body=body, start_line=4),
        Alert(source="t", fields=fields),
        Alert(source="t", fields=()),
    ]
    for subject in subjects:
        assert subject.text == joined(subject)
        assert [line.number for line in subject.lines] == list(range(1, len(subject.lines) + 1))
        assert pickle.loads(pickle.dumps(subject)).lines == subject.lines


def test_a_copy_with_another_body_has_its_own_lines() -> None:
    made = Document(source="t", body="one\ntwo")
    assert len(made.lines) == 2
    other = made.model_copy(update={"body": "three"})
    assert (other.text, [line.text for line in other.lines]) == ("three", ["three"])
    assert made.lines is made.lines, "they are numbered once"
