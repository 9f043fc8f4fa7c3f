"""Keys of makers whom no table knows: found by head, joint and tail; numbers of things, names and digests are not."""

import random
import string

import pytest

from schemas import Document
from secassist.detectors._secret.prefixed import PREFIXED, prefixed_hits
from secassist.detectors._secret.presence import Presence
from secassist.detectors.secrets import PLUGIN

BASE62 = string.ascii_letters + string.digits


def tail(length: int, letters: str = BASE62, seed: int = 7) -> str:
    draw = random.Random(seed)
    return "".join(draw.choice(letters) for _ in range(length))


def found(text: str) -> list[str]:
    detected = PLUGIN.detect(Document(source="t", body=text))
    return [candidate.value for candidate in detected.candidates if not candidate.safe_hint]


HEX = "0123456789abcdef"
KEYS = [
    f"zqv_{tail(24)}",
    f"zqvx-{tail(40)}",
    f"zq9_v1_{tail(43)}",
    f"ZQV-{tail(36, string.ascii_uppercase + string.digits)}",
    f"zqv_live_{tail(32, HEX)}",
    f"zqv_{tail(40, HEX)}",
    f"zqv_{tail(20)}-{tail(20, seed=8)}",
    f"zqv9.{tail(48)}",
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("frame", ["{}\n", 'x = "{}"', "header: {}, next", "（{}）", "use '{}' here."])
def test_a_key_of_an_unknown_maker_is_found_whole(key: str, frame: str) -> None:
    assert found(frame.format(key)) == [key]


THINGS = [
    f"req_{tail(24)}",
    f"cus_{tail(24)}",
    f"chunk-{tail(32, HEX)}",
    f"layer_{tail(64, HEX)}",
    f"sha512-{tail(40)}",
    f"zqv-{tail(40, HEX)}",
    f"zqv_{tail(24, HEX)}",
    "zqv_getTheValueOfEveryKnownField",
    "ZQV_THE_LONGEST_CONSTANT_OF_ALL_THINGS_HERE",
    "zqv-4f5d2c1b-9a8e-7d6c-5b4a-39281706f5e4-suffix",
    f"https://host.example/zqv_{tail(30)}.js",
    f"sha256={tail(4)}-{tail(38)}",
    f"[id=zqv-{tail(22)}]",
    f'"unionid":"or_{tail(26)}"',
    f"db-{tail(22)}",
    f"zqv.{tail(30)}",
    f"/var/cache/zqv_{tail(30)}",
]


@pytest.mark.parametrize("text", THINGS)
def test_a_thing_with_a_number_or_a_name_is_no_key(text: str) -> None:
    assert found(f"seen {text}\n") == []


def test_a_maker_with_a_format_of_its_own_is_asked_there() -> None:
    short = f"glpat-{tail(18)}"
    assert [*prefixed_hits(f"a {short} b", f"a {short} b".lower())] == []


def test_what_is_never_there_is_not_looked_for() -> None:
    assert PREFIXED in Presence(KEYS[0])
    assert PREFIXED not in Presence("the_name_of_a_thing = other_thing - 4f5d2c1b")


@pytest.mark.parametrize(("name", "meant"), [("boomi", True), ("Boomi", True), ("BOOMI", True), ("bOOMI", False)])
def test_a_services_name_is_spelled_as_names_are(name: str, meant: bool) -> None:
    key = tail(32)
    assert (found(f"seen {name} {key} there") == [key]) is meant


FORMS = [
    ("- name: ZQV_KEY\n  value: {}\n", tail(40)),
    ("ZQV_PAT={}\n", tail(40)),
    ("Activation key: {}\n", "ZQ4WS-XC7ER-VB2TR-FR9GU-KL3NX"),
    ("url: https://hooks.zqv.example/v1/T0AB/{}\n", tail(24)),
    ("snmp-server community {} RO\n", tail(9)),
    ("enable password 7 {}\n", "0822455D0A16544541"),
]


@pytest.mark.parametrize(("frame", "value"), FORMS)
def test_values_are_found_where_they_are_written(frame: str, value: str) -> None:
    assert found(frame.format(value)) == [value]


NO_FORMS = [
    f"ZQV_PATH={tail(30)}\n",
    "https://host.example/webhooks/the-name-of-the-thing-that-happened\n",
    "snmp-server community public RO\n",
    f"- name: ZQV_COLOUR\n  value: {tail(40)}\n",
]


@pytest.mark.parametrize("text", NO_FORMS)
def test_names_and_paths_there_are_no_values(text: str) -> None:
    assert found(text) == []
