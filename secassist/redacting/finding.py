"""Asks the detectors what of a text must go, until they find nothing more in what would be left."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from schemas import CodeUnit, Document, FindingKind, Subject
from secassist import plugins
from secassist.detectors.base import Candidate, Detector
from secassist.redacting.placeholders import LENGTHS, PLACEHOLDER, label
from secassist.redacting.spans import Mark
from secassist.redacting.views import NUL, Found, View

DETECTORS = ("secrets", "personal_data")
BLANK = NUL
"""Stands for what is gone already, so that detectors neither read a name nor take its words for context."""
ROUNDS = 4
"""Times that the rest is looked at again at most."""
BESIDE = 16
"""From this many characters beside a name on, the rest of a candidate is a value of its own."""
LEAST_LEFT = 4
"""Shorter remainders say nothing."""
NEIGHBOURS = 1
"""Lines around a replaced value that are looked at again."""
LONG_LINE = 2_000
"""Of a longer line only so many characters around the value are looked at again."""

LONG_SECRET = 32
"""A secret from this length on goes to the end of its word: patterns have a longest match, keys have not."""
_WORD_END = re.compile(r"(?<=[A-Za-z0-9+/_-])[A-Za-z0-9+/=_-]{1,16384}")
_MASK = re.compile(r"[^*\s]{0,4}\*{3,64}[^*\s]{0,4}")
"""What others left of a value: stars, with a few of its characters around them."""


@dataclass(frozen=True)
class Wanted:
    """Which candidates are taken: all types but `keep`, or none but `only`; `all` takes also those that look harmless.

    A name in `keep` or `only` is a type ("email", "AWS_ACCESS_KEY") or a kind ("secret", "personal_data").
    """

    keep: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    all: bool = False

    @classmethod
    def of(cls, keep: Iterable[str], only: Iterable[str], *, everything: bool) -> "Wanted":
        """Names may be written in lower case and with hyphens."""
        return cls(frozenset(map(label, keep)), frozenset(map(label, only)), everything)

    def takes(self, candidate: Candidate) -> bool:
        """Whether this candidate goes."""
        if candidate.kind is FindingKind.WEAKNESS or (candidate.safe_hint and not self.all):
            return False
        names = {label(candidate.type), label(str(candidate.kind))}
        return not names & self.keep and (not self.only or bool(names & self.only))


def subject(path: str, *, code: bool) -> Callable[[str], Subject]:
    """What makes a subject of a text: code is read as code, all else as a document."""

    def document(text: str) -> Subject:
        return Document(source="redact", body=text)

    def unit(text: str) -> Subject:
        return CodeUnit(source="redact", path=path, body=text)

    return unit if code else document


class Finder:
    """Runs the detectors over views, and `more` of them that somebody wired."""

    def __init__(self, make: Callable[[str], Subject], wanted: Wanted, more: Sequence[Detector] = ()) -> None:
        self._make = make
        self._wanted = wanted
        self._detectors: list[Detector] = [*(plugins.load("detectors", name) for name in DETECTORS), *more]

    def find(self, view: View) -> list[Found]:
        """Spans of the raw text that must go, sorted; names that stand there are never part of one."""
        found: list[Found] = []
        for _ in range(ROUNDS):
            hits = self._hits(view.text)
            found += [(*span, type_) for start, end, type_ in hits for span in view.spans(start, end)]
            if not hits:
                break
            gone = _joined(hits)
            view = _rest(view, gone, gone)
        return sorted(found)

    def beside(self, view: View, marks: Sequence[Mark], fresh: Sequence[Mark]) -> list[Found]:
        """What is found near the fresh ones of these sorted, disjoint marks on the raw text once all of them are gone."""
        near = view.places([(mark.start, mark.end, mark.type) for mark in fresh])
        if not near:
            return []
        gone = view.places([(mark.start, mark.end, mark.type) for mark in marks])
        return self.find(_rest(view, _joined(gone), near))

    def _hits(self, text: str) -> list[Found]:
        """What the detectors find, outside of names and blanks."""
        text = PLACEHOLDER.sub(lambda name: BLANK * len(name[0]), text) if "<" in text else text
        made = self._make(text)
        hits: list[Found] = []
        for detector in self._detectors:
            for candidate in detector.detect(made).candidates:
                place = candidate.place
                if place.start is None or place.end is None or not self._wanted.takes(candidate):
                    continue
                if not _MASK.fullmatch(text, place.start, place.end):
                    end = _end(text, candidate, place.start, place.end)
                    hits += [(*span, candidate.type) for span in _left(text, place.start, end)]
        return sorted(hits)


def _end(text: str, candidate: Candidate, start: int, end: int) -> int:
    """Where a candidate ends, a long secret with the word that it is cut from."""
    if candidate.kind is not FindingKind.SECRET or end - start < LONG_SECRET:
        return end
    more = _WORD_END.match(text, end)
    return more.end() if more else end


def _left(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a candidate that are not blank: all of it, or, beside a blank, only if much is left."""
    if BLANK not in text[start:end]:
        return [(start, end)]
    parts, position = [], start
    for part in text[start:end].split(BLANK):
        parts.append((position, position + len(part)))
        position += len(part) + 1
    if sum(high - low for low, high in parts) < BESIDE:
        return []
    return [(low, high) for low, high in parts if high - low >= LEAST_LEFT]


def _rest(view: View, gone: Sequence[Found], near: Iterable[Found]) -> View:
    """What stands near some places, with blanks, as long as names will be, for what is gone (sorted and disjoint)."""
    text = view.text
    changes, position, number = [], 0, 0
    for low, high, _ in _joined((*_around(text, start, end), "") for start, end, _ in near):
        changes.append((position, low, "\n"))
        while number < len(gone) and gone[number][0] < high:
            start, end, type_ = gone[number]
            if end > low:
                changes.append((max(start, low), min(end, high), _blank(type_)))
            number += 1
        position = high
    changes.append((position, len(text), "\n"))
    return view.without(changes)


def _blank(type_: str) -> str:
    """As long as a name of this type."""
    return BLANK * (len(label(type_)) + LENGTHS[0] + 3)


def _joined(hits: Iterable[Found]) -> list[Found]:
    """Overlapping hits made one, under the type of the first."""
    joined: list[Found] = []
    for start, end, type_ in sorted(hits):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), joined[-1][2])
        else:
            joined.append((start, end, type_))
    return joined


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """From the start to the end of the lines near a value, less of them where they are long."""
    first, last = max(0, start - LONG_LINE), min(len(text), end + LONG_LINE)
    low, high = start, end
    for _ in range(NEIGHBOURS + 1):
        line = text.rfind("\n", first, low)
        low = line if line >= 0 else first
        line = text.find("\n", high, last)
        high = line + 1 if line >= 0 else last
    return low, high
