"""Strings that a pattern cannot match without, and the quick look for them that line rules begin with."""

import re

import pytest

from secassist.detectors._code.lines import RULES, folded
from secassist.detectors._literals import of_pattern


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"(?<![.\w])(?:eval|exec)\s{0,2}\(", {"eval", "exec"}),
        (r"(?!never)x\w{1,3}yz", {"yz"}),
        (r"a(?=never)b|(?<=no)cd", {"a", "cd"}),
        (r"Set(?:Up|Down)?\w+", {"set"}),
        (r"\w+\d", None),
    ],
)
def test_what_stands_in_every_match(pattern: str, needed: set[str] | None) -> None:
    assert of_pattern(pattern) == needed


def test_letters_that_match_an_ascii_one_without_regard_to_case_are_that_letter() -> None:
    ignoring = re.compile("(?i)[a-z]")
    for sign in map(chr, range(0x80, 0x10000)):
        if ignoring.fullmatch(sign):
            assert any("a" <= letter <= "z" and re.fullmatch(letter, sign, re.I) for letter in folded(sign))


def test_most_rules_look_for_something_first() -> None:
    assert sum(bool(rule.needed) for rule in RULES) > len(RULES) * 0.9
    assert not any(rule.may_match("nothing at all") for rule in RULES if rule.needed and rule.id == "old-protocol")
