"""What came and what went since the last scan of the same places."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas import Finding
from secassist.formats._repository import Gone
from secassist.scanning.baseline import counts
from secassist.scanning.index import Index, Past
from secassist.scanning.pieces import digest_of
from secassist.scanning.scan import Outcome


@dataclass(frozen=True)
class Trend:
    """`findings` are all that count, `new` those that were not there last time, `fixed` what is there no more.

    `past` are the scans before, oldest first, and this one.
    """

    findings: tuple[Finding, ...]
    new: tuple[Finding, ...]
    fixed: tuple[Gone, ...]
    past: tuple[Past, ...]


def root_of(paths: Sequence[Path], *shaping: str) -> str:
    """Scans are compared that were asked the same about the same paths, and nothing else."""
    return digest_of([*sorted(str(path.absolute()) for path in paths), "", *shaping])


def trend(outcomes: Sequence[Outcome], root: str, index: Index, now: datetime | None = None) -> Trend:
    """Compares with the last scan of this root, and is remembered for the next."""
    marked = _marked(outcomes)
    before = index.past(root)
    last = before[-1].places if before else {}
    new = tuple(finding for mark, finding in marked.items() if mark not in last) if before else ()
    fixed = tuple(place for mark, place in last.items() if mark not in marked)
    tally = Counter(finding.severity.value for finding in marked.values())
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    places = {mark: _place(finding) for mark, finding in marked.items()}
    index.remember(root, Past(at, dict(tally), len(new), len(fixed), places))
    return Trend(tuple(marked.values()), new, fixed, (*before, Past(at, dict(tally), len(new), len(fixed))))


def _marked(outcomes: Sequence[Outcome]) -> dict[str, Finding]:
    """Findings that count, by a mark that stays when their lines move; equal ones are numbered."""
    seen: Counter[tuple[str, str]] = Counter()
    marked = {}
    for outcome in outcomes:
        for each in (noted for _, found in outcome.analyses for noted in found if counts(noted.finding)):
            seen[each.path, each.key] += 1
            marked[digest_of([each.path, each.key, str(seen[each.path, each.key])])] = each.finding
    return marked


def _place(finding: Finding) -> Gone:
    place = finding.place
    return Gone(finding.severity.value, finding.rule, finding.cwe, place.path, place.start_line)
