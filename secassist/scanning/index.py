"""The index: which analyses a file or commit had when it was scanned last, so that what has not changed is not read again.

A small SQLite file in the home folder; it holds ids of analyses, places and reasons, never text of inputs.
"""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from secassist.errors import StoreError
from secassist.formats._repository import Gone
from secassist.scanning.suppressing import Suppression
from secassist.sources.base import Rejected, Skipped

NAME = "scan-index.db"
_TABLE = """CREATE TABLE IF NOT EXISTS pieces
(key TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL, lineage TEXT NOT NULL, entry TEXT NOT NULL) WITHOUT ROWID"""
_SCANS = """CREATE TABLE IF NOT EXISTS scans
(root TEXT NOT NULL, number INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (root, number)) WITHOUT ROWID"""
_LAYOUT = 2
"""Raised when what was kept of pieces is to be forgotten: up to layout 1 the digests of contents were plain ones."""
_MOST_SCANS = 24
"""Of one root; older ones are forgotten."""
_YOUNG_NS = 2_000_000_000
"""A file changed so shortly before it was read may change again within the same tick of its clock."""


@dataclass(frozen=True)
class Kept:
    """One analysis: its id, where it was read, the first line of its subject in the file, a key per finding."""

    id: str
    origin: str
    first: int = 1
    keys: tuple[str, ...] = ()
    noteworthy: bool = False


@dataclass(frozen=True)
class Entry:
    """All that a scan found of one piece."""

    kept: tuple[Kept, ...] = ()
    left: tuple[Rejected, ...] = ()
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True)
class Past:
    """An earlier scan of the same places: when (UTC ISO 8601), how many findings by severity, what came and went.

    `places` are its findings by mark; only the last scan has them.
    """

    at: str
    counts: dict[str, int]
    new: int = 0
    fixed: int = 0
    places: dict[str, Gone] = field(default_factory=dict)


class Index:
    """Opened once per scan; every call is quick. It may be removed at any time: the next scan is slower, not different."""

    def __init__(self, home: Path) -> None:
        self._path = home / NAME
        try:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._base = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            self._path.chmod(0o600)
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                self._base.execute(f"PRAGMA {pragma}")
            self._base.execute(_TABLE)
            self._base.execute(_SCANS)
            self._renew()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{self._path}: cannot be used ({error}); remove it, the next scan makes it anew"
            ) from error

    def _renew(self) -> None:
        """Forgets the pieces of an older layout, without a byte of them left; they are read again."""
        (layout,) = self._base.execute("PRAGMA user_version").fetchone()
        if layout < _LAYOUT:
            self._base.execute("DELETE FROM pieces")
            self._base.execute(f"PRAGMA user_version={_LAYOUT}")
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Ends the use of the file."""
        self._base.close()

    def find(self, key: str, stamp: str, lineage: str) -> Entry | None:
        """What is known under this key, if nothing changed since."""
        row = self._row(key)
        return _entry(row[3]) if row and stamp and (row[0], row[2]) == (stamp, lineage) else None

    def find_by_digest(self, key: str, digest: str, lineage: str) -> Entry | None:
        """The same by content, for a file that was only touched."""
        row = self._row(key)
        return _entry(row[3]) if row and digest and (row[1], row[2]) == (digest, lineage) else None

    def digest(self, key: str, lineage: str) -> str:
        """The digest of the content that was known under this key and lineage last, or ""."""
        row = self._row(key)
        return row[1] if row and row[2] == lineage else ""

    def save(self, rows: Iterable[tuple[str, str, str, str, Entry]]) -> None:
        """Each as (key, stamp, digest, lineage, entry), all in one transaction."""
        written = [(_hashed(key), stamp, digest, line, _text(entry)) for key, stamp, digest, line, entry in rows]
        try:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.executemany("INSERT OR REPLACE INTO pieces VALUES (?, ?, ?, ?, ?)", written)
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: cannot be written ({error}); remove it") from error

    def past(self, root: str) -> list[Past]:
        """Earlier scans of a root, oldest first."""
        found = self._base.execute("SELECT entry FROM scans WHERE root = ? ORDER BY number", (_hashed(root),))
        read = [json.loads(entry) for (entry,) in found]
        return [Past(**{**e, "places": {m: Gone(**row) for m, row in e["places"].items()}}) for e in read]

    def remember(self, root: str, past: Past) -> None:
        """Adds a scan; the one before loses its places, and the oldest go."""
        known = [*(replace(each, places={}) for each in self.past(root)), past][-_MOST_SCANS:]
        rows = [(_hashed(root), number, json.dumps(asdict(each))) for number, each in enumerate(known)]
        try:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.execute("DELETE FROM scans WHERE root = ?", (_hashed(root),))
            self._base.executemany("INSERT INTO scans VALUES (?, ?, ?)", rows)
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: cannot be written ({error}); remove it") from error

    def _row(self, key: str) -> tuple[str, str, str, str] | None:
        try:
            found: tuple[str, str, str, str] | None = self._base.execute(
                "SELECT stamp, digest, lineage, entry FROM pieces WHERE key = ?", (_hashed(key),)
            ).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: cannot be read ({error}); remove it") from error
        return found


def stamp_of(path: Path) -> str:
    """Size, times and number of a file, or "" when it is too young to be trusted or cannot be looked at.

    The time of the last change of status is among them: nobody can set that one back.
    """
    try:
        found = path.stat()
    except OSError:
        return ""
    young = time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _YOUNG_NS
    return "" if young else f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}:{found.st_dev}"


def forget(home: Path) -> None:
    """Removes the index, for a purge: it names places that were scanned."""
    for ending in ("", "-wal", "-shm"):
        (home / f"{NAME}{ending}").unlink(missing_ok=True)


def _hashed(key: str) -> str:
    return hashlib.sha256(os.fsencode(key)).hexdigest()


def _text(entry: Entry) -> str:
    left = [[each.origin, each.reason, isinstance(each, Skipped)] for each in entry.left]
    value = {"kept": [asdict(each) for each in entry.kept], "left": left}
    return json.dumps({**value, "suppressions": [asdict(each) for each in entry.suppressions]}, separators=(",", ":"))


def _entry(text: str) -> Entry | None:
    try:
        read = json.loads(text)
        kept = tuple(Kept(**{**each, "keys": tuple(each["keys"])}) for each in read["kept"])
        left = tuple((Skipped if skipped else Rejected)(origin, reason) for origin, reason, skipped in read["left"])
        silent = tuple(Suppression(**{**each, "rules": tuple(each["rules"])}) for each in read["suppressions"])
    except (ValueError, KeyError, TypeError):
        return None
    return Entry(kept, left, silent)
