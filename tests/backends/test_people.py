"""The reader sieves, reads each kind of block once, keeps to its limit, and says what it did not read."""

import pytest

from secassist.backends import _people
from secassist.backends._people import PeopleReader, available
from secassist.backends._tag_sieve import ALONE, BLOCK, blocks, is_record, may_name

NAMED = "Please call Marguerite Thornbury about the parcel"
ORDINARY = frozenset({"高级", "时间", "系统", "方法"})


@pytest.fixture(scope="module")
def reader() -> PeopleReader:
    return PeopleReader(limit=5_000)


@pytest.mark.parametrize(
    "text", ["", "\n", "a\n\nb", "x" * 1500, "one line\n" * 40, "word, " * 200 + "\n\nend", "a\r\nb\x0bc"]
)
def test_blocks_are_the_text_in_order_without_blank_lines(text: str) -> None:
    found = list(blocks(text))
    assert all(text[block.start : block.start + len(block.text)] == block.text for block in found)
    assert all(len(block.text) <= BLOCK + ALONE for block in found)
    covered = {at for block in found for at in range(block.start, block.start + len(block.text))}
    assert not "".join(char for at, char in enumerate(text) if at not in covered).strip()


def test_a_long_line_is_read_by_itself() -> None:
    log = "x" * ALONE + "\n"
    assert [block.text for block in blocks("short\nlines\n" + log + log)] == ["short\nlines\n", log, log]


@pytest.mark.parametrize(
    ("text", "may"),
    [
        (NAMED, True), ("Hi Tom,", True), ('"full_name": "jane roe"', True), ("27 Willow Lane", True), ("联系李晓华", True),
        ("桃园路88号", True), ("慕容曦丽", True), ("阿里·哈桑", True), ("", False), ("GET /index.html 200 512", False),
        ("disk is full on srv-04", False), ("系统高级方法", False), ("ERROR worker restarted", False),
    ],
)  # fmt: skip
def test_the_sieve_keeps_what_may_name_somebody(text: str, may: bool) -> None:
    assert may_name(text, ORDINARY) is may


def test_blocks_that_differ_in_numbers_only_have_one_key() -> None:
    one, other = (f"2025-01-0{day} id={number} user Ann Lee" for day, number in ((1, "8c1f00ab99"), (7, "00ab8c1f77")))
    keys = [next(blocks(text)).key for text in (one, other, one.replace("Ann", "Eve"))]
    assert keys[0] == keys[1] != keys[2] and len(keys[0]) == len(one)


@pytest.mark.parametrize(
    ("text", "written_by_a_machine"),
    [
        ("2025-03-02T11:20:19Z INFO x", True), ("Mar  2 11:20:19 srv-04 sshd[1]: x", True), ('{"name": "x"}', True),
        ("10.0.0.4 - - GET /", True), ("a=1 b=2 c=3", True), ("WARN disk", True), ("[main] started", True),
        (NAMED, False), ("March 2 was a holiday, he said", False), ("姓名：李晓华", False), ("Name: Ann Lee\nRoom: 4", False),
    ],
)  # fmt: skip
def test_records_are_told_from_prose(text: str, written_by_a_machine: bool) -> None:
    assert is_record(text) is written_by_a_machine


def test_more_certainty_is_asked_of_records(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = PeopleReader(limit=5_000)
    record = "2025-03-02 11:20:19 note: " + NAMED
    assert [kind for *_, kind in reader(NAMED)[0]] == ["person"]
    monkeypatch.setattr(_people, "SURE", 1.0)
    assert PeopleReader(limit=5_000)(record)[0] == []


def test_places_are_those_of_the_whole_text(reader: PeopleReader) -> None:
    text = (
        "disk is full\n" * 30
        + NAMED
        + "\n\n收件人：欧阳晓岚，地址：湖南省长沙市岳麓区桃园路88号6栋1203室\n"
        + "ok\n" * 9
    )
    found, unread = reader(text)
    assert unread == 0
    values = {(kind, text[start:end]) for start, end, kind in found}
    assert values == {
        ("person", "Marguerite Thornbury"),
        ("person", "欧阳晓岚"),
        ("address", "湖南省长沙市岳麓区桃园路88号6栋1203室"),
    }
    assert reader(text) == (found, 0)


def test_lines_of_one_kind_are_read_once(reader: PeopleReader) -> None:
    lines = [
        f"2025-03-02 11:20:{second:02d} ticket {second + 700} opened for Maria Lopez at the desk in the hall at noon"
        for second in range(60)
    ]
    text = "\n".join(lines)
    assert len(text) > reader.limit
    found, unread = reader(text)
    assert unread == 0
    assert [text[start:end] for start, end, _ in found] == ["Maria Lopez"] * 60


def test_what_is_over_the_limit_is_told() -> None:
    few = PeopleReader(limit=60)
    found, unread = few(f"{NAMED}\n\nHi Tom and Ann Baker\n\n" + "Dear Alice Cooper\n" * 3)
    assert [kind for *_, kind in found] == ["person"] and unread > 40


def test_nothing_is_loaded_for_a_text_that_names_nobody() -> None:
    idle = PeopleReader(limit=100)
    assert idle("disk is full on srv-04\n" * 50) == ([], 0)
    assert idle._tagger is None


@pytest.mark.parametrize(
    "text", ["\udc80 Ann Lee \udcff", "Ann\x00 Lee", "\u202eAnn Lee", "王\ud800小明", "Ann Lee" * 300]
)
def test_strange_characters_are_read_too(reader: PeopleReader, text: str) -> None:
    found, _ = reader(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)


def test_the_bundled_tagger_is_there() -> None:
    assert available() and len(PeopleReader(1).identity()) == 64
