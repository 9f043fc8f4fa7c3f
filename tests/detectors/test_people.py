"""The detector of names and addresses: it looks at nothing without a reader, and at prose only with one."""

import pytest

from schemas import Alert, CodeUnit, Document, Field, FindingKind, LogWindow, Subject, SubjectKind
from secassist import plugins
from secassist.detectors.people import UNREAD, People
from secassist.errors import DetectorError, ModelError

TEXT = "first line\nask Ann Lee at 27 Willow Lane\n"


def read(text: str) -> tuple[list[tuple[int, int, str]], int]:
    wanted = (("Ann Lee", "person"), ("27 Willow Lane", "address"), ("John Doe", "person"))
    return [(text.index(v), text.index(v) + len(v), kind) for v, kind in wanted if v in text], 0


READING = People().reading(read, "c0ffee" * 8)


def test_the_plug_in_looks_at_nothing_until_it_is_given_a_reader() -> None:
    plugin = plugins.load("detectors", "people")
    assert plugin.kinds == frozenset() and not plugin.detect(Document(source="t", body=TEXT)).candidates
    assert READING.kinds == frozenset(SubjectKind)
    assert READING.version == f"{plugin.version}+c0ffeec0ffeec0ff"


@pytest.mark.parametrize(
    "subject",
    [
        Document(source="t", body=TEXT),
        LogWindow(source="t", body=TEXT),
        CodeUnit(source="t", path="notes.md", body=TEXT),
        Alert(source="t", fields=(Field(path="message", value=TEXT),)),
    ],
)
def test_what_was_read_becomes_candidates(subject: Subject) -> None:
    found = READING.detect(subject).candidates
    assert [(c.type, c.value, c.place.start_line, c.certain, c.kind) for c in found] == [
        ("person", "Ann Lee", 2, True, FindingKind.PERSONAL_DATA),
        ("address", "27 Willow Lane", 2, True, FindingKind.PERSONAL_DATA),
    ]
    assert all(subject.text[c.place.start : c.place.end] == c.value and c.by == "people" for c in found)


def test_code_is_not_read() -> None:
    assert not READING.detect(CodeUnit(source="t", path="a.py", body=TEXT)).candidates


def test_placeholder_names_are_harmless() -> None:
    found = READING.detect(Document(source="t", body="ask John Doe")).candidates
    assert [(c.certain, c.safe_hint) for c in found] == [(False, "placeholder name")]


def test_what_was_not_read_is_told() -> None:
    short = People().reading(lambda _: ([], 700), "d")
    signals = short.detect(Document(source="t", body=TEXT)).signals
    assert [(s.rule, s.noteworthy) for s in signals] == [(UNREAD, False)]
    assert "700 characters" in signals[0].message


def test_a_damaged_tagger_is_an_error_of_the_detector() -> None:
    def broken(_: str) -> tuple[list[tuple[int, int, str]], int]:
        raise ModelError("no tagger here")

    with pytest.raises(DetectorError, match="no tagger here"):
        People().reading(broken, "d").detect(Document(source="t", body=TEXT))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We met at Anna Station", "Anna Station"),
        ("a loan of Ward Finch Bank", "Ward Finch"),
        ("the Karl Meyer disease", "Karl Meyer"),
        ("wearing Hugo Boss", "Hugo Boss"),
        ("walk to Victoria Park", "Victoria Park"),
        ("fly to Santa Clara", "Clara"),
        ("WARN 线程池队列已满", "程池队"),
        ("张江路店停业", "张江"),
    ],
)
def test_names_of_things_are_nobodys(text: str, name: str) -> None:
    def reads(_: str) -> tuple[list[tuple[int, int, str]], int]:
        return [(text.index(name), text.index(name) + len(name), "person")], 0

    assert not People().reading(reads, "d").detect(Document(source="t", body=text)).candidates


@pytest.mark.parametrize("text", ["ask Linda Park today", "张江区长来电", "Anna Ward, Bankside 4"])
def test_people_whose_names_are_words_stay(text: str) -> None:
    name = next(name for name in ("Linda Park", "张江", "Anna Ward") if name in text)

    def reads(_: str) -> tuple[list[tuple[int, int, str]], int]:
        return [(text.index(name), text.index(name) + len(name), "person")], 0

    assert [c.value for c in People().reading(reads, "d").detect(Document(source="t", body=text)).candidates] == [name]
