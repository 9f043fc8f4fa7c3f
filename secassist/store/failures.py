"""Turns what the database says into a StoreError that names the database and the way out, never a stored value."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from secassist.errors import ConfigError, StoreError

REMEDIES = (
    ("is locked", "another process is writing; try again, or end that process"),
    ("not a database", "it is not an SQLite file; name another one, or move it away to start anew"),
    ("malformed", "the file is damaged; restore a copy of it, or move it away to start anew"),
    ("readonly", "it cannot be written; check the owner and the rights of the file and its folder"),
    ("read-only", "it cannot be written; check the owner and the rights of the file and its folder"),
    ("unable to open", "check that the folder exists and may be written"),
    ("full", "the disk is full; make room and try again"),
    ("connection", "check that the server runs and that the URL, user and password are right"),
    ("authentication", "check the user and the password in the URL"),
)
"""The first words found in the driver's message give the advice."""
UNFIT = ("not a database", "readonly", "read-only", "unable to open")
"""What SQLite says of a file that the settings should not name."""


class UnfitError(StoreError, ConfigError):
    """The settings name a database that cannot be used."""


class AwayError(UnfitError):
    """A database server that the settings name does not let us in; it may be back later, or never have been there."""


def place(url: URL) -> str:
    """The database in words for messages, without its password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


@contextmanager
def translated(where: str, doing: str) -> Iterator[None]:
    """Any database error inside becomes a StoreError about `where`."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(f"{doing} failed on {where}: {_advice(error)}") from error


@contextmanager
def opening(where: str) -> Iterator[None]:
    """As `translated`; what the settings may be to blame for becomes an UnfitError or AwayError."""
    try:
        with translated(where, "opening the database"):
            yield
    except StoreError as error:
        cause = error.__cause__
        said = _said(cause).lower() if isinstance(cause, (SQLAlchemyError, sqlite3.Error)) else ""
        if any(words in said for words in UNFIT):
            raise UnfitError(str(error)) from cause
        if isinstance(cause, OperationalError) and not isinstance(cause.orig, sqlite3.Error):
            raise AwayError(str(error)) from cause
        raise


def _advice(error: Exception) -> str:
    said = _said(error)
    remedy = next((remedy for words, remedy in REMEDIES if words in said.lower()), "see `secassist doctor`")
    return f"{said}; {remedy}"


def _said(error: Exception) -> str:
    """The driver's own first line; of SQLAlchemy's errors nothing that could carry a parameter."""
    if isinstance(error, sqlite3.Error):
        return str(error)
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        return str(error.orig)
    if isinstance(error, DBAPIError) and error.connection_invalidated is not True and error.orig is not None:
        return str(getattr(error.orig, "sqlstate", None) or "connection refused or lost")
    return type(error).__name__
