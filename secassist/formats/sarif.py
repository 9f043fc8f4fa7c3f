"""SARIF 2.1.0 (OASIS), as code scanning reads it: findings and verdicts as results, failed runs as notifications."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from schemas import Analysis, Evidence, Finding, Judgement, Report, Severity, Verdict
from secassist import __version__
from secassist.errors import UsageError
from secassist.formats import _cvss, _flows, _rules
from secassist.formats._text import clip, masked, visible
from secassist.formats._uri import place_of, relative

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
"""GitHub refuses a run with more results; the mildest are left out, and a notification says how many."""
_KINDS = {Judgement.REAL: "fail", Judgement.UNSURE: "fail", Judgement.REFUTED: "pass"}
Json = dict[str, Any]


class Sarif:
    """One run. Places are relative to %SRCROOT%; secrets appear by their mask, in fingerprints not at all."""

    name = "sarif"
    summary = "SARIF 2.1.0 for code scanning and editors."
    suffix = ".sarif"

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """Worst results first where there are more than MOST_RESULTS, else in the order given."""
        results = [result for analysis in analyses for result in _results(analysis)]
        _alike(results)
        kept = results if len(results) <= MOST_RESULTS else sorted(results, key=_rank)[:MOST_RESULTS]
        rules = _rules.described(analyses)
        index = {rule["id"]: number for number, rule in enumerate(rules)}
        seen: Counter[str] = Counter()
        for result in kept:
            result["ruleIndex"] = index[result["ruleId"]]
            _number(result, seen)
        log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(analyses, rules, kept, len(results) - len(kept))]}
        return json.dumps(log, ensure_ascii=False, indent=2) + "\n"

    def report(self, report: Report) -> str:
        """Always raises UsageError."""
        raise UsageError(f"SARIF holds results, not reports ({len(report.cases)} cases); export the analyses instead")


def _run(analyses: Sequence[Analysis], rules: list[Json], results: list[Json], left_out: int) -> Json:
    notes = [_failure(analysis) for analysis in analyses if analysis.state != "ok"]
    notes += [
        _notice(analysis, omission.lines, omission.rule) for analysis in analyses for omission in analysis.omitted
    ]
    if left_out:
        notes.append({"level": "warning", "message": {"text": f"{left_out} of the mildest results were left out"}})
    driver = {"name": "secassist", "version": __version__, "semanticVersion": __version__, "rules": rules}
    complete = all(analysis.state == "ok" for analysis in analyses)
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": "secassist/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder that was analysed."}}},
        "invocations": [{"executionSuccessful": complete, **_times(analyses), "toolExecutionNotifications": notes}],
        "results": results,
    }


def _times(analyses: Sequence[Analysis]) -> Json:
    """Of the first and the last analysis, in whole seconds."""
    made = sorted(each.created_at[:19] for each in analyses if len(each.created_at) >= 20)
    return {"startTimeUtc": f"{made[0]}Z", "endTimeUtc": f"{made[-1]}Z"} if made else {}


def _alike(results: list[Json]) -> None:
    """Suppressions and baseline states: all results have one or none has (SARIF 3.27.23, 3.27.24)."""
    if any("suppressions" in result for result in results):
        for result in results:
            result.setdefault("suppressions", [])
    if any("baselineState" in result for result in results):
        for result in results:
            result.setdefault("baselineState", "new")


def _failure(analysis: Analysis) -> Json:
    text = f"{analysis.title or analysis.origin}: {analysis.state} {analysis.error}"
    return {"level": "error", "message": {"text": _plain(text)}, "locations": [_location(*place_of(analysis.origin))]}


def _notice(analysis: Analysis, lines: str, rule: str) -> Json:
    text = f"Lines {lines} were not shown to the model ({rule})"
    return {"level": "note", "message": {"text": _plain(text)}, "locations": [_location(*place_of(analysis.origin))]}


def _results(analysis: Analysis) -> list[Json]:
    verdict = [_verdict(analysis, analysis.verdict)] if analysis.verdict else []
    return verdict + [_finding(analysis, masked(finding)) for finding in analysis.findings]


def _verdict(analysis: Analysis, verdict: Verdict) -> Json:
    """Bad ones fail; harmless ones pass; "cannot tell" stays open. Only failures may have a level (SARIF 3.27.10)."""
    kind = {0: "pass", 1: "open"}.get(verdict.disposition.rank, "fail")
    path, line = place_of(analysis.origin)
    text = [
        f"{analysis.title}: {verdict.disposition.value.replace('_', ' ')}.",
        verdict.rationale,
        _cited(verdict.evidence),
    ]
    return {
        "ruleId": _rules.of_verdict(analysis, verdict),
        "kind": kind,
        "level": _rules.LEVELS[verdict.severity] if kind == "fail" else "none",
        "message": {"text": _plain("\n".join(part for part in text if part))},
        "locations": [_location(path, line)],
        "partialFingerprints": {"primaryLocationLineHash": _hash(analysis.analyzer, analysis.subject_id)},
        "properties": {
            "severity": verdict.severity.value,
            "confidence": verdict.confidence,
            "score": verdict.score,
            "techniques": [_plain(each) for each in verdict.techniques],
            "analysis": analysis.id,
        },
    }


def _finding(analysis: Analysis, finding: Finding) -> Json:
    """Real and unsure ones fail; a refuted one passes; a placeholder, a test value or an encrypted one is only told about."""
    kind = _KINDS.get(finding.judgement, "informational")
    level = "note" if finding.judgement is Judgement.UNSURE else _rules.LEVELS[finding.severity]
    mask = f"Found: {finding.secret.mask}" if finding.secret else ""
    text = "\n".join(part for part in (finding.message, mask, finding.rationale) if part)
    vector = _cvss.vector(finding)
    return {
        "ruleId": _rules.of_finding(finding),
        "kind": kind,
        "level": level if kind == "fail" else "none",
        "message": {"text": _plain(text)},
        "locations": [_location(finding.place.path, finding.place.start_line, finding)],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(finding)},
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence,
            "judgement": finding.judgement.value,
            "analysis": analysis.id,
            **({"also": [_plain(each) for each in finding.also]} if finding.also else {}),
            "cvss": vector,
            "security-severity": f"{_cvss.score(vector):.1f}",
        },
        **_more(finding),
    }


def _more(finding: Finding) -> Json:
    """What only some findings have."""
    found: Json = {}
    if finding.standing:
        found["baselineState"] = finding.standing
    if finding.silenced:
        found["suppressions"] = [{"kind": "inSource", "justification": _plain(finding.silenced.reason)}]
    elif finding.judgement is Judgement.REFUTED:
        found["suppressions"] = [{"kind": "external", "status": "accepted", "justification": _plain(finding.rationale)}]
    if flow := _flows.of(finding):
        found["codeFlows"] = [_code_flow(flow, finding.place.path)]
    if fix := _fix(finding):
        found["fixes"] = [fix]
    return found


def _code_flow(flow: _flows.Flow, path: str) -> Json:
    steps = ((f"from outside: {flow.source}", flow.source_line), ("arrives here", flow.sink_line))
    located = [{"location": {**_location(path, line), "message": {"text": _plain(said)}}} for said, line in steps]
    return {"threadFlows": [{"locations": located}]}


def _fix(finding: Finding) -> Json | None:
    """Whole lines: a region without columns spans them without the last newline (SARIF 3.30.2).

    Editors insert the text as it is: only what was re-checked is offered, and nothing with hidden characters or from
    which a secret was taken out.
    """
    fix = finding.fix
    if fix is None or not fix.accepted or fix.masked or visible(fix.replacement) != fix.replacement:
        return None
    region = {"startLine": fix.start_line, "endLine": max(fix.start_line, fix.end_line)}
    replacement = {"deletedRegion": region, "insertedContent": {"text": fix.replacement.removesuffix("\n")}}
    change = {"artifactLocation": _artifact(finding.place.path), "replacements": [replacement]}
    checks = "; ".join(f"{each.name}: {'passed' if each.passed else 'failed'}" for each in fix.checks)
    said = " ".join(part for part in (fix.explanation, checks) if part) or "Proposed fix"
    return {"description": {"text": _plain(said)}, "artifactChanges": [change]}


def _location(path: str, line: int | None, finding: Finding | None = None) -> Json:
    place: Json = {"artifactLocation": _artifact(path)}
    if line is not None and not (finding and finding.standing == "absent"):
        place["region"] = _region(finding) if finding else {"startLine": line}
    return {"physicalLocation": place}


def _artifact(path: str) -> Json:
    return {"uri": relative(path), "uriBaseId": "%SRCROOT%"}


def _region(finding: Finding) -> Json:
    place = finding.place
    region = {"startLine": place.start_line, "endLine": max(place.start_line, place.end_line)}
    if (place.end_line, place.end_column) > (place.start_line, place.start_column):
        region |= {"startColumn": place.start_column}
        region |= {"endColumn": place.end_column} if place.end_column > 1 else {}
    return region


def _cited(evidence: tuple[Evidence, ...]) -> str:
    return "\n".join(f"L{each.line} {f'{each.field}: ' if each.field else ''}{each.quote}" for each in evidence)


def _plain(text: str) -> str:
    """Message text: hidden characters visible, and no `[text](target)`, which viewers would turn into a link."""
    return visible(clip(text)).replace("](", "] (").strip() or "-"


def _fingerprint(finding: Finding) -> str:
    """Rule, path and squeezed quotes: it stays when lines move. Of a secret not even its keyed hash goes in."""
    quotes = [] if finding.secret else [" ".join(each.quote.split()) for each in finding.evidence]
    return _hash(finding.kind.value, finding.rule, finding.place.path, *quotes)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _number(result: Json, seen: Counter[str]) -> None:
    """The same line twice in a file gives the same hash; a running number keeps them apart."""
    hashes = result["partialFingerprints"]
    seen[hashes["primaryLocationLineHash"]] += 1
    hashes["primaryLocationLineHash"] += f":{seen[hashes['primaryLocationLineHash']]}"


def _rank(result: Json) -> tuple[int, int]:
    return ("fail", "open").index(result["kind"]) if result["kind"] in ("fail", "open") else 2, -Severity(
        result["properties"]["severity"]
    ).rank


PLUGIN = Sarif()
