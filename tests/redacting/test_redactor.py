"""What is replaced: by detectors, elsewhere, in other encodings, across borders; and what is left alone."""

import base64
import random
import time
from urllib.parse import quote, quote_plus

import pytest

from secassist.redacting.finding import Wanted
from tests.redacting.drawing import PRIVATE_KEY
from tests.redacting.runs import CARD_ID, MAIL, PASSWORD, SMALL, redact, reveal

SAID = f'password = "{PASSWORD}"\n'


@pytest.mark.parametrize("offset", range(0, 620, 9))
def test_a_value_at_any_place_of_a_border_is_found(offset: int) -> None:
    filler = "lorem ipsum dolor " * 60
    text = filler[:offset] + f" {MAIL} " + filler + f" mail {MAIL}"
    done = redact(text, sizes=SMALL)
    assert MAIL not in done.text
    assert done.text.count("<EMAIL_") == 2
    assert len({entry.name for entry in done.entries}) == 1
    assert reveal(done) == text.encode()


@pytest.mark.parametrize("offset", range(0, 620, 61))
@pytest.mark.parametrize("newlines", [True, False])
def test_a_key_of_many_lines_across_borders_goes_whole(offset: int, newlines: bool) -> None:
    key = PRIVATE_KEY if newlines else PRIVATE_KEY.replace("\n", "\\n")
    text = "x" * 5 + ("a line\n" * 200)[:offset] + f'\nkey: "{key}"\n' + "a line\n" * 50
    done = redact(text, sizes=SMALL)
    assert "MIIE" not in done.text
    assert "PRIVATE KEY" not in done.text
    assert done.text.count("<PRIVATE_KEY_") == 1
    assert reveal(done) == text.encode()


@pytest.mark.parametrize("offset", range(0, 420, 23))
def test_json_without_a_line_end_stays_valid_across_borders(offset: int) -> None:
    import json

    items = ['"' + "a\\\\b\\u0041 " * 9 + '"', "13862907415", f'"{MAIL}"', "12.5e-3", '"\\""'] * 12
    text = '{"pad": "' + "p" * offset + '", "phone": [' + ",".join(items) + "]}"
    done = redact(text, "json", sizes=SMALL)
    found = json.loads(done.text)["phone"]
    assert len(found) == len(items)
    assert found[3] == 0.0125
    assert {item for item in found if isinstance(item, str)} >= {"a\\bA " * 9, '"'}
    assert MAIL not in done.text
    assert reveal(done) == text.encode()


def test_a_value_is_replaced_where_no_detector_sees_it_before_and_after() -> None:
    done = redact(f"seen {PASSWORD}xyz\n{SAID}again:{PASSWORD[:-1]} and x{PASSWORD}\n")
    name = next(entry.name for entry in done.entries if entry.raw == PASSWORD)
    assert done.text == f'seen {name}xyz\npassword = "{name}"\nagain:{PASSWORD[:-1]} and x{name}\n'


ENCODED = {
    "base64": base64.b64encode(PASSWORD.encode()).decode(),
    "base64 after one byte": base64.b64encode(b"u" + PASSWORD.encode() + b"tail").decode(),
    "base64 after two bytes": base64.b64encode(b"u:" + PASSWORD.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(b"\xfb\xff" + PASSWORD.encode()).decode(),
    "base64 in lines": "\n".join(
        base64.b64encode(b"0123456" + PASSWORD.encode() + b"!" * 9).decode()[n : n + 8] for n in range(0, 40, 8)
    ),
    "hex": PASSWORD.encode().hex(),
    "hex in capitals": "0x" + PASSWORD.encode().hex().upper(),
    "URL": "".join(f"%{byte:02x}" for byte in PASSWORD.encode()),
    "URL, in part": PASSWORD.replace("-", "%2D"),
    "JSON escapes": "".join(f"\\u{ord(char):04x}" for char in PASSWORD),
    "C escapes": "".join(f"\\x{ord(char):02x}" for char in PASSWORD),
}


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("first", [True, False])
def test_other_encodings_of_a_value_go_too(name: str, first: bool) -> None:
    noise = f"note {ENCODED[name]} end\n"
    text = noise + SAID if first else SAID + noise
    done = redact(text)
    assert done.text.count("<PASSWORD_") == 2, done.text
    assert done.tally.encoded == 1
    assert ENCODED[name] not in done.text
    assert reveal(done) == text.encode()


def test_encodings_of_values_that_are_no_ascii() -> None:
    address = "浙江省杭州市西湖区文三路一百二十八号"
    text = f"地址：{address}\nq={quote(address)}&r={quote_plus('x ' + address)} {address.encode().hex()}\n"
    done = redact(text)
    if any(address in entry.meaning for entry in done.entries):
        assert quote(address) not in done.text
        assert address.encode().hex() not in done.text
    assert reveal(done) == text.encode()


def test_only_the_encoded_part_goes() -> None:
    blob = base64.b64encode(b"GET / HTTP/1.1 Host: internal " + PASSWORD.encode() + b" and more of the same").decode()
    done = redact(f"note {blob}\n{SAID}", wanted=Wanted(only=frozenset({"PASSWORD"})))
    assert done.text.startswith("note R0VUIC8g")


def test_names_and_masks_are_left_alone() -> None:
    text = "<EMAIL_7f3a91c2> <PASSWORD_0123456789ab_1234> password=[password:****] key=AKIA****KDNM pw: ****\n"
    assert redact(text).text == text
    assert redact(text, wanted=Wanted(all=True)).text == text


def test_what_hides_beside_a_name_is_found() -> None:
    assert PASSWORD not in redact(f'password = "<EMAIL_7f3a91c2>{PASSWORD}aB3"\n').text
    assert MAIL not in redact(f"<EMAIL_7f3a91c2> {MAIL}").text


def test_a_secret_longer_than_any_pattern_goes_whole() -> None:
    drawn = random.Random(5)
    secret = "".join(drawn.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=5000))
    done = redact(f"LONG_CREDENTIAL: {secret} # end\n")
    assert done.text.startswith("LONG_CREDENTIAL: <")
    assert done.text.endswith("> # end\n")
    assert len(done.text) < 100


def test_types_and_kinds_can_be_kept_or_chosen() -> None:
    text = f"{SAID}mail {MAIL} id {CARD_ID}\n"

    def left(*keep: str, only: tuple[str, ...] = ()) -> list[bool]:
        out = redact(text, wanted=Wanted.of(keep, only, everything=False)).text
        return [value in out for value in (PASSWORD, MAIL, CARD_ID)]

    assert left() == [False, False, False]
    assert left("email") == [False, True, False]
    assert left("EMAIL", "secret") == [True, True, False]
    assert left("personal-data") == [False, True, True]
    assert left(only=("id_number",)) == [True, True, False]
    assert left("email", only=("personal_data",)) == [True, True, False]


def test_what_looks_harmless_stays_unless_all_is_asked_for() -> None:
    text = "mail nobody@example.com\n"
    assert redact(text).text == text
    assert "nobody" not in redact(text, wanted=Wanted(all=True)).text


def test_a_name_in_the_input_is_not_given_to_a_value_of_it() -> None:
    name = redact(MAIL).entries[0].name
    text = f"{MAIL} and {name}\n"
    done = redact(text)
    assert reveal(done) == text.encode()
    assert redact(text, reversible=False).text == f"{name} and {name}\n"


def test_more_values_than_are_remembered_are_replaced_and_told() -> None:
    text = "".join(f"mail user{number:05}@corp-mail.org\n" for number in range(60))
    done = redact(text, limit=20)
    assert "@" not in done.text
    assert not done.tally.complete
    assert done.tally.not_looked_for == 40
    assert redact(text).tally.complete
    assert reveal(done) == text.encode()


@pytest.mark.parametrize(
    "evil", ["a" * 60_000, "%41" * 20_000, "\\u0041" * 10_000, '"' * 60_000, "\\" * 60_000, "<A_" * 20_000]
)
@pytest.mark.parametrize("format_", ["text", "ndjson", "csv"])
def test_long_runs_of_one_sign_take_linear_time(evil: str, format_: str) -> None:
    text = f'password = "{"a1" * 20}"\n' + evil
    began = time.process_time()
    done = redact(text, format_)
    assert time.process_time() - began < 5
    assert reveal(done) == text.encode()


def test_an_empty_input_gives_an_empty_output() -> None:
    assert redact(b"").out == b""
    assert redact(b"", "csv").out == b""
    assert redact(b"\xff\xfe").out == b"\xff\xfe"
