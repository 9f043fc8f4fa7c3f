"""The vault's rows: encrypted values of findings, and the record of who asked for one; knows no key."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from secassist.store.failures import translated
from secassist.store.records import Audited, SealedValue
from secassist.store.rows import stamp
from secassist.store.tables import audit, vault


class SealedRows:
    """Reached as `Store.vault`; every method is one transaction."""

    def __init__(self, engine: Engine, where: str, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._where = where
        self._now = now

    def add(self, values: Iterable[SealedValue]) -> int:
        """How many were not there yet; the finding must be stored. One that is there stays as it is."""
        rows = [sealed_row(value, self._now()) for value in values]
        added = 0
        with translated(self._where, "sealing a value"), self._write() as connection:
            for row in rows:
                there = sa.select(vault.c.number).where(*_is(row["analysis_id"], row["number"]))
                if connection.scalar(there) is None:
                    connection.execute(sa.insert(vault), row)
                    added += 1
        return added

    def find(self, analysis_id: str, number: int) -> SealedValue | None:
        """The sealed value of one finding."""
        with translated(self._where, "finding a sealed value"), self._engine.connect() as connection:
            row = connection.execute(sa.select(vault).where(*_is(analysis_id, number))).one_or_none()
        return None if row is None else _value(row)

    def keys(self) -> dict[str, int]:
        """How many values are sealed under which key."""
        query = sa.select(vault.c.key_id, sa.func.count()).group_by(vault.c.key_id).order_by(vault.c.key_id)
        with translated(self._where, "counting sealed values"), self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def reseal(self, change: Callable[[SealedValue], SealedValue], key_id: str) -> int:
        """Replaces every value that is not under `key_id` by what `change` makes of it: all of them, or none."""
        with translated(self._where, "sealing anew"), self._write() as connection:
            old = connection.execute(sa.select(vault).where(vault.c.key_id != key_id)).all()
            for row in old:
                new = change(_value(row))
                update = sa.update(vault).where(*_is(new.analysis_id, new.number))
                connection.execute(update.values(key_id=new.key_id, sealed=new.sealed))
        return len(old)

    def record(
        self, who: str, action: str, analysis_id: str | None = None, number: int | None = None, detail: str = ""
    ) -> None:
        """Writes down that somebody did something; on disk when it returns."""
        row = {"at": self._now(), "who": who, "action": action, "analysis_id": analysis_id, "number": number}
        with translated(self._where, "writing the audit"), self._write() as connection:
            connection.execute(sa.insert(audit), {**row, "detail": detail})

    def recorded(self) -> Sequence[Audited]:
        """Oldest first; what became of jobs stands in the same table and is not about the vault."""
        query = sa.select(audit).where(~audit.c.action.startswith("job.")).order_by(audit.c.id)
        with translated(self._where, "reading the audit"), self._engine.connect() as connection:
            found = connection.execute(query).all()
        return [Audited(stamp(r.at), r.who, r.action, r.analysis_id, r.number, r.detail) for r in found]

    def _write(self) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(immediate=True).begin()


def _is(analysis_id: str, number: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return vault.c.analysis_id == analysis_id, vault.c.number == number


def sealed_row(value: SealedValue, now: datetime) -> dict[str, Any]:
    """A sealed value as a row."""
    return {
        "analysis_id": value.analysis_id,
        "number": value.number,
        "fingerprint": value.fingerprint,
        "key_id": value.key_id,
        "sealed": value.sealed,
        "sealed_at": now,
    }


def _value(row: Any) -> SealedValue:
    return SealedValue(row.analysis_id, row.number, row.fingerprint, row.key_id, bytes(row.sealed))
