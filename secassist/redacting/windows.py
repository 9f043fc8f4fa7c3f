"""Cuts a stream of text into windows that overlap, so that nothing that lies across a border is missed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

AHEAD = 32 * 1024
"""Characters seen beyond a window's own part: more than the longest value, a private key of 24,000 characters."""
BEHIND = 4 * 1024
"""Characters seen before it, for the words that give a value its meaning."""
LINE_SEARCH = 32 * 1024
"""How far back from the end of a window's part a line end is looked for."""
GAP_SEARCH = 2 * 1024
"""How far back a space or comma is looked for in a line without end, so that no number is torn."""


@dataclass
class Window:
    """`text[begin:cut]` is this window's own part; what begins in it is settled here, wherever it ends.

    `base` is the offset of `text[0]` in the stream. A consumer that settles more or less of it sets `settled`
    (behind `begin`); the next window begins there.
    """

    text: str
    base: int
    begin: int
    cut: int
    settled: int


def windows(parts: Iterable[str], size: int, ahead: int = AHEAD, behind: int = BEHIND) -> Iterator[Window]:
    """Windows of about `size` characters with `ahead` and `behind` around them; a stream without text gives none."""
    source = iter(parts)
    text, base, begin, more = "", 0, 0, True
    while more or begin < len(text):
        pieces, have = [text], len(text)
        while more and have - begin < size + ahead:
            part = next(source, None)
            more = part is not None
            pieces.append(part or "")
            have += len(part or "")
        text = "".join(pieces)
        if begin >= len(text):
            continue
        cut = len(text) if not more else _cut(text, begin, begin + size)
        # Parts may be longer than wanted; what lies beyond the overlap is not shown yet.
        window = Window(text[: cut + ahead] if cut + ahead < len(text) else text, base, begin, cut, cut)
        yield window
        begin = window.settled
        drop = _line_start(text, begin, behind)
        text, base, begin = text[drop:], base + drop, begin - drop


def _cut(text: str, begin: int, wanted: int) -> int:
    """After a line end if there is one near, else after a space or comma, else where no escape is torn."""
    line = text.rfind("\n", max(begin, wanted - LINE_SEARCH), wanted)
    if line >= 0:
        return line + 1
    gap = max(text.rfind(sign, max(begin, wanted - GAP_SEARCH), wanted) for sign in " ,")
    if gap >= 0:
        return gap + 1
    start = wanted
    while start > begin and text[start - 1] == "\\":
        start -= 1
    return wanted - (wanted - start) % 2


def _line_start(text: str, begin: int, behind: int) -> int:
    """Where to keep text from: a line start within `behind` characters before `begin`, else exactly that far back."""
    start = max(0, begin - behind)
    if start == 0:
        return 0
    line = text.find("\n", start, begin)
    return line + 1 if 0 <= line < begin - 1 else start
