"""Redacts one input in two passes: the first finds values, the second writes the text with names in their place."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from secassist.redacting.choosing import HEAD, Format, choose, layout
from secassist.redacting.encodings import Coding, peek
from secassist.redacting.finding import Finder, Wanted, subject
from secassist.redacting.inputs import TwicePass
from secassist.redacting.known import SHORTEST, Known
from secassist.redacting.layouts import Page, Piece
from secassist.redacting.merging import Coming, Mark, merged, searched
from secassist.redacting.placeholders import LIMIT, PLACEHOLDER, Names, label
from secassist.redacting.spans import SpanFile
from secassist.redacting.windows import AHEAD, Window, windows

FIND_WINDOW = 256 * 1024
"""Characters that detectors see at once, apart from the overlap."""
WRITE_WINDOW = 128 * 1024
LONGEST_PIECE = AHEAD // 2
"""Longer values are replaced in parts of this many characters."""


class Sink(Protocol):
    """Where bytes go."""

    def write(self, content: bytes) -> None: ...


@dataclass
class Tally:
    """What was done: replacements by type, those found in another encoding, values that were too many to remember."""

    format: Format = Format.TEXT
    replaced: Counter[str] = field(default_factory=Counter)
    encoded: int = 0
    values: int = 0
    not_looked_for: int = 0

    @property
    def complete(self) -> bool:
        """Whether every value was also looked for where no detector pointed at it."""
        return self.not_looked_for == 0


class Redactor:
    """One input under one set of names. `reversible`: a map is kept, so names already in the input stay free of values."""

    def __init__(
        self, source: TwicePass, names: Names, wanted: Wanted, *, reversible: bool, limit: int = LIMIT
    ) -> None:
        self._source = source
        self._names = names
        self._wanted = wanted
        self._reversible = reversible
        self._limit = limit
        self._values: dict[str, str] = {}
        self.tally = Tally()

    def run(self, sink: Sink, format_: Format = Format.AUTO, path: str = "", *, code: bool = False) -> Tally:
        """Writes the redacted input to the sink; raises SourceError when it is no text or changes between the passes."""
        with SpanFile() as spans:
            head, blocks = peek(self._source.first())
            coding = Coding(head, self._source.name)
            start, parts = _head(coding.decode(blocks))
            self.tally.format = choose(format_, path or self._source.name, start, whole=len(start) < HEAD)
            self._find(parts, start, spans, Finder(subject(path, code=code), self._wanted))
            self._names.foresee(self._values.items())
            known = Known(self._values)
            self.tally.values = len(self._values)
            self._values = {}
            self.tally.not_looked_for += known.left_out
            for text in self._redacted(coding.decode(self._source.second()), start, spans.read(), known):
                sink.write(coding.encode(text))
            sink.write(coding.tail)
        return self.tally

    def _find(self, parts: Iterable[str], head: str, spans: SpanFile, finder: Finder) -> None:
        form = layout(self.tally.format, head)
        for window in windows(parts, FIND_WINDOW):
            page = form.page(window.text, window.begin)
            if self._reversible and "<" in window.text:
                self._names.block(name[0] for name in PLACEHOLDER.finditer(window.text, window.begin))
            for mark in self._marks(window, page, finder):
                spans.add(window.base + mark.start, window.base + mark.end, mark.type, mark.quoted)
                self._remember(page.meaning(window.text[mark.start : mark.end]), mark.type)
            form.turn(window.settled)

    def _marks(self, window: Window, page: Page, finder: Finder) -> list[Mark]:
        """What begins in the window's own part, without what must stay for the form, sorted."""
        found = set()
        for view in page.views():
            for start, end, type_ in finder.find(view):
                if window.begin <= start < window.cut:
                    pieces = (part for piece in page.pieces((start, end)) for part in _parts(piece))
                    found |= {Mark(max(p.start, window.begin), p.end, type_, p.quoted) for p in pieces}
        return sorted((mark for mark in found if mark.start < mark.end), key=lambda m: (m.start, m.end, m.type))

    def _remember(self, value: str, type_: str) -> None:
        if len(value) < SHORTEST or value in self._values:
            return
        if len(self._values) < self._limit:
            self._values[value] = type_
        else:
            self.tally.not_looked_for += 1

    def _redacted(
        self, parts: Iterable[str], head: str, found: Iterator[tuple[int, int, str, bool]], known: Known
    ) -> Iterator[str]:
        form, coming = layout(self.tally.format, head), Coming(found)
        for window in windows(parts, WRITE_WINDOW):
            page = form.page(window.text, window.begin)
            written, position = [], window.begin
            for mark in merged([*searched(window, page, known), *coming.marks(window)]):
                if mark.start >= window.cut:
                    break
                written += [window.text[position : mark.start], self._name(mark, window.text, page)]
                position = mark.end
            window.settled = max(window.cut, position)
            yield "".join([*written, window.text[position : window.settled]])
            form.turn(window.settled)

    def _name(self, mark: Mark, text: str, page: Page) -> str:
        raw = text[mark.start : mark.end]
        value = mark.value or page.meaning(raw)
        name = self._names.name(mark.type, raw, value, quoted=mark.quoted, encoded=bool(mark.value))
        self.tally.replaced[label(mark.type)] += 1
        self.tally.encoded += bool(mark.value)
        return f'"{name}"' if mark.quoted else name


def _head(parts: Iterator[str]) -> tuple[str, Iterator[str]]:
    """The first HEAD characters, and all parts with them."""
    taken: list[str] = []
    while sum(map(len, taken)) < HEAD and (part := next(parts, None)) is not None:
        taken.append(part)
    return "".join(taken)[:HEAD], chain(taken, parts)


def _parts(piece: Piece) -> Iterator[Piece]:
    """A piece cut down to what one window can hold."""
    for start in range(piece.start, piece.end, LONGEST_PIECE):
        yield Piece(start, min(piece.end, start + LONGEST_PIECE), piece.quoted)
