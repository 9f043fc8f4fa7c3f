"""Copies a database while it is in use, checks the copy, and only then gives it its name."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.engine import URL, Engine

from secassist.errors import StoreError
from secassist.store import opening
from secassist.store.failures import place, translated
from secassist.store.migrating import HEAD, VERSION_TABLE
from secassist.store.tables import metadata

PAGES = 2000
"""Pages of SQLite copied at a time; between two parts writers go on."""
PAUSE = 0.01
"""Seconds between two parts."""
DUMP_SECONDS = 6 * 3600


def backup(url: str, to: Path) -> Path:
    """Writes a copy of the database at `url` to the file `to`, readable by its owner only, and gives it back.

    SQLite: a database file, by its online backup, checked whole. PostgreSQL: an archive by pg_dump (restore it with
    pg_restore), of which the list of contents is checked. Raises StoreError, and leaves nothing behind, when the copy
    cannot be made or is not sound, or when `to` exists.
    """
    parsed = opening.parse(url)
    where = place(parsed)
    if to.exists():
        raise StoreError(f"{to} exists; name another file for the backup")
    draft = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copying(parsed, where)(draft)
        _named(draft, to)
    except OSError as error:
        raise StoreError(f"{to} cannot be written: {error.strerror}") from error
    finally:
        for left in (draft, draft.with_name(f"{draft.name}-journal"), draft.with_name(f"{draft.name}-wal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return to


def _copying(url: URL, where: str) -> Callable[[Path], None]:
    return (lambda draft: _sqlite(url, where, draft)) if url.get_backend_name() == "sqlite" else _postgresql(url, where)


def _named(draft: Path, to: Path) -> None:
    """On disk first; a file of that name that appeared meanwhile is not replaced."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    to.hardlink_to(draft)
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sqlite(url: URL, where: str, draft: Path) -> None:
    if not Path(str(url.database)).is_file():
        raise StoreError(f"there is no database at {where}")
    with translated(where, "backing up"):
        engine: Engine = opening.connect(url, opening.BUSY_SECONDS)
        try:
            _copied(engine, draft)
        finally:
            engine.dispose()
    with translated(str(draft), "checking the backup"), closing(sqlite3.connect(draft)) as copy:
        _check_copy(copy)


def _copied(engine: Engine, draft: Path) -> None:
    raw = engine.raw_connection()
    try:
        source = raw.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise StoreError("the driver of the database has no online backup")
        with closing(sqlite3.connect(draft)) as copy:
            source.backup(copy, pages=PAGES, sleep=PAUSE)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    finally:
        raw.close()


def _check_copy(copy: sqlite3.Connection) -> None:
    said = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
    broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    names = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    missing = sorted({*metadata.tables, VERSION_TABLE} - names)
    if said != ["ok"] or broken or missing:
        reason = (
            f"it lacks {missing[0]}"
            if missing
            else f"integrity: {said[0]}"
            if said != ["ok"]
            else "a row has no parent"
        )
        raise StoreError(f"the copy is not sound ({reason}), so the database is not either; run secassist db check")
    at = copy.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - a constant
    if at is None or at[0] != HEAD:
        raise StoreError("the copy is at another migration; run secassist db upgrade first")


def _postgresql(url: URL, where: str) -> Callable[[Path], None]:
    dump, restore = shutil.which("pg_dump"), shutil.which("pg_restore")
    if dump is None or restore is None:
        raise StoreError(
            "a backup of PostgreSQL needs pg_dump and pg_restore on the PATH: install PostgreSQL's client programs, of "
            "the server's version or newer"
        )

    def copy(draft: Path) -> None:
        _ran([dump, "--format=custom", "--no-password", f"--file={draft}"], where, _environment(url))
        listed = _ran([restore, "--list", str(draft)], where, {})
        dumped = {line.split()[-2] for line in listed.splitlines() if " TABLE DATA " in line}
        missing = sorted({*metadata.tables, VERSION_TABLE} - dumped)
        if missing:
            raise StoreError(f"the archive of {where} lacks the table {missing[0]}")

    return copy


def _environment(url: URL) -> dict[str, str]:
    """Where to connect, in variables: arguments can be read by every user of the machine."""
    named = {
        "PGHOST": url.host,
        "PGPORT": url.port and str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": url.password and str(url.password),
        "PGDATABASE": url.database,
        "PGSSLMODE": _one(url, "sslmode"),
        "PGSSLROOTCERT": _one(url, "sslrootcert"),
        "PGSSLCERT": _one(url, "sslcert"),
        "PGSSLKEY": _one(url, "sslkey"),
        "PGOPTIONS": _one(url, "options"),
    }
    if not url.host and _one(url, "host"):
        named["PGHOST"] = _one(url, "host")
    return {name: value for name, value in named.items() if value}


def _one(url: URL, name: str) -> str | None:
    value = url.query.get(name)
    return value if isinstance(value, str) else None


def _ran(command: list[str], where: str, environment: dict[str, str]) -> str:
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=DUMP_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StoreError(f"{Path(command[0]).name} did not end well: {type(error).__name__}") from error
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if line.strip()), "it said nothing")
        raise StoreError(f"{Path(command[0]).name} failed on {where}: {said[:300]}")
    return done.stdout
