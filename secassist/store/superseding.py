"""Which analyses still stand: a later look at the same thing supersedes the earlier one, which is kept as history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas import WITHOUT_MODEL, State
from secassist.store.rows import aware
from secassist.store.tables import analyses

_AT_ONCE = 400
"""Ids named in one query; SQLite takes 999 in its oldest builds."""
_SEEN = (
    analyses.c.id,
    analyses.c.subject_id,
    analyses.c.analyzer,
    analyses.c.state,
    analyses.c.lineage["model"].as_string().label("model"),
    analyses.c.created_at,
    analyses.c.piece,
    analyses.c.superseded_at,
)


def standing(until: datetime | None = None) -> sa.ColumnElement[bool]:
    """What nothing had superseded, by now or before `until`: a report on last week stays as it was."""
    never = analyses.c.superseded_at.is_(None)
    return never if until is None else sa.or_(never, analyses.c.superseded_at >= aware(until))


def supersede(connection: Connection, new: Sequence[str], now: datetime) -> None:
    """Of all analyses of a subject by one analyzer the best stands: one that ended well, by a model, the newest.

    `new` are ids of analyses that were just added, or read again.
    """
    subjects = sorted({row.subject_id for row in _rows(connection, analyses.c.id, new)})
    rivals: dict[tuple[str, str], list[Any]] = {}
    for row in _rows(connection, analyses.c.subject_id, subjects):
        rivals.setdefault((row.subject_id, row.analyzer), []).append(row)
    fresh = set(new)
    for rows in rivals.values():
        best = max(rows, key=lambda row: (_merit(row), row.id in fresh, row.created_at, row.id))
        _mark(connection, [row for row in rows if row is not best], now)
        if best.id in fresh:
            _revive(connection, [best])


def settle(connection: Connection, read: Mapping[str, Sequence[str]], analyzers: Sequence[str], now: datetime) -> None:
    """`read` names, by a digest of the place of a file, all analyses that its content has now.

    What `analyzers` said of other content of that file is history, and comes back with the content.
    """
    mine = {id_: piece for piece, ids in read.items() for id_ in ids}
    rows = {row.id: row for row in _rows(connection, analyses.c.id, list(mine))}
    for id_, row in rows.items():
        if row.piece != mine[id_]:
            connection.execute(sa.update(analyses).where(analyses.c.id == id_).values(piece=mine[id_]))
    subjects = {(row.subject_id, row.analyzer) for row in rows.values()}
    old = [
        row
        for row in _rows(connection, analyses.c.piece, list(read))
        if row.analyzer in analyzers and (row.subject_id, row.analyzer) not in subjects
    ]
    _mark(connection, old, now)
    supersede(connection, list(rows), now)


def _merit(row: Any) -> tuple[bool, bool]:
    return row.state in (State.OK.value, State.UNFIT.value), row.model != WITHOUT_MODEL


def _rows(connection: Connection, column: sa.Column[Any], values: Sequence[str]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(values), _AT_ONCE):
        found += connection.execute(sa.select(*_SEEN).where(column.in_(values[start : start + _AT_ONCE])))
    return found


def _mark(connection: Connection, rows: Iterable[Any], now: datetime) -> None:
    for row in sorted(rows, key=lambda row: row.id):  # one order of locks for all writers
        if row.superseded_at is None:
            connection.execute(sa.update(analyses).where(analyses.c.id == row.id).values(superseded_at=now))


def _revive(connection: Connection, rows: Iterable[Any]) -> None:
    for row in rows:
        if row.superseded_at is not None:
            connection.execute(sa.update(analyses).where(analyses.c.id == row.id).values(superseded_at=None))
