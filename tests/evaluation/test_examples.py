"""Reading labelled data: order, what is left out, bad rows, limits."""

import gzip
import json

import pytest

from secassist.errors import SourceError, UsageError
from secassist.evaluation import examples as module
from secassist.evaluation.examples import Example, collect, limit, read
from secassist.evaluation.truth import stratum
from secassist.sources.base import Rejected
from tests.evaluation.builders import example, row, write


def test_plain_and_gzip_give_the_same(tmp_path):
    rows = [row("a-1"), row("a-2", task="C1", label={"vulnerable": True}, language="php", split="test")]
    plain, _ = collect(write(tmp_path / "some.train.jsonl", rows))
    zipped, _ = collect(write(tmp_path / "some.train.jsonl.gz", rows))
    assert plain == zipped
    assert [e.id for e in plain] == ["a-1", "a-2"]
    assert (plain[1].source, plain[1].language, plain[1].split, plain[1].group) == ("some", "php", "test", "g")


def test_the_path_is_gone(tmp_path):
    (found,) = read(write(tmp_path / "a.jsonl", [row(path="vulnerable/sqli_bad.py")]))
    assert "sqli" not in repr(vars(found))
    assert "text" not in repr(found)


def test_a_folder_is_read_by_name_whatever_the_order_of_writing(tmp_path):
    write(tmp_path / "b" / "one.jsonl.gz", [row("b-1")])
    write(tmp_path / "a" / "two.jsonl", [row("a-2")])
    write(tmp_path / "a" / "one.jsonl", [row("a-1")])
    (tmp_path / "a" / "notes.txt").write_text("not data")
    assert [e.id for e in read(tmp_path)] == ["a-1", "a-2", "b-1"]


def test_tasks_are_chosen(tmp_path):
    path = write(tmp_path / "a.jsonl", [row("a-1", task="S1"), row("a-2", task="S2")])
    assert [e.id for e in read(path, ["S2"])] == ["a-2"]
    with pytest.raises(UsageError, match="T9"):
        read(path, ["T9"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json\n", "not a JSON row"),
        (b"\xff\xfe{}\n", "not a JSON row"),
        (b"[" * 100_000 + b"\n", "not a JSON row"),
        (b"[1]\n", "not a JSON object"),
        (b'{"id": "x"}\n', "has no task, input, label"),
        (json.dumps(row(7)).encode() + b"\n", "id is not a text"),
        (json.dumps(row(task="T9")).encode() + b"\n", "no task named 'T9'"),
        (json.dumps(row(task=["T1"])).encode() + b"\n", "no task named"),
        (json.dumps(row(label="bad")).encode() + b"\n", "label is not an object"),
        (json.dumps(row(input=3)).encode() + b"\n", "neither a text nor an object"),
        (json.dumps(row("a-1")).encode() + b"\n", "was there before"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_goes_on(tmp_path, line, reason):
    path = write(tmp_path / "a.jsonl", [row("a-1"), line, b"\n", row("a-2")])
    good, bad = collect(path)
    assert [e.id for e in good] == ["a-1", "a-2"]
    assert [b.origin for b in bad] == ["a.jsonl:2"]
    assert reason in bad[0].reason


def test_a_row_that_is_too_long_is_skipped_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LINE_BYTES", 300)
    path = write(tmp_path / "a.jsonl", [row("a-1"), row("a-2", input="x" * 2000), row("a-3")])
    good, bad = collect(path)
    assert [e.id for e in good] == ["a-1", "a-3"]
    assert [b.origin for b in bad] == ["a.jsonl:2"]


@pytest.mark.parametrize("damage", [lambda b: b[:-12], lambda b: b[:40] + b"\0" * 40 + b[80:], lambda b: b"no gzip"])
def test_a_broken_archive_is_reported_and_other_files_are_read(tmp_path, damage):
    whole = gzip.compress(b"".join(json.dumps(row(f"a-{i}")).encode() + b"\n" for i in range(50)))
    (tmp_path / "a.jsonl.gz").write_bytes(damage(whole))
    write(tmp_path / "b.jsonl", [row("b-1")])
    good, bad = collect(tmp_path)
    assert good[-1].id == "b-1"
    assert len(bad) >= 1
    assert bad[-1].origin.startswith("a.jsonl.gz:")


def test_nothing_to_read_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "missing")
    with pytest.raises(UsageError, match="holds no"):
        read(tmp_path)


def many() -> list[Example]:
    made = [example("T3", f"m-{i}", source="big") for i in range(100)]
    made += [example("T3", f"b-{i}", source="big", label={"verdict": "benign"}) for i in range(50)]
    return made + [example("T3", f"s-{i}", source="small") for i in range(3)]


def test_a_limit_is_spread_over_sources_and_labels():
    chosen = limit(many(), 23, stratum)
    counts = [sum(e.id.startswith(letter) for e in chosen) for letter in "mbs"]
    assert counts == [10, 10, 3]


def test_a_limit_does_not_depend_on_order_and_grows_from_smaller_ones():
    forth, back = limit(many(), 20, stratum), limit(many()[::-1], 20, stratum)
    assert {e.id for e in forth} == {e.id for e in back}
    assert {e.id for e in forth} < {e.id for e in limit(many(), 30, stratum)}
    order = [e.id for e in many()]
    assert [order.index(e.id) for e in forth] == sorted(order.index(e.id) for e in forth)


def test_a_limit_larger_than_the_data_is_the_data():
    assert limit(many(), 1000, stratum) == many()
    assert limit(many(), 0, stratum) == []
    with pytest.raises(UsageError):
        limit(many(), -1, stratum)


def test_rejected_rows_come_in_their_place(tmp_path):
    kinds = [type(r) for r in read(write(tmp_path / "a.jsonl", [b"x\n", row("a-1")]))]
    assert kinds == [Rejected, Example]
