"""CSV: one row per verdict, finding or failed run, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

from schemas import Analysis, Evidence, Finding, Report, Verdict
from secassist.formats._text import cell
from secassist.formats._view import View, of_analyses, of_case

COLUMNS = (
    "analysis",
    "when",
    "analyzer",
    "state",
    "origin",
    "title",
    "row",
    "decision",
    "severity",
    "confidence",
    "score",
    "techniques",
    "rule",
    "cwe",
    "path",
    "line",
    "mask",
    "message",
    "rationale",
    "evidence",
)


class Csv:
    """RFC 4180: comma, double quotes, CRLF; the first row names the columns."""

    name = "csv"
    summary = "One row per verdict, finding or failed run; formula-safe for spreadsheets."
    suffix = ".csv"

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """In the order given."""
        return _written(of_analyses(analyses))

    def report(self, report: Report) -> str:
        """The cases of the report; its prose and counts have no rows."""
        return _written(of_case(case, report.language) for case in report.cases)


def _written(views: Iterable[View]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for view in views:
        writer.writerows({name: cell(text) for name, text in row.items()} for row in _rows(view))
    return out.getvalue()


def _rows(view: View) -> list[dict[str, str]]:
    shared = {
        "analysis": view.id,
        "when": view.created_at,
        "analyzer": view.analyzer,
        "state": view.state,
        "origin": view.origin,
        "title": view.title,
    }
    rows = [_verdict(view.verdict)] if view.verdict else []
    rows += [_finding(finding) for finding in view.findings]
    return [{**shared, **row} for row in rows or [{"row": "none", "message": view.error}]]


def _verdict(verdict: Verdict) -> dict[str, str]:
    return {
        "row": "verdict",
        "decision": verdict.disposition.value,
        "severity": verdict.severity.value,
        "confidence": f"{verdict.confidence:.3f}",
        "score": "" if verdict.score is None else f"{verdict.score:.3f}",
        "techniques": " ".join(verdict.techniques),
        "rationale": verdict.rationale,
        "evidence": _quotes(verdict.evidence),
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "row": finding.kind.value,
        "decision": finding.judgement.value,
        "severity": finding.severity.value,
        "confidence": f"{finding.confidence:.3f}",
        "rule": finding.rule,
        "cwe": finding.cwe,
        "path": finding.place.path,
        "line": str(finding.place.start_line),
        "mask": finding.secret.mask if finding.secret else "",
        "message": finding.message,
        "rationale": finding.rationale,
        "evidence": _quotes(finding.evidence),
    }


def _quotes(evidence: Iterable[Evidence]) -> str:
    """Each quoted line once, though model and detectors may both name it."""
    return "\n".join(dict.fromkeys(f"L{each.line} {each.quote}" for each in evidence))


PLUGIN = Csv()
