"""Marks on a window: what is replaced where; marks that overlap become one."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from secassist.redacting.known import Known
from secassist.redacting.layouts import Page
from secassist.redacting.placeholders import PLACEHOLDER
from secassist.redacting.windows import Window


@dataclass(frozen=True)
class Mark:
    """`text[start:end]` of a window goes; `value` is what it spells where the layout alone does not say it."""

    start: int
    end: int
    type: str
    quoted: bool = False
    value: str = field(default="", repr=False)


class Coming:
    """The spans of the first pass, handed out window by window."""

    def __init__(self, found: Iterator[tuple[int, int, str, bool]]) -> None:
        self._found = found
        self._next = next(found, None)
        self._waiting: deque[tuple[int, int, str, bool]] = deque()

    def marks(self, window: Window) -> list[Mark]:
        """All that end after the window's beginning and start in its text."""
        begin, end = window.base + window.begin, window.base + len(window.text)
        while self._next is not None and self._next[0] < end:
            self._waiting.append(self._next)
            self._next = next(self._found, None)
        self._waiting = deque(span for span in self._waiting if span[1] > begin)
        return [
            Mark(max(start, begin) - window.base, min(stop, end) - window.base, type_, quoted)
            for start, stop, type_, quoted in self._waiting
        ]


def searched(window: Window, page: Page, known: Known) -> Iterator[Mark]:
    """Known values in the window, whatever their spelling; names that stand there already are left alone."""
    text = window.text[window.begin :]
    hits = list(known.hits(text))
    names = [name.span() for name in PLACEHOLDER.finditer(text)] if hits and "<" in text else []
    for hit in hits:
        if any(start < hit.end and hit.start < end for start, end in names):
            continue
        span = (window.begin + hit.start, window.begin + hit.end)
        pieces = page.pieces(span)
        whole = len(pieces) == 1 and (pieces[0].start, pieces[0].end) == span
        told = whole and hit.encoded and page.meaning(text[hit.start : hit.end]) != hit.value
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
