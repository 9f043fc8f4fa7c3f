"""The tables of formats: every line is read, unambiguous, and finds an example that is made for it when the test runs."""

import random
import re
from typing import Any

import pytest

from schemas import Document
from secassist.detectors._secret.checks import CHECKS, base58check, bech32, crc16_base32, has_run, macaroon
from secassist.detectors._secret.names import LOOSE_WORDS
from secassist.detectors._secret.presence import Presence
from secassist.detectors._secret.rules import SecretRule, read, rules
from secassist.detectors._secret.scan import provider_hits
from secassist.detectors._secret.services import services
from secassist.detectors.secrets import PLUGIN

_parser: Any = re._parser  # type: ignore[attr-defined]
MOST = 40
"""Repeats of a piece of a pattern in an example, where the pattern allows so few."""


def example(pattern: str, draw: random.Random) -> str:
    """A text that the pattern matches; what it looks at before and behind is left out."""
    return _of(_parser.parse(pattern), draw)


def _of(pieces: Any, draw: random.Random) -> str:
    return "".join(_piece(str(kind), about, draw) for kind, about in pieces)


def _piece(kind: str, about: Any, draw: random.Random) -> str:
    if kind == "LITERAL":
        return chr(about)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = about
        count = draw.randint(least, max(least, min(int(most), MOST)))
        return "".join(_of(inner, draw) for _ in range(count))
    if kind == "IN":
        return draw.choice(_chars(about))
    if kind == "BRANCH":
        return _of(draw.choice(about[1]), draw)
    if kind == "SUBPATTERN":
        return _of(about[-1], draw)
    if kind == "NOT_LITERAL":
        return draw.choice("q7W")
    return ""


def _chars(choices: Any) -> str:
    kinds = {"CATEGORY_WORD": "ks7Q", "CATEGORY_DIGIT": "7139", "CATEGORY_SPACE": " "}
    found = ""
    for kind, about in choices:
        if str(kind) == "NEGATE":
            return "kZ7q4W"
        if str(kind) == "RANGE":
            found += "".join(map(chr, range(about[0], about[1] + 1)))
        elif str(kind) == "LITERAL":
            found += chr(about)
        else:
            found += kinds[str(about)]
    return found


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.type)
def test_every_format_finds_its_example(rule: SecretRule) -> None:
    draw = random.Random(rule.source)
    made = (example(rule.source, draw) for _ in range(60))
    usable = [text for text in made if re.fullmatch(rule.source, text) and not has_run(text.lower())]
    assert usable
    if rule.only:
        return
    found = [next(provider_hits(f"value: {text}\n", [rule]), None) for text in usable]
    assert sum(hit is not None and hit.value in text for hit, text in zip(found, usable, strict=True)) * 2 > len(usable)
    assert rule in Presence(f"value: {usable[0]}\n").rules


def test_names_are_words_and_checks_are_known() -> None:
    for rule in rules():
        assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", rule.type)
        assert rule.check in ("", *CHECKS)
        assert all(len(literal) > 0 for literal in rule.literals)
    lines = [(rule.type, rule.source) for rule in rules()]
    assert len(lines) == len(set(lines)) > 400


@pytest.mark.parametrize("line", ["no-trust  a  ab", "! x  a  ab  nonsense=1", "! x  .  [a-z]{9}"])
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"format|literal"):
        read(line)


def test_services_are_lower_case_and_no_words_for_credentials() -> None:
    assert len(services()) > 900
    assert all(name == name.lower() and name not in LOOSE_WORDS for name in services())


@pytest.mark.parametrize("name", [name for name, service in services().items() if service.shape])
def test_a_key_of_a_services_own_shape_is_found_beside_its_name(name: str) -> None:
    shape = services()[name].shape
    assert shape is not None
    draw = random.Random(name)
    made = (example(shape.pattern, draw) for _ in range(40))
    keys = [key for key in made if not has_run(key.lower()) and sum(map(str.isdigit, key)) > 1][:20]
    body = "{0}_API_KEY={1}\n"
    said = [PLUGIN.detect(Document(source="t", body=body.format(name.upper(), key))).candidates for key in keys]
    hits = [
        any(c.value in key and len(c.value) > 7 and not c.safe_hint for c in cs)
        for key, cs in zip(keys, said, strict=True)
    ]
    assert sum(hits) * 2 > len(keys) > 0


def test_the_name_of_a_service_inside_another_word_says_nothing() -> None:
    token = "q7Rw2Zt9" + "Xk4Lm8Vb3Nc6Hd1G"
    for text in (f"bookTable {token}", f"rookTable = {token}", f"sumOfParts = {token}{token}"):
        assert not [c for c in PLUGIN.detect(Document(source="t", body=text)).candidates if not c.safe_hint]
    assert PLUGIN.detect(Document(source="t", body=f"okta = {token}")).candidates


def test_checksums() -> None:
    assert base58check("5HueCGU8rMjxEXxiPuD5BDk" + "u4MkFqeZyd4dZ1jvhTVqvbTLvyTJ")
    assert not base58check("5HueCGU8rMjxEXxiPuD5BDk" + "u4MkFqeZyd4dZ1jvhTVqvbTLvyTK")
    assert crc16_base32("SBGWSG6BTNCKCOB3DIFBGCVMUP" + "QFYPA2G4O34RMTB343OYPXU5DJDVMN")
    assert not crc16_base32("SBGWSG6BTNCKCOB3DIFBGCVMUP" + "QFYPA2G4O34RMTB343OYPXU5DJDVMM")
    assert bech32("A12UEL5L")
    assert not bech32("A12UEL5Q")
    assert not macaroon("pypi-AgEIcHlwaS5vcmc")
