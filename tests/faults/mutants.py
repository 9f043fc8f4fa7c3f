"""Mutants: our own code with one safeguard taken out, each of which some row must catch."""

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from secassist.queueing import keeper, worker
from secassist.store import jobs as rows
from secassist.store import jobs_ending, jobs_leasing
from secassist.store.jobs_clock import Now, is_in, job_from
from secassist.store.jobs_records import Entry, JobState, new_id, new_token
from secassist.store.tables import jobs


def apply(name: str) -> None:
    """Takes the safeguard of this name out of the running process; "" leaves the code as it is."""
    if name:
        MUTANTS[name]()


def put(owner: Any, name: str, value: Any) -> None:
    """Replaces a function or method."""
    setattr(owner, name, value)


def _whoever(job: Any) -> list[Any]:
    """True of the job's row, whoever holds it."""
    return [jobs.c.id == job.id]


def _no_fence() -> None:
    """Whoever once held a job may write about it, however late and whoever holds it now."""
    put(jobs_leasing, "held", _whoever)
    put(jobs_ending, "held", _whoever)


def _no_unique_key() -> None:
    """The same alert submitted twice is two jobs."""
    made: dict[int, str] = {}
    put(Entry, "identity", property(lambda entry: made.setdefault(id(entry), new_id())))


def _no_sweeper() -> None:
    """Nobody takes back what dead workers held."""
    put(keeper.Keeper, "_sweep", lambda _self: None)


def _no_heartbeat() -> None:
    """Leases are never renewed."""
    put(keeper.Keeper, "_beat", lambda _self: None)


def _attempt_not_raised() -> None:
    """A job that kills its worker is tried for ever."""
    put(jobs_leasing, "LAST", sa.false())
    claim = jobs_leasing.claim

    def claimed(connection: Any, *given: Any) -> Any:
        found = claim(connection, *given)
        for job in found:
            connection.execute(sa.update(jobs).where(jobs.c.id == job.id).values(attempt=0))
        return found

    put(jobs_leasing, "claim", claimed)


def _acknowledged_before_commit() -> None:
    """A job counts as done when it is claimed."""
    claim = rows.JobRows.claim

    def claimed(self: Any, *given: Any, **more: Any) -> Any:
        found = claim(self, *given, **more)
        with self._write() as connection:
            for job in found:
                connection.execute(sa.update(jobs).where(jobs.c.id == job.id).values(state="done"))
        return found

    put(rows.JobRows, "claim", claimed)
    put(jobs_ending, "held", _whoever)
    put(jobs_leasing, "held", _whoever)


def _no_transaction() -> None:
    """The end of a job is committed before its analysis is."""
    write = jobs_ending._analyses

    def written(connection: Any, made: Any) -> Any:
        connection.commit()
        connection.begin()
        return write(connection, made)

    put(jobs_ending, "_analyses", written)


def _claim_without_lock() -> None:
    """Two workers that look at the same time take the same jobs."""

    def claimed(self: Any, worker_name: str, **more: Any) -> Any:
        limit, seconds = more.get("limit", 1), more.get("lease_seconds", 60.0)
        with self._engine.connect() as connection:
            seen = list(connection.scalars(sa.select(jobs.c.id).where(is_in(JobState.QUEUED)).limit(limit)))
        time.sleep(0.05)  # the moment in which another worker looks, too
        token = new_token()
        values = {
            "state": "leased",
            "attempt": jobs.c.attempt + 1,
            "lease_token": token,
            "worker": worker_name,
            "lease_expires": Now() + round(seconds * 1000),
        }
        with self._write() as connection:
            taken = sa.update(jobs).where(jobs.c.id.in_(seen)).values(values).returning(jobs)
            return [job_from(row) for row in connection.execute(taken)] if seen else []

    put(rows.JobRows, "claim", claimed)


def _sweeps_the_living() -> None:
    """Leases that still run are taken back, too."""
    take = jobs_leasing.take_back

    def taken(connection: Any) -> Any:
        connection.execute(sa.update(jobs).where(is_in(JobState.LEASED)).values(lease_expires=0))
        return take(connection)

    put(jobs_leasing, "take_back", taken)


def _poison_not_counted() -> None:
    """A failed job goes back as if it had not been tried."""

    def released(self: Any, job: Any, _reason: str, **_more: Any) -> None:
        self.release([job])

    put(rows.JobRows, "fail", released)


def _poison_spreads() -> None:
    """A batch that raised counts against all of its jobs."""

    def failing(self: Any, ready: Any) -> None:
        try:
            outcomes = self._outcomes(ready)
        except Exception as error:
            for job, _ in ready:
                self._failed(job, error)
        else:
            self._commit(outcomes)

    put(worker.Worker, "_together", failing)


MUTANTS: dict[str, Callable[[], None]] = {
    "no fence": _no_fence,
    "no unique key": _no_unique_key,
    "no sweeper": _no_sweeper,
    "no heartbeat": _no_heartbeat,
    "attempt not raised": _attempt_not_raised,
    "acknowledged before commit": _acknowledged_before_commit,
    "no transaction around the end": _no_transaction,
    "claim without lock": _claim_without_lock,
    "sweeper takes live leases": _sweeps_the_living,
    "poison not counted": _poison_not_counted,
    "poison spreads": _poison_spreads,
}
