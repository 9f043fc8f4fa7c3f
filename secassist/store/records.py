"""What the store hands out besides the nouns: kept subjects, refused inputs, corrections, answers, sealed values, the audit."""

from dataclasses import dataclass, field
from typing import Any

from schemas import Alert, CodeUnit, Disposition, Document, Judgement, LogWindow, Severity, SubjectKind


@dataclass(frozen=True)
class StoredSubject:
    """A subject as it is kept. `id` is the digest under which it was analysed.

    `kept` is the alert or log window (where it was redacted before keeping, its own id differs from `id`); it is None
    for code and documents, of which only `place` (path, language, start_line) stays, and `waiting`, the whole of one, for
    as long as a job needs it. `first_seen` is UTC ISO 8601.
    """

    id: str
    kind: SubjectKind
    source: str
    origin: str
    title: str
    place: dict[str, Any]
    kept: Alert | LogWindow | None
    first_seen: str
    waiting: CodeUnit | Document | None = None


@dataclass(frozen=True)
class Rejection:
    """An input that could not be read: where it stands and why; `at` is UTC ISO 8601."""

    origin: str
    reason: str
    at: str


@dataclass(frozen=True)
class Review:
    """A correction: a disposition for the whole analysis, or a judgement on its finding number `finding` (from 0).

    `severity` beside it, or alone: whoever agrees with the rest may find it graver, or less grave.
    """

    analysis_id: str
    disposition: Disposition | None
    finding: int | None
    judgement: Judgement | None
    author: str
    comment: str
    at: str
    severity: Severity | None = None


@dataclass(frozen=True)
class Answered:
    """An analyst's answer ("yes", "no", "unknown") to a question of an investigation, by the question's id."""

    analysis_id: str
    question: str
    answer: str
    author: str
    note: str
    at: str


@dataclass(frozen=True)
class SealedValue:
    """The encrypted value of finding `number` (from 0) of an analysis; `fingerprint` is that finding's, hex digits."""

    analysis_id: str
    number: int
    fingerprint: str
    key_id: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Audited:
    """Who did what to the vault; `at` is UTC ISO 8601, `analysis_id` and `number` are None where it was not one value."""

    at: str
    who: str
    action: str
    analysis_id: str | None
    number: int | None
    detail: str
