"""What a reader is shown of one run, whether it comes as an Analysis or as a Case of a report."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas import (
    Analysis,
    Case,
    CitedAnswer,
    Disposition,
    Evidence,
    Finding,
    FindingKind,
    Judgement,
    Lineage,
    Omission,
    Remediation,
    Severity,
    Verdict,
)
from secassist.formats._labels import label
from secassist.formats._text import chance, masked
from secassist.formats.base import Look

_STATED = re.compile(r"structure and checksum settle it|harmless by code: |a rule saw it|not judged")
"""How a rationale begins where code states a belief, such as .6 for whatever a rule saw, that nobody measured."""


@dataclass(frozen=True)
class View:
    """`remediation` is the advice about this run, or the run's own; secrets in `findings` are masked for certain."""

    id: str
    title: str
    origin: str
    analyzer: str
    state: str
    created_at: str
    language: str
    verdict: Verdict | None
    findings: tuple[Finding, ...]
    remediation: Remediation | None = None
    lineage: Lineage | None = None
    omitted: tuple[Omission, ...] = ()
    error: str = ""
    answer: CitedAnswer | None = None
    numbers: tuple[int, ...] = ()
    techniques: tuple[str, ...] = ()
    """Of the verdict, as they are called."""

    @property
    def numbered(self) -> Iterator[tuple[str, Finding]]:
        """Each finding with the name that `fix` and `show` know it by, "3fa94c0d11ab:2"."""
        for number, finding in zip(self.places, self.findings, strict=True):
            yield f"{self.id[:12]}:{number}", finding

    @property
    def places(self) -> tuple[int, ...]:
        """The numbers of the findings."""
        return self.numbers or tuple(range(len(self.findings)))

    @property
    def severity(self) -> Severity | None:
        """The worst of the verdict and of the findings that leave something to do."""
        found = [each.severity for each in self.findings if each.judgement in (Judgement.REAL, Judgement.UNSURE)]
        if self.verdict:
            found.append(self.verdict.severity)
        return max(found, key=lambda severity: severity.rank, default=None)

    @property
    def urgency(self) -> int:
        """Disposition.rank, or for findings 3 (real) and 2 (unsure); 1 for a run that did not end well."""
        ranks = [{Judgement.REAL: 3, Judgement.UNSURE: 2}.get(each.judgement, 0) for each in self.findings]
        ranks += [self.verdict.disposition.rank] if self.verdict else []
        return max(ranks + ([] if self.state == "ok" else [1]), default=0)

    @property
    def when(self) -> str:
        """2026-11-22 05:40 UTC."""
        return f"{self.created_at[:16].replace('T', ' ')} UTC" if self.created_at else ""


def of_analyses(analyses: Sequence[Analysis], look: Look | None = None) -> list[View]:
    """In the order given; advice about another run of the list stands with that run instead of on its own."""
    told = look or Look()
    ids = {analysis.id for analysis in analyses}
    advice = {each.remediation.about: each.remediation for each in analyses if each.remediation}
    alone = [each for each in analyses if not (each.remediation and each.remediation.about in ids - {each.id})]
    return [_of_analysis(each, each.remediation or advice.get(each.id), told) for each in alone]


def _of_analysis(analysis: Analysis, remediation: Remediation | None, look: Look) -> View:
    about = analysis.remediation.about if analysis.remediation else ""
    return View(
        id=analysis.id,
        title=analysis.title,
        origin=analysis.origin[:12] if analysis.origin == about else analysis.origin,
        analyzer=analysis.analyzer,
        state=analysis.state.value,
        created_at=analysis.created_at,
        language=analysis.language,
        verdict=analysis.verdict,
        findings=tuple(masked(finding) for finding in analysis.findings),
        remediation=remediation,
        lineage=analysis.lineage,
        omitted=analysis.omitted,
        error=analysis.error,
        answer=analysis.answer,
        numbers=look.of(analysis.id, len(analysis.findings)),
        techniques=_techniques(analysis.verdict, look),
    )


def _techniques(verdict: Verdict | None, look: Look | None) -> tuple[str, ...]:
    return tuple(map((look or Look()).technique, verdict.techniques)) if verdict else ()


def of_case(case: Case, language: str, look: Look | None = None) -> View:
    """A case knows less: no lineage, no omissions."""
    return View(
        id=case.analysis_id,
        title=case.title,
        origin=case.origin,
        analyzer=case.analyzer,
        state=case.state,
        created_at=case.created_at,
        language=language,
        verdict=case.verdict,
        findings=tuple(masked(finding) for finding in case.findings),
        remediation=case.remediation,
        techniques=_techniques(case.verdict, look),
    )


def is_stated(finding: Finding) -> bool:
    """Whether its confidence is one that code states and nobody calibrated."""
    return finding.judgement is Judgement.REFUTED or bool(_STATED.match(finding.rationale))


def probability(view: View, finding: Finding) -> float | None:
    """What may be shown beside the finding: None where it is stated only, or where the verdict shows the same already.

    A weakness has the probability of the whole function or small file that it stands in.
    """
    if is_stated(finding):
        return None
    score = view.verdict.score if view.verdict else None
    same = finding.kind is FindingKind.WEAKNESS and score is not None and abs(score - finding.confidence) < 1e-9
    return None if same else finding.confidence


def told(view: View, finding: Finding, language: str) -> str:
    """The probability in words, "" where the verdict has said it."""
    if is_stated(finding):
        return label(language, "not_calibrated")
    shown = probability(view, finding)
    if shown is None:
        return ""
    return f"{label(language, 'of_unit' if finding.kind is FindingKind.WEAKNESS else 'confidence')} {chance(shown)}"


def of_unit(view: View) -> bool:
    """Whether a probability beside one of the findings, or none, needs the words that it is that of a function or file."""
    return any(each.kind is FindingKind.WEAKNESS and not is_stated(each) for each in view.findings)


def gathered(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Each quoted line once, by all who quote it."""
    found = dict[tuple[int, str, str], Evidence]()
    for each in evidence:
        key = each.line, each.field, each.quote
        known = found.get(key)
        found[key] = each if known is None else _both(known, each)
    return list(found.values())


def _both(one: Evidence, other: Evidence) -> Evidence:
    by = dict.fromkeys(name for each in (one, other) for name in each.by.split(", "))
    notes = dict.fromkeys(note for each in (one, other) if each.note for note in each.note.split("; "))
    redacted = one.redacted or other.redacted
    return one.model_copy(update={"by": ", ".join(by), "note": "; ".join(notes), "redacted": redacted})


def worst_first(views: Iterable[View]) -> list[View]:
    """By urgency, severity, probability; the order given decides the rest."""
    return sorted(views, key=_badness, reverse=True)


def _badness(view: View) -> tuple[int, int, float]:
    score = view.verdict.score if view.verdict and view.verdict.score is not None else -1.0
    return view.urgency, view.severity.rank if view.severity else -1, score


def tally(views: Iterable[View]) -> dict[str, int]:
    """The same names that the store counts by (`ReportFacts.counts`), for lists that no database counted."""
    counts: Counter[str] = Counter()
    for view in views:
        counts.update(_names(view))
    fixed = [f"verdicts.{each}" for each in Disposition] + [f"findings.{each}" for each in FindingKind]
    return {**dict.fromkeys(fixed, 0), **counts}


def _names(view: View) -> list[str]:
    names = ["analyses.total", "subjects.total", f"analyses.{view.analyzer}", f"analyses.state.{view.state}"]
    if verdict := view.verdict:
        bare = f"verdicts.{verdict.disposition}"
        names += ["verdicts.total", bare, f"{bare}.{verdict.severity}", f"verdicts.severity.{verdict.severity}"]
        names += ["floors.raised"] if verdict.raised else []
    for finding in view.findings:
        names.append(f"findings.judgement.{finding.judgement}")
        if finding.judgement is Judgement.REAL:
            bare = f"findings.{finding.kind}"
            names += ["findings.total", bare, f"{bare}.{finding.severity}", f"findings.severity.{finding.severity}"]
    return names


def alias(finding: Finding, language: str) -> str:
    """The other names of a finding, to stand behind its message; "" where it has none."""
    return label(language, "alias").format(", ".join(finding.also)) if finding.also else ""
