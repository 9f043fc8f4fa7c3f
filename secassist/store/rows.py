"""Nouns to rows and back; what is written here is all that the database ever learns about a subject."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from schemas import (
    Alert,
    Analysis,
    AnySubject,
    Case,
    CodeUnit,
    Document,
    Finding,
    Judgement,
    LogWindow,
    State,
    Subject,
    SubjectKind,
    digest,
)
from secassist.errors import StoreError, UsageError
from secassist.store.records import StoredSubject

OPEN = (Judgement.REAL, Judgement.UNSURE)
"""Judgements that leave something to do."""


def stamp(moment: datetime) -> str:
    """UTC ISO 8601 with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """The reverse; a time without a zone counts as UTC. Raises StoreError for what is no time."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise StoreError("an analysis has a created_at that is no ISO 8601 time") from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def aware(moment: datetime) -> datetime:
    """Refuses a datetime without a zone: a report must not depend on where it is run."""
    if moment.tzinfo is None:
        raise UsageError("a time without a time zone; add one, such as Z or +08:00")
    return moment


def subject_row(
    subject: Subject,
    kept: Subject | None,
    now: datetime,
    redact: Callable[[str], str] = str,
    *,
    waits: bool = False,
) -> dict[str, Any]:
    """Alerts and log windows keep their content (that of `kept` if given); code and documents only their place.

    `waits` keeps these whole, too: for a job, which ends that. `redact` is for names: of files, places and titles.
    """
    body = (kept or subject).content() if waits or isinstance(subject, Alert | LogWindow) else None
    return {
        "id": subject.id,
        "kind": subject.kind.value,
        "source": subject.source,
        "origin": redact(subject.origin),
        "title": redact((kept or subject).title),
        "place": _place(subject, redact),
        "body": body,
        "first_seen": now,
    }


def _place(subject: Subject, redact: Callable[[str], str]) -> dict[str, Any] | None:
    if isinstance(subject, CodeUnit):
        return {"path": redact(subject.path), "language": subject.language, "start_line": subject.start_line}
    return {"path": redact(subject.path)} if isinstance(subject, Document) else None


def subject_from(row: Mapping[Any, Any]) -> StoredSubject:
    """Raises StoreError when the kept JSON no longer fits its noun."""
    kind = SubjectKind(row["kind"])
    whole = None if row["body"] is None else _whole(kind, {**row["body"], "origin": row["origin"]}, row["id"])
    return StoredSubject(
        id=row["id"],
        kind=kind,
        source=row["source"],
        origin=row["origin"],
        title=row["title"],
        place=row["place"] or {},
        kept=whole if isinstance(whole, Alert | LogWindow) else None,
        first_seen=stamp(row["first_seen"]),
        waiting=whole if isinstance(whole, CodeUnit | Document) else None,
    )


def _whole(kind: SubjectKind, body: dict[str, Any], id_: str) -> AnySubject:
    nouns: dict[SubjectKind, type[AnySubject]] = {
        SubjectKind.ALERT: Alert,
        SubjectKind.LOG_WINDOW: LogWindow,
        SubjectKind.CODE_UNIT: CodeUnit,
        SubjectKind.DOCUMENT: Document,
    }
    try:
        return nouns[kind].model_validate(body)
    except ValidationError as error:
        raise StoreError(f"the kept subject {id_[:12]} does not fit its schema any more") from error


def analysis_row(analysis: Analysis) -> dict[str, Any]:
    """The whole analysis as JSON, and beside it what lists and counts ask for."""
    verdict = analysis.verdict
    return {
        "id": analysis.id,
        "subject_id": analysis.subject_id,
        "analyzer": analysis.analyzer,
        "language": analysis.language,
        "state": analysis.state.value,
        "disposition": verdict.disposition.value if verdict else None,
        "severity": verdict.severity.value if verdict else None,
        "severity_rank": severity_rank(analysis),
        "urgency": urgency(analysis),
        "score": verdict.score if verdict else None,
        "raised": bool(verdict and verdict.raised),
        "lineage": analysis.lineage.model_dump(mode="json"),
        "outcome": analysis.model_dump(mode="json"),
        "created_at": instant(analysis.created_at),
    }


def severity_rank(analysis: Analysis) -> int | None:
    """The worst severity of the verdict and of the findings that leave something to do; None if there is neither."""
    ranks = [finding.severity.rank for finding in analysis.findings if finding.judgement in OPEN]
    if analysis.verdict:
        ranks.append(analysis.verdict.severity.rank)
    return max(ranks, default=None)


def urgency(analysis: Analysis) -> int:
    """Disposition.rank, and the same scale for findings: real 3, unsure 2; a run that did not end well is 1."""
    ranks = [
        3 if finding.judgement is Judgement.REAL else 2 for finding in analysis.findings if finding.judgement in OPEN
    ]
    if analysis.verdict:
        ranks.append(analysis.verdict.disposition.rank)
    if analysis.state is not State.OK:
        ranks.append(1)
    return max(ranks, default=0)


def finding_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """One per finding, numbered from 0 in the order of the analysis."""
    return [
        {
            "analysis_id": analysis.id,
            "number": number,
            "kind": finding.kind.value,
            "rule": finding.rule,
            "cwe": finding.cwe,
            "path": finding.place.path,
            "start_line": finding.place.start_line,
            "severity": finding.severity.value,
            "judgement": finding.judgement.value,
            "fingerprint": fingerprint(finding),
            "hmac": finding.secret.hmac if finding.secret else "",
        }
        for number, finding in enumerate(analysis.findings)
    ]


def fingerprint(finding: Finding) -> str:
    """The same for the same thing after lines moved: no line numbers, white space squeezed, secrets by keyed hash."""
    quotes = [" ".join(evidence.quote.split()) for evidence in finding.evidence]
    about = [finding.secret.hmac or finding.secret.mask] if finding.secret else quotes
    return digest([finding.kind.value, finding.rule, finding.place.path, about])


def technique_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """One per distinct ATT&CK technique."""
    named = sorted(set(analysis.verdict.techniques)) if analysis.verdict else []
    return [{"analysis_id": analysis.id, "technique": technique} for technique in named]


def analysis_from(id_: str, outcome: Any) -> Analysis:
    """Raises StoreError when the row does not fit its schema or was altered, so that its digest is another."""
    try:
        analysis = Analysis.model_validate(outcome)
    except ValidationError as error:
        raise StoreError(f"the stored analysis {id_[:12]} does not fit its schema; see `secassist doctor`") from error
    if analysis.id != id_:
        raise StoreError(f"the stored analysis {id_[:12]} was altered: its content has the id {analysis.id[:12]}")
    return analysis


def case_from(analysis: Analysis) -> Case:
    """What a report shows of it."""
    shared = Case.model_fields.keys() - {"analysis_id"}
    values = {name: getattr(analysis, name) for name in shared}
    return Case(analysis_id=analysis.id, **{**values, "state": analysis.state.value})
