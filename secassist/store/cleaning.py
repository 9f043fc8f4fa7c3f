"""Passes every text of an analysis that was written, not quoted, through the redaction its opener gave the store."""

from collections.abc import Callable
from functools import cache

from schemas import Analysis, CitedAnswer, Finding, Remediation, Report, Verdict

Redact = Callable[[str], str]


def cleaned(analysis: Analysis, redact: Redact) -> Analysis:
    """The analysis with names, reasons, errors and prose redacted.

    Quotes and code are left: they are parts of a subject from which found values were taken before it was analysed,
    and are read with more context than one line of them gives.
    """
    clean = cache(redact)
    return analysis.model_copy(
        update={
            "origin": clean(analysis.origin),
            "title": clean(analysis.title),
            "raw": clean(analysis.raw),
            "error": clean(analysis.error),
            "verdict": analysis.verdict and _verdict(analysis.verdict, clean),
            "findings": tuple(_finding(finding, clean) for finding in analysis.findings),
            "remediation": analysis.remediation and _remediation(analysis.remediation, clean),
            "report": analysis.report and _report(analysis.report, clean),
            "answer": analysis.answer and _answer(analysis.answer, clean),
        }
    )


def _verdict(verdict: Verdict, clean: Redact) -> Verdict:
    floor = verdict.floor and verdict.floor.model_copy(update={"reason": clean(verdict.floor.reason)})
    missing = tuple(map(clean, verdict.missing_evidence))
    return verdict.model_copy(
        update={"rationale": clean(verdict.rationale), "missing_evidence": missing, "floor": floor}
    )


def _finding(finding: Finding, clean: Redact) -> Finding:
    fix = finding.fix and finding.fix.model_copy(update={"explanation": clean(finding.fix.explanation)})
    return finding.model_copy(
        update={
            "message": clean(finding.message),
            "rationale": clean(finding.rationale),
            "place": finding.place.model_copy(update={"path": clean(finding.place.path)}),
            "fix": fix,
        }
    )


def _remediation(remediation: Remediation, clean: Redact) -> Remediation:
    steps = tuple(
        step.model_copy(update={"action": clean(step.action), "reason": clean(step.reason)})
        for step in remediation.steps
    )
    return remediation.model_copy(update={"summary": clean(remediation.summary), "steps": steps})


def _report(report: Report, clean: Redact) -> Report:
    return report.model_copy(update={"title": clean(report.title), "prose": tuple(map(clean, report.prose))})


def _answer(answer: CitedAnswer, clean: Redact) -> CitedAnswer:
    cited = tuple(
        each.model_copy(update={"path": clean(each.path), "heading": clean(each.heading)}) for each in answer.sentences
    )
    return answer.model_copy(update={"question": clean(answer.question), "sentences": cited})
