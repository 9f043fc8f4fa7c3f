"""Keeps the database sound: leaves no byte of what was deleted in its files, and checks the rest."""

import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from secassist.errors import StoreError
from secassist.store.migrating import HEAD, revision
from secassist.store.tables import metadata

CHECKPOINT_TRIES = 50
"""Tries, 0.1 s apart, to empty the write-ahead log while others still read it."""


def wipe(engine: Engine, where: str, *, full: bool) -> None:
    """Leaves no byte of deleted rows in the database's files.

    SQLite: `secure_delete` zeroed the rows, VACUUM drops what is left in free pages and indexes, the checkpoint empties
    the write-ahead log. PostgreSQL: VACUUM frees the rows' space, in which their bytes stay until it is used again;
    `full` rewrites every table (locking it meanwhile) and leaves none. No database can reach further: PostgreSQL's
    own log, replicas, backups, snapshots and the free blocks of a file system or disk keep what they hold.
    Raises StoreError when other readers keep the log busy: the rows are gone, their bytes not yet.
    """
    if engine.dialect.name == "sqlite":
        _wipe_file(engine, where)
    else:
        command = "VACUUM FULL" if full else "VACUUM"
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in metadata.sorted_tables:
                connection.exec_driver_sql(f"{command} {table.name}")


def _wipe_file(engine: Engine, where: str) -> None:
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM").close()
        for _ in range(CHECKPOINT_TRIES):
            busy, _pages, _moved = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(0.1)
    finally:
        raw.close()
    raise StoreError(f"{where} was purged, but another process still reads its log; purge again when that has ended")


def faults(engine: Engine) -> list[str]:
    """What is wrong with the database, in words; empty when it is sound."""
    with engine.connect() as connection:
        found = _migration_faults(connection)
        if engine.dialect.name == "sqlite":
            found += _file_faults(connection) + _rights_faults(Path(str(engine.url.database)))
    return found


def _migration_faults(connection: Connection) -> list[str]:
    current = revision(connection)
    missing = set(metadata.tables) - set(sa.inspect(connection).get_table_names())
    found = [] if current == HEAD else [f"the database is at migration {current}, this version expects {HEAD}"]
    return found + [f"the table {name} is missing" for name in sorted(missing)]


def _file_faults(connection: Connection) -> list[str]:
    said = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    found = [f"integrity: {line}" for line in said if line != "ok"]
    return found + [f"row {row[1]} of {row[0]} points to a row of {row[2]} that is not there" for row in broken[:20]]


def _rights_faults(path: Path) -> list[str]:
    rights = path.stat().st_mode & 0o077
    return [f"{path} can be read by others; run: chmod 600 {path}"] if rights else []
