"""Formats and encodings: what is not sensitive stays as it was, byte for byte."""

import csv
import io
import json

import pytest

from secassist.errors import SourceError, UsageError
from secassist.redacting.choosing import Format, choose, is_code
from tests.redacting.runs import CARD_ID, MAIL, PASSWORD, redact, reveal


def name_of(done: object, value: str) -> str:
    return next(entry.name for entry in done.entries if entry.meaning == value)  # type: ignore[attr-defined]


PRETTY = f"""{{
    "user" :  "{MAIL}",
\t"phone": 13862907415, "n": 1.50e3, "n": -0,
    "password": "{PASSWORD}", "list": [ true,null , "{MAIL}"],
    "{MAIL}": {{}}
}}
"""


def test_json_keeps_layout_numbers_order_and_duplicates() -> None:
    done = redact(PRETTY, "json")
    expected = PRETTY.replace(MAIL, name_of(done, MAIL)).replace(PASSWORD, name_of(done, PASSWORD))
    assert done.text == expected.replace("13862907415", f'"{name_of(done, "13862907415")}"')
    pairs = json.loads(done.text, object_pairs_hook=list)
    assert [key for key, _ in pairs][1:6] == ["phone", "n", "n", "password", "list"]
    assert reveal(done) == PRETTY.encode()


def test_json_strings_are_read_without_their_escapes() -> None:
    text = json.dumps({"邮箱": MAIL, "身份证号": CARD_ID, "note": f"姓名：欧阳明，手机 13862907415，{MAIL}"})
    assert "\\u" in text
    done = redact(text, "json")
    assert json.loads(done.text)["note"].count("<") >= 2
    assert "13862907415" not in done.text
    assert reveal(done) == text.encode()


def test_json_within_a_json_string_is_seen() -> None:
    text = json.dumps({"log": json.dumps({"password": PASSWORD, "user": MAIL})})
    done = redact(text, "json")
    assert PASSWORD not in done.text
    inner = json.loads(json.loads(done.text)["log"])
    assert set(inner) == {"password", "user"}
    assert reveal(done) == text.encode()


def test_a_private_key_in_json_goes_whole() -> None:
    body = "\n".join("MIIEowIBAAKCAQEAx9Zq7mVt2kLp9Qw3Er5Ty8Ui0Op1As4Df6Gh7Jk2Lz" + str(n) for n in range(8))
    pem = f"-----BEGIN RSA PRIVATE {'KEY'}-----\n{body}\n-----END RSA PRIVATE {'KEY'}-----\n"
    done = redact(json.dumps({"tls": pem, "n": 1}), "json")
    assert json.loads(done.text)["tls"].startswith("<PRIVATE_KEY_")
    assert "MIIE" not in done.text


def test_a_value_spelled_with_escapes_has_the_hash_of_the_plain_one() -> None:
    done = redact('{"email": "alice.moor\\u0040corp-mail.org", "email2": "alice.moor@corp-mail.org"}', "json")
    first, second = json.loads(done.text).values()
    assert first != second
    assert first[:15] == second[:15]


@pytest.mark.parametrize("text", ["{} trailing", "user=alice", "[2026-03-01 10:00:00] started"])
def test_text_that_is_not_json(text: str) -> None:
    assert choose(Format.AUTO, "x.json", text, whole=True) is Format.TEXT
    with pytest.raises(UsageError, match="does not begin like JSON"):
        redact(text, "json")


def test_json_that_breaks_off_is_json_as_far_as_it_goes() -> None:
    text = '{"a": 1} {"b": '
    assert choose(Format.AUTO, "x.json", text, whole=True) is Format.JSON
    assert redact(text, "json").text == text


def test_json_lines_may_hold_lines_that_are_none() -> None:
    lines = [
        json.dumps({"user": MAIL, "phone": 13862907415}),
        f'plain line: "quote {MAIL}, phone 138 6290 7415 and 13862907415',
        "",
        json.dumps([MAIL, {"phone": "13862907415"}]),
    ]
    text = "\r\n".join(lines)
    done = redact(text, "ndjson")
    after = done.text.split("\r\n")
    assert [json.loads(after[0])["user"], json.loads(after[3])[0]] == [name_of(done, MAIL)] * 2
    assert f"quote {name_of(done, MAIL)}, phone <PHONE" in after[1]
    assert '"<PHONE' not in after[1]
    assert reveal(done) == text.encode()


def test_csv_keeps_quotes_and_names_cells_by_their_column() -> None:
    text = (
        "id,phone,密码,note\r\n"
        f'1,"13862907415",{PASSWORD},"said ""hi"", twice\r\nfrom {MAIL}"\r\n'
        '2,13972604183,"a,b",\r\n'
    )
    done = redact(text, "csv", name="x.csv")
    before, after = (list(csv.reader(io.StringIO(part, newline=""))) for part in (text, done.text))
    assert [len(row) for row in after] == [4, 4, 4]
    assert after[0] == before[0]
    assert [row[1][:7] for row in after[1:]] == ["<PHONE_", "<PHONE_"]
    assert after[1][2].startswith("<")
    assert after[1][3].startswith('said "hi", twice\r\nfrom <EMAIL_')
    assert after[2][2:] == ["a,b", ""]
    assert done.text.count('"') == text.count('"')
    assert reveal(done) == text.encode()


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_delimiters(sign: str) -> None:
    text = f"name{sign}email\nx{sign}{MAIL}\n"
    assert redact(text, "csv").text == f"name{sign}email\nx{sign}{name_of(redact(text, 'csv'), MAIL)}\n"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_keeps_its_mark_and_gives_the_names_of_utf_8(codec: str) -> None:
    text = f"\ufeff用户 {MAIL}\r\nlone \ud800 half, 😀\r\n"
    raw = text.encode(codec, "surrogatepass") + b"\x41"
    done = redact(raw)
    expected = text.replace(MAIL, name_of(redact(MAIL), MAIL))
    assert done.out == expected.encode(codec, "surrogatepass") + b"\x41"
    assert reveal(done) == raw


def test_broken_bytes_line_ends_and_marks_stay() -> None:
    raw = b"\xef\xbb\xbf\xff\xfe \x80abc\r\n\r\n\0\0 " + MAIL.encode() + b"\xc3\r tail \xe5\xbc"
    done = redact(raw)
    assert done.out == raw.replace(MAIL.encode(), name_of(done, MAIL).encode())
    assert reveal(done) == raw


@pytest.mark.parametrize(
    "head",
    [
        b"\x1f\x8b\x08",
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"SQLite format 3\0",
        "a longer text of several words".encode("utf-16-le"),
        b"\xff\xfe\0\0a",
    ],
)
def test_what_is_no_text_is_refused_and_not_passed_through(head: bytes) -> None:
    with pytest.raises(SourceError):
        redact(head + MAIL.encode())


def test_formats_are_told_by_name_and_beginning() -> None:
    def told(name: str, head: str) -> str:
        return choose(Format.AUTO, name, head, whole=True)

    assert told("x.log", "plain") == "text"
    assert told("-", '{"a": 1}') == "json"
    assert told("-", '\ufeff [1, "x\\"y", {"k": [true]}]\n') == "json"
    assert told("x.json", '{"a": 1}\n{"a": 2}\n') == "ndjson"
    assert told("x.jsonl", '{"a": 1}') == "ndjson"
    assert told("x.csv", "a,b\n1,2\n") == "csv"
    assert told("x.log", "[error] {code}") == "text"
    assert is_code("a/b.py")
    assert not is_code("a/b.log")
    assert not is_code("")


def test_code_is_read_as_code() -> None:
    source = "password = get_password_from_vault\nsecret_key = load_secret_key_value\n"
    assert redact(source, name="app.py").tally.replaced == {}
