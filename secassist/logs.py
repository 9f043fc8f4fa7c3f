"""Keeps secrets out of log records, warnings and tracebacks, whichever library writes them; told how by its caller."""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TextIO

Redact = Callable[[str], str]


class Guard:
    """The hooks of one process, set by `install` and put back by `remove`.

    Log records are made clean when they are made, so that every handler of every library (SQLAlchemy's echo, Celery's
    own) gets them clean: message and arguments become one redacted text, the traceback names places and redacted
    messages, never local variables or lines of source, and a handler that fails keeps its record to itself.
    """

    def __init__(self, redact: Redact) -> None:
        self._redact = redact
        self._factory = logging.getLogRecordFactory()
        self._before: dict[str, Any] = {}

    def install(self) -> "Guard":
        """Sets the hooks of logging, warnings and uncaught exceptions."""
        self._before = {
            "excepthook": sys.excepthook,
            "unraisablehook": sys.unraisablehook,
            "threading": threading.excepthook,
            "showwarning": warnings.showwarning,
            "raise": logging.raiseExceptions,
        }
        logging.setLogRecordFactory(self._record)
        logging.raiseExceptions = False
        sys.excepthook = self._uncaught
        sys.unraisablehook = self._unraisable
        threading.excepthook = self._in_thread
        warnings.showwarning = self._warning
        return self

    def remove(self) -> None:
        """Puts back what was there before."""
        logging.setLogRecordFactory(self._factory)
        logging.raiseExceptions = self._before["raise"]
        sys.excepthook = self._before["excepthook"]
        sys.unraisablehook = self._before["unraisablehook"]
        threading.excepthook = self._before["threading"]
        warnings.showwarning = self._before["showwarning"]

    def _record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._factory(*args, **kwargs)
        try:
            said = record.getMessage()
        except Exception:
            said = f"{record.name}: a record whose arguments do not fit its message"
        record.msg, record.args = self._redact(said), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = told(record.exc_info[1], self._redact).rstrip("\n")
            record.exc_info = None
        if record.stack_info:
            record.stack_info = self._redact(record.stack_info)
        return record

    def _uncaught(
        self,
        kind: type[BaseException],  # noqa: ARG002 - the hook's signature
        error: BaseException,
        _trace: TracebackType | None,
    ) -> None:
        sys.stderr.write(told(error, self._redact))

    def _unraisable(self, args: Any) -> None:
        if args.exc_value is not None:
            sys.stderr.write(f"ignored: {told(args.exc_value, self._redact)}")

    def _in_thread(self, args: Any) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            name = args.thread.name if args.thread else "a thread"
            sys.stderr.write(f"in {name}: {told(args.exc_value, self._redact)}")

    def _warning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,  # noqa: ARG002
    ) -> None:
        (file or sys.stderr).write(f"{filename}:{lineno}: {category.__name__}: {self._redact(str(message))}\n")


def told(error: BaseException, redact: Redact) -> str:
    """A traceback whose lines are redacted together, so that a key of several lines is seen whole; no locals.

    Its frames name file, line and function; lines of source are left out, for they may hold what they were called with.
    """
    shown = traceback.TracebackException.from_exception(error, capture_locals=False, lookup_lines=False)
    _without_source(shown, set())
    return redact("".join(shown.format(chain=True)))


def _without_source(shown: traceback.TracebackException, seen: set[int]) -> None:
    """Takes the source lines out of this and of the errors it came from."""
    if id(shown) in seen:
        return
    seen.add(id(shown))
    bare = [traceback.FrameSummary(f.filename, f.lineno, f.name, lookup_line=False, line="") for f in shown.stack]
    shown.stack = traceback.StackSummary.from_list(bare)
    for cause in (shown.__cause__, shown.__context__, *(shown.exceptions or ())):
        if cause is not None:
            _without_source(cause, seen)


@contextmanager
def guarded(redact: Redact) -> Iterator[Guard]:
    """The hooks for as long as a block runs."""
    guard = Guard(redact).install()
    try:
        yield guard
    finally:
        guard.remove()
