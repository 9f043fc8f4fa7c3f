"""Patterns that are compiled when they are first asked answer as others do, and every one of the tables can be compiled."""

import copy
import re
from typing import Any

import pytest

from secassist.detectors._code.lines import RULES as LINES
from secassist.detectors._late import late
from secassist.detectors._pii.labelled import LABELS
from secassist.detectors._pii.scan import RULES as NUMBERS
from secassist.detectors._pii.scan import _spellings
from secassist.detectors._secret.calls import CALLS
from secassist.detectors._secret.services import services


def test_it_answers_as_the_pattern_does() -> None:
    made, same = late(r"(?P<n>\d+)-x", re.IGNORECASE), re.compile(r"(?P<n>\d+)-x", re.IGNORECASE)
    text = "a 12-X b 7-x"
    assert made.pattern == same.pattern
    assert made.findall(text) == same.findall(text) == ["12", "7"]
    assert [m.span("n") for m in made.finditer(text, 3)] == [m.span("n") for m in same.finditer(text, 3)]
    assert made.search(text, 5)[0] == "7-x"  # type: ignore[index]
    assert made.groupindex == same.groupindex
    assert late(rb"\d").findall(b"1a2") == [b"1", b"2"]


def test_a_wrong_pattern_is_told_when_it_is_asked() -> None:
    wrong = late("(")
    with pytest.raises(re.error):
        wrong.search("text")


def test_it_can_be_copied_before_and_after() -> None:
    made = late("b+")
    assert copy.copy(made).search("abb")[0] == "bb"  # type: ignore[index]
    assert made.search("abb") and copy.copy(made).search("abb")


def test_every_pattern_of_the_tables_compiles() -> None:
    lines = [each for rule in LINES for each in (rule.pattern, rule.unless, rule.absent, rule.after) if each]
    shapes = [known.shape for known in services().values() if known.shape]
    tables: tuple[Any, ...] = (*NUMBERS, *LABELS, *CALLS)
    found = [*lines, *shapes, *(each.pattern for each in tables)]
    assert len(found) > 400
    for each in found:
        each.search("")
    for exact in _spellings()[1]:
        exact.search(b"")
