"""Sheets of xlsx: a row is a line and a cell stands in its column, with the texts that sheets only name by number."""

import re
from collections.abc import Iterator, Sequence

from schemas import CodeUnit, Document, Subject
from secassist.sources._bytes import visible
from secassist.sources._within import Inner
from secassist.sources._xml import fed
from secassist.sources.base import Limits, Rejected

SHEET = re.compile(r"xl/worksheets/[A-Za-z]{1,30}\d{0,6}\.xml")
STRINGS = "xl/sharedStrings.xml"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_EMPTY = 64
"""Empty rows or cells that are kept before the next one; beyond that, places are given up."""
_APART = re.compile(r"[\r\n\t]+")


def read(
    sheets: Sequence[tuple[Inner, bytes]], strings: tuple[Inner, bytes] | None, limits: Limits
) -> Iterator[Subject | Rejected]:
    """Every sheet as rows, then the shared texts that no sheet shows: what was deleted often stays there."""
    shared = Strings()
    if strings:
        yield from filter(None, fed(strings[1], shared, strings[0].origin))
    used = set[int]()
    for here, data in sheets:
        rows = Rows(shared.texts, used)
        yield from filter(None, fed(data, rows, here.origin))
        yield from _parts(rows.lines, here, limits)
    if strings:
        left = [text for number, text in enumerate(shared.texts) if number not in used]
        yield from _parts([line for text in left for line in _lines(text)], strings[0], limits)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()]


def _parts(lines: Sequence[str], here: Inner, limits: Limits) -> Iterator[Subject]:
    """One Document, or, of many rows, units that know the row they begin with."""
    kept, size, first = list[str](), 0, 1
    for number, line in enumerate(lines, start=1):
        if size > limits.record_bytes // 2:
            yield from _subject(kept, here, first)
            kept, size, first = [], 0, number
        kept.append(visible(line))
        size += len(line) + 1
    yield from _subject(kept, here, first)


def _subject(lines: list[str], here: Inner, first: int) -> Iterator[Subject]:
    body = "\n".join(lines)
    if body.strip() and first == 1:
        yield Document(source=here.source, origin=here.origin, title=here.path, path=here.path, body=body)
    elif body.strip():
        origin = f"{here.origin}:{first}"
        yield CodeUnit(source=here.source, origin=origin, title=here.path, path=here.path, body=body, start_line=first)


class Strings:
    """A parser's target: the shared texts in their order, the parts of each joined."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """A text begins."""
        if tag.rpartition("}")[2] == "si":
            self._parts = []

    def end(self, tag: str) -> None:
        """A text ends."""
        if tag.rpartition("}")[2] == "si":
            self.texts.append("".join(self._parts))

    def data(self, text: str) -> None:
        """Adds text."""
        self._parts.append(text)

    def close(self) -> None:
        """Nothing to close."""


class Rows:
    """A parser's target: `lines` are the rows by number, then what stands in the sheet beside them; numbers of shared
    texts that were met go into `used`."""

    def __init__(self, texts: Sequence[str], used: set[int]) -> None:
        self.lines: list[str] = []
        self._texts, self._used = texts, used
        self._row: list[str] | None = None
        self._column, self._shared = 0, False
        self._value: list[str] = []
        self._beside: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Rows and cells say where they stand; where they do not, they follow the one before."""
        name = tag.rpartition("}")[2]
        if name == "row":
            number = attributes.get("r", "")
            self._reach(int(number) if number.isdigit() and len(number) < 8 else len(self.lines) + 1)
            self._row = []
        elif name == "c" and self._row is not None:
            place = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _number(place[1]) if place else len(self._row) + 1
            self._shared, self._value = attributes.get("t") == "s", []
        elif name == "f":
            self.data(" ")

    def end(self, tag: str) -> None:
        """Cells and rows are kept when they end."""
        name = tag.rpartition("}")[2]
        if name == "c" and self._row is not None:
            self._cell(self._row)
        elif name == "row" and self._row is not None:
            self.lines.append("\t".join(self._row).rstrip())
            self._row = None
        elif name == "f":
            self.data(" ")
        elif name == "sheetData" or self._row is None:
            self.data("\n")

    def data(self, text: str) -> None:
        """Text of a cell, or beside all rows: headers, footers, hints."""
        (self._beside if self._row is None else self._value).append(text)

    def close(self) -> None:
        """What stands beside the rows comes behind them."""
        self.lines += _lines("".join(self._beside))

    def _cell(self, row: list[str]) -> None:
        value = _APART.sub(" ", "".join(self._value)).strip()
        if self._shared and value.isdigit() and len(value) < 9 and int(value) < len(self._texts):
            self._used.add(int(value))
            value = _APART.sub(" ", self._texts[int(value)]).strip()
        missing = self._column - 1 - len(row)
        row += [""] * (missing if 0 < missing <= _MOST_EMPTY else 0)
        row.append(value)
        self._value = []

    def _reach(self, number: int) -> None:
        missing = number - 1 - len(self.lines)
        self.lines += [""] * (missing if 0 < missing <= _MOST_EMPTY else 0)


def _number(letters: str) -> int:
    """Column A is 1, AA 27."""
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total
