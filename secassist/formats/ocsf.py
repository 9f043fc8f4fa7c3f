"""OCSF 1.8.0 (JSON Lines): Detection Finding 2004, Vulnerability Finding 2002, Data Security Finding 2006."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from schemas import Analysis, Disposition, Evidence, Finding, FindingKind, Judgement, Report, Severity, Verdict
from secassist import __version__
from secassist.errors import UsageError
from secassist.formats import _cwe
from secassist.formats._text import clip, masked, visible

VERSION = "1.8.0"
DETECTION, VULNERABILITY, DATA_SECURITY = 2004, 2002, 2006
NAMES = {DETECTION: "Detection Finding", VULNERABILITY: "Vulnerability Finding", DATA_SECURITY: "Data Security Finding"}
CREATE = 1
"""activity_id: the finding was created."""
UNKNOWN_SEVERITY = 0
SEVERITIES = {each: each.rank + 1 for each in Severity}
"""severity_id: 1 Informational to 5 Critical."""
NEW, SUPPRESSED = 1, 3
"""status_id: nobody has looked yet; judged to need no look."""

Json = dict[str, Any]


class Ocsf:
    """One event per verdict, finding, and run that failed (a Detection Finding of unknown severity)."""

    name = "ocsf"
    summary = "OCSF 1.8.0 events (JSON Lines) for data lakes and SIEMs."
    suffix = ".ocsf.jsonl"

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """In the order given."""
        events = [event for analysis in analyses for event in _events(analysis)]
        return "".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n" for event in events)

    def report(self, report: Report) -> str:
        """Always raises UsageError."""
        raise UsageError(f"OCSF holds events, not reports ({len(report.cases)} cases); export the analyses instead")


def _events(analysis: Analysis) -> list[Json]:
    events = [_verdict(analysis, analysis.verdict)] if analysis.verdict else []
    for number, finding in enumerate(analysis.findings):
        build = _weakness if finding.kind is FindingKind.WEAKNESS else _sensitive
        events.append(build(analysis, masked(finding), number))
    if not events and analysis.state != "ok":
        events.append(_failed(analysis))
    return events


def _event(class_uid: int, analysis: Analysis, severity: Severity | None, info: Json) -> Json:
    """What all three classes require."""
    return {
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": class_uid,
        "class_name": NAMES[class_uid],
        "type_uid": class_uid * 100 + CREATE,
        "time": _milliseconds(analysis.created_at),
        "severity_id": SEVERITIES[severity] if severity else UNKNOWN_SEVERITY,
        "severity": {None: "Unknown", Severity.INFO: "Informational"}.get(severity, (severity or "").capitalize()),
        "metadata": {
            "version": VERSION,
            "product": {"name": "secassist", "vendor_name": "secassist", "version": __version__},
        },
        "finding_info": {**info, "created_time": _milliseconds(analysis.created_at), "analytic": _analytic(analysis)},
        "unmapped": {"analysis": analysis.id, "state": analysis.state.value, "origin": _plain(analysis.origin)},
    }


def _analytic(analysis: Analysis) -> Json:
    """type_id 4: learning (ML/DL)."""
    return {
        "name": _plain(analysis.analyzer),
        "type_id": 4,
        "type": "Learning (ML/DL)",
        "uid": analysis.lineage.model_digest,
    }


def _verdict(analysis: Analysis, verdict: Verdict) -> Json:
    attacks = [{"technique": {"uid": _plain(each)}} for each in verdict.techniques]
    info = {"uid": analysis.id, "title": _title(analysis), "desc": _plain(verdict.rationale)}
    event = _event(DETECTION, analysis, verdict.severity, {**info, **({"attacks": attacks} if attacks else {})})
    harmless = verdict.disposition in (Disposition.FALSE_POSITIVE, Disposition.BENIGN_EXPECTED)
    event["unmapped"] |= {"disposition": verdict.disposition.value, "score": verdict.score}
    return {
        **event,
        **_confidence(verdict.confidence),
        **_status(SUPPRESSED if harmless else NEW),
        "is_alert": verdict.disposition.is_bad,
        "evidences": [{"data": _quote(each)} for each in verdict.evidence],
    }


def _failed(analysis: Analysis) -> Json:
    said = _plain(f"{analysis.state}: {analysis.error}")
    event = _event(DETECTION, analysis, None, {"uid": analysis.id, "title": _title(analysis), "desc": said})
    return {**event, **_status(NEW), "is_alert": False}


def _weakness(analysis: Analysis, finding: Finding, number: int) -> Json:
    event = _event(VULNERABILITY, analysis, finding.severity, _info(analysis, finding, number))
    code = {"file": _file(finding), "start_line": finding.place.start_line, "end_line": finding.place.end_line}
    weakness: Json = {
        "title": _plain(finding.message),
        "desc": _plain(finding.rationale),
        "severity": finding.severity.value,
        "affected_code": [code],
        "is_fix_available": bool(finding.fix and finding.fix.accepted),
    }
    if (cwe := _cwe.number(finding.cwe)) is not None:
        weakness["cwe"] = {"uid": f"CWE-{cwe}", "caption": _cwe.title(finding.cwe)}
    if finding.fix and finding.fix.accepted:
        weakness["remediation"] = {"desc": _plain(finding.fix.explanation or finding.fix.replacement)}
    event["unmapped"]["judgement"] = finding.judgement.value
    return {**event, **_confidence(finding.confidence), **_judged(finding), "vulnerabilities": [weakness]}


def _sensitive(analysis: Analysis, finding: Finding, number: int) -> Json:
    """detection_system_id 99: none of the listed products; data_lifecycle_state_id 1: data at rest."""
    event = _event(DATA_SECURITY, analysis, finding.severity, _info(analysis, finding, number))
    security = {
        "detection_pattern": _plain(finding.rule),
        "detection_system_id": 99,
        "detection_system": "secassist",
        "data_lifecycle_state_id": 1,
        "pattern_match": _plain(finding.secret.mask) if finding.secret else "",
    }
    event["unmapped"] |= {"judgement": finding.judgement.value, "kind": finding.kind.value}
    event["unmapped"]["line"] = finding.place.start_line
    return {
        **event,
        **_confidence(finding.confidence),
        **_judged(finding),
        "is_alert": finding.judgement in (Judgement.REAL, Judgement.UNSURE),
        "data_security": security,
        "file": _file(finding),
    }


def _info(analysis: Analysis, finding: Finding, number: int) -> Json:
    uid = f"{analysis.id}:{number}"
    return {
        "uid": uid,
        "title": _plain(finding.message),
        "desc": _plain(finding.rationale),
        "types": [_plain(finding.rule)],
    }


def _judged(finding: Finding) -> Json:
    return _status(NEW if finding.judgement in (Judgement.REAL, Judgement.UNSURE) else SUPPRESSED)


def _status(number: int) -> Json:
    return {"status_id": number, "status": {NEW: "New", SUPPRESSED: "Suppressed"}[number]}


def _confidence(value: float) -> Json:
    """confidence_id: 1 Low, 2 Medium, 3 High; the score is in percent."""
    level = 3 if value >= 0.7 else 2 if value >= 0.4 else 1
    return {
        "confidence_id": level,
        "confidence": ("Low", "Medium", "High")[level - 1],
        "confidence_score": round(value * 100),
    }


def _file(finding: Finding) -> Json:
    """type_id 1: a regular file."""
    path = _plain(finding.place.path)
    return {"name": path.replace("\\", "/").rsplit("/", 1)[-1] or path, "path": path, "type_id": 1}


def _quote(evidence: Evidence) -> Json:
    named = {"field": _plain(evidence.field)} if evidence.field else {}
    return {"line": evidence.line, **named, "quote": _plain(evidence.quote), "by": _plain(evidence.by)}


def _title(analysis: Analysis) -> str:
    return _plain(analysis.title or analysis.origin) or analysis.id[:12]


def _plain(text: str) -> str:
    return visible(clip(text))


def _milliseconds(created_at: str) -> int:
    """Since 1970; 0 where no time is known."""
    try:
        parsed = datetime.fromisoformat(created_at)
    except ValueError:
        return 0
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)


PLUGIN = Ocsf()
