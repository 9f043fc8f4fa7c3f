"""Hit: a value found in a text and how far it is to be trusted; and which of several hits on one place stays."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas import Severity


@dataclass(frozen=True, init=False)
class Hit:
    """`text[start:end]` is the value alone; a lower `rank` is trusted more (0 provider format ... 4 other library).

    Made by hand, in half the time: a megabyte may hold a hundred thousand.
    """

    start: int
    end: int
    type: str
    value: str = field(repr=False)
    rank: int
    severity: Severity
    certain: bool
    hint: str

    def __init__(  # noqa: PLR0913, PLR0917 - one for each field
        self,
        start: int,
        end: int,
        type: str,  # noqa: A002 - as the field is called
        value: str,
        rank: int,
        severity: Severity = Severity.MEDIUM,
        certain: bool = False,
        hint: str = "",
    ) -> None:
        self.__dict__.update(
            start=start, end=end, type=type, value=value, rank=rank, severity=severity, certain=certain, hint=hint
        )


def without_overlaps(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that share characters the most trusted, then certain, then longest one stays; sorted by place.

    Linear in the characters that the hits cover, apart from the sorting.
    """
    ranked = sorted(hits, key=lambda h: (h.rank, not h.certain, h.start - h.end, h.start, h.type))
    taken = bytearray(max((hit.end for hit in ranked), default=0))
    kept: list[Hit] = []
    for hit in ranked:
        if 1 not in taken[hit.start : hit.end]:
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.end))
