"""Redaction: what a mask may show, that lines stay, and that no copy of a value survives."""

import pytest

from schemas import Alert, CodeUnit, Document, Field, FindingKind, Place, Severity
from secassist.detectors.base import Candidate
from secassist.redaction import mask, redact, redact_subject, trace


def candidate(text: str, value: str, kind: FindingKind = FindingKind.SECRET, start: int | None = None) -> Candidate:
    at = text.index(value) if start is None else start
    place = Place(path="x", start_line=1, end_line=1, start=at, end=at + len(value))
    return Candidate(kind, "token", "token", "found", place, Severity.HIGH, value=value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", "****"),
        ("hunter2hunter2h", "****"),
        ("0123456789abcdef", "01****ef"),
        ("0123456789abcdefghijklmn", "0123****klmn"),
        ("ab\ncdefghijklmnopqrstuvw\u0000yz", "ab*c****w*yz"),
    ],
)
def test_a_mask_shows_at_most_four_and_four(value: str, shown: str) -> None:
    assert mask(value) == shown


def test_a_trace_depends_on_the_key_and_names_the_charset() -> None:
    one, two = trace("deadbeef" * 4, b"key one"), trace("deadbeef" * 4, b"key two")
    assert one.hmac != two.hmac and len(one.hmac) == 64
    assert (one.length, one.charset, one.mask) == (32, "hex", "dead****beef")
    assert trace("12345", b"k").charset == "digits"
    assert trace("pä$$", b"k").charset == "unicode"
    assert trace("", b"k").length == 0


def test_redact_merges_overlaps_and_keeps_every_newline() -> None:
    text = "a = one\r\ntwo\nthree = b"
    assert redact(text, [(4, 12, "key"), (6, 18, "other")]) == "a = [key:****]\r\n\n = b"
    assert redact(text, []) == text
    assert redact("short", [(-3, 99, "x"), (4, 2, "y")]) == "[x:****]"


def test_a_code_unit_keeps_its_lines_and_loses_every_copy() -> None:
    secret = "zq-invented-value-0001"
    body = f"key = '{secret}'\r\nprint('{secret}')\r\nend"
    unit = CodeUnit(source="t", path="a.py", language="python", title=f"uses {secret}", body=body)
    clean = redact_subject(unit, [candidate(unit.text, secret)])
    assert secret not in clean.model_dump_json()
    assert len(clean.lines) == len(unit.lines)
    assert clean.lines[1].text == "print('[token:zq****01]')"
    assert (clean.path, clean.language, clean.id != unit.id) == ("a.py", "python", True)


def test_short_values_go_only_where_they_were_found() -> None:
    document = Document(source="t", body="pw=abc\nabc is a word")
    assert redact_subject(document, [candidate(document.text, "abc")]).body == "pw=[token:****]\nabc is a word"


def test_an_alert_loses_a_value_that_spans_the_lines_of_a_field() -> None:
    key = "-----BEGIN\nmaterial-one\nmaterial-two\n-----END"
    alert = Alert(
        source="t",
        fields=(Field(path="a", value="x"), Field(path="key", value=f"<{key}>")),
        description="says material",
    )
    text = alert.text
    start, end = text.index("-----BEGIN"), text.index("-----END") + 8
    found = candidate(text, text[start:end], start=start)
    clean = redact_subject(alert, [found])
    assert len(clean.lines) == len(alert.lines)
    assert "material-" not in clean.text and clean.get("a") == "x"
    assert clean.get(
        "key",
    ).startswith("<[token:")  # type: ignore[union-attr]
    assert clean.text.endswith("]>")


def test_an_alert_loses_copies_in_description_and_other_fields() -> None:
    alert = Alert(
        source="t",
        fields=(
            Field(path="user.password", value="swordfish-invented"),
            Field(path="cmd", value="login swordfish-invented"),
        ),
        description="saw swordfish-invented",
    )
    clean = redact_subject(alert, [candidate(alert.text, "swordfish-invented")])
    assert "swordfish" not in clean.model_dump_json()


def test_weaknesses_and_empty_lists_change_nothing() -> None:
    document = Document(source="t", body="eval(x)")
    assert redact_subject(document, []) is document
    assert redact_subject(document, [candidate("eval(x)", "eval(x)", FindingKind.WEAKNESS)]) is document
