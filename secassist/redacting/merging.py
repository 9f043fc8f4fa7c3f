"""Marks on a window: what is replaced where; marks that overlap become one."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from secassist.redacting.known import Known
from secassist.redacting.layouts import Page
from secassist.redacting.placeholders import PLACEHOLDER
from secassist.redacting.spans import Mark, Placed, SpanFile
from secassist.redacting.windows import Window

Meaning = Callable[[str], str]
"""What a piece of text spells under the layout."""


class Coming:
    """The spans of an earlier pass, handed out window by window; `values` are those that spans name by number."""

    def __init__(self, spans: SpanFile, values: Sequence[str]) -> None:
        self._found = spans.read()
        self._next = next(self._found, None)
        self._values = values
        self._waiting: list[Placed] = []

    def add(self, mark: Mark, base: int) -> None:
        """One that was found on the way."""
        self._waiting.append(Placed(mark.start + base, mark.end + base, mark.type, mark.quoted))

    def marks(self, window: Window) -> list[Mark]:
        """All that end after the window's beginning and start in its text, sorted."""
        begin, end = window.base + window.begin, window.base + len(window.text)
        while self._next is not None and self._next.start < end:
            self._waiting.append(self._next)
            self._next = next(self._found, None)
        self._waiting = sorted(span for span in self._waiting if span.end > begin)
        return [self._mark(span, begin, end, window.base) for span in self._waiting]

    def _mark(self, span: Placed, begin: int, end: int, base: int) -> Mark:
        value = self._values[span.number] if span.number >= 0 else ""
        return Mark(max(span.start, begin) - base, min(span.end, end) - base, span.type, span.quoted, value)


def searched(window: Window, page: Page, known: Known, given: Iterable[Mark], meaning: Meaning) -> Iterator[Mark]:
    """Known values in the window that are not among the given marks; names that stand there already are left alone."""
    text = window.text[window.begin :]
    there = {(mark.start - window.begin, mark.end - window.begin) for mark in given}
    hits = [hit for hit in known.hits(text) if hit.encoded or (hit.start, hit.end) not in there]
    names = [name.span() for name in PLACEHOLDER.finditer(text)] if hits and "<" in text else []
    for hit in hits:
        if any(start < hit.end and hit.start < end for start, end in names):
            continue
        span = (window.begin + hit.start, window.begin + hit.end)
        pieces = page.pieces(span)
        whole = len(pieces) == 1 and (pieces[0].start, pieces[0].end) == span
        told = whole and hit.encoded and meaning(text[hit.start : hit.end]) != hit.value
        for piece in pieces:
            yield Mark(piece.start, piece.end, hit.type, piece.quoted, hit.value if told else "")


def merged(marks: Iterable[Mark]) -> list[Mark]:
    """Sorted and disjoint: where marks overlap, one over all of them with the type of the longest."""
    joined: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, not m.value, m.value, m.type)):
        if not joined or mark.start >= joined[-1].end:
            joined.append(mark)
        elif mark.end > joined[-1].end:
            joined[-1] = _union(joined[-1], mark)
    return [mark for mark in joined if mark.start < mark.end]


def _union(first: Mark, second: Mark) -> Mark:
    longer = first if first.end - first.start >= second.end - second.start else second
    return Mark(first.start, second.end, longer.type, first.quoted or second.quoted)
