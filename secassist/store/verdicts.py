"""Which stored analysis answers which question, and for how long; the verdicts themselves stay where they are."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from schemas import Alert, Analysis, LogWindow, Subject
from secassist.errors import StoreError
from secassist.store.failures import translated
from secassist.store.rows import analysis_from, subject_from
from secassist.store.tables import UtcDateTime, analyses, metadata, reviews, subjects

MANY = 500
"""Keys in one query: far below the number of parameters that either database takes."""

verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("facts", sa.String(64), nullable=False),
    sa.Column("analysis_id", sa.String(64), nullable=False, index=True),
    sa.Column("until", UtcDateTime, nullable=False, index=True),
)
"""No foreign key: a row may be written before its analysis is committed, and counts only once that is there."""
_SUBJECT = tuple(column.name for column in subjects.columns)


@dataclass(frozen=True)
class KeptVerdict:
    """What answers a key: the analysis, the subject it is about, and the digest of what code proved about that."""

    key: str
    facts: str
    analysis: Analysis
    about: Subject


class VerdictRows:
    """Reached as `Store.verdicts`; every method is one transaction."""

    def __init__(self, engine: Engine, where: str, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._where = where
        self._now = now

    def find(self, keys: Collection[str]) -> dict[str, KeptVerdict]:
        """By key, those still valid. A verdict that an analyst corrected, or whose subject was purged, answers nothing."""
        listed, found = sorted(keys), {}
        with translated(self._where, "finding verdicts"), self._engine.connect() as connection:
            for start in range(0, len(listed), MANY):
                for row in connection.execute(_query(listed[start : start + MANY], self._now())).mappings():
                    kept = _kept(row)
                    if kept is not None:
                        found[kept.key] = kept
        return found

    def keep(self, rows: Iterable[tuple[str, str, str]], until: datetime) -> None:
        """(key, facts, analysis id) each; what answers a key already goes on to do so until its time is over."""
        ordered = sorted(rows)  # one order for all, so that no two writers wait for each other in a ring
        if ordered:
            with translated(self._where, "keeping verdicts"), self._write() as connection:
                for key, facts, id_ in ordered:
                    value = {"key": key, "facts": facts, "analysis_id": id_, "until": until}
                    connection.execute(_replacing(connection, value, self._now()))

    def sweep(self) -> int:
        """Forgets what is over; how many."""
        with translated(self._where, "sweeping verdicts"), self._write() as connection:
            gone: int = connection.execute(sa.delete(verdicts).where(verdicts.c.until <= self._now())).rowcount
        return gone

    def forget(self) -> int:
        """Forgets all, so that everything is judged afresh; how many there were."""
        with translated(self._where, "forgetting verdicts"), self._write() as connection:
            gone: int = connection.execute(sa.delete(verdicts)).rowcount
        return gone

    def _write(self) -> Any:
        return self._engine.execution_options(immediate=True).begin()


def _query(keys: list[str], now: datetime) -> sa.Select[Any]:
    other = sa.and_(reviews.c.disposition.is_not(None), reviews.c.disposition != analyses.c.disposition)
    corrected = sa.exists().where(
        reviews.c.analysis_id == analyses.c.id, sa.or_(other, reviews.c.severity.is_not(None))
    )
    columns = [subjects.c[name].label(f"subject_{name}") for name in _SUBJECT]
    joined = verdicts.join(analyses, analyses.c.id == verdicts.c.analysis_id).join(subjects)
    query = sa.select(verdicts.c.key, verdicts.c.facts, analyses.c.id, analyses.c.outcome, *columns)
    return query.select_from(joined).where(verdicts.c.key.in_(keys), verdicts.c.until > now, ~corrected)


def _kept(row: Any) -> KeptVerdict | None:
    about = subject_from({name: row[f"subject_{name}"] for name in _SUBJECT}).kept
    try:
        analysis = analysis_from(row["id"], row["outcome"])
    except StoreError:
        return None  # a damaged row is told of where it is read; here it only answers nothing
    return KeptVerdict(row["key"], row["facts"], analysis, about) if isinstance(about, Alert | LogWindow) else None


def _replacing(connection: Connection, value: dict[str, Any], now: datetime) -> sa.Insert:
    """Inserts, or takes the place of one that is over or whose analysis was never stored or is gone."""
    insert = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(verdicts).values(value)
    stored = sa.exists().where(analyses.c.id == verdicts.c.analysis_id)
    dead = sa.or_(verdicts.c.until <= now, ~stored)
    changed = {name: insert.excluded[name] for name in ("facts", "analysis_id", "until")}
    return insert.on_conflict_do_update(index_elements=["key"], set_=changed, where=dead)
