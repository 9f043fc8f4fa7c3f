"""Makes the engine: one file in WAL mode that only its owner can read, or a PostgreSQL server."""

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from secassist.store.failures import UnfitError

BUSY_SECONDS = 10.0
"""How long a writer waits for another one before the database counts as locked."""
SUPPORTED = "sqlite:///FILE and postgresql+psycopg://USER@HOST/NAME"


def parse(url: str) -> URL:
    """Checks the URL. Raises UnfitError for what is no URL or another kind of database."""
    try:
        parsed = sa.make_url(url)
    except ArgumentError as error:
        raise UnfitError(f"the database URL cannot be read; supported are {SUPPORTED}") from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise UnfitError(f"no support for {parsed.get_backend_name()} databases; supported are {SUPPORTED}")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise UnfitError("the store needs a file: an in-memory database would lose what was analysed")
    return parsed


def connect(url: URL, busy_seconds: float) -> Engine:
    """An engine with parameters hidden from errors; raises UnfitError when the driver is missing."""
    if url.get_backend_name() == "sqlite":
        return _embedded(url, busy_seconds)
    try:
        engine = sa.create_engine(url, json_serializer=_json, hide_parameters=True, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as error:
        raise UnfitError("PostgreSQL needs its driver; install secassist[service]") from error
    return engine


def reading(engine: Engine) -> Engine:
    """The same engine for readers: every statement of one transaction sees the same moment."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine


def _embedded(url: URL, busy_seconds: float) -> Engine:
    _create_private(Path(str(url.database)))
    engine = sa.create_engine(url, json_serializer=_json, hide_parameters=True, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    _switch_to_wal(engine, busy_seconds)
    return engine


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """`isolation_level = None` leaves BEGIN to `_begin`; the driver's own would start too late to be IMMEDIATE."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: upgrading a read lock later fails under WAL instead of waiting."""
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _switch_to_wal(engine: Engine, busy_seconds: float) -> None:
    """SQLite does not wait when two processes change the journal mode of a new file, so this does."""
    deadline = time.monotonic() + busy_seconds
    while True:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        finally:
            raw.close()
        time.sleep(0.02)


def _create_private(path: Path) -> None:
    """Missing folders get 0700, a new file 0600 (SQLite gives its -wal and -shm the rights of the file)."""
    try:
        for folder in reversed([path.parent, *path.parent.parents]):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise UnfitError(f"{path} cannot be opened: {error.strerror}; name another place for the database") from error
