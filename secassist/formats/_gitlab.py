"""GitLab's security report, schema 15 (docs.gitlab.com, "Security scanner integration"): one report is of one type."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from schemas import Analysis, Finding, FindingKind, Judgement, Severity
from secassist import __version__
from secassist.formats import _advice, _cwe
from secassist.formats._text import clip, masked, one_line, visible
from secassist.formats._uri import relative

VERSION = "15.0.7"
_SEVERITIES = {severity: severity.value.capitalize() for severity in Severity}
_COMMIT = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) (\d{4}-\d\d-\d\dT\S{8,16}) ")
"""How an origin in a git history begins."""
_NO_COMMIT = "0000000"
_NEVER = "1970-01-01T00:00:00"
_SAMPLE = {"id": "secassist", "name": "secassist", "version": __version__, "vendor": {"name": "secassist"}}

Json = dict[str, Any]


def report(analyses: Sequence[Analysis], type_: str, wanted: Callable[[Finding], bool]) -> str:
    """A report of the findings that are wanted and real or unsure; runs that failed are messages."""
    seen: Counter[str] = Counter()
    found = [
        _vulnerability(analysis, masked(finding), type_, seen)
        for analysis in analyses
        for finding in analysis.findings
        if wanted(finding) and finding.judgement in (Judgement.REAL, Judgement.UNSURE)
    ]
    times = sorted(analysis.created_at[:19] for analysis in analyses if len(analysis.created_at) >= 19)
    failed = [analysis for analysis in analyses if analysis.state not in ("ok", "unfit")]
    messages = [{"level": "warn", "value": _failure(analysis)} for analysis in failed]
    scan = {
        "analyzer": _SAMPLE,
        "scanner": _SAMPLE,
        "type": type_,
        "start_time": times[0] if times else _NEVER,
        "end_time": times[-1] if times else _NEVER,
        "status": "success",
        "messages": messages,
    }
    ordered = sorted(found, key=lambda each: each["id"])
    return (
        json.dumps({"version": VERSION, "scan": scan, "vulnerabilities": ordered}, ensure_ascii=False, indent=2) + "\n"
    )


def _failure(analysis: Analysis) -> str:
    return one_line(f"{analysis.id[:12]} {analysis.title or analysis.origin}: {analysis.state} {analysis.error}", 500)


def _vulnerability(analysis: Analysis, finding: Finding, type_: str, seen: Counter[str]) -> Json:
    mark = _mark(finding)
    seen[mark] += 1
    said = [finding.message, f"Found: {finding.secret.mask}" if finding.secret else "", finding.rationale]
    said += ["Nobody could tell for certain; look at it." if finding.judgement is Judgement.UNSURE else ""]
    return {
        "id": hashlib.sha256(f"{mark}:{seen[mark]}".encode()).hexdigest(),
        "name": one_line(_name(finding), 255),
        "description": visible(clip("\n".join(part for part in said if part), 2000)) or "-",
        "severity": _SEVERITIES[finding.severity],
        "solution": _advice.about(finding).remedy,
        "identifiers": _identifiers(finding),
        "location": _location(analysis, finding, type_),
        "details": {"analysis": {"type": "text", "name": "analysis", "value": analysis.id}},
    }


def _name(finding: Finding) -> str:
    return _cwe.title(finding.cwe) if finding.kind is FindingKind.WEAKNESS and finding.cwe else finding.message


def _identifiers(finding: Finding) -> list[Json]:
    rule = one_line(finding.rule, 200) or "rule"
    named = [{"type": "secassist", "name": f"secassist {rule}", "value": rule}]
    if (number := _cwe.number(finding.cwe)) is not None:
        link = f"https://cwe.mitre.org/data/definitions/{number}.html"
        named.append({"type": "cwe", "name": f"CWE-{number}", "value": str(number), "url": link})
    return named


def _location(analysis: Analysis, finding: Finding, type_: str) -> Json:
    place = finding.place
    path = visible(unquote(relative(place.path), errors="replace"))
    found: Json = {"file": path, "start_line": place.start_line, "end_line": max(place.start_line, place.end_line)}
    if type_ == "secret_detection":
        commit = _COMMIT.match(analysis.origin)
        found["commit"] = {"sha": commit[1], "date": commit[2]} if commit else {"sha": _NO_COMMIT}
    return found


def _mark(finding: Finding) -> str:
    """Rule, path and squeezed quotes: it stays when lines move. Of a secret no hash goes in."""
    quotes = [] if finding.secret else [" ".join(each.quote.split()) for each in finding.evidence]
    parts = (finding.kind.value, finding.rule, finding.place.path, *quotes)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
