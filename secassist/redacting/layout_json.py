"""JSON as text: finds strings and numbers by their spelling alone, so that all else stays as it was, byte for byte."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from secassist.redacting.layouts import Page, Piece
from secassist.redacting.views import Span, View

_REST = re.compile(r'((?:[^"\\\n]++|\\[^\n])*+)("?)')
_STRING = re.compile(r'"((?:[^"\\\n]++|\\[^\n])*+)("?)')
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\"\\/bfnrt])")
_SCALAR = re.compile(r'[^\s\[\]{},:"]+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LITERALS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
"""The last three are no JSON, but many writers write them."""
_COLON = re.compile(r"\s*:\s*")
_LONGEST_SCALAR = 400
_LONGEST_KEY = 200


class _String(NamedTuple):
    """The inside of a string, without its quotes."""

    start: int
    end: int


class JsonPage:
    """One window of JSON. `inside`: it begins within a string; `plain`: within a line that is no JSON."""

    def __init__(self, text: str, begin: int, *, inside: bool, lines: bool, plain: bool) -> None:
        self._text = text
        self._begin = begin
        self._lines = lines
        self._plain = plain
        self._strings = list(_strings(text, begin, inside=inside))
        self._starts = [string.start for string in self._strings]

    def views(self) -> Iterator[View]:
        """The raw text, and every string that has escapes in it as it reads without them, after its key."""
        yield View.of(self._text)
        if "\\" in self._text:
            yield self._unescaped()

    def _unescaped(self) -> View:
        view, key = View(), ""
        for number, string in enumerate(self._strings):
            raw = self._text[string.start : string.end]
            if self._is_key(number):
                key = unescape(raw[:_LONGEST_KEY])
                named = ""
            else:
                named = f"{key}: " if key else ""
            if "\\" in raw:
                view.say(named)
                _read(view, raw, string.start)
                view.say("\n")
        return view

    def _is_key(self, number: int) -> bool:
        return _COLON.match(self._text, self._strings[number].end + 1) is not None

    def pieces(self, span: Span) -> list[Piece]:
        """The parts of strings in the span, and the whole of each number that it touches."""
        if self.is_plain(span[0]):
            return [Piece(*span)]
        found, position = [], span[0]
        number = max(0, bisect_right(self._starts, span[0]) - 1)
        while number < len(self._strings) and self._strings[number].start < span[1]:
            string = self._strings[number]
            if string.end > span[0]:
                found += self._scalars(position, min(string.start, span[1]))
                found.append(self._within(string, span))
                position = string.end
            number += 1
        return found + self._scalars(position, span[1])

    def _within(self, string: _String, span: Span) -> Piece:
        """The part of a string in the span, no escape cut in two."""
        start, end = max(span[0], string.start), min(span[1], string.end)
        low, high = max(string.start, start - 12), min(string.end, end + 12)
        if "\\" in self._text[low:high]:
            for escape in _ESCAPE.finditer(self._text, _even(self._text, string.start, low), high):
                if escape.start() < start < escape.end():
                    start = escape.start()
                if escape.start() < end < escape.end():
                    end = escape.end()
        return Piece(start, end)

    def _scalars(self, start: int, end: int) -> list[Piece]:
        """Numbers between strings, taken whole; words that JSON does not know are replaced as they are."""
        if start >= end or not _SCALAR.search(self._text, start, end):
            return []
        low, high = max(0, start - _LONGEST_SCALAR), end + _LONGEST_SCALAR
        found = []
        for scalar in _SCALAR.finditer(self._text, low, high):
            if scalar.end() > start and scalar.start() < end and scalar[0] not in _LITERALS:
                whole = _NUMBER.fullmatch(scalar[0]) is not None
                first = scalar.start() if whole else max(start, scalar.start())
                found.append(Piece(first, scalar.end() if whole else min(end, scalar.end()), quoted=whole))
        return found

    def is_plain(self, position: int) -> bool:
        """Whether this place is in a line that is no JSON, which only JSON Lines may have."""
        if not self._lines:
            return False
        line = self._text.rfind("\n", self._begin, position) + 1
        if line == 0:
            if self._begin and self._text[self._begin - 1] != "\n":
                return self._plain
            line = self._begin
        return not self._text[line : line + 200].lstrip(" \t\ufeff\r").startswith(("{", "["))

    def is_inside(self, position: int) -> bool:
        """Whether this place is within a string."""
        number = bisect_right(self._starts, position) - 1
        return number >= 0 and position <= self._strings[number].end


class JsonLayout:
    """JSON documents, one or many, pretty or compact; with `lines` each line is one, or none."""

    def __init__(self, *, lines: bool = False) -> None:
        self._lines = lines
        self._inside = self._plain = False
        self._page: JsonPage | None = None

    def page(self, text: str, begin: int) -> Page:
        """Reads the strings from `begin` on."""
        self._page = JsonPage(text, begin, inside=self._inside, lines=self._lines, plain=self._plain)
        return self._page

    def meaning(self, raw: str) -> str:
        """The string without escapes."""
        return unescape(raw)

    def turn(self, settled: int) -> None:
        """Remembers whether the border lies in a string."""
        if self._page is not None:
            self._inside = self._page.is_inside(settled)
            self._plain = self._page.is_plain(settled)

    def spelled(self, name: str) -> str:
        """The name as it is."""
        return name


def unescape(raw: str) -> str:
    """What the inside of a JSON string says; wrong escapes stay as they are."""
    return _ESCAPE.sub(lambda escape: json.loads(f'"{escape[0]}"'), raw) if "\\" in raw else raw


def _strings(text: str, begin: int, *, inside: bool) -> Iterator[_String]:
    """Strings end at a quote or, in what is no JSON, with the line."""
    position = begin
    if inside and (rest := _REST.match(text, begin)):
        yield _String(rest.start(1), rest.end(1))
        position = rest.end()
    for match in _STRING.finditer(text, position):
        yield _String(match.start(1), match.end(1))


def _read(view: View, raw: str, start: int) -> None:
    """Adds the inside of a string to a view, escapes read."""
    last = 0
    for escape in _ESCAPE.finditer(raw):
        view.copy(raw[last : escape.start()], start + last)
        view.atom(json.loads(f'"{escape[0]}"'), start + escape.start(), len(escape[0]))
        last = escape.end()
    view.copy(raw[last:], start + last)


def _even(text: str, first: int, position: int) -> int:
    """A place at or before `position` that is not within a run of backslashes."""
    while position > first and text[position - 1] == "\\":
        position -= 1
    return position


def is_json(head: str, *, whole: bool) -> bool:
    """Whether a text, or its beginning, can be JSON: what stands between its strings is numbers, literals and signs."""
    stripped = head.lstrip("\ufeff \t\r\n")
    if not stripped.startswith(("{", "[")):
        return False
    between = _STRING.sub(" ", stripped)
    words = [word[0] for word in _SCALAR.finditer(between)]
    known = [word in _LITERALS or _NUMBER.fullmatch(word) is not None for word in words]
    return all(known) or (not whole and all(known[:-1]))


def is_lines(head: str) -> bool:
    """Whether the first two lines that hold anything are each a JSON object or list."""
    lines = [line.strip() for line in head.lstrip("\ufeff").split("\n", 20)[:20] if line.strip()][:2]
    return len(lines) == 2 and all(_is_record(line) for line in lines)


def _is_record(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict | list)
    except (ValueError, RecursionError):
        return False
