"""The rules of a SARIF run: one per kind of verdict and per rule that fired, each with its help."""

from collections.abc import Iterable, Sequence
from typing import Any

from schemas import Analysis, Finding, FindingKind, Severity, Verdict
from secassist.formats import _cwe
from secassist.formats._text import markdown, one_line

SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
"""The middle of the ranges by which GitHub turns `security-severity` back into words (over 9, 7, 4, 0.1)."""
PRECISIONS = ((0.9, "very-high"), (0.7, "high"), (0.4, "medium"), (0.0, "low"))
HELP = {
    FindingKind.WEAKNESS: "Read the cited lines, confirm that untrusted input reaches them, and apply or adapt the fix.",
    FindingKind.SECRET: "Revoke or rotate the credential first, then remove it from the file and its history.",
    FindingKind.PERSONAL_DATA: "Check whether the file may hold this data; mask, move or delete it if not.",
}
LEVELS = {"9.5": "error", "8.0": "error", "5.5": "warning", "2.0": "note", "0.0": "note"}

Json = dict[str, Any]


def of_verdict(analysis: Analysis, verdict: Verdict) -> str:
    """Like "triage/true_positive"."""
    return one_line(f"{analysis.analyzer}/{verdict.disposition}")


def of_finding(finding: Finding) -> str:
    """Like "weakness/B602"."""
    return one_line(f"{finding.kind}/{finding.rule}")


def described(analyses: Sequence[Analysis]) -> list[Json]:
    """In order of first use; severity and precision are the highest among a rule's results."""
    verdicts: dict[str, list[Verdict]] = {}
    findings: dict[str, list[Finding]] = {}
    for analysis in analyses:
        if analysis.verdict:
            verdicts.setdefault(of_verdict(analysis, analysis.verdict), []).append(analysis.verdict)
        for finding in analysis.findings:
            findings.setdefault(of_finding(finding), []).append(finding)
    return [_verdict(name, found) for name, found in verdicts.items()] + [
        _finding(name, found) for name, found in findings.items()
    ]


def _verdict(name: str, found: list[Verdict]) -> Json:
    said = found[0].disposition.value.replace("_", " ")
    text = f"An alert or log window was judged {said}; the result cites the lines that this rests on."
    return _rule(name, f"Verdict: {said}", text, text, _worst(each.severity for each in found), _best(found), [])


def _finding(name: str, found: list[Finding]) -> Json:
    cwes = sorted({number for each in found if (number := _cwe.number(each.cwe))})
    named = ", ".join(_cwe.title(f"CWE-{number}") for number in cwes)
    full = f"{one_line(found[0].rule)}: {named}" if named else one_line(found[0].rule)
    tags = [f"external/cwe/cwe-{number}" for number in cwes[:18]]
    rule = _rule(
        name,
        full,
        f"{full}.",
        f"{full}. {HELP[found[0].kind]}",
        _worst(each.severity for each in found),
        _best(found),
        tags,
    )
    link = {"helpUri": f"https://cwe.mitre.org/data/definitions/{cwes[0]}.html"} if cwes else {}
    return {**rule, **link}


def _rule(name: str, short: str, full: str, advice: str, score: str, precision: str, tags: list[str]) -> Json:
    return {
        "id": name,
        "name": name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": advice, "markdown": markdown(advice, 2000)},
        "defaultConfiguration": {"level": LEVELS[score]},
        "properties": {"tags": ["security", *tags], "precision": precision, "security-severity": score},
    }


def _worst(severities: Iterable[Severity]) -> str:
    return SCORES[max(severities, key=lambda severity: severity.rank)]


def _best(found: Sequence[Verdict | Finding]) -> str:
    highest = max(each.confidence for each in found)
    return next(word for least, word in PRECISIONS if highest >= least)
