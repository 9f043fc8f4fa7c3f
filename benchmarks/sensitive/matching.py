"""One matching rule for all tools: which findings count, which of them are right, item by item.

A finding and a labelled place are a pair when their overlap has at least half the characters of the shorter one, and each
is in one pair at most: the rule of `secassist evaluate`. What a tool says beyond that is judged kindly, and alike for
all: a further finding on a place that is found already, the same wrong place named twice, and a finding of a type that
nobody annotated (unless it is the one that meets a place) are neither right nor wrong.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from benchmarks.sensitive import naming
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import PERSONAL
from secassist.evaluation.metrics import matched_spans


@dataclass(frozen=True)
class Tally:
    """Of one item: labelled places, those found, findings that count, those right."""

    labelled: int
    found: int
    said: int
    right: int


NOTHING = Tally(0, 0, 0, 0)


@dataclass(frozen=True)
class Match:
    """Labelled places, findings that count, and pairs of their numbers."""

    truth: tuple[Span, ...]
    said: tuple[Span, ...]
    pairs: tuple[tuple[int, int], ...]

    @property
    def missed(self) -> list[Span]:
        """Labelled places without a finding."""
        met = {i for i, _ in self.pairs}
        return [span for number, span in enumerate(self.truth) if number not in met]

    @property
    def wrong(self) -> list[Span]:
        """Findings that are none."""
        met = {j for _, j in self.pairs}
        return [span for number, span in enumerate(self.said) if number not in met]


def match(item: Item, said: Sequence[Span], kind: str) -> Match:
    """What a tool said of a kind in one item, against the labels."""
    truth = tuple(span for span in item.spans if span.kind == kind)
    mine = [span for span in said if span.kind == kind and span.type != naming.NO_SECRET and span.start < span.end]
    mine = [span for span in mine if not any(_meet(span, place) for place in item.open)]
    mine.sort(key=lambda span: (-span.score, span.start, -span.end))
    pairs = matched_spans(_places(truth), _places(mine), exact=False)
    paired = {j: i for i, j in pairs}
    kept: list[Span] = []
    renumbered: list[tuple[int, int]] = []
    for number, span in enumerate(mine):
        if number in paired:
            renumbered.append((paired[number], len(kept)))
        elif (
            not _annotated(item, span)
            or any(_meet(span, place) for place in truth)
            or any(_same(span, o) for o in kept)
        ):
            continue
        kept.append(span)
    return Match(truth, tuple(kept), tuple(renumbered))


def places(found: Match, claims: Collection[str] | None = None) -> Tally:
    """Whatever the type. With `claims`, places of other types are neither asked for nor, when found, counted."""
    pairs = [i for i, _ in found.pairs if claims is None or found.truth[i].type in claims]
    labelled = sum(claims is None or span.type in claims for span in found.truth)
    return Tally(labelled, len(pairs), len(found.said) - len(found.pairs) + len(pairs), len(pairs))


def within_blocks(found: Match) -> int:
    """Missed lines of private keys that lie whole within what was found: places that a finding of the whole key covers."""
    missed = [span for span in found.missed if span.type == "private_key"]
    return sum(any(said.start <= span.start and span.end <= said.end for said in found.said) for span in missed)


def secret_types(found: Match) -> dict[str, Tally]:
    """By type: recall goes by the label's, precision by the tool's; found is found under any name."""
    types = {span.type for span in (*found.truth, *found.said)}
    return {
        name: Tally(
            sum(span.type == name for span in found.truth),
            sum(found.truth[i].type == name for i, _ in found.pairs),
            sum(span.type == name for span in found.said),
            sum(found.said[j].type == name for _, j in found.pairs),
        )
        for name in types
    }


def personal_types(item: Item, said: Sequence[Span]) -> dict[str, Tally]:
    """By type, each matched alone: a datum must be called what it is; types nobody annotated are left out."""
    labelled = {span.type for span in item.spans if span.kind == PERSONAL}
    types = {span.type for span in said if span.kind == PERSONAL and _annotated(item, span)} | labelled
    return {name: places(match(_only(item, name), [s for s in said if s.type == name], PERSONAL)) for name in types}


def _only(item: Item, name: str) -> Item:
    spans = tuple(span for span in item.spans if span.type == name)
    return replace(item, spans=spans)


def _places(spans: Sequence[Span]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]


def _meet(one: Span, other: Span) -> bool:
    return bool(matched_spans(_places([one]), _places([other]), exact=False))


def _annotated(item: Item, span: Span) -> bool:
    return span.kind != PERSONAL or not item.scope or span.type in item.scope


def _same(one: Span, other: Span) -> bool:
    both = min(one.end, other.end) - max(one.start, other.start)
    return 2 * both >= max(one.end, other.end) - min(one.start, other.start)
