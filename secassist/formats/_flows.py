"""From where to where a value runs, for findings whose detector followed it; lines are those of the file."""

from dataclasses import dataclass

from schemas import Finding

_BY = "code_flow"
"""The detector whose messages end with " (SOURCE of line N)"."""
_LONGEST = 200


@dataclass(frozen=True)
class Flow:
    """`source` is what the outsider controls, at `source_line`; `sink_line` is where it arrives."""

    source: str
    source_line: int
    sink_line: int


def of(finding: Finding) -> Flow | None:
    """None where no value was followed, or where it is not known from where."""
    if _BY not in finding.by or not finding.message.endswith(")"):
        return None
    head, mark, tail = finding.message[:-1].rpartition(" of line ")
    _, opening, source = head.rpartition(" (")
    if not (mark and opening and tail.isascii() and tail.isdigit() and len(tail) < 8):
        return None
    place = finding.place
    first = finding.evidence[0].line if finding.evidence else place.start_line
    line = int(tail) + place.start_line - first  # the detector counts from where its text begins
    return Flow(source[:_LONGEST], line, place.start_line) if line > 0 else None
