"""What the question for advice is told of an analysis that found something to act on."""

from typing import Any

from schemas import Analysis, Disposition, Judgement, State
from secassist.analyzers.remediate import describe


def advice_context(analysis: Analysis) -> dict[str, Any] | None:
    """What the remediation question needs to know of an analysis, or None where it says nothing that can be advised on."""
    if analysis.state not in (State.OK, State.UNFIT):
        return None
    real = [finding for finding in analysis.findings if finding.judgement is Judgement.REAL]
    worst = max(real, key=lambda f: (f.severity.rank, f.confidence), default=None)
    verdict = analysis.verdict
    if worst is not None:
        text = describe(f"{worst.kind}", str(worst.severity), (), f"{worst.cwe} {worst.rule}".strip(), worst.message)
        return _context(analysis, text, [], [worst.cwe] if worst.cwe else [], [_kind_word(worst.kind.value)])
    if verdict is None or verdict.disposition is Disposition.NOT_EVALUABLE:
        return None
    text = describe(str(verdict.disposition), str(verdict.severity), verdict.techniques, "", verdict.rationale)
    return _context(analysis, text, list(verdict.techniques), [], _kinds(analysis))


def _context(analysis: Analysis, text: str, techniques: list[str], cwe: list[str], kinds: list[str]) -> dict[str, Any]:
    return {
        "about": analysis.id,
        "title": analysis.title,
        "finding": text,
        "techniques": techniques,
        "cwe": cwe,
        "kinds": kinds,
    }


def _kind_word(kind: str) -> str:
    return "code" if kind == "weakness" else kind


def _kinds(analysis: Analysis) -> list[str]:
    """Playbook words for where an alert comes from, by its source and title."""
    text = f"{analysis.origin} {analysis.title}".lower()
    words = {
        "mail": (".eml", "mail", "phish"),
        "web": ("http", "web", "access"),
        "cloud": ("cloudtrail", "aws", "azure", "gcp", "okta"),
        "linux": ("ssh", "auth", "sudo", "linux"),
        "windows": ("windows", "powershell", "sysmon", "evtx"),
    }
    found = [kind for kind, hints in words.items() if any(hint in text for hint in hints)]
    return found or ["endpoint"]
