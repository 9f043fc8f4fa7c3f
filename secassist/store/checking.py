"""Looks at the rows themselves: parents that are missing, leases that nobody takes back, records that were altered."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from secassist.errors import StoreError
from secassist.store.jobs_clock import Now
from secassist.store.outbox import deliveries
from secassist.store.rows import analysis_from
from secassist.store.schedules import runs
from secassist.store.tables import analyses, jobs, metadata, outbox, subjects

STUCK_MS = 10 * 60 * 1000
"""A lease that ran out so long ago is one that no sweeper takes back."""
LATE_MS = 24 * 3600 * 1000
"""An event that was not handed on for so long has no deliverer."""
SAMPLE = 500
"""So many of the newest analyses are read and their ids computed anew."""
LEASES = ((jobs, "leased"), (deliveries, "leased"), (runs, "running"))


def row_faults(engine: Engine) -> list[str]:
    """What is wrong with the rows, in words; empty when they are sound. Reads the tables, changes nothing."""
    with engine.connect() as connection:
        checks = (_without_parents, _broken_indexes, _orphaned_jobs, _stuck_leases, _late_events, _altered)
        return [fault for check in checks for fault in check(connection)]


def _count(connection: Connection, query: sa.Select[int]) -> int:
    return connection.scalar(query) or 0


def _without_parents(connection: Connection) -> Iterator[str]:
    """PostgreSQL keeps foreign keys by itself, unless they were switched off; SQLite's own check names rows already."""
    if connection.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            parent = key.referred_table.alias("parent")
            pairs = [(each.parent, parent.c[each.column.name]) for each in key.elements]
            there = sa.exists().where(*[child == column for child, column in pairs])
            set_ = [child.is_not(None) for child, _ in pairs]
            number = _count(connection, sa.select(sa.func.count()).select_from(table).where(*set_, ~there))
            if number:
                yield f"{number} rows of {table.name} point to rows of {key.referred_table.name} that are not there"


def _broken_indexes(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "postgresql":
        return
    query = (
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid"
    )
    named = connection.execute(
        sa.text(f"{query} WHERE NOT i.indisvalid AND t.relname = ANY(:tables)"), {"tables": list(metadata.tables)}
    )
    yield from (f"the index {name} is not valid; run REINDEX INDEX {name}" for (name,) in named)
    loose = connection.execute(sa.text("SELECT conname FROM pg_constraint WHERE NOT convalidated"))
    yield from (f"the constraint {name} was never validated" for (name,) in loose)


def _orphaned_jobs(connection: Connection) -> Iterator[str]:
    """Rows that no foreign key holds together, since retention differs."""
    about = sa.exists().where(subjects.c.id == jobs.c.subject_id)
    open_ = jobs.c.state.in_(("queued", "leased"))
    lost = _count(connection, sa.select(sa.func.count()).select_from(jobs).where(open_, ~about))
    if lost:
        yield f"{lost} jobs wait for subjects that were purged; cancel them with secassist jobs cancel"
    made = sa.exists().where(analyses.c.id == jobs.c.analysis_id)
    oldest = connection.scalar(sa.select(sa.func.min(analyses.c.created_at)))
    if oldest is None:
        return
    younger = jobs.c.created > int(oldest.timestamp() * 1000)  # whose analysis cannot have been purged for its age
    done = [jobs.c.state == "done", jobs.c.analysis_id != "", younger, ~made]
    unmade = _count(connection, sa.select(sa.func.count()).select_from(jobs).where(*done))
    if unmade:
        yield f"{unmade} jobs are done, but their analysis is not there; was it purged by its id?"


def _stuck_leases(connection: Connection) -> Iterator[str]:
    for table, word in LEASES:
        stuck = [table.c.state == sa.literal_column(f"'{word}'"), table.c.lease_expires < Now() - STUCK_MS]
        number = _count(connection, sa.select(sa.func.count()).select_from(table).where(*stuck))
        if number:
            remedy = "start a worker" if table is jobs else "run secassist schedule run"
            yield f"{number} leases in {table.name} ran out long ago and nobody took them back; {remedy}"


def _late_events(connection: Connection) -> Iterator[str]:
    late = [outbox.c.state == sa.literal_column("'queued'"), outbox.c.not_before < Now() - LATE_MS]
    number = _count(connection, sa.select(sa.func.count()).select_from(outbox).where(*late))
    if number:
        yield f"{number} events were not handed on for a day; run secassist schedule run"


def _altered(connection: Connection) -> Iterator[str]:
    newest = sa.select(analyses.c.id, analyses.c.outcome).order_by(analyses.c.created_at.desc(), analyses.c.id.desc())
    for row in connection.execute(newest.limit(SAMPLE)):
        try:
            analysis_from(row.id, row.outcome)
        except StoreError as error:
            yield str(error)
