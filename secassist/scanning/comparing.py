"""Findings beside a baseline: which are new, which were known, which are gone."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schemas import Analysis, CodeUnit, Finding, FindingKind, Judgement, Place, Severity, State
from secassist.scanning.baseline import Baseline, Spot, counts
from secassist.scanning.pieces import Scope
from secassist.scanning.scan import Noted, Outcome, with_findings

Planned = Callable[[CodeUnit], Analysis]
"""The record that an analysis of this text would get."""


@dataclass(frozen=True)
class Compared:
    """How many findings were known, and the analyses of those and of what is gone, for who tells of them too."""

    known: int
    others: list[Analysis]


def spots_of(outcomes: Sequence[Outcome], known: Baseline) -> tuple[list[Noted], list[Spot]]:
    """What a baseline holds of a scan: the findings that count, and their spots."""
    noted = [each for outcome in outcomes for _, found in outcome.analyses for each in found if counts(each.finding)]
    return noted, [Spot(known.relative(each.path), each.key) for each in noted]


def updated(outcomes: Sequence[Outcome], known: Baseline, scope: Scope) -> tuple[Baseline, int]:
    """The baseline as this scan leaves it, and the number of findings in it that are of this scan."""
    noted, spots = spots_of(outcomes, known)
    scanned = (known.relative(path) for path in scope.scanned)
    living = map(known.relative, scope.living) if scope.in_git else None
    return known.updated(spots, [each.finding for each in noted], scanned, living), len(spots)


def compare(outcomes: Sequence[Outcome], known: Baseline, scope: Scope, planned: Planned) -> Compared:
    """Leaves in the outcomes only what is new, marked so."""
    noted, spots = spots_of(outcomes, known)
    old = {
        id(each)
        for each, is_old in zip(noted, known.old(spots, map(known.relative, scope.living)), strict=True)
        if is_old
    }
    others = list[Analysis]()
    for outcome in outcomes:
        analyses, outcome.analyses = outcome.analyses, []
        for analysis, found in analyses:
            same = [_standing(each, "unchanged") for each in found if id(each) in old]
            new = [_standing(each, "new") for each in found if id(each) not in old]
            if same:
                others.append(with_findings(analysis, same).model_copy(update={"verdict": None}))
            if new or not analysis.findings:
                outcome.analyses.append((_without(analysis, new, bool(same)), new))
    gone = known.gone(spots, map(known.relative, scope.scanned))
    return Compared(len(old), [*others, *_gone(gone, planned)])


def _standing(noted: Noted, word: str) -> Noted:
    return Noted(noted.finding.model_copy(update={"standing": word}), noted.path, noted.key)


def _without(analysis: Analysis, noted: Sequence[Noted], fewer: bool) -> Analysis:
    """Its verdict goes where it may rest on a finding that is not told any more."""
    told = with_findings(analysis, noted)
    return told.model_copy(update={"verdict": None}) if fewer else told


def _gone(rows: Sequence[tuple[str, str, str]], planned: Planned) -> Iterator[Analysis]:
    """One analysis per file, of a text nobody has: only place and rule are known."""
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for path, kind, rule in rows:
        by_path[path].append(_finding(path, FindingKind(kind), rule))
    for path, findings in by_path.items():
        record = planned(CodeUnit(source="baseline", origin=path, path=path, body=""))
        yield record.model_copy(update={"state": State.OK, "findings": tuple(findings)})


def _finding(path: str, kind: FindingKind, rule: str) -> Finding:
    return Finding(
        kind=kind,
        rule=rule,
        message="In the baseline, and no longer found.",
        place=Place(path=path, start_line=1, end_line=1),
        severity=Severity.INFO,
        confidence=1.0,
        judgement=Judgement.REAL,
        standing="absent",
    )
