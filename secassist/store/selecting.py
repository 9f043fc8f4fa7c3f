"""Which analyses are meant: the filter shared by listing and counting, and reading page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from schemas import Analysis, Disposition, Severity, State
from secassist.errors import UsageError
from secassist.store.rows import analysis_from, aware
from secassist.store.superseding import standing
from secassist.store.tables import analyses, reviews

PAGE = 200
"""Rows per read; each page is a transaction of its own, so a slow reader never holds up a purge."""
SHORTEST_PREFIX = 6
"""Hex digits; with fewer a prefix names too many analyses to be meant."""


@dataclass(frozen=True)
class Filter:
    """All conditions hold together; None means any. `since` is included, `until` is not.

    `decided` is what the last correction of a verdict says, or the verdict where there is none; `history` adds what
    later analyses of the same thing superseded.
    """

    analyzer: str | None = None
    state: State | None = None
    disposition: Disposition | None = None
    severity_at_least: Severity | None = None
    since: datetime | None = None
    until: datetime | None = None
    subject_id: str | None = None
    decided: Disposition | None = None
    history: bool = False

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """For a WHERE. Raises UsageError for a time without a zone."""
        equal = {
            "analyzer": self.analyzer,
            "state": self.state and State(self.state).value,
            "disposition": self.disposition and Disposition(self.disposition).value,
            "subject_id": self.subject_id,
        }
        found = [analyses.c[name] == value for name, value in equal.items() if value is not None]
        if self.decided is not None:
            found.append(_decided() == Disposition(self.decided).value)
        if self.severity_at_least is not None:
            found.append(analyses.c.severity_rank >= Severity(self.severity_at_least).rank)
        if not self.history:
            found.append(standing(self.until))
        return found + within(analyses.c.created_at, self.since, self.until)


def _decided() -> sa.ColumnElement[str]:
    """The disposition that the last correction of a verdict gave it, or its own."""
    corrected = (
        sa.select(reviews.c.disposition)
        .where(reviews.c.analysis_id == analyses.c.id, reviews.c.disposition.is_not(None))
        .order_by(reviews.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(corrected, analyses.c.disposition)


def within(column: sa.Column[datetime], since: datetime | None, until: datetime | None) -> list[sa.ColumnElement[bool]]:
    """since <= column < until."""
    found: list[sa.ColumnElement[bool]] = []
    if since is not None:
        found.append(column >= aware(since))
    if until is not None:
        found.append(column < aware(until))
    return found


def pages(
    engine: Engine, filter_: Filter, *, after: str | None, limit: int | None, newest_first: bool
) -> Iterator[Analysis]:
    """In the order of (created_at, id), or against it. Raises UsageError when there is no analysis `after`."""
    place = _place_of(engine, after) if after else None
    left = limit
    while left is None or left > 0:
        rows = _page(engine, filter_, place, PAGE if left is None else min(PAGE, left), newest_first)
        yield from (analysis_from(row.id, row.outcome) for row in rows)
        if not rows:
            return
        place = (rows[-1].created_at, rows[-1].id)
        left = None if left is None else left - len(rows)


def _page(
    engine: Engine, filter_: Filter, place: tuple[datetime, str] | None, size: int, newest_first: bool
) -> list[Any]:
    key = sa.tuple_(analyses.c.created_at, analyses.c.id)
    query = sa.select(analyses.c.id, analyses.c.created_at, analyses.c.outcome).where(*filter_.conditions())
    if place is not None:
        here = sa.tuple_(sa.literal(place[0], analyses.c.created_at.type), sa.literal(place[1]))
        query = query.where(key < here if newest_first else key > here)
    order = [column.desc() if newest_first else column.asc() for column in (analyses.c.created_at, analyses.c.id)]
    with engine.connect() as connection:
        return list(connection.execute(query.order_by(*order).limit(size)))


def _place_of(engine: Engine, id_: str) -> tuple[datetime, str]:
    query = sa.select(analyses.c.created_at).where(analyses.c.id == id_)
    with engine.connect() as connection:
        created_at = connection.scalar(query)
    if created_at is None:
        raise UsageError(f"no analysis {id_[:12]} to continue after")
    return created_at, id_


def matching(
    engine: Engine, prefix: str, ids: sa.Column[str] = analyses.c.id, called: tuple[str, str] = ("analysis", "analyses")
) -> str | None:
    """The one full id that starts so. Raises UsageError when it is too short, no hex, or not the only one."""
    wanted = prefix.lower()
    if len(wanted) < SHORTEST_PREFIX or set(wanted) - set("0123456789abcdef"):
        raise UsageError(f"that is no {called[0]} id; give at least {SHORTEST_PREFIX} of its hex digits")
    between = (ids >= wanted, ids < wanted + "g")  # LIKE would read every row under most collations
    query = sa.select(ids).distinct().where(*between).order_by(ids).limit(9)
    with engine.connect() as connection:
        found = list(connection.scalars(query))
    if len(found) > 1:
        listed = ", ".join(id_[: len(wanted) + 6] for id_ in found[:8]) + (", ..." if len(found) > 8 else "")
        raise UsageError(f"{prefix!r} is the beginning of several {called[1]}: {listed}")
    return found[0] if found else None
