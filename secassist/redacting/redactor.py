"""Redacts one input in passes: detectors find values, a search finds them elsewhere, then names stand in their place."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from secassist.detectors.base import Detector
from secassist.redacting.choosing import HEAD, Format, choose, layout
from secassist.redacting.encodings import Coding
from secassist.redacting.finding import Finder, Wanted, subject
from secassist.redacting.inputs import Rereadable
from secassist.redacting.known import SHORTEST, Known
from secassist.redacting.layouts import Layout, Page, Piece
from secassist.redacting.merging import Coming, Meaning, merged, searched
from secassist.redacting.placeholders import LIMIT, Names, label, written
from secassist.redacting.spans import Mark, SpanFile
from secassist.redacting.views import Found
from secassist.redacting.windows import AHEAD, BEHIND, Window, windows

SEARCHES = 3
"""Searches at most; another one follows only when the last one came upon values that nobody knew."""


@dataclass(frozen=True)
class Sizes:
    """Characters taken at once to find and to search, and how many are seen beyond and before them.

    Values longer than half of `ahead` are replaced in parts.
    """

    find: int = 256 * 1024
    search: int = 128 * 1024
    ahead: int = AHEAD
    behind: int = BEHIND


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
    """One input under one set of names. `reversible`: a map is kept, so names already in the input stay free of values.

    `more` are detectors beside those of secrets and personal data; with `text_only`, binary data is refused.
    """

    def __init__(  # noqa: PLR0913 - one keyword per choice
        self,
        source: Rereadable,
        names: Names,
        wanted: Wanted,
        *,
        reversible: bool,
        limit: int = LIMIT,
        sizes: Sizes | None = None,
        more: Sequence[Detector] = (),
        text_only: bool = False,
    ) -> None:
        self._source = source
        self._text_only = text_only
        self._names = names
        self._wanted = wanted
        self._reversible = reversible
        self._limit = limit
        self._sizes = sizes or Sizes()
        self._more = more
        self._head = ""
        self._meaning: Meaning = str
        self._values: dict[str, str] = {}
        self._beyond = 0
        self.tally = Tally()

    def run(self, sink: Sink, format_: Format = Format.AUTO, path: str = "", *, code: bool = False) -> Tally:
        """Writes the redacted input to the sink; raises SourceError when it is no text or changes between the passes."""
        finder = Finder(subject(path, code=code), self._wanted, self._more)
        with ExitStack() as stack:
            blocks = self._source.first()
            first = next(blocks, b"")
            coding = Coding(first, self._source.name, text_only=self._text_only)
            self._head, parts = _head(coding.decode(chain([first], blocks)))
            self.tally.format = choose(format_, path or self._source.name, self._head, whole=len(self._head) < HEAD)
            spans = self._find(parts, stack.enter_context(SpanFile()), finder)
            for _ in range(SEARCHES):
                known = Known(self._values)
                found = stack.enter_context(SpanFile())
                spans = self._search(coding.decode(self._source.again()), spans, found, known, finder)
                if len(self._values) == known.count:
                    break
            self.tally.values, self.tally.not_looked_for = len(self._values), self._beyond + known.left_out
            self._names.foresee(self._values.items())
            for text in self._written(coding.decode(self._source.again()), spans):
                sink.write(coding.encode(text))
            sink.write(coding.tail)
        return self.tally

    def _windows(self, parts: Iterable[str], size: int) -> Iterator[Window]:
        return windows(parts, size, self._sizes.ahead, self._sizes.behind)

    def _pages(self, parts: Iterable[str], size: int) -> Iterator[tuple[Window, Page]]:
        """Windows with their pages, from the beginning of the text."""
        form = layout(self.tally.format, self._head)
        self._meaning = form.meaning
        for window in self._windows(parts, size):
            yield window, form.page(window.text, window.begin)
            form.turn(window.settled)

    def _find(self, parts: Iterable[str], spans: SpanFile, finder: Finder) -> SpanFile:
        """What detectors find."""
        for window, page in self._pages(parts, self._sizes.find):
            if self._reversible:
                self._names.block(name for _, _, name in written(window.text, window.begin))
            for mark in self._marks(window, page, (found for view in page.views() for found in finder.find(view))):
                if mark.start < window.cut:
                    spans.add(mark, window.base)
                    self._remember(self._meaning(window.text[mark.start : mark.end]), mark.type)
        return spans

    def _search(self, parts: Iterable[str], spans: SpanFile, found: SpanFile, known: Known, finder: Finder) -> SpanFile:
        """All marks, disjoint: the spans, the known values elsewhere, and what detectors find beside those."""
        coming = Coming(spans, list(self._values))
        for window, page in self._pages(parts, self._sizes.search):
            given = coming.marks(window)
            marks = merged([*given, *searched(window, page, known, given, self._meaning)])
            old = {(mark.start, mark.end) for mark in merged(given)}
            fresh = [mark for mark in marks if (mark.start, mark.end) not in old]
            beside = self._marks(window, page, _beside(page, finder, marks, fresh))
            for mark in beside:
                coming.add(mark, window.base)
                self._remember(self._meaning(window.text[mark.start : mark.end]), mark.type)
            for mark in merged([*marks, *beside]):
                if mark.start >= window.cut:
                    break
                found.add(mark, window.base, known.number(mark.value))
                window.settled = max(window.cut, mark.end)
        return found

    def _marks(self, window: Window, page: Page, found: Iterable[Found]) -> list[Mark]:
        """What begins behind the window's beginning, without what must stay for the form, sorted."""
        marks = set()
        for start, end, type_ in found:
            if window.begin <= start:
                pieces = (part for piece in page.pieces((start, end)) for part in _parts(piece, self._sizes.ahead // 2))
                marks |= {Mark(max(p.start, window.begin), p.end, type_, p.quoted) for p in pieces}
        return sorted((mark for mark in marks if mark.start < mark.end), key=lambda m: (m.start, m.end, m.type))

    def _remember(self, value: str, type_: str) -> None:
        if len(value) < SHORTEST or value in self._values:
            return
        if len(self._values) < self._limit:
            self._values[value] = type_
        else:
            self._beyond += 1

    def _written(self, parts: Iterable[str], spans: SpanFile) -> Iterator[str]:
        coming, form = Coming(spans, list(self._values)), layout(self.tally.format, self._head)
        for window in self._windows(parts, self._sizes.search):
            done, position = [], window.begin
            for mark in coming.marks(window):
                if mark.start >= window.cut:
                    break
                done += [window.text[position : mark.start], self._name(mark, window.text, form)]
                position = mark.end
            window.settled = max(window.cut, position)
            yield "".join([*done, window.text[position : window.settled]])

    def _name(self, mark: Mark, text: str, form: Layout) -> str:
        raw = text[mark.start : mark.end]
        value = mark.value or self._meaning(raw)
        name = self._names.name(mark.type, raw, value, quoted=mark.quoted, encoded=bool(mark.value))
        self.tally.replaced[label(mark.type)] += 1
        self.tally.encoded += bool(mark.value)
        return f'"{name}"' if mark.quoted else form.spelled(name)


def _beside(page: Page, finder: Finder, marks: list[Mark], fresh: list[Mark]) -> Iterator[Found]:
    for view in page.views() if fresh else ():
        yield from finder.beside(view, marks, fresh)


def _head(parts: Iterator[str]) -> tuple[str, Iterator[str]]:
    """The first HEAD characters, and all parts with them."""
    taken: list[str] = []
    while sum(map(len, taken)) < HEAD and (part := next(parts, None)) is not None:
        taken.append(part)
    return "".join(taken)[:HEAD], chain(taken, parts)


def _parts(piece: Piece, longest: int) -> Iterator[Piece]:
    """A piece cut down to what one window can hold."""
    for start in range(piece.start, piece.end, longest):
        yield Piece(start, min(piece.end, start + longest), piece.quoted)
