"""What the queue's rows are called in code: jobs, what is submitted, events, counts; all times are the database's."""

import os
import secrets
import time
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from schemas import Analysis, Judgement, Subject, digest
from secassist.store.records import SealedValue

MAX_ATTEMPTS = 3
"""A job that failed, or whose worker died, this often is dead; the first deaths of a worker are not counted."""


class JobState(StrEnum):
    """queued -> leased -> done | dead; a queued or leased job can be cancelled, a dead or cancelled one retried."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """The smaller goes first; between equals the sources take turns."""

    HIGH = 0
    NORMAL = 1
    LOW = 2


@dataclass(frozen=True)
class Entry:
    """A subject to be analysed, as it is to be kept: its secrets must be masked already (`Pipeline.conceal`).

    `kind` is an analyzer's name; `key` makes submitting idempotent ("" takes the digest of subject, kind, language and
    template); `source` is who waits, for fairness; `template` the digest of the template at intake; `correlation` groups
    alerts of one story, `cache_key` those that may share a verdict; `wait` seconds pass before it may be claimed.
    `original` is what the job has to see as it was read, sealed (b"": it sees the subject); it is there until the job is
    done. So is the whole of code or a document that waits without one.
    """

    subject: Subject
    kind: str
    language: str = "en"
    priority: Priority = Priority.NORMAL
    source: str = ""
    key: str = ""
    template: str = ""
    correlation: str = ""
    cache_key: str = ""
    wait: float = 0.0
    original: bytes = field(default=b"", repr=False)

    @property
    def identity(self) -> str:
        """The unique key of its job."""
        return self.key or digest([self.subject.id, self.kind, self.language, self.template])


@dataclass(frozen=True)
class Job:
    """One row. Times are milliseconds since 1970 UTC by the database's clock.

    `attempt` counts claims that were not given back; `crashes` all that ended by a lost lease, of which the first few are
    given back; `stalls` how often the backend did not answer.
    Of a leased job `lease_token` is the fence: without it nothing can be written about the job.
    """

    id: str
    kind: str
    language: str
    subject_id: str
    priority: int
    source: str
    key: str
    template: str
    correlation: str
    cache_key: str
    state: JobState
    attempt: int
    crashes: int
    stalls: int
    reason: str
    worker: str
    lease_token: str = field(repr=False)
    lease_expires: int
    not_before: int
    analysis_id: str
    derived_from: str
    created: int
    updated: int


@dataclass(frozen=True)
class Submitted:
    """The job of an entry, and whether this submission made it."""

    job: Job
    new: bool


@dataclass(frozen=True)
class Event:
    """Something to tell the outside. `id` is the same however often the thing happens (64 hex digits)."""

    id: str
    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a leased job, what the outside is to be told about it, and values of its findings to keep sealed."""

    job: Job
    analysis: Analysis
    events: tuple[Event, ...] = ()
    sealed: tuple[SealedValue, ...] = ()


@dataclass(frozen=True)
class Swept:
    """Ids of jobs taken back from workers that died, of those that thereby are dead, and of others that wait too long."""

    requeued: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def to_publish(self) -> tuple[str, ...]:
        """What a worker should be woken for."""
        return self.requeued + self.waiting


@dataclass(frozen=True)
class Counts:
    """Jobs by state, None where not counted; `due` are the queued ones that may be claimed now.

    `oldest` is for how many seconds the longest of them waits.
    """

    queued: int = 0
    leased: int = 0
    done: int | None = None
    dead: int = 0
    cancelled: int | None = None
    due: int = 0
    oldest: float = 0.0

    @property
    def open(self) -> int:
        """Jobs that are not at an end."""
        return self.queued + self.leased


def new_id() -> str:
    """32 hex digits that grow with time, so that new rows are neighbours in an index; order decides nothing."""
    return f"{time.time_ns() // 1_000_000 & (1 << 48) - 1:012x}{secrets.token_hex(10)}"


def new_token() -> str:
    """A lease token: 32 hex digits."""
    return os.urandom(16).hex()


def event_id(job_id: str, kind: str) -> str:
    """The same for the same event of the same job."""
    return digest(["event", job_id, kind])


def done_event(job: Job, analysis: Analysis) -> Event:
    """Says that a job is done: ids and the verdict in numbers and fixed words, no text of the subject."""
    verdict = analysis.verdict
    real = sum(finding.judgement is Judgement.REAL for finding in analysis.findings)
    payload = {
        **_of(job),
        "analysis": analysis.id,
        "state": analysis.state.value,
        "disposition": verdict.disposition.value if verdict else None,
        "severity": verdict.severity.value if verdict else None,
        "confidence": verdict.confidence if verdict else None,
        "findings": real,
        "derived_from": analysis.derived_from or None,
    }
    return Event(event_id(job.id, "analysis.done"), "analysis.done", payload)


def dead_event(job: Job) -> Event:
    """Says that a job is given up, by its id and attempts; the reason stays in the table."""
    return Event(event_id(job.id, "job.dead"), "job.dead", {**_of(job), "attempts": job.attempt})


def _of(job: Job) -> dict[str, Any]:
    return {
        "job": job.id,
        "subject": job.subject_id,
        "analyzer": job.kind,
        "language": job.language,
        "correlation": job.correlation or None,
    }
