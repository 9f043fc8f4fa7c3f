"""The ends of jobs: a done one with its analysis, findings, audit and events in one transaction, a dead one with its event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas import Analysis
from secassist.store import rows, superseding
from secassist.store.cleaning import cleaned
from secassist.store.jobs_clock import FREED, Now, insert_new
from secassist.store.jobs_leasing import AnyLease, held
from secassist.store.jobs_records import Event, Job, JobState, Outcome, dead_event
from secassist.store.records import SealedValue
from secassist.store.sealing import sealed_row
from secassist.store.tables import analyses, audit, findings, jobs, originals, outbox, subjects, techniques, vault

KEPT_WHOLE = ("code_unit", "document")
"""Kinds of subject of which only the place stays once no job needs them."""


@dataclass(frozen=True)
class Written:
    """An outcome as it will be kept; made before the transaction, which should be short."""

    job: Job
    analysis: Analysis
    events: tuple[Event, ...]
    sealed: tuple[SealedValue, ...] = ()


def prepared(outcomes: Sequence[Outcome], now: datetime, redact: Callable[[str], str]) -> list[Written]:
    """Redacted and dated, in the order in which rows are locked."""
    made = [Written(each.job, _kept(each.analysis, now, redact), each.events, each.sealed) for each in outcomes]
    return sorted(made, key=lambda each: each.job.id)


def _kept(analysis: Analysis, now: datetime, redact: Callable[[str], str]) -> Analysis:
    clean = cleaned(analysis, redact)
    return clean if clean.created_at else clean.model_copy(update={"created_at": rows.stamp(now)})


def finish(connection: Connection, written: Sequence[Written], who: str, now: datetime) -> set[str]:
    """Ids of the jobs whose lease still ran; of the others nothing is written."""
    held_ones = [each for each in written if _end(connection, each)]
    new = _analyses(connection, [each.analysis for each in held_ones])
    superseding.supersede(connection, sorted(new), now)
    _seal(connection, [value for each in held_ones for value in each.sealed if value.analysis_id in new], now)
    _forget(connection, [each.job for each in held_ones])
    _audit(connection, "job.done", [each.job for each in held_ones], who, now)
    _outbox(connection, [(each.job, event) for each in held_ones for event in each.events])
    return {each.job.id for each in held_ones}


def _end(connection: Connection, written: Written) -> bool:
    values = {
        "leased_id": written.job.id,
        "leased_token": written.job.lease_token,
        "made": written.analysis.id,
        "from": written.analysis.derived_from,
    }
    return connection.execute(_ending(), values).rowcount == 1


@cache
def _ending() -> sa.Update:
    """Built once: most of the time of a small statement goes into building it."""
    values = {
        **FREED,
        "state": JobState.DONE.value,
        "analysis_id": sa.bindparam("made"),
        "derived_from": sa.bindparam("from"),
        "reason": "",
        "updated": Now(),
    }
    return sa.update(jobs).where(*held(AnyLease)).values(values)


def _analyses(connection: Connection, made: Sequence[Analysis]) -> set[str]:
    """Ids of the new ones; an analysis that is there already stays as it is, with its own findings."""
    distinct = {analysis.id: analysis for analysis in made}
    given = [rows.analysis_row(distinct[id_]) for id_ in sorted(distinct)]
    if not given:
        return set()
    added = set(connection.scalars(insert_new(connection, analyses).returning(analyses.c.id), given))
    new = [distinct[id_] for id_ in sorted(added)]
    for table, make in ((findings, rows.finding_rows), (techniques, rows.technique_rows)):
        found = [row for analysis in new for row in make(analysis)]
        if found:
            connection.execute(sa.insert(table), found)
    return added


def _seal(connection: Connection, values: Sequence[SealedValue], now: datetime) -> None:
    given = [sealed_row(value, now) for value in values]
    if given:
        connection.execute(insert_new(connection, vault), given)


def _forget(connection: Connection, done: Sequence[Job]) -> None:
    """What was there for these jobs alone: sealed texts, and the whole of code and documents that no other job needs.

    Their rows are locked in order, as intake locks them, so that a new job cannot slip in between the look and the change.
    """
    if not done:
        return
    connection.execute(sa.delete(originals).where(originals.c.job_id.in_([job.id for job in done])))
    needed = sa.exists().where(jobs.c.subject_id == subjects.c.id, jobs.c.state != JobState.DONE.value)
    ids = sorted({job.subject_id for job in done})
    whole = [subjects.c.id.in_(ids), subjects.c.kind.in_(KEPT_WHOLE), subjects.c.body.is_not(None)]
    locked = sa.select(subjects.c.id).where(*whole).order_by(subjects.c.id)
    found = list(connection.scalars(locked.with_for_update(key_share=True)))
    if found:
        gone = sa.update(subjects).where(subjects.c.id.in_(found), ~needed)
        connection.execute(gone.values(body=sa.null()))


def bury(connection: Connection, dead: Sequence[Job], now: datetime) -> None:
    """Audit and events of jobs that just died."""
    _audit(connection, "job.dead", dead, "", now)
    _outbox(connection, [(job, dead_event(job)) for job in dead])


def note(connection: Connection, action: str, ids: Sequence[str], who: str, now: datetime) -> None:
    """What somebody did to jobs by hand."""
    given = [{"at": now, "who": who, "action": action, "detail": f"job {id_}"} for id_ in ids]
    if given:
        connection.execute(sa.insert(audit), given)


def _audit(connection: Connection, action: str, ended: Sequence[Job], who: str, now: datetime) -> None:
    given = [
        {"at": now, "who": who or job.worker, "action": action, "detail": f"job {job.id} attempt {job.attempt}"}
        for job in ended
    ]
    if given:
        connection.execute(sa.insert(audit), given)


def _outbox(connection: Connection, events: Sequence[tuple[Job, Event]]) -> None:
    """An event that is there already was told already."""
    given = [_event_row(job, event) for job, event in sorted(events, key=lambda each: each[1].id)]
    if given:
        now = connection.scalar(sa.select(Now())) or 0
        connection.execute(
            insert_new(connection, outbox), [{**row, "not_before": now, "created": now} for row in given]
        )


def _event_row(job: Job, event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": event.kind,
        "job_id": job.id,
        "payload": event.payload,
        "state": "queued",
        "attempt": 0,
    }
