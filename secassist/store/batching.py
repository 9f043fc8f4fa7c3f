"""A store that gathers what a scan adds and writes all of it in one transaction; what it reads is what it would write."""

from collections.abc import Callable
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from schemas import Analysis, Subject, digest
from secassist.store import rows, superseding, tables
from secassist.store.cleaning import cleaned
from secassist.store.failures import translated
from secassist.store.repository import Store
from secassist.store.sealing import SealedRows

_AT_ONCE = 400
"""Ids named in one query; SQLite takes 999 in its oldest builds."""


class Gathering(Store):
    """Shares the connections of another store, which goes on to close them. One thread only.

    Until `flush` nothing is written: an interruption loses what was gathered, and nothing that was flushed.
    """

    @classmethod
    def over(cls, store: Store, redact: Callable[[str], str] | None = None) -> Self:
        """The same database; `redact` takes the place of the store's own, for one that remembers its answers."""
        return cls(store._engine, store._where, store._now, redact or store._redact)

    def __init__(self, *given: Any) -> None:
        self._subjects: dict[str, dict[str, Any]] = {}
        self._analyses: dict[str, Analysis] = {}
        self._rejections: dict[str, dict[str, Any]] = {}
        self._absent: set[str] = set()
        super().__init__(*given)

    @property
    def vault(self) -> SealedRows:
        """Sealed values belong to findings, which therefore are written first."""
        self.flush()
        return self._vault

    @vault.setter
    def vault(self, rows_: SealedRows) -> None:
        self._vault = rows_

    def add_subject(self, subject: Subject, *, kept: Subject | None = None) -> bool:
        """True if it was not gathered yet."""
        new = subject.id not in self._subjects
        if new:
            self._subjects[subject.id] = rows.subject_row(subject, kept, self._now(), self._redact)
        return new

    def add_analysis(self, analysis: Analysis) -> Analysis:
        """As the store's; what stands there under this id already is returned."""
        stored = None if analysis.id in self._absent else self._exact(analysis.id)
        if stored is None:
            clean = cleaned(analysis, self._redact)
            stored = clean if clean.created_at else clean.model_copy(update={"created_at": rows.stamp(self._now())})
            self._analyses[analysis.id] = stored
            self._absent.discard(analysis.id)
        return stored

    def add_rejection(self, origin: str, reason: str) -> bool:
        """True if it was not gathered yet."""
        told = [self._redact(origin), self._redact(reason)]
        row = {"id": digest(told), "origin": told[0], "reason": told[1], "at": self._now()}
        new = row["id"] not in self._rejections
        self._rejections.setdefault(str(row["id"]), row)
        return new

    def flush(self) -> None:
        """Writes everything, in one transaction. Raises StoreError; what was gathered is then still there."""
        if not (self._subjects or self._analyses or self._rejections):
            return
        with translated(self._where, "saving a part of a scan"):
            try:
                with self._write() as connection:
                    self._put(connection)
            except IntegrityError:  # PostgreSQL: another process inserted one of them meanwhile
                with self._write() as connection:
                    self._put(connection)
        self._subjects.clear()
        self._analyses.clear()
        self._rejections.clear()
        self._absent.clear()

    def _put(self, connection: Connection) -> None:
        there = _known(connection, tables.subjects, list(self._subjects))
        _insert(connection, tables.subjects, [row for id_, row in self._subjects.items() if id_ not in there])
        for id_ in sorted(there):
            if self._subjects[id_]["body"] is not None:
                connection.execute(self._restored(self._subjects[id_]))
        known = _known(connection, tables.analyses, list(self._analyses))
        new = [analysis for id_, analysis in self._analyses.items() if id_ not in known]
        _insert(connection, tables.analyses, [rows.analysis_row(analysis) for analysis in new])
        _insert(connection, tables.findings, [row for analysis in new for row in rows.finding_rows(analysis)])
        _insert(connection, tables.techniques, [row for analysis in new for row in rows.technique_rows(analysis)])
        superseding.supersede(connection, [analysis.id for analysis in new], self._now())
        refused = _known(connection, tables.rejections, list(self._rejections))
        _insert(connection, tables.rejections, [row for id_, row in self._rejections.items() if id_ not in refused])

    def _exact(self, id_: str) -> Analysis | None:
        """Remembers which are not there, for whoever looks an analysis up adds it next."""
        found = self._analyses.get(id_) or super()._exact(id_)
        if found is None:
            self._absent.add(id_)
        return found


def _known(connection: Connection, table: sa.Table, ids: list[str]) -> set[str]:
    found = set[str]()
    for start in range(0, len(ids), _AT_ONCE):
        query = sa.select(table.c.id).where(table.c.id.in_(ids[start : start + _AT_ONCE]))
        found.update(connection.scalars(query))
    return found


def _insert(connection: Connection, table: sa.Table, found: list[dict[str, Any]]) -> None:
    if found:
        connection.execute(sa.insert(table), found)
