"""Values drawn at random from the patterns of formats, made to pass their checks: nobody's, and new in every run of a seed."""

import random
import re
from re import _constants, _parser
from typing import Any

from secassist.detectors._pii.checks import holds

TRIES = 6_000


def drawn(pattern: re.Pattern[str], check: str, draw: random.Random, suits: Any = None) -> str:
    """A value that the pattern and the check accept; "" if none is drawn in TRIES."""
    tree = _parser.parse(pattern.pattern)
    for _ in range(TRIES):
        value = _one(tree, draw)
        if pattern.fullmatch(value) and holds(check, value) and (suits is None or suits(value)):
            return value
    return ""


def _one(tree: Any, draw: random.Random) -> str:
    return "".join(_piece(kind, what, draw) for kind, what in tree)


def _piece(kind: Any, what: Any, draw: random.Random) -> str:
    if kind is _constants.LITERAL:
        return chr(what)
    if kind is _constants.IN:
        return _of_set(what, draw)
    if kind is _constants.MAX_REPEAT:
        low, high, inner = what
        return "".join(_one(inner, draw) for _ in range(draw.randint(low, int(high))))
    if kind is _constants.BRANCH:
        return _one(draw.choice(what[1]), draw)
    if kind is _constants.SUBPATTERN:
        return _one(what[3], draw)
    raise AssertionError(kind)


def _of_set(parts: Any, draw: random.Random) -> str:
    chars = [char for kind, what in parts for char in _chars(kind, what)]
    return draw.choice(chars)


def _chars(kind: Any, what: Any) -> str:
    if kind is _constants.CATEGORY:
        return "0123456789"
    if kind is _constants.RANGE:
        return "".join(map(chr, range(what[0], what[1] + 1)))
    return chr(what)
