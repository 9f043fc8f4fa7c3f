"""Leases: claiming jobs, keeping them, giving them back, failing them, and taking them from workers that died.

Whatever is written about a leased job is written under its token while its lease runs; else nothing is written at all.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from secassist.store.jobs_clock import (
    FREED,
    ORDER,
    Now,
    by_index,
    due,
    first_turn,
    is_in,
    job_from,
    later_turn,
    milliseconds,
)
from secassist.store.jobs_records import MAX_ATTEMPTS, Job, JobState, Swept, new_token
from secassist.store.tables import jobs

SWEPT_AT_ONCE = 1000
"""Leases taken back in one transaction."""
WAITING_AT_ONCE = 100
"""Waiting jobs that a sweep names."""
MAX_STALLS = 30
"""Times that a job is given back because the backend did not answer; with waits of up to 5 minutes more than an hour."""
FORGIVEN = 3
"""Deaths of its worker that a job is not charged with. The first may have happened in company, where any job of the batch
may be the cause; later ones strike it alone, but may be chance (kill -9, the power). Poison ends every try; with one try in
ten ended by chance, all five that a job has alone are lost for one harmless job in 100,000."""
COUNTS = jobs.c.crashes >= FORGIVEN
"""Whether the death that is just being found out about counts as an attempt."""
LAST = sa.and_(COUNTS, jobs.c.attempt >= MAX_ATTEMPTS)
FRESH = sa.and_(jobs.c.attempt == 0, jobs.c.crashes == 0)
"""Nothing is held against it."""


def claim(
    connection: Connection, worker: str, of: Sequence[sa.ColumnElement[bool]], limit: int, lease_seconds: float
) -> list[Job]:
    """The next job for which `of` is true and others like it (same kind and language), in order; one UPDATE leases them.

    A job that failed or lost its worker before may be poison, so it is handed out alone. The ids are read before
    the UPDATE: PostgreSQL may run a locking subquery of an UPDATE more than once, and lease more or fewer rows.
    """
    by_index(connection)
    columns = (jobs.c.id, jobs.c.kind, jobs.c.language, FRESH.label("fresh"))
    query = sa.select(*columns).where(*due(), *of).order_by(*ORDER).limit(1)
    best = connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if best is None:
        return []
    alike = [jobs.c.kind == best.kind, jobs.c.language == best.language, FRESH]
    picked = sa.select(jobs.c.id).where(*due(), *alike).order_by(*ORDER).limit(limit)
    alone = limit == 1 or not best.fresh
    ids = [best.id] if alone else list(connection.scalars(picked.with_for_update(skip_locked=True)))
    token = new_token()
    taken = {
        "state": JobState.LEASED.value,
        "attempt": jobs.c.attempt + 1,
        "lease_token": token,
        "lease_expires": Now() + milliseconds(lease_seconds),
        "worker": worker,
        "updated": Now(),
    }
    claimed = connection.execute(sa.update(jobs).where(jobs.c.id.in_(ids)).values(taken).returning(jobs))
    return [job_from(row) for row in sorted(claimed, key=lambda row: (row.priority, row.turn, row.id))]


class AnyLease:
    """Stands for a job in a statement that is built once and executed with these parameters."""

    id = sa.bindparam("leased_id", type_=sa.String)
    lease_token = sa.bindparam("leased_token", type_=sa.String)


def held(job: Job | type[AnyLease]) -> list[sa.ColumnElement[bool]]:
    """The fence: true of the job's row as long as this lease of it runs."""
    return [
        jobs.c.id == job.id,
        is_in(JobState.LEASED),
        jobs.c.lease_token == job.lease_token,
        jobs.c.lease_expires > Now(),
    ]


def heartbeat(connection: Connection, leased: Sequence[Job], lease_seconds: float) -> set[str]:
    """Ids of the jobs whose lease was still running, and runs anew now; of the others it is lost."""
    kept: set[str] = set()
    for job in sorted(leased, key=lambda each: each.id):
        longer = sa.update(jobs).where(*held(job)).values(lease_expires=Now() + milliseconds(lease_seconds))
        kept |= {job.id} if connection.execute(longer).rowcount else set()
    return kept


def release(connection: Connection, leased: Sequence[Job], wait: float, *, stalled: bool, reason: str = "") -> set[str]:
    """Gives jobs back as if they had not been claimed; `stalled` counts that, and too many stalls are the end."""
    freed: set[str] = set()
    for job in sorted(leased, key=lambda each: each.id):
        over = stalled and stalled_out(job)
        values: dict[str, Any] = {**FREED, "attempt": job.attempt - 1, "stalls": job.stalls + stalled, "updated": Now()}
        if over:
            values |= {"state": JobState.DEAD.value, "reason": f"the backend did not answer {MAX_STALLS} times"}
        else:
            values |= _again(wait, first_turn()) | ({"reason": reason} if reason else {})
        freed |= {job.id} if connection.execute(sa.update(jobs).where(*held(job)).values(values)).rowcount else set()
    return freed


def stalled_out(job: Job) -> bool:
    """Whether one more stall is the end of it."""
    return job.stalls + 1 >= MAX_STALLS


def fail(connection: Connection, job: Job, reason: str, wait: float, *, permanent: bool) -> JobState | None:
    """Dead at the last attempt or when trying again is no use, else queued again; None when the lease is lost."""
    last = permanent or job.attempt >= MAX_ATTEMPTS
    values: dict[str, Any] = {**FREED, "reason": reason, "updated": Now()}
    values |= {"state": JobState.DEAD.value} if last else _again(wait, later_turn(jobs.c.attempt))
    if not connection.execute(sa.update(jobs).where(*held(job)).values(values)).rowcount:
        return None
    return JobState.DEAD if last else JobState.QUEUED


def _again(wait: float, turn: sa.ColumnElement[int]) -> dict[str, Any]:
    return {"state": JobState.QUEUED.value, "not_before": Now() + milliseconds(wait), "turn": turn}


def take_back(connection: Connection) -> list[Job]:
    """Jobs whose lease ran out, as they are now: queued again, to come alone, or dead after the last attempt."""
    expired = sa.select(jobs.c.id).where(is_in(JobState.LEASED), jobs.c.lease_expires <= Now())
    ids = list(connection.scalars(expired.limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True)))
    if not ids:
        return []
    said = sa.case((jobs.c.reason == "", ""), else_="; before that: " + jobs.c.reason)
    times = sa.cast(jobs.c.crashes + 1, sa.String(8))
    values = {
        **FREED,
        "state": sa.case((LAST, JobState.DEAD.value), else_=JobState.QUEUED.value),
        "reason": sa.case((LAST, "the worker died " + times + " times" + said), else_=jobs.c.reason),
        "attempt": sa.case((COUNTS, jobs.c.attempt), else_=jobs.c.attempt - 1),
        "crashes": jobs.c.crashes + 1,
        "turn": later_turn(jobs.c.crashes + 1),
        "not_before": Now(),
        "updated": Now(),
    }
    lost = sa.update(jobs).where(jobs.c.id.in_(ids)).values(values).returning(jobs)
    return [job_from(row) for row in connection.execute(lost)]


def waiting(connection: Connection, seconds: float) -> list[str]:
    """Ids of the next jobs that could have been claimed for this long."""
    old = jobs.c.updated <= Now() - milliseconds(seconds)
    query = sa.select(jobs.c.id).where(*due(), old).order_by(*ORDER).limit(WAITING_AT_ONCE)
    return list(connection.scalars(query))


def swept(back: Sequence[Job], waited: Sequence[str]) -> Swept:
    """What a sweep did, in ids."""
    dead = tuple(job.id for job in back if job.state is JobState.DEAD)
    requeued = tuple(job.id for job in back if job.state is JobState.QUEUED)
    return Swept(requeued, dead, tuple(id_ for id_ in waited if id_ not in requeued))
