"""A text spelled by kinds of characters, of the same length: 0 for a digit, A and a for ASCII letters, ? for what is not ASCII.

Numbers of one format have one spelling however they differ, so that what a spelling can be is worked out once.
"""

import re
from collections.abc import Iterator
from typing import Any

EDGE = 4
"""Characters that are put before and after every text, so that each place in it has neighbours."""
_KINDS = bytes(
    ord("0") if 48 <= code < 58 else ord("A") if 65 <= code < 91 else ord("a") if 97 <= code < 123 else code
    for code in range(256)
)
_ESCAPE = re.compile(rb"\\(?:[nrt]|u[0-9A-Fa-f]{4})|%(?:2[0-9A-Fa-f]|3[A-Fa-f]|40|5[BbDd]|7[BbDd]|0[AaDd])")
"""Escapes of JSON (once or twice) and of URLs, whose letters and digits belong to no word or number beside them."""
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff0b\uff0d\uff08\uff09]+")
_HALF_WIDTH = {0xFF10 + digit: 48 + digit for digit in range(10)} | {0xFF0B: "+", 0xFF0D: "-", 0xFF08: "(", 0xFF09: ")"}
_PIECE = re.compile(r"\\d|\[[^\]]{1,80}\]|\\.|\{[^}]{1,8}\}|\(\?:|.")


def found_at(text: str, literal: str, pattern: Any) -> Iterator[re.Match[str]]:
    """Matches of a pattern that begins with a literal, none overlapping; literals are found far faster than patterns."""
    at = text.find(literal)
    while at >= 0:
        match = pattern.match(text, at)
        if match:
            yield match
        at = text.find(literal, match.end() if match else at + 1)


def half_width(text: str) -> str:
    """The text with the full-width digits and brackets of Chinese input methods as ASCII, of the same length."""
    return text if text.isascii() else _FULL_WIDTH.sub(lambda found: found[0].translate(_HALF_WIDTH), text)


def kinds(text: str) -> bytes:
    """The spelling of a text, with EDGE newlines before and after it; escapes are spaces."""
    plain = text.encode("ascii", "replace")
    if b"\\" in plain or b"%" in plain:
        plain = _ESCAPE.sub(lambda escape: b" " * len(escape[0]), plain)
    return b"\n" * EDGE + plain.translate(_KINDS) + b"\n" * EDGE


def kind_pattern(pattern: str) -> str:
    r"""What spellings a pattern's matches may have, as a pattern of both `re` and `re2`.

    `pattern` holds literals, \d, sets, (?:...), | and repeats only; a leading (?i) goes for all of it.
    """
    any_case = pattern.startswith("(?i)")
    return "".join(_kind(piece, any_case) for piece in _PIECE.findall(pattern.removeprefix("(?i)")))


def _kind(piece: str, any_case: bool) -> str:
    if piece == r"\d":
        return "0"
    if piece.startswith("[") and piece.endswith("]"):
        inner = re.sub(r"([0-9A-Za-z])-[0-9A-Za-z]", r"\1", piece[1:-1]).replace("\\", "")
        return "[" + "".join(sorted({re.escape(_one(char)) for char in _both(inner, any_case)})) + "]"
    if len(piece) == 1 and piece.isalnum():
        found = sorted({_one(char) for char in _both(piece, any_case)})
        return found[0] if len(found) == 1 else "[" + "".join(found) + "]"
    return piece


def _both(chars: str, any_case: bool) -> str:
    return chars.lower() + chars.upper() if any_case else chars


def _one(char: str) -> str:
    return char.encode("ascii", "replace").translate(_KINDS).decode("ascii")
