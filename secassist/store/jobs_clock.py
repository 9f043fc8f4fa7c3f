"""The database's clock and small phrases of SQL that all of the queue shares."""

from collections.abc import Collection, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from secassist.store.jobs_records import Job, JobState
from secassist.store.tables import jobs


class Now(FunctionElement[int]):
    """Milliseconds since 1970 UTC by the database's clock; one value per statement."""

    type = sa.BigInteger()
    inherit_cache = True
    name = "now_ms"


@compiles(Now, "sqlite")
def _sqlite_now(_element: Now, _compiler: Any, **_more: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"  # 2440587.5 is the Julian day of 1970-01-01


@compiles(Now, "postgresql")
def _postgresql_now(_element: Now, _compiler: Any, **_more: Any) -> str:
    """As a subquery it is asked once per statement, so that an index can be searched by it."""
    return "(SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))"


def is_in(state: JobState) -> sa.ColumnElement[bool]:
    """The state spelled out, not as a parameter: only so do both databases see that a partial index serves."""
    return jobs.c.state == sa.literal_column(f"'{state.value}'")


def due() -> list[sa.ColumnElement[bool]]:
    """Queued, and not held back."""
    return [is_in(JobState.QUEUED), jobs.c.not_before <= Now()]


def wanted(kinds: Sequence[str] | None, without: Collection[str] = ()) -> list[sa.ColumnElement[bool]]:
    """Of these kinds (None: of any), but not of those in `without`."""
    chosen: list[sa.ColumnElement[bool]] = [] if kinds is None else [jobs.c.kind.in_(list(kinds))]
    return [*chosen, jobs.c.kind.not_in(sorted(without))] if without else chosen


ORDER = (jobs.c.priority, jobs.c.turn, jobs.c.id)
"""In which jobs are served."""
STEP_BACK = 32
"""Turns per failure; enough for what is known to be harmless to get past, too few to wait for a long queue's end."""
FREED = {"lease_token": "", "lease_expires": 0}
"""Columns of a job that nobody holds."""


def milliseconds(seconds: float) -> int:
    """Of a span."""
    return round(seconds * 1000)


def insert_new(connection: Connection, table: sa.Table) -> Any:
    """An INSERT that leaves alone what is there already, and waits for another transaction that is just adding it."""
    made = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()


def by_index(connection: Connection) -> None:
    """Has PostgreSQL walk the indexes in order for the rest of the transaction.

    Before a table that just filled was analyzed it is thought to be small, and all that is queued is sorted per claim.
    """
    if connection.dialect.name == "postgresql":
        off = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
        connection.exec_driver_sql("; ".join(f"SET LOCAL {name} = off" for name in off))


def job_from(row: Any) -> Job:
    """A row of the table without its turn."""
    values = {name: value for name, value in row._mapping.items() if name != "turn"}
    return Job(**{**values, "state": JobState(values["state"])})


def first_turn() -> sa.ColumnElement[int]:
    """The turn before all others of a job's priority: where one that was given back is put."""
    return _served() - 1


def later_turn(failures: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Some turns after the one being served: one that failed or ended its worker lets others go first."""
    return _served() + STEP_BACK * failures


def _served() -> sa.ColumnElement[int]:
    ahead = jobs.alias("ahead")
    waiting = [ahead.c.state == sa.literal_column("'queued'"), ahead.c.priority == jobs.c.priority]
    query = sa.select(sa.func.coalesce(sa.func.min(ahead.c.turn), 1)).where(*waiting)
    return cast("sa.ColumnElement[int]", query.scalar_subquery())
