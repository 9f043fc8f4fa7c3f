"""Swift subjects are the subjects that they are made of."""

import pickle

import pytest

from schemas import Alert, CodeUnit, Document, Field, LogWindow, Subject
from secassist.scanning.swift import swift

TEXT = "one\r\ntwo\rthree\n"


@pytest.mark.parametrize(
    "subject",
    [
        CodeUnit(source="t", origin="o", path="a.py", language="python", body=TEXT, start_line=4),
        LogWindow(source="t", body=TEXT),
        Document(source="t", body=TEXT * 20_000),
        Alert(source="t", fields=(Field(path="a", value="b\nc"),)),
    ],
)
def test_text_lines_content_and_id_are_the_same(subject: Subject) -> None:
    made = swift(subject)
    assert isinstance(made, type(subject))
    assert (made.id, made.text, made.lines, made.content()) == (
        subject.id,
        subject.text,
        subject.lines,
        subject.content(),
    )
    assert made.model_dump_json() == subject.model_dump_json()
    assert pickle.loads(pickle.dumps(made)).lines == subject.lines


def test_a_copy_with_another_body_has_its_own_lines() -> None:
    made = swift(Document(source="t", body="one\ntwo"))
    assert len(made.lines) == 2
    other = made.model_copy(update={"body": "three"})
    assert (other.text, [line.text for line in other.lines]) == ("three", ["three"])
