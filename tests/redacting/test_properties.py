"""What holds for every text: revealing undoes redacting, nothing found is left, and a second redaction changes nothing."""

import csv
import io
import json
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from secassist.errors import SourceError
from secassist.redacting.encodings import Coding
from tests.redacting.drawing import CELL, DOCUMENT, NAMES, TEXT
from tests.redacting.runs import SMALL, Done, redact, reveal

QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def is_text(raw: bytes) -> bool:
    """Not one of the few beginnings that are refused as packed or binary."""
    try:
        return Coding(raw).codec == "utf-8"
    except SourceError:
        return False


def without_leaks(done: Done) -> None:
    """No value of 8 characters or more is left in the output, but within a name that stood there before."""
    for entry in done.entries:
        assert len(entry.meaning) < 8 or entry.meaning not in done.text, entry.name


def checked(text: str, format_: str = "text", **options: Any) -> Done:
    raw = text.encode("utf-8", "surrogateescape")
    assume(is_text(raw))
    done = redact(raw, format_, **options)
    assert reveal(done) == raw
    without_leaks(done)
    again = redact(done.out, format_)
    assert again.out == done.out
    return done


@QUICK
@given(TEXT)
def test_text(text: str) -> None:
    checked(text)


@QUICK
@given(TEXT)
def test_text_in_small_windows(text: str) -> None:
    checked(text, sizes=SMALL)


@QUICK
@given(TEXT, st.sampled_from(["json", "ndjson", "csv"]))
def test_any_text_in_any_format(text: str, format_: str) -> None:
    """A text that is not of the format at all is redacted and comes back nevertheless."""
    raw = text.encode("utf-8", "surrogateescape")
    assume(is_text(raw))
    done = redact(raw, "auto" if format_ == "json" else format_, name=f"x.{format_}")
    assert reveal(done) == raw
    without_leaks(done)


@QUICK
@given(DOCUMENT, st.booleans(), st.sampled_from([None, 2]), st.booleans())
def test_json(document: Any, ascii_: bool, indent: int | None, small: bool) -> None:
    text = json.dumps([document], ensure_ascii=ascii_, indent=indent)
    done = checked(
        text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "json", sizes=SMALL if small else None
    )
    same_shape([document], json.loads(done.text, object_pairs_hook=list))


def same_shape(before: Any, after: Any) -> None:
    """The same tree; a number may have become a string."""
    if isinstance(before, dict):
        assert len(before) == len(after)
        for (_, old), (_, new) in zip(before.items(), after, strict=True):
            same_shape(old, new)
    elif isinstance(before, list):
        assert len(before) == len(after)
        for old, new in zip(before, after, strict=True):
            same_shape(old, new)
    elif isinstance(before, bool | None):
        assert after is before
    elif isinstance(before, int | float):
        assert after == before or str(after).startswith("<")
    else:
        assert isinstance(after, str)


@QUICK
@given(st.lists(DOCUMENT, min_size=1, max_size=4))
def test_json_lines(documents: list[Any]) -> None:
    text = "\n".join(json.dumps([document]) for document in documents)
    done = checked(text, "ndjson", sizes=SMALL)
    for document, line in zip(documents, done.text.split("\n"), strict=True):
        same_shape([document], json.loads(line, object_pairs_hook=list))


@QUICK
@given(st.lists(NAMES, min_size=1, max_size=4), st.data())
def test_csv(names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), max_size=5))
    table = io.StringIO()
    csv.writer(table).writerows([names, *rows])
    text = table.getvalue().encode("utf-8", "replace").decode()
    done = checked(text, "csv", sizes=SMALL)
    before, after = (list(csv.reader(io.StringIO(t, newline=""))) for t in (text, done.text))
    assert [len(row) for row in before] == [len(row) for row in after]
