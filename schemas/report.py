"""Report: facts counted by the database and prose about them, in which no number stands that is not a fact."""

from schemas.finding import Finding
from schemas.noun import Noun
from schemas.remediation import Remediation
from schemas.verdict import Verdict


class Case(Noun):
    """One row of a report: the subject, what was decided about it, what was found in it, and what to do."""

    analysis_id: str
    subject_id: str
    title: str
    origin: str
    analyzer: str
    state: str
    created_at: str
    verdict: Verdict | None = None
    findings: tuple[Finding, ...] = ()
    remediation: Remediation | None = None


class ReportFacts(Noun):
    """Counts by name ("verdicts.true_positive": 3); the only numbers that prose may use. Times are UTC ISO 8601."""

    since: str
    until: str
    counts: dict[str, int]
    top_techniques: tuple[tuple[str, int], ...] = ()
    top_rules: tuple[tuple[str, int], ...] = ()


class Report(Noun):
    """Facts, prose (`dropped` counts sentences refused because of a number that is no fact), and the cases behind them."""

    title: str
    language: str
    facts: ReportFacts
    prose: tuple[str, ...]
    dropped: int = 0
    cases: tuple[Case, ...] = ()
