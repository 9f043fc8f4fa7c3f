"""One matching rule for all tools: which findings count, which of them are right, item by item.

The rule is the one of `secassist evaluate`: a finding and a labelled place are a pair when their overlap has at least
half the characters of the shorter one, and each is in one pair at most. Before that, findings of one tool at nearly the
same place (overlap of half their union) count as one, so that naming a value twice is not an error.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from benchmarks.sensitive import naming
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import PERSONAL
from secassist.evaluation.metrics import matched_spans


@dataclass(frozen=True)
class Tally:
    """Of one item: labelled places, those found, findings, those right."""

    labelled: int
    found: int
    said: int
    right: int


def counted(item: Item, said: Sequence[Span], kind: str) -> list[Span]:
    """The findings of a kind that can be right or wrong: of an annotated type, or on an annotated place; each once."""
    truth = [span for span in item.spans if span.kind == kind]
    mine = [span for span in said if span.kind == kind and span.type != naming.NO_SECRET and span.start < span.end]
    if kind == PERSONAL and item.scope:
        mine = [span for span in mine if span.type in item.scope or any(_touch(span, other) for other in truth)]
    kept: list[Span] = []
    for span in sorted(mine, key=lambda s: (-s.score, s.start, -s.end)):
        if not any(_same(span, other) for other in kept):
            kept.append(span)
    return kept


def places(item: Item, said: Sequence[Span], kind: str, claims: Collection[str] | None = None) -> Tally:
    """Whatever the type. With `claims`, places of other types are neither asked for nor, when found, held against it."""
    truth = [span for span in item.spans if span.kind == kind]
    mine = counted(item, said, kind)
    pairs = _pairs(truth, mine)
    if claims is None:
        return Tally(len(truth), len(pairs), len(mine), len(pairs))
    asked = {index for index, span in enumerate(truth) if span.type in claims}
    beside = sum(i not in asked for i, _ in pairs)
    found = len(pairs) - beside
    return Tally(len(asked), found, len(mine) - beside, found)


def of_type(item: Item, said: Sequence[Span], kind: str, name: str) -> Tally:
    """One type. Personal data must be called what it is; a secret counts as found under any name."""
    truth = [span for span in item.spans if span.kind == kind]
    mine = counted(item, said, kind)
    if kind == PERSONAL:
        truth = [span for span in truth if span.type == name]
        mine = [span for span in counted(item, [s for s in said if s.type == name], kind) if span.type == name]
        pairs = _pairs(truth, mine)
        return Tally(len(truth), len(pairs), len(mine), len(pairs))
    pairs = _pairs(truth, mine)
    found = sum(truth[i].type == name for i, _ in pairs)
    right = sum(mine[j].type == name for _, j in pairs)
    return Tally(_count(truth, name), found, _count(mine, name), right)


def errors(item: Item, said: Sequence[Span], kind: str) -> tuple[list[Span], list[Span]]:
    """Labelled places that were missed, and findings that are wrong."""
    truth = [span for span in item.spans if span.kind == kind]
    mine = counted(item, said, kind)
    pairs = _pairs(truth, mine)
    missed = [span for index, span in enumerate(truth) if index not in {i for i, _ in pairs}]
    return missed, [span for index, span in enumerate(mine) if index not in {j for _, j in pairs}]


def _pairs(truth: Sequence[Span], said: Sequence[Span]) -> list[tuple[int, int]]:
    return matched_spans([(s.start, s.end) for s in truth], [(s.start, s.end) for s in said], exact=False)


def _count(spans: Sequence[Span], name: str) -> int:
    return sum(span.type == name for span in spans)


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _same(one: Span, other: Span) -> bool:
    both = min(one.end, other.end) - max(one.start, other.start)
    return 2 * both >= max(one.end, other.end) - min(one.start, other.start)
