"""Texts for the tagger: units with places, windows of tokens, and tags back to spans; it knows no tensors."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from secassist.backends._tag_surnames import begins_as_name

OUTSIDE = "O"
WINDOW = 192
"""Most positions that the model sees at once; what it was trained on."""
OVERLAP = 48
"""Positions that two neighbouring windows share, so that each unit is read once with context on both sides."""
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNIT = re.compile(rf"[{_HAN}]| ?[^\W\d_{_HAN}]{{1,24}}| ?\d{{1,6}}|\n+| {{2,8}}(?! )| ?[^\w\s]|\s|_|.", re.DOTALL)
_HAN_ONLY = re.compile(rf"[{_HAN}]")
_EDGE = " \t\r\n,;:，；：、。\"'()[]{}<>|=“”‘’（）【】"
_CELL = re.compile(r"[,;|](?=\S)|\n")
"""Where a name ends although another one may follow: the edge of a cell."""
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\-])*")
_ABBREVIATION = 4
"""Letters of a word in capitals up to which it stands for something else than a name."""
_PARTICLES = frozenset(
    {
        *("van", "von", "der", "den", "de", "da", "del", "della", "di", "du", "la", "le", "los", "las", "el", "al"),
        *("bin", "ibn", "bint", "dos", "das", "do", "y", "e", "i", "zu", "zur", "ter", "ten", "af", "av", "st"),
    }
)
"""What stands in names in lower case."""
START = 2.0
"""What it costs (nats) to begin a span; chosen on development texts, so that a strange word does not cut one in two."""


def written_in(value: str) -> str:
    """The language of a value, "zh" for all that is written without word boundaries, else "en"."""
    return "zh" if _HAN_ONLY.search(value) else "en"


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
    """Tag probabilities per unit, in the order of `labels(types)`, to spans; a span's belief is the mean over its units.

    Of what the best path marks only plausible values stay: no short address without a number, no name with one.
    """
    made: list[Span] = []
    for kind, begin, end in _runs(_best_path(odds, len(types))):
        beliefs = [row[2 * kind + 1] + row[2 * kind + 2] for row in odds[begin:end]]
        made += _trimmed(text, found[begin].start, found[end - 1].end, types[kind], sum(beliefs) / len(beliefs))
    return made


def _best_path(odds: Sequence[Sequence[float]], types: int) -> list[tuple[int, bool]]:
    """The likeliest (type or -1, whether it begins here) per unit, where each beginning costs START; Viterbi, linear."""
    came: list[list[tuple[int, bool]]] = []
    scores = [0.0] + [-math.inf] * types
    for row in odds:
        best = max(range(types + 1), key=scores.__getitem__)
        now, back = [scores[best] + _log(row[0])], [(best, False)]
        for kind in range(types):
            begin, inside = row[2 * kind + 1], row[2 * kind + 2]
            starting = scores[best] + _log(begin + inside) - START
            staying = scores[kind + 1] + _log(inside)
            now.append(max(starting, staying))
            back.append((best, True) if starting > staying else (kind + 1, False))
        scores = now
        came.append(back)
    state, path = max(range(types + 1), key=scores.__getitem__), []
    for back in reversed(came):
        path.append((state - 1, back[state][1]))
        state = back[state][0]
    return path[::-1]


def _log(odds: float) -> float:
    return math.log(max(odds, 1e-9))


def _runs(path: Sequence[tuple[int, bool]]) -> Iterator[tuple[int, int, int]]:
    """(type, first unit, end) of each marked run."""
    kind, begin = -1, 0
    for index, (now, begins) in enumerate([*path, (-1, False)]):
        if kind >= 0 and (now != kind or begins):
            yield kind, begin, index
            kind = -1
        if now >= 0 and kind < 0:
            kind, begin = now, index


def _trimmed(text: str, start: int, end: int, kind: str, belief: float) -> Iterator[Span]:
    if kind == "person":
        end = start + len(_CELL.split(text[start:end], maxsplit=1)[0])
    value = text[start:end]
    start += len(value) - len(value.lstrip(_EDGE))
    end -= len(value) - len(value.rstrip(_EDGE))
    if start < end and _plausible(text[start:end], kind) and not _is_step(text, start, end):
        yield Span(start, end, kind, belief)


def _is_step(text: str, start: int, end: int) -> bool:
    """Whether one word stands beside a slash, as in paths and time zones."""
    return "/" in (text[start - 1 : start], text[end : end + 1]) and " " not in text[start:end]


def _plausible(value: str, kind: str) -> bool:
    """Whether a value may be what it is taken for, by its form alone."""
    han = written_in(value) == "zh"
    if kind == "person":
        return len(value) > 1 and not _DIGIT.search(value) and (begins_as_name(value) if han else _is_cased(value))
    if kind == "address":
        if han:
            return len(value) > (3 if _DIGIT.search(value) else 5)
        return len(value) > 7 and _DIGIT.search(value) is not None and len(_WORD.findall(value)) > 1
    return len(value) > 1


def _is_cased(value: str) -> bool:
    """Whether a name is written as one: wholly in one case, or with capitals but for particles; no abbreviation."""
    words = _WORD.findall(value)
    if all(len(word) == 1 for word in words) or (value.isupper() and value.isalpha() and len(value) <= _ABBREVIATION):
        return False
    capitals = any(word[0].isupper() for word in words)
    return not capitals or all(word[0].isupper() or word in _PARTICLES for word in words)


def is_ordinary(value: str, kind: str, ordinary: Collection[str]) -> bool:
    """Whether all that is taken for an English name are words of ordinary text."""
    words = _WORD.findall(value)
    return kind == "person" and bool(words) and all(word.lower() in ordinary for word in words)
