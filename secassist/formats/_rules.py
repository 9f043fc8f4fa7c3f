"""The rules of a SARIF run: one per kind of verdict and per rule that fired, each with its help."""

from collections.abc import Iterable, Sequence
from typing import Any

from schemas import Analysis, Finding, Severity, Verdict
from secassist.formats import _advice, _cvss, _cwe
from secassist.formats._text import markdown, one_line

PRECISIONS = ((0.9, "very-high"), (0.7, "high"), (0.4, "medium"), (0.0, "low"))
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
MOST_TAGS = 20
"""GitHub reads no more of a rule's tags."""

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
    text = f"An alert, a log window or a file of code was judged {said}; the result cites the lines that this rests on."
    worst = _worst(each.severity for each in found)
    texts = (f"Verdict: {said}", text, text, markdown(text, 2000))
    return _rule(name, texts, worst, _SCORES[worst], _best(found), [])


_SCORES = {
    Severity.CRITICAL: 9.5,
    Severity.HIGH: 8.0,
    Severity.MEDIUM: 5.5,
    Severity.LOW: 2.0,
    Severity.INFO: 0.0,
}
"""Of verdicts, which are about events and have no vector: the middle of the ranges of CVSS 3.1, table 14."""


def _finding(name: str, found: list[Finding]) -> Json:
    cwes = sorted({number for each in found if (number := _cwe.number(each.cwe))})
    named = ", ".join(_cwe.title(f"CWE-{number}") for number in cwes)
    full = f"{one_line(found[0].rule)}: {named}" if named else one_line(found[0].rule)
    advice = _advice.about(found[0])
    links = [(f"CWE-{number}", f"https://cwe.mitre.org/data/definitions/{number}.html") for number in cwes[:5]]
    shown = "\n\n".join(
        part
        for part in (
            f"**{markdown(full)}**",
            advice.risk,
            f"*What to do:* {advice.remedy}",
            " · ".join(f"[{word}]({link})" for word, link in links),
        )
        if part
    )
    worst = max(found, key=lambda each: each.severity.rank)
    tags = [f"external/cwe/cwe-{number}" for number in cwes[: MOST_TAGS - 1]]
    texts = (full, f"{full}. {advice.risk}", f"{full}. {advice.risk} {advice.remedy}", shown)
    score = _cvss.score(_cvss.vector(worst))
    rule = _rule(name, texts, worst.severity, score, _best(found), tags)
    return {**rule, "helpUri": links[0][1]} if links else rule


def _rule(
    name: str, texts: tuple[str, str, str, str], worst: Severity, score: float, precision: str, tags: list[str]
) -> Json:
    """`texts` are the short and the full description, and the help as text and as Markdown."""
    short, full, text, shown = texts
    return {
        "id": name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": text, "markdown": shown},
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": {"tags": ["security", *tags], "precision": precision, "security-severity": f"{score:.1f}"},
    }


def _worst(severities: Iterable[Severity]) -> Severity:
    return max(severities, key=lambda severity: severity.rank)


def _best(found: Sequence[Verdict | Finding]) -> str:
    highest = max(each.confidence for each in found)
    return next(word for least, word in PRECISIONS if highest >= least)
