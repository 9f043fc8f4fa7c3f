"""Findings that say the same of one line under different names: told once, with all the names."""

from collections.abc import Iterable, Sequence

from schemas import Finding
from secassist.detectors.base import Candidate

TWINS = frozenset({"CWE-668", "CWE-1327"})
"""Ids under which scanners report that a service listens on every address; a model is shown both, people one."""


def named(told: Candidate | Finding, left: Candidate | Finding) -> tuple[str, ...]:
    """All names of both beside those that `told` shows already."""
    names = dict.fromkeys([*told.also, left.rule, left.cwe, *left.also])
    return tuple(name for name in names if name and name not in (told.rule, told.cwe))


def joined(findings: Iterable[Finding]) -> list[Finding]:
    """In order; of twins on one line that were judged alike the graver, by both."""
    kept = list[Finding]()
    for finding in findings:
        at = next((number for number, each in enumerate(kept) if _twins(each, finding)), None)
        if at is None:
            kept.append(finding)
        else:
            kept[at] = _both(kept[at], finding)
    return kept


def _twins(one: Finding, other: Finding) -> bool:
    same = one.place.start_line == other.place.start_line and one.judgement is other.judgement
    return same and TWINS.issuperset((one.cwe, other.cwe))


def _both(one: Finding, other: Finding) -> Finding:
    told, left = (other, one) if other.severity.rank > one.severity.rank else (one, other)
    return told.model_copy(update={"also": named(told, left), "by": _distinct([*one.by, *other.by])})


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
