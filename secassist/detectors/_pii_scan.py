"""Runs the rules for numbers and addresses over a text, asking check digits and the words around each match."""

import ipaddress
import re
from collections.abc import Iterator

from schemas import Severity
from secassist.detectors._mask import BLANK
from secassist.detectors._pii_checks import CHECKS
from secassist.detectors._pii_rules import IP_ADDRESS, RULES, PiiRule
from secassist.detectors._secret_hit import Hit

BEFORE, AFTER = 48, 24
"""Characters before and after a match in which a context word counts."""
_EXAMPLE = re.compile(r"@(?:[\w.\-]{1,80}\.)?(?:example\.[a-z]{2,3}|example|test|invalid|localhost)$", re.IGNORECASE)
_HOTLINE = re.compile(r"(?:(?:\+|00)(?:86|1)[ \-.]?|(?:86|1)[ \-.])?(?:\(?[48]00\)?|0800)[ \-.]?\d{3}[ \-.]?\d{3,4}$")
"""Service numbers that belong to nobody: China's 400 and 800, 800 of the North American plan, 0800 in Europe."""
_LOGIN = re.compile(r"://[^\s/@\"']{0,80}:$")
ALONE_LIMIT = 40
"""A line of at most this many characters may be one value and nothing else, as in a column of a table."""


def rule_hits(text: str, lowered: str, alone: bool) -> Iterator[Hit]:
    """Every match that its check and its context bear; `alone` allows the line that holds one value and nothing else."""
    singles = list(_single_lines(text)) if alone else []
    for rule in RULES:
        if rule.always or any(word in lowered for word in rule.context):
            for match in rule.pattern.finditer(text):
                if _holds(rule, match[0]) and not (rule.type == "email" and _is_login(text, match.start())):
                    near = _near(rule, lowered, *match.span())
                    if near or rule.always:
                        yield _hit(rule, match.start(), match.end(), match[0], near)
        if not rule.always and rule.alone:
            yield from _alone_hits(rule, text, singles)


def _is_login(text: str, start: int) -> bool:
    """Whether what looks like an address is the password and host of a URL."""
    return _LOGIN.search(text, max(0, start - 90), start) is not None


def _alone_hits(rule: PiiRule, text: str, singles: list[tuple[int, int]]) -> Iterator[Hit]:
    for start, end in singles:
        value = text[start:end]
        if rule.pattern.fullmatch(value) and _holds(rule, value):
            yield Hit(start, end, rule.type, value, 3, Severity.LOW)


def _hit(rule: PiiRule, start: int, end: int, value: str, near: bool) -> Hit:
    rank = (1 if rule.check else 2) if not near else (0 if rule.check else 1)
    hint = "example domain" if rule.type == "email" and _EXAMPLE.search(value) else ""
    certain = (rule.sure or (near and rule.always)) and not hint
    return Hit(start, end, rule.type, value, rank, rule.severity, certain, hint)


def _holds(rule: PiiRule, value: str) -> bool:
    if rule.type == "phone" and _HOTLINE.match(value):
        return False
    return not rule.check or CHECKS[rule.check](value)


def _near(rule: PiiRule, lowered: str, start: int, end: int) -> bool:
    before = lowered[max(0, start - BEFORE) : start].rpartition(BLANK)[2]
    around = before + "\n" + lowered[end : end + AFTER].partition(BLANK)[0]
    return any(_has_word(around, word) for word in rule.context)


def _has_word(text: str, word: str) -> bool:
    """Whether the word stands in the text; words of up to 4 ASCII letters must stand alone ("tin" is not in "setting")."""
    position = text.find(word)
    while position >= 0:
        if len(word) > 4 or not word.isascii():
            return True
        before, after = text[position - 1 : position], text[position + len(word) : position + len(word) + 1]
        if not (before.isascii() and before.isalpha()) and not (after.isascii() and after.isalpha()):
            return True
        position = text.find(word, position + 1)
    return False


def _single_lines(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if 5 <= len(stripped) <= ALONE_LIMIT:
            start = position + line.index(stripped[0])
            yield start, start + len(stripped)
        position += len(line) + 1


def address_hits(text: str) -> Iterator[Hit]:
    """IP addresses; personal data only where they point at a person, so the severity is lowest."""
    for match in IP_ADDRESS.finditer(text):
        value = match[0]
        try:
            ipaddress.ip_interface(value)
        except ValueError:
            continue
        if len(value) > 2:
            yield Hit(match.start(), match.end(), "IP_ADDRESS", value, 1, Severity.INFO, certain=True)
