"""Hit: a value found in a text and how far it is to be trusted; and which of several hits on one place stays."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas import Severity


@dataclass(frozen=True)
class Hit:
    """`text[start:end]` is the value alone; a lower `rank` is trusted more (0 provider format ... 4 other library)."""

    start: int
    end: int
    type: str
    value: str = field(repr=False)
    rank: int
    severity: Severity = Severity.MEDIUM
    certain: bool = False
    hint: str = ""


def without_overlaps(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that share characters the most trusted, then certain, then longest one stays; sorted by place."""
    starts: list[int] = []
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.rank, not h.certain, h.start - h.end, h.start, h.type)):
        at = bisect_left(starts, hit.start)
        if at < len(kept) and kept[at].start < hit.end:
            continue
        if at and kept[at - 1].end > hit.start:
            continue
        starts.insert(at, hit.start)
        kept.insert(at, hit)
    return kept
