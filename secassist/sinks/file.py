"""A file sink: one line of JSON per event, appended and on disk before it counts as arrived."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from secassist.errors import ConfigError
from secassist.sinks.base import Message, Place, SinkError


class FileSink:
    """Appends to one file, which is opened anew for each message, so that it can be rotated away."""

    def __init__(self, place: Place) -> None:
        if place.path is None or not place.path.is_absolute():
            raise ConfigError("a file sink needs an absolute path")
        self._path = place.path

    def send(self, message: Message) -> None:
        """One line, whole, also beside other writers; a line torn by a crash before is ended first."""
        try:
            with _opened(self._path) as handle:
                torn = os.fstat(handle).st_size and os.pread(handle, 1, os.fstat(handle).st_size - 1) != b"\n"
                line = (b"\n" if torn else b"") + message.body + b"\n"
                if os.write(handle, line) != len(line):
                    raise SinkError(f"{self._path} took only a part; is its disk full?")
                os.fsync(handle)
        except OSError as error:
            raise SinkError(f"{self._path} cannot be written: {error.strerror}") from error


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Readable by its owner only when new, never a link, held by one writer at a time."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


PLUGIN = FileSink
