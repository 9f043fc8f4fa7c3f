"""The queue's rows, reached as `Store.jobs`: what waits, who works on it, and what became of it.

The database is the truth: a job is a row, claimed with a lease and a fencing token, committed once with its results.
Every method is one transaction; all times are the database's own.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from schemas import Subject
from secassist.errors import BusyError, UsageError
from secassist.store import jobs_ending, jobs_intake, jobs_leasing
from secassist.store.failures import translated
from secassist.store.jobs_clock import FREED, Now, by_index, due, first_turn, is_in, job_from, wanted
from secassist.store.jobs_records import Counts, Entry, Job, JobState, Outcome, Priority, Submitted, Swept
from secassist.store.records import StoredSubject
from secassist.store.rows import subject_from
from secassist.store.tables import jobs, originals, subjects

Clock = Callable[[], datetime]
Redact = Callable[[str], str]
RESERVED = 0.25
"""Places above the high-water mark, as a share of it, that only jobs of high priority may take."""
RECOUNT_SECONDS = 1.0
"""For how long a count of what waits is good enough to refuse or admit by."""
SHORTEST_PREFIX = 6
INDEXED = (JobState.QUEUED, JobState.LEASED, JobState.DEAD)
"""States of which the database keeps an index."""
BACK_OFF = 5.0
"""Seconds before the second attempt; before the third it is GROWTH times as long."""
GROWTH = 5


class JobRows:
    """Threads may share it."""

    def __init__(self, engine: Engine, where: str, now: Clock, redact: Redact) -> None:
        self._engine = engine
        self._where = where
        self._now = now
        self._redact = redact
        self._counted = (0, 0.0)

    # intake

    def submit(self, subject: Subject, kind: str, *, high_water: int = 0, **more: object) -> Submitted:
        """One subject (its secrets masked already) with its job; `more` are the other fields of Entry."""
        return self.submit_many([Entry(subject, kind, **more)], high_water=high_water)[0]  # type: ignore[arg-type]

    def submit_many(self, entries: Sequence[Entry], *, high_water: int = 0) -> list[Submitted]:
        """All of them in one transaction, on disk when it returns, in order; the same key gives the same job back.

        Raises BusyError, and stores nothing, when new jobs would make more than `high_water` wait (0: no limit; a
        quarter more for high priority); UsageError for names and keys that no column holds.
        """
        for entry in entries:
            jobs_intake.check(entry)
        with translated(self._where, "submitting jobs"), self._write() as connection:
            if high_water:
                self._admit(connection, entries, high_water)
            stored = jobs_intake.insert(connection, entries, self._now(), self._redact)
        new = sum(submitted.new for submitted in stored.values())
        self._counted = (self._counted[0] + new, self._counted[1])
        return [stored[entry.identity] for entry in entries]

    # work

    def claim(
        self,
        worker: str,
        *,
        kinds: Sequence[str] | None = None,
        without: Collection[str] = (),
        limit: int = 1,
        lease_seconds: float = 60.0,
    ) -> list[Job]:
        """Up to `limit` jobs of one kind and language, leased to `worker`: by priority, then the sources in turn.

        Of `kinds` (None: all) but not of those in `without`. Raises the attempt of each and gives all of them one new lease
        token. A job tried before comes alone.
        """
        with translated(self._where, "claiming jobs"), self._write() as connection:
            return jobs_leasing.claim(connection, worker, wanted(kinds, without), limit, lease_seconds)

    def subjects(self, claimed: Sequence[Job]) -> dict[str, StoredSubject]:
        """What the jobs are about, by subject id; one that is not there was purged."""
        ids = sorted({job.subject_id for job in claimed})
        with translated(self._where, "reading subjects"), self._engine.connect() as connection:
            rows = connection.execute(sa.select(subjects).where(subjects.c.id.in_(ids))).mappings().all()
        return {row["id"]: subject_from(row) for row in rows}

    def originals(self, claimed: Sequence[Job]) -> dict[str, bytes]:
        """What was sealed for these jobs, by job id."""
        query = sa.select(originals).where(originals.c.job_id.in_([job.id for job in claimed]))
        with translated(self._where, "reading what was sealed"), self._engine.connect() as connection:
            return {row.job_id: row.sealed for row in connection.execute(query)}

    def heartbeat(self, leased: Sequence[Job], lease_seconds: float = 60.0) -> set[str]:
        """Ids of the jobs that are still held, for another `lease_seconds` from now; the others are lost."""
        with translated(self._where, "keeping leases"), self._write() as connection:
            return jobs_leasing.heartbeat(connection, leased, lease_seconds)

    def finish(self, outcomes: Sequence[Outcome], who: str = "") -> set[str]:
        """Ids of the jobs that were committed: analysis, findings, audit, outbox and state, in one transaction.

        An outcome whose lease was lost is left out: nothing at all is written of it. Raises UsageError when one of them
        can never be written, such as an analysis of a subject that is not stored.
        """
        now = self._now()
        written = jobs_ending.prepared(outcomes, now, self._redact)
        with translated(self._where, "finishing jobs"):
            try:
                with self._write() as connection:
                    return jobs_ending.finish(connection, written, who, now)
            except (IntegrityError, DataError) as error:
                raise UsageError(
                    "the database refuses the analysis: its subject or a value of it is unknown there"
                ) from error

    def release(self, leased: Sequence[Job], *, wait: float = 0.0, stalled: bool = False, reason: str = "") -> set[str]:
        """Gives jobs back without counting the attempt; `stalled`: because the backend did not answer. Ids given back.

        `reason` says why they wait, until they are done.
        """
        with translated(self._where, "releasing jobs"), self._write() as connection:
            freed = jobs_leasing.release(connection, leased, wait, stalled=stalled, reason=self._redact(reason))
            dead = [job for job in leased if job.id in freed and stalled and jobs_leasing.stalled_out(job)]
            jobs_ending.bury(connection, dead, self._now())
        return freed

    def fail(self, job: Job, reason: str, *, permanent: bool = False, back_off: float = BACK_OFF) -> JobState | None:
        """QUEUED to be tried again later, DEAD after the third attempt or when permanent, None when the lease was lost.

        `back_off` are the seconds before the second attempt. A job that is dead now is written into audit and outbox.
        """
        wait = back_off * GROWTH ** (job.attempt - 1)
        with translated(self._where, "failing a job"), self._write() as connection:
            state = jobs_leasing.fail(connection, job, self._redact(reason), wait, permanent=permanent)
            if state is JobState.DEAD:
                jobs_ending.bury(connection, [job], self._now())
        return state

    def sweep(self, *, waiting_seconds: float = 10.0) -> Swept:
        """Takes jobs back whose lease ran out; those at their last attempt are dead. Any number of sweepers may run."""
        with translated(self._where, "sweeping"), self._write() as connection:
            back = jobs_leasing.take_back(connection)
            dead = [job for job in back if job.state is JobState.DEAD]
            jobs_ending.bury(connection, dead, self._now())
        with translated(self._where, "sweeping"), self._engine.connect() as connection:
            return jobs_leasing.swept(back, jobs_leasing.waiting(connection, waiting_seconds))

    # looking and steering

    def claimable(self, kinds: Sequence[str] | None = None, without: Collection[str] = ()) -> bool:
        """Whether anything could be claimed now, of these kinds without those."""
        query = sa.select(jobs.c.id).where(*due(), *wanted(kinds, without)).limit(1)
        with translated(self._where, "looking at jobs"), self._engine.connect() as connection:
            return connection.scalar(query) is not None

    def idle(self, without: Collection[str] = ()) -> bool:
        """Whether no job is queued (held back or not) or leased, but for those of the kinds in `without`."""
        query = sa.select(jobs.c.id).where(*wanted(None, without)).limit(1)
        with translated(self._where, "looking at jobs"), self._engine.connect() as connection:
            states = (JobState.QUEUED, JobState.LEASED)
            return all(connection.scalar(query.where(is_in(state))) is None for state in states)

    def counts(self, *, ended: bool = True) -> Counts:
        """Jobs by state. Counting those done and cancelled takes a second or so per million; None where not `ended`."""
        each = sa.select(sa.func.count()).select_from(jobs)
        waits = sa.select(sa.func.count(), Now() - sa.func.min(jobs.c.not_before)).where(*due())
        with translated(self._where, "counting jobs"), self._engine.connect() as connection:
            by_index(connection)
            found: dict[str, int] = {state: connection.scalar(each.where(is_in(state))) or 0 for state in INDEXED}
            ready, oldest = connection.execute(waits).one()
        if ended:
            found |= self._ended()
        return Counts(**found, due=ready, oldest=(oldest or 0) / 1000)

    def _ended(self) -> dict[str, int]:
        states = [state for state in JobState if state not in INDEXED]
        query = sa.select(jobs.c.state, sa.func.count()).where(jobs.c.state.in_(states)).group_by(jobs.c.state)
        with translated(self._where, "counting jobs"), self._engine.connect() as connection:
            return dict.fromkeys(states, 0) | {row[0]: row[1] for row in connection.execute(query)}

    def listed(
        self, *, state: JobState | None = None, limit: int | None = None, after: str | None = None
    ) -> Iterator[Job]:
        """Newest first; `after` is the id of the last one seen."""
        left = limit
        while left is None or left > 0:
            page = self._page(state, after, 200 if left is None else min(200, left))
            yield from page
            if not page:
                return
            after, left = page[-1].id, None if left is None else left - len(page)

    def find(self, prefix: str) -> Job | None:
        """By id or the first 6 or more digits of it. Raises UsageError when several begin so, naming them."""
        wanted = prefix.lower()
        if len(wanted) < SHORTEST_PREFIX or set(wanted) - set("0123456789abcdef"):
            raise UsageError(f"that is no job id; give at least {SHORTEST_PREFIX} of its hex digits")
        query = sa.select(jobs).where(jobs.c.id >= wanted, jobs.c.id < wanted + "g").order_by(jobs.c.id).limit(9)
        with translated(self._where, "finding a job"), self._engine.connect() as connection:
            found = [job_from(row) for row in connection.execute(query)]
        if len(found) > 1 and found[0].id != wanted:
            listed = ", ".join(_apart([each.id for each in found])[:8]) + (", ..." if len(found) > 8 else "")
            raise UsageError(f"{prefix!r} is the beginning of several jobs: {listed}")
        return found[0] if found else None

    def retry(self, ids: Sequence[str] | None = None, who: str = "") -> list[str]:
        """Dead and cancelled jobs among these (all dead ones for None) are queued as if new; their ids."""
        ended = [jobs.c.state.in_([JobState.DEAD.value, JobState.CANCELLED.value]), jobs.c.id.in_(list(ids or ()))]
        chosen = [is_in(JobState.DEAD)] if ids is None else ended
        values = {**FREED, "state": JobState.QUEUED.value, "attempt": 0, "crashes": 0, "stalls": 0, "reason": ""}
        return self._steer(chosen, {**values, "not_before": Now(), "turn": first_turn()}, "job.retry", who)

    def cancel(self, ids: Sequence[str], who: str = "", reason: str = "") -> list[str]:
        """Queued and leased jobs among these are cancelled: a worker that holds one can write nothing; their ids."""
        live = [JobState.QUEUED.value, JobState.LEASED.value]
        chosen = [jobs.c.state.in_(live), jobs.c.id.in_(list(ids))]
        values = {**FREED, "state": JobState.CANCELLED.value, "reason": self._redact(reason)}
        return self._steer(chosen, values, "job.cancel", who)

    # inside

    def _write(self) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(immediate=True).begin()

    def _admit(self, connection: Connection, entries: Sequence[Entry], high_water: int) -> None:
        """The count may be a second old; jobs that are there already are always welcome."""
        known = jobs_intake.existing(connection, list({entry.identity for entry in entries}))
        fresh = {entry.identity: entry for entry in entries if entry.identity not in known}
        if not fresh:
            return
        urgent = all(entry.priority is Priority.HIGH for entry in fresh.values())
        waits, most = self._waiting(connection), round(high_water * (1 + RESERVED)) if urgent else high_water
        if waits + len(fresh) > most:
            raise BusyError(waits, most, max(5.0, min(300.0, 30.0 * waits / most)))

    def _waiting(self, connection: Connection) -> int:
        number, at = self._counted
        if time.monotonic() - at > RECOUNT_SECONDS:
            query = sa.select(sa.func.count()).select_from(jobs).where(is_in(JobState.QUEUED))
            number = connection.scalar(query) or 0
            self._counted = (number, time.monotonic())
        return number

    def _page(self, state: JobState | None, after: str | None, size: int) -> list[Job]:
        query = sa.select(jobs).order_by(jobs.c.id.desc()).limit(size)
        query = query if state is None else query.where(is_in(state))
        query = query if after is None else query.where(jobs.c.id < after)
        with translated(self._where, "listing jobs"), self._engine.connect() as connection:
            return [job_from(row) for row in connection.execute(query)]

    def _steer(
        self, chosen: Sequence[sa.ColumnElement[bool]], values: dict[str, Any], action: str, who: str
    ) -> list[str]:
        changed = sa.update(jobs).where(*chosen).values({**values, "updated": Now()}).returning(jobs.c.id)
        with translated(self._where, "changing jobs"), self._write() as connection:
            ids = sorted(connection.scalars(changed))
            jobs_ending.note(connection, action, ids, self._redact(who), self._now())
        return ids


def _apart(ids: Sequence[str]) -> list[str]:
    """The beginnings of these ids that are long enough to tell them from each other."""
    longest = max(map(len, ids))
    enough = next((n for n in range(1, longest) if len({id_[:n] for id_ in ids}) == len(ids)), longest)
    return [id_[:enough] for id_ in ids]
