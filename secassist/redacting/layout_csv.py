"""CSV as text: finds the cells, gives each the name of its column to be read with, and leaves quotes and commas alone."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from secassist.redacting.layouts import Page, Piece
from secassist.redacting.views import Span, View

DELIMITERS = ",;\t|"
_LONGEST_NAME = 80
_MOST_COLUMNS = 10_000


class _Cell(NamedTuple):
    """The inside of a cell; `rest` is what wrongly stands between its closing quote and the next comma."""

    start: int
    end: int
    rest: int
    column: int
    quoted: bool


@dataclass(frozen=True)
class State:
    """Where a page begins: in which column, and whether within quotes."""

    column: int = 0
    quoted: bool = False


class CsvPage:
    """One window of a table."""

    def __init__(self, text: str, begin: int, state: State, delimiter: str, names: list[str]) -> None:
        self._text = text
        self.cells = list(_cells(text, begin, state, delimiter))
        self._starts = [cell.start for cell in self.cells]
        self._names = names

    def views(self) -> Iterator[View]:
        """Every cell on a line of its own, after the name of its column; rows stand apart."""
        view, names = View(), self._names
        for cell in self.cells:
            if cell.column == 0:
                view.say("\n")
            if cell.rest > cell.start:
                view.say(f"{names[cell.column]}: " if cell.column < len(names) and names[cell.column] else "")
                self._read(view, cell)
                view.say("\n")
        yield view

    def _read(self, view: View, cell: _Cell) -> None:
        raw, last = self._text[cell.start : cell.end], 0
        if cell.quoted:
            for pair in re.finditer('""', raw):
                view.copy_lines(raw[last : pair.start()], cell.start + last)
                view.atom('"', cell.start + pair.start(), 2)
                last = pair.end()
        view.copy_lines(raw[last:], cell.start + last)
        closing = cell.end + (1 if cell.quoted else 0)
        view.copy(self._text[closing : cell.rest], closing)

    def pieces(self, span: Span) -> list[Piece]:
        """The insides of cells in the span."""
        found = []
        number = max(0, bisect_right(self._starts, span[0]) - 1)
        while number < len(self.cells) and self.cells[number].start < span[1]:
            cell = self.cells[number]
            for low, high in ((cell.start, cell.end), (cell.end + 1, cell.rest)):
                start, end = max(low, span[0]), min(high, span[1])
                if start < end:
                    found.append(self._whole(cell, start, end))
            number += 1
        return found

    def _whole(self, cell: _Cell, start: int, end: int) -> Piece:
        """The part of a cell, no doubled quote cut in two."""
        if cell.quoted and end <= cell.end:
            start -= _quotes_before(self._text, cell.start, start) % 2
            end += _quotes_before(self._text, cell.start, end) % 2
        return Piece(start, end)

    def state(self, position: int) -> State:
        """What a page that begins at this offset must know."""
        number = bisect_right(self._starts, position) - 1
        if number < 0:
            return State()
        cell = self.cells[number]
        if position <= cell.end:
            return State(cell.column, cell.quoted)
        following = self.cells[number + 1] if number + 1 < len(self.cells) else cell
        return State(following.column)


class CsvLayout:
    """A table whose first row names the columns."""

    def __init__(self, head: str) -> None:
        self._delimiter = delimiter(head)
        self._names: list[str] = []
        self._state = State()
        self._page: CsvPage | None = None

    def page(self, text: str, begin: int) -> Page:
        """Reads the cells from `begin` on."""
        first = self._page is None
        self._page = CsvPage(text, begin, self._state, self._delimiter, self._names)
        if first:
            self._names.extend(_header(text, self._page.cells))
        return self._page

    def meaning(self, raw: str) -> str:
        """The value of a cell, doubled quotes read as one."""
        return raw.replace('""', '"')

    def turn(self, settled: int) -> None:
        """Remembers column and quotes at the border."""
        if self._page is not None:
            self._state = self._page.state(settled)

    def spelled(self, name: str) -> str:
        """The name as it is."""
        return name


def delimiter(head: str) -> str:
    """The sign that stands most often in the first line."""
    first = head.lstrip("\ufeff\r\n").partition("\n")[0]
    counts = Counter(char for char in first if char in DELIMITERS)
    return max(DELIMITERS, key=lambda sign: counts[sign])


def _header(text: str, cells: list[_Cell]) -> list[str]:
    names: list[str] = []
    for cell in cells[:_MOST_COLUMNS]:
        if cell.column < len(names):
            break
        names.append(" ".join(text[cell.start : cell.end].lstrip("\ufeff")[:_LONGEST_NAME].split()))
    return names


def _cells(text: str, begin: int, state: State, delimiter: str) -> Iterator[_Cell]:
    sign = re.escape(delimiter)
    inside = rf'((?:[^"]++|"")*+)("?)([^{sign}\r\n]*+)'
    cell = re.compile(rf'(?:"{inside}|([^{sign}\r\n]*+))({sign}|\r\n|\n|\r|\Z)')
    column, position = state.column, begin
    if state.quoted and (rest := re.compile(rf"{inside}({sign}|\r\n|\n|\r|\Z)").match(text, begin)):
        yield _Cell(rest.start(1), rest.end(1), rest.end(3), column, True)
        column, position = (column + 1 if rest[4] == delimiter else 0), rest.end()
    while position < len(text) and (match := cell.match(text, position)):
        quoted = match[1] is not None
        group = 1 if quoted else 4
        yield _Cell(match.start(group), match.end(group), match.end(3 if quoted else 4), column, quoted)
        column, position = (column + 1 if match[5] == delimiter else 0), match.end()


def _quotes_before(text: str, first: int, position: int) -> int:
    """Quotes that stand in a row right before a place."""
    start = position
    while start > first and text[start - 1] == '"':
        start -= 1
    return position - start
