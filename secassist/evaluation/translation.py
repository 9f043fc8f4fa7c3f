"""Analysis to Prediction: what an outcome means in the terms of the predictions file."""

from collections.abc import Sequence
from typing import Any, Final

from schemas import Analysis, Disposition, Finding, FindingKind, Fix, Judgement, State, Subject
from secassist.evaluation.examples import Example
from secassist.evaluation.predictions import After, PredictedSpan, Prediction
from secassist.evaluation.subjects import ANALYZERS, input_offsets

KINDS: Final = {"S1": FindingKind.SECRET, "S2": FindingKind.PERSONAL_DATA}
ERROR_CHARACTERS: Final = 300
BAD_DECISIONS: Final = frozenset({"vulnerable", "found"} | {d.value for d in Disposition if d.is_bad})
"""The decisions that call an item bad: dispositions for triage, "vulnerable" or "safe", "found" or "clean"."""


def translate(example: Example, subjects: Sequence[Subject], analyses: Sequence[Analysis]) -> Prediction:
    """The line of one item from the analyses of its subjects (two for a pair), without its `seconds`.

    An analysis that did not end well, or that could not tell, makes the item abstained; it never counts as harmless.
    """
    problem = next((found for found in map(_problem, analyses) if found), None)
    if problem:
        return failed(example, problem)
    first = analyses[0]
    analyzer = ANALYZERS[example.task]
    fields: dict[str, Any]
    if analyzer == "techniques":
        fields = {"techniques": first.verdict.techniques} if first.verdict else {}
    elif analyzer == "triage":
        fields = _triage(example, first)
    elif analyzer == "review":
        fields = _review(first)
        if example.task == "C2":
            fields |= {"fix": _fixed(first, subjects[0])}
            fields |= {"after": After(**_review(analyses[1]))} if len(analyses) > 1 else {}
    else:
        fields = _sensitive(example, first)
    undecided = any(a.verdict is not None and a.verdict.disposition is Disposition.NOT_EVALUABLE for a in analyses)
    abstained = undecided and analyzer != "techniques"
    return Prediction(id=example.id, task=example.task, abstained=abstained, **fields)


def failed(example: Example, reason: str) -> Prediction:
    """The line of an item that has no valid output."""
    return Prediction(id=example.id, task=example.task, abstained=True, error=reason[:ERROR_CHARACTERS])


def calls_bad(decision: str | None, score: float | None) -> bool:
    """Whether a prediction says that the item is bad; lines without a decision are read by their score at 0.5."""
    if decision is not None:
        return decision in BAD_DECISIONS
    return score is not None and score >= 0.5


def _problem(analysis: Analysis) -> str:
    """Why an analysis is no valid answer, or ""."""
    if analysis.state is not State.OK:
        return f"{analysis.state.value}: {analysis.error}".removesuffix(": ")
    if analysis.verdict is None and analysis.analyzer in ("triage", "techniques"):
        return "the analysis ended well but holds no verdict"
    return ""


def _score(analysis: Analysis) -> float | None:
    """Probability of bad by the verdict: its score, or else what the confidence of its disposition leaves."""
    verdict = analysis.verdict
    if verdict is None or verdict.disposition is Disposition.NOT_EVALUABLE:
        return None
    if verdict.score is not None:
        return verdict.score
    return verdict.confidence if verdict.disposition.is_bad else 1.0 - verdict.confidence


def _triage(example: Example, analysis: Analysis) -> dict[str, Any]:
    verdict = analysis.verdict
    if verdict is None:
        return {}
    fields: dict[str, Any] = {
        "score": _score(analysis),
        "decision": verdict.disposition.value,
        "techniques": verdict.techniques,
    }
    if example.task == "T2":
        fields["lines"] = tuple(sorted({evidence.line for evidence in verdict.evidence}))
    return fields


def _real(analysis: Analysis, kind: FindingKind) -> list[Finding]:
    """Findings to act on, surest first."""
    found = [f for f in analysis.findings if f.kind is kind and f.judgement is Judgement.REAL]
    return sorted(found, key=lambda f: -f.confidence)


def _review(analysis: Analysis) -> dict[str, Any]:
    found = _real(analysis, FindingKind.WEAKNESS)
    bad = bool(found)
    score: float | None = max((finding.confidence for finding in found), default=0.0)
    if analysis.verdict is not None:
        bad, score = analysis.verdict.disposition.is_bad, _score(analysis)
    lines = {line for f in found for line in range(f.place.start_line, f.place.end_line + 1)}
    return {
        "score": score,
        "decision": "vulnerable" if bad else "safe",
        "cwe": tuple(dict.fromkeys(finding.cwe for finding in found if finding.cwe)),
        "lines": tuple(sorted(lines)),
    }


def _fixed(analysis: Analysis, subject: Subject) -> str | None:
    """The code with the proposed fixes in place, surest first where two of them touch the same lines."""
    lines = [line.text for line in subject.lines]
    fixes: list[Fix] = []
    for fix in (f.fix for f in _real(analysis, FindingKind.WEAKNESS) if f.fix):
        apart = all(fix.end_line < other.start_line or other.end_line < fix.start_line for other in fixes)
        if apart and fix.start_line <= fix.end_line <= len(lines):
            fixes.append(fix)
    for fix in sorted(fixes, key=lambda fix: -fix.start_line):
        lines[fix.start_line - 1 : fix.end_line] = fix.replacement.removesuffix("\n").split("\n")
    return "\n".join(lines) if fixes else None


def _sensitive(example: Example, analysis: Analysis) -> dict[str, Any]:
    found = _real(analysis, KINDS[example.task])
    place = input_offsets(example.input)
    spans = [
        PredictedSpan(start=place(f.place.start), end=place(f.place.end), type=f.rule, score=f.confidence)
        for f in found
        if f.place.start is not None and f.place.end is not None
    ]
    return {
        "score": max((finding.confidence for finding in found), default=0.0),
        "decision": "found" if found else "clean",
        "spans": tuple(sorted(spans, key=lambda span: (span.start, span.end, span.type))),
    }
