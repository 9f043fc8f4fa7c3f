"""View: a text as detectors shall read it, and where each of its characters stands in the raw text."""

import re
from bisect import bisect_right
from collections.abc import Sequence

Span = tuple[int, int]
Found = tuple[int, int, str]
"""Start, end and type of what was found."""
NUL = "\0"
"""Stands in a view only where it was said, never for a character of the raw text."""
_CRLF = re.compile("\r\n")
_SURROGATE = re.compile("[\ud800-\udfff]")


class View:
    """Built from left to right; `text` is complete once nothing is added any more.

    Three kinds of part: copied from the raw text, spelled otherwise there (an "atom": `\\u0041`), or not there at all.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._raw: list[Span | None] = []
        self._length = 0

    @classmethod
    def of(cls, text: str, offset: int = 0) -> "View":
        """The raw text from `offset` on, line ends made LF."""
        view = cls()
        view.copy_lines(text, offset)
        return view

    @property
    def text(self) -> str:
        """What detectors read; it never holds lone surrogates."""
        return _SURROGATE.sub("\ufffd", self.verbatim)

    @property
    def verbatim(self) -> str:
        """The same with lone surrogates as they are."""
        return "".join(self._texts)

    def copy(self, text: str, raw: int) -> None:
        """A part that stands in the raw text as it is, from offset `raw` on."""
        self._add(text.replace(NUL, "\1"), (raw, raw + len(text)))

    def copy_lines(self, text: str, raw: int) -> None:
        """A copied part, with CRLF read as LF."""
        last = 0
        for pair in _CRLF.finditer(text):
            self.copy(text[last : pair.start()], raw + last)
            self.atom("\n", raw + pair.start(), 2)
            last = pair.end()
        self.copy(text[last:], raw + last)

    def atom(self, text: str, raw: int, width: int) -> None:
        """A part that is spelled with `width` other characters in the raw text; it is taken whole or not at all."""
        self._add(text.replace(NUL, "\1"), (raw, raw + width))

    def say(self, text: str) -> None:
        """A part that is not in the raw text: the name of a column, a blank for what is already gone."""
        self._add(text, None)

    def _add(self, text: str, raw: Span | None) -> None:
        if text:
            self._texts.append(text)
            self._starts.append(self._length)
            self._raw.append(raw)
            self._length += len(text)

    def spans(self, start: int, end: int) -> list[Span]:
        """Where `text[start:end]` stands in the raw text: one span, or several around parts that are not there."""
        found: list[Span] = []
        number = max(0, bisect_right(self._starts, start) - 1)
        while number < len(self._starts) and self._starts[number] < end:
            part = self._part(number, start, end)
            if part is not None and found and found[-1][1] == part[0]:
                found[-1] = (found[-1][0], part[1])
            elif part is not None:
                found.append(part)
            number += 1
        return found

    def _part(self, number: int, start: int, end: int) -> Span | None:
        raw, first = self._raw[number], self._starts[number]
        length = len(self._texts[number])
        if raw is None or start >= first + length:
            return None
        if raw[1] - raw[0] != length:
            return raw
        return raw[0] + max(0, start - first), raw[0] + min(length, end - first)

    def places(self, raw: Sequence[Found]) -> list[Found]:
        """Where parts of the raw text stand in `text`: the opposite of `spans`, for sorted and disjoint spans."""
        found: list[Found] = []
        number = 0
        for first, text, part in zip(self._starts, self._texts, self._raw, strict=True):
            if part is None:
                continue
            while number and raw[number - 1][1] > part[0]:
                number -= 1
            while number < len(raw) and raw[number][0] < part[1]:
                if raw[number][1] > part[0]:
                    found.append((*_inside(first, len(text), part, raw[number]), raw[number][2]))
                number += 1
        return found

    def without(self, gone: Sequence[Found]) -> "View":
        """This view with each of these sorted, disjoint spans of `text` replaced by its text, which is not in the raw one."""
        rest, position = View(), 0
        for start, end, instead in gone:
            rest._take(self, position, start)
            rest.say(instead)
            position = end
        rest._take(self, position, self._length)
        return rest

    def _take(self, other: "View", start: int, end: int) -> None:
        """The part `start..end` of another view, atoms cut open only where they are as long as their spelling."""
        number = max(0, bisect_right(other._starts, start) - 1)
        while number < len(other._starts) and other._starts[number] < end:
            first, text = other._starts[number], other._texts[number]
            low, high = max(0, start - first), min(len(text), end - first)
            if low < high:
                self._add(text[low:high], other._part(number, start, end))
            number += 1


def _inside(first: int, length: int, part: Span, raw: Found) -> Span:
    """The part of a raw span that lies in one part of a view, all of that part where it is spelled otherwise."""
    if part[1] - part[0] != length:
        return first, first + length
    return first + max(0, raw[0] - part[0]), first + min(length, raw[1] - part[0])
