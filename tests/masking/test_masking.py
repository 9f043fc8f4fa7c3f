"""Masking: what a mask may show, that lines stay, and that no copy of a value survives."""

import base64
import json
import re
import time
from urllib.parse import quote, quote_plus

import pytest
from pydantic import ValidationError

from schemas import Alert, CodeUnit, Document, Field, FindingKind, Place, SecretTrace, Severity
from secassist.detectors.base import Candidate
from secassist.masking import LONGEST, WITHHELD, Cover, Redactor, Span, mask, redact, redact_subject, scrub, trace


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


LINE = 'say pin="Zq7/+ü invented" twice'
VALUE = "Zq7/+ü invented"
NAMED = re.compile(r'(?<=pin=")[^"]*')


def find(text: str) -> list[Span]:
    return [(*match.span(), "pin") for match in NAMED.finditer(text) if match[0]]


WRAPPED = {
    "plain": LINE,
    "base64": base64.b64encode(LINE.encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(LINE.encode()).decode().rstrip("="),
    "base64 of UTF-16": base64.b64encode(LINE.encode("utf-16-le")).decode(),
    "base64 behind a glued word": "id_" + base64.b64encode(LINE.encode()).decode(),
    "hex": LINE.encode().hex(),
    "hex behind an odd digit": "f" + LINE.encode().hex(),
    "percent": quote(LINE, safe=""),
    "a form": "q=" + quote_plus(LINE),
    "JSON": json.dumps({"m": LINE}),
    "JSON in JSON in JSON": json.dumps(json.dumps(json.dumps({"m": LINE}))),
    "base64 in percent": quote(base64.b64encode(LINE.encode()).decode(), safe=""),
    "percent in base64 in hex": base64.b64encode(quote(LINE).encode()).hex(),
}


def peeled(text: str) -> str:
    """The text with every encoding of the test taken off again, so that a part left over would be seen."""
    for _ in range(4):
        for run in re.findall(r"[A-Za-z0-9+/_-]{8,}={0,2}", text):
            for skip in range(4):
                body = run[skip:].rstrip("=").replace("-", "+").replace("_", "/")
                body = body[: len(body) // 4 * 4]
                text += " " + base64.b64decode(body).decode("utf-8", "ignore").replace("\0", "")
        for run in re.findall(r"[0-9a-f]{8,}", text):
            text += " " + bytes.fromhex(run[: len(run) // 2 * 2]).decode("utf-8", "ignore")
        if len(text) > 100_000:
            break
    return text


@pytest.mark.parametrize("how", WRAPPED)
def test_a_value_is_found_in_its_wrapping_and_the_rest_is_left(how: str) -> None:
    redactor = Redactor(find)
    clean = redactor(f"before {WRAPPED[how]} after")
    assert clean != f"before {WRAPPED[how]} after"
    assert "invented" not in peeled(clean)
    assert clean.startswith("before ")
    assert clean.endswith(" after")
    assert redactor(clean) == clean


def test_of_an_encoded_value_nothing_is_shown() -> None:
    """16 characters of hex are 8 of a value, of which no mask may show one."""
    short = 'pin="abcd1234"'
    clean = Redactor(find)(short.encode().hex())
    assert clean == f"{b'pin='.hex()}22[encoded-pin:****]22"


def test_what_is_beside_the_value_can_still_be_decoded() -> None:
    clean = Redactor(find)(base64.b64encode(f"net user eve /add && {LINE}".encode()).decode())
    assert "net user eve /add" in base64.b64decode(clean.split("[")[0]).decode()


def test_a_search_that_fails_withholds_the_text() -> None:
    def broken(text: str) -> list[Span]:
        raise ValueError(text)

    assert Redactor(broken)(LINE) == WITHHELD
    assert Redactor(broken)("ok") == "ok"


def test_a_text_for_a_sink_is_cut() -> None:
    told = Redactor(find)("x" * (LONGEST + 5))
    assert len(told) < LONGEST + 40
    assert told.endswith("(5 characters left out)")


EVIL = (
    "a",
    "%",
    "%4",
    "%41",
    "%41 ",
    "a%41",
    "\\",
    '\\"',
    "\\u0041",
    "QUFB",
    "4142",
    "41 ",
    "MTEx",
    "=",
    '"\\',
    "\u00e9",
)


@pytest.mark.parametrize("unit", EVIL)
def test_time_grows_with_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit)) + "%zz"
        began = time.process_time()
        Redactor(find).spans(text)
        return time.process_time() - began

    seconds(1_000)
    small, large = min(seconds(25_000) for _ in range(2)), min(seconds(200_000) for _ in range(2))
    assert large < 30 * max(small, 0.004)


def test_covering_takes_every_part_of_every_value() -> None:
    cover = Cover(["Zq7-invented-value", 'quo"ted-\n-value', "4711", "abc"])
    assert cover("it is Zq7-invented-val, as ted-") == "it is ****, as ted-"
    assert cover(json.dumps('quo"ted-\n-value')) == '"****"'
    assert cover("pin 4711, abc") == "pin ****, abc"


def test_an_error_is_cleaned_with_all_it_came_from() -> None:
    error, cause = KeyError(VALUE, 7, {"a": VALUE}), OSError(f"lost {VALUE}")
    error.__cause__, cause.__context__ = cause, error
    error.add_note(VALUE)
    scrub(error, lambda text: text.replace(VALUE, "*"))
    assert error.args == ("*", 7, "{'a': '*'}")
    assert (str(cause), error.__notes__) == ("lost *", ["*"])


@pytest.mark.parametrize(
    "values",
    [
        {"mask": "Zq7-i****value", "length": 30},
        {"mask": "Zq7-invented", "length": 30},
        {"mask": "a****b", "length": 15},
        {"mask": "****", "length": -1},
        {"mask": "****", "length": 9, "hmac": "not a digest"},
        {"mask": "****", "length": 9, "charset": "Zq7-invented"},
    ],
)
def test_a_trace_refuses_to_keep_more(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SecretTrace(**values)  # type: ignore[arg-type]
