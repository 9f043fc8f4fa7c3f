"""Work that comes round: when each is due next, and its runs; any number of schedulers may ask, each slot runs once."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from secassist.errors import UsageError
from secassist.store.failures import translated
from secassist.store.jobs_clock import Now
from secassist.store.tables import JSON, PlainText, metadata

MAX_TRIES = 3
"""A slot whose run failed, or whose scheduler died, this often is given up."""
RETRY_SECONDS = 60
"""Before a failed run of a slot is tried again."""
RUNNING, DONE, FAILED = "running", "done", "failed"

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("every", sa.BigInteger, nullable=False),
    sa.Column("next_due", sa.BigInteger, nullable=False, index=True),
    sa.Column("options", JSON, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
)
_RUNNING = sa.text(f"state = '{RUNNING}'")
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("schedule", sa.String(64), sa.ForeignKey("schedules.name", ondelete="CASCADE"), primary_key=True),
    sa.Column("slot", sa.BigInteger, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempt", sa.SmallInteger, nullable=False),
    sa.Column("lease_token", sa.String(32), nullable=False),
    sa.Column("lease_expires", sa.BigInteger, nullable=False),
    sa.Column("detail", PlainText, nullable=False),
    sa.Column("started", sa.BigInteger, nullable=False),
    sa.Column("ended", sa.BigInteger, nullable=False),
    sa.Index("ix_runs_leases", "lease_expires", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
)
"""`slot` is the time that a run was due; all times are milliseconds since 1970 UTC by the database's clock."""


@dataclass(frozen=True)
class Schedule:
    """Work of a `kind` due every `every` milliseconds, next at `next_due`; `options` are the kind's own."""

    name: str
    kind: str
    every: int
    next_due: int
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """The run of one slot (the time it was due, in milliseconds); `ended` is 0 while it runs, `token` is its fence."""

    schedule: Schedule
    slot: int
    state: str
    attempt: int
    detail: str = ""
    ended: int = 0
    token: str = field(default="", repr=False)


class ScheduleRows:
    """Reached as `Store.schedules`; every method is one transaction, every time is the database's."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where

    def add(
        self, name: str, kind: str, every: int, options: Mapping[str, Any] | None = None, first: int | None = None
    ) -> Schedule:
        """Due at `first` (milliseconds; default: one span from now) and then every `every` milliseconds.

        Raises UsageError when the name is taken or the span is not positive.
        """
        if every <= 0:
            raise UsageError("a schedule needs a span of time, such as 7d or 12h")
        with self._writing("adding a schedule") as connection:
            now = _now(connection)
            row = {"name": name, "kind": kind, "every": every, "options": dict(options or {}), "created": now}
            row["next_due"] = now + every if first is None else first
            if connection.scalar(sa.select(schedules.c.name).where(schedules.c.name == name)) is not None:
                raise UsageError(f"there is a schedule {name!r} already; remove it first")
            try:
                connection.execute(sa.insert(schedules), row)
            except IntegrityError as error:
                raise UsageError(f"there is a schedule {name!r} already; remove it first") from error
            return _schedule(connection.execute(sa.select(schedules).where(schedules.c.name == name)).one())

    def remove(self, name: str) -> bool:
        """With its runs; False when there was none."""
        with self._writing("removing a schedule") as connection:
            return connection.execute(sa.delete(schedules).where(schedules.c.name == name)).rowcount == 1

    def list(self) -> Sequence[Schedule]:
        """By name."""
        with translated(self._where, "listing schedules"), self._engine.connect() as connection:
            return [_schedule(row) for row in connection.execute(sa.select(schedules).order_by(schedules.c.name))]

    def runs(self, name: str, limit: int = 10) -> Sequence[Run]:
        """Of one schedule, newest first."""
        query = _joined(runs.c.schedule == name).order_by(runs.c.slot.desc()).limit(limit)
        with translated(self._where, "listing runs"), self._engine.connect() as connection:
            return [_run(row) for row in connection.execute(query)]

    def claim(self, lease_seconds: float) -> Run | None:
        """The run of a slot that is due and that nobody else gets, or None.

        Slots missed while no scheduler ran are one run, that of the latest. A run whose lease is over is given out
        again, MAX_TRIES times.
        """
        with self._writing("claiming a run") as connection:
            now = _now(connection)
            token, until = secrets.token_hex(16), now + int(lease_seconds * 1000)
            key = _lost(connection, now, token, until) or _due(connection, now, token, until)
            if key is None:
                return None
            return _run(connection.execute(_joined(runs.c.schedule == key[0], runs.c.slot == key[1])).one())

    def finish(self, run: Run, detail: str = "") -> bool:
        """It ran; False when its lease was lost meanwhile."""
        return self._end(run, detail, state=DONE)

    def fail(self, run: Run, reason: str) -> bool:
        """It failed: tried again in RETRY_SECONDS, or given up at its last try; False when its lease was lost."""
        if run.attempt >= MAX_TRIES:
            return self._end(run, reason, state=FAILED)
        return self._end(run, reason, lease_expires=Now() + RETRY_SECONDS * 1000)

    def _end(self, run: Run, detail: str, **values: Any) -> bool:
        mine = (runs.c.schedule == run.schedule.name, runs.c.slot == run.slot, runs.c.lease_token == run.token)
        with self._writing("ending a run") as connection:
            change = sa.update(runs).where(*mine, _is_running())
            return connection.execute(change.values(detail=detail, ended=Now(), **values)).rowcount == 1

    @contextmanager
    def _writing(self, doing: str) -> Iterator[Connection]:
        with translated(self._where, doing), self._engine.execution_options(immediate=True).begin() as connection:
            yield connection


def _lost(connection: Connection, now: int, token: str, until: int) -> tuple[str, int] | None:
    """A run whose scheduler died or failed, taken over."""
    lost = (_is_running(), runs.c.lease_expires <= now)
    said = {"state": FAILED, "detail": "given up: every try failed or stopped half-way", "ended": now}
    connection.execute(sa.update(runs).where(*lost, runs.c.attempt >= MAX_TRIES, runs.c.detail == "").values(said))
    connection.execute(sa.update(runs).where(*lost, runs.c.attempt >= MAX_TRIES).values(state=FAILED, ended=now))
    query = sa.select(runs.c.schedule, runs.c.slot, runs.c.lease_token).where(*lost).order_by(runs.c.lease_expires)
    row = connection.execute(query.limit(1).with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    mine = (runs.c.schedule == row.schedule, runs.c.slot == row.slot, runs.c.lease_token == row.lease_token)
    change = {"attempt": runs.c.attempt + 1, "lease_token": token, "lease_expires": until, "ended": 0}
    taken = connection.execute(sa.update(runs).where(*mine, *lost).values(change)).rowcount
    return (row.schedule, row.slot) if taken else None


def _due(connection: Connection, now: int, token: str, until: int) -> tuple[str, int] | None:
    """A schedule that is due, moved on to its next slot by the one UPDATE that decides who runs this one."""
    query = sa.select(schedules).where(schedules.c.next_due <= now).order_by(schedules.c.next_due).limit(1)
    row = connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    slot = row.next_due + (now - row.next_due) // row.every * row.every
    mine = (schedules.c.name == row.name, schedules.c.next_due == row.next_due)
    if connection.execute(sa.update(schedules).where(*mine).values(next_due=slot + row.every)).rowcount != 1:
        return None
    run = {"schedule": row.name, "slot": slot, "state": RUNNING, "attempt": 1, "detail": "", "started": now, "ended": 0}
    connection.execute(sa.insert(runs), {**run, "lease_token": token, "lease_expires": until})
    return row.name, slot


def _is_running() -> sa.ColumnElement[bool]:
    """Spelled out, so that the partial index serves."""
    return runs.c.state == sa.literal_column(f"'{RUNNING}'")


def _now(connection: Connection) -> int:
    return connection.scalar(sa.select(Now())) or 0


def _joined(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(runs, *_SCHEDULE).select_from(runs.join(schedules)).where(*where)


_SCHEDULE = tuple(schedules.c[name] for name in ("name", "kind", "every", "next_due", "options"))


def _schedule(row: Any) -> Schedule:
    return Schedule(row.name, row.kind, row.every, row.next_due, row.options)


def _run(row: Any) -> Run:
    return Run(_schedule(row), row.slot, row.state, row.attempt, row.detail, row.ended, row.lease_token)
