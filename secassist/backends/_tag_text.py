"""Texts for the tagger: units with places, windows of tokens, and tags back to spans; it knows no tensors."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

OUTSIDE = "O"
WINDOW = 192
"""Most positions that the model sees at once; what it was trained on."""
OVERLAP = 48
"""Positions that two neighbouring windows share, so that each unit is read once with context on both sides."""
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNIT = re.compile(rf"[{_HAN}]| ?[^\W\d_{_HAN}]{{1,24}}| ?\d{{1,6}}|\n+| {{2,8}}(?! )| ?[^\w\s]|\s|_|.", re.DOTALL)
_HAN_ONLY = re.compile(rf"[{_HAN}]")
_EDGE = " \t\r\n,;:，；：、。\"'()[]{}<>|=“”‘’（）【】"


@dataclass(frozen=True)
class Span:
    """`text[start:end]` is a value of `type`; `probability` is the tagger's belief, between 0 and 1."""

    start: int
    end: int
    type: str
    probability: float


@dataclass(frozen=True)
class Unit:
    """A word, a CJK character, up to six digits or one mark; `text` may carry one leading space, `start` is behind it."""

    start: int
    end: int
    text: str


def units(text: str) -> list[Unit]:
    """The whole text cut into units, in order; linear."""
    found = []
    for match in _UNIT.finditer(text):
        spaced = match[0][0] == " " and len(match[0]) > 1 and match[0][1] != " "
        found.append(Unit(match.start() + spaced, match.end(), match[0]))
    return found


def is_han(unit: Unit) -> bool:
    """Whether the unit is one character of a script written without word boundaries."""
    return len(unit.text) == 1 and _HAN_ONLY.match(unit.text) is not None


@dataclass(frozen=True)
class Window:
    """Part of one text: its token ids, and where each of its units ends.

    `ends[i]` is the position of the last token of unit `first + i`; `owned` are the units that this window decides on.
    """

    text: int
    first: int
    tokens: tuple[int, ...]
    ends: tuple[int, ...]
    owned: range


Encode = Callable[[Unit], tuple[int, ...]]


def windows(number: int, found: Sequence[Unit], encode: Encode, size: int = WINDOW) -> Iterator[Window]:
    """Overlapping windows over the units of text `number`; every unit is owned by exactly one."""
    pieces = [encode(unit) for unit in found]
    start, owned_from = 0, 0
    while start < len(found):
        stop, used = start, 0
        while stop < len(found) and (used + len(pieces[stop]) <= size or stop == start):
            used += len(pieces[stop])
            stop += 1
        following = stop if stop == len(found) else max(start + 1, _back(pieces, start, stop, OVERLAP))
        owned_to = stop if stop == len(found) else max(owned_from + 1, (following + stop) // 2)
        yield _window(number, pieces, start, stop, range(owned_from, owned_to))
        start, owned_from = following, owned_to


def _back(pieces: Sequence[tuple[int, ...]], start: int, stop: int, positions: int) -> int:
    """The unit at which the last `positions` positions before `stop` begin."""
    while stop > start and positions > 0:
        stop -= 1
        positions -= len(pieces[stop])
    return stop


def _window(number: int, pieces: Sequence[tuple[int, ...]], start: int, stop: int, owned: range) -> Window:
    tokens: list[int] = []
    ends: list[int] = []
    for piece in pieces[start:stop]:
        tokens += piece
        ends.append(len(tokens) - 1)
    return Window(number, start, tuple(tokens), tuple(ends), owned)


ORDINARY = "<ordinary>"
SHAPES = (ORDINARY, "<han>", "<1>", "<aa>", "<Aa>", "<AA>", "<aA>", "<A>", "<.>", "< >", "<\\n>")
"""First rows of the table of pieces: an ordinary word or pair without a row of its own, and the shapes of a unit."""


def shape(unit: Unit) -> str:
    """The shape of a unit: how it is written, whatever its letters are."""
    core = unit.text.strip()
    if not core:
        return "<\\n>" if "\n" in unit.text else "< >"
    if is_han(unit):
        return "<han>"
    if core[0].isdigit():
        return "<1>"
    if not core[0].isalpha():
        return "<.>"
    if len(core) == 1 and core.isupper():
        return "<A>"
    return "<aa>" if core.islower() else "<AA>" if core.isupper() else "<Aa>" if core.istitle() else "<aA>"


def pieces(found: Sequence[Unit]) -> list[tuple[str, str, str, str]]:
    """What a unit is looked up by: character, left pair or lower-case word, right pair, shape; "" for nothing.

    Pairs are two neighbouring characters of a script without word boundaries: most pairs of ordinary words are known,
    most pairs within a name are not.
    """
    han = [is_han(unit) for unit in found] + [False]
    made = []
    for index, unit in enumerate(found):
        if han[index]:
            left = found[index - 1].text + unit.text if index and han[index - 1] else ""
            right = unit.text + found[index + 1].text if han[index + 1] else ""
            made.append((unit.text, left, right, "<han>"))
        else:
            core = unit.text.strip()
            made.append(("", core.lower() if core.isalpha() else "", "", shape(unit)))
    return made


def labels(types: Sequence[str]) -> tuple[str, ...]:
    """The tags of these types: O, then B- and I- of each."""
    return (OUTSIDE, *(f"{mark}-{kind}" for kind in types for mark in "BI"))


def spans(text: str, found: Sequence[Unit], odds: Sequence[Sequence[float]], types: Sequence[str]) -> list[Span]:
    """Tag probabilities per unit, in the order of `labels(types)`, to spans; a span's belief is the mean over its units."""
    made: list[Span] = []
    kind, begin, beliefs = -1, 0, [0.0]
    for index, row in enumerate([*odds, (1.0, *(0.0,) * (2 * len(types)))]):
        totals = [row[2 * k + 1] + row[2 * k + 2] for k in range(len(types))]
        best = max(range(len(types)), key=totals.__getitem__)
        now = best if totals[best] > row[0] else -1
        if kind >= 0 and (now != kind or row[2 * kind + 1] > row[2 * kind + 2]):
            made += _trimmed(text, found[begin].start, found[index - 1].end, types[kind], sum(beliefs) / len(beliefs))
            kind = -1
        if now >= 0 and kind < 0:
            kind, begin, beliefs = now, index, []
        if now >= 0:
            beliefs.append(totals[now])
    return made


def _trimmed(text: str, start: int, end: int, kind: str, belief: float) -> Iterator[Span]:
    value = text[start:end]
    start += len(value) - len(value.lstrip(_EDGE))
    end -= len(value) - len(value.rstrip(_EDGE))
    if start < end:
        yield Span(start, end, kind, belief)
