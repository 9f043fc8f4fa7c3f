"""Strings that make careless patterns slow, of any length, and how the time of a piece of work grows with their length."""

import gc
import re
import time
from collections.abc import Callable, Iterator
from re import _constants, _parser
from typing import Any

UNITS = (
    # one character, over and over
    "a", "A", "7", "0", " ", "\t", "\n", "\0", "_", "-", ".", "/", "\\", "=", ":", ",", '"', "'", "`", "@", "#", "$", "%", "*",
    "(", "{", "[", "<", ">", "+", "密", "王", "\U0001f600", "e\u0301",
    # what names, signs and values begin with, never finished
    "password=", "password='", 'password = "', "password ", "pass", "key: ", "token_", "secret->", "密码：", "口令为",
    "the password is ", "--password ", "-p ", "<password>", '<add key="password" ', "Bearer ", "Basic ",
    "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\\n", "://", "://a:", "://a:b@", "https://a:b",
    "curl -u ", "net use \\\\a /user:b ", "mysql -p ", "export A=", "machine a login b password ", "data:\n  k: ",
    "${", "{{", "<%", "****:", "[a:****", "\\n",
    # encodings, tokens, numbers, tables
    "eyJ", "eyJhbGciOi.", "QUJDREVG", "QUJD==", "6a7f", "\\x41", "%41", "&#x41;", "123e4567-e89b-12d3-a456-426614174000 ",
    "0123456789", "13800000000 ", "4111 1111 1111 1111 ", "2024-01-02 ", "1.2.3.4", "::1:", "a@", "a@b.", "a.", "a-", "a_1",
    "aB3x", "a=b&", '{"a":', '["', "a,b,c;", "<a b='", "John Smith ", "王伟张", "省市区路号", "lorem ipsum dolor ",
    "AKIA", "sk-", "ghp_", "xoxb-1-", "key token ",
)  # fmt: skip
"""Pieces that are repeated to the length asked for; at least 50, each the start of something that a pattern may wait for."""
TAILS = ("", "!", "\n", '";')
"""What ends them, in turn, so that a match fails, or succeeds, only at the very end."""


def evil_strings(size: int) -> Iterator[tuple[str, str]]:
    """Name and text of `size` characters, for every unit."""
    for number, unit in enumerate(UNITS):
        tail = TAILS[number % len(TAILS)]
        yield repr(unit), filled(unit, size - len(tail)) + tail


def pattern_strings(pattern: str, size: int, flags: int = 0) -> Iterator[tuple[str, str]]:
    """Texts made of what this pattern matches at the least and at the most, whole and broken off, over and over."""
    tree = _parser.parse(pattern, flags)
    least, most = _sample(tree, False), _sample(tree, True)
    for name, unit in (
        ("least", least),
        ("most", most),
        ("least broken", least[:-1] + "\0"),
        ("most broken", most[:-1] + "\0"),
        ("least open", least[:-1]),
        ("most open", most[:-1]),
        ("half", most[: len(most) // 2]),
        ("spaced", least + " "),
    ):
        if unit:
            yield name, filled(unit, size)


def filled(unit: str, size: int) -> str:
    """`size` characters of repeated `unit`."""
    return (unit * (size // len(unit) + 1))[:size]


def seconds(work: Callable[[str], object], text: str, tries: int = 3) -> float:
    """Processor seconds of the quickest of some runs; one run if it takes no time worth repeating."""
    found: list[float] = []
    gc.disable()
    try:
        while len(found) < tries and (not found or found[-1] > 0.002):
            begin = time.process_time()
            work(text)
            found.append(time.process_time() - begin)
    finally:
        gc.enable()
    return min(found)


def growth(work: Callable[[str], object], unit: str, size: int, times: int = 4) -> float:
    """How many times longer `times` as much text takes: about `times` if linear, its square if quadratic; 0 if instant."""
    long = seconds(work, filled(unit, size * times))
    return 0.0 if long < 0.02 else long / max(seconds(work, filled(unit, size)), 0.001)


def _sample(tree: Any, most: bool) -> str:
    """A string that the parsed pattern matches, look-arounds apart; repeats as often as allowed (300 at most) or as needed."""
    return "".join(_piece(kind, value, most) for kind, value in tree)


def _piece(kind: Any, value: Any, most: bool) -> str:
    if kind in (_constants.LITERAL, _constants.NOT_LITERAL):
        return chr(value) if kind is _constants.LITERAL else ("b" if value == ord("a") else "a")
    if kind is _constants.IN:
        return _member(value)
    if kind is _constants.ANY:
        return "a"
    if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
        least, limit, inner = value
        return _sample(inner, most) * (min(int(limit), 300) if most else int(least))
    if kind is _constants.SUBPATTERN:
        return _sample(value[-1], most)
    if kind is _constants.ATOMIC_GROUP:
        return _sample(value, most)
    if kind is _constants.BRANCH:
        return _sample(value[1][-1 if most else 0], most)
    return ""


def _member(members: Any) -> str:
    """A character of the set; letters before signs, so that runs of it are long words."""
    test = re.compile("[" + "".join(_spelled(kind, value) for kind, value in members) + "]")
    return next((char for char in "aA7_-+/ .=\"'密\n\t%:\\(" if test.match(char)), "~")


def _spelled(kind: Any, value: Any) -> str:
    if kind is _constants.NEGATE:
        return "^"
    if kind is _constants.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if kind is _constants.CATEGORY:
        return _CLASSES[str(value)]
    return re.escape(chr(value))


_CLASSES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
