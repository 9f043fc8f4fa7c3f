"""Knows the tokens that redaction leaves in place of a value, so that no detector reads them, or across them, again."""

import re
from bisect import bisect_left, bisect_right

BLANK = "\0"
"""What stands for each character of a token in a text that only names and context words are looked up in."""
_TOKEN = re.compile(r"\[[\w .\-]{1,60}:(?:\*{4}|[^\[\]\n]{2}\*{4}[^\[\]\n]{2}|[^\[\]\n]{4}\*{4}[^\[\]\n]{4})\]")
_BESIDE = 16
"""From this many characters beside a token on, the rest is a finding of its own, so that a forged token hides nothing."""


def blanked(text: str) -> str:
    """The text with every token blanked, of the same length."""
    return _TOKEN.sub(lambda token: BLANK * len(token[0]), text) if "****" in text else text


class Masks:
    """Where the tokens of one text stand."""

    def __init__(self, text: str) -> None:
        self._spans = [token.span() for token in _TOKEN.finditer(text)] if "****" in text else []

    def cover(self, start: int, end: int) -> bool:
        """Whether `start..end` is a token, or part of one, with no more than a few characters around it."""
        near = self._spans[max(0, bisect_right(self._spans, (start, start)) - 1) : bisect_left(self._spans, (end, end))]
        covered = sum(max(0, min(last, end) - max(first, start)) for first, last in near)
        return covered > 0 and end - start - covered < _BESIDE
