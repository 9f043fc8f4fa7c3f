"""Where bytes go: standard output, or a file that appears under its name only when it is complete."""

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO

from secassist.errors import UsageError


class ReaderGoneError(Exception):
    """Nobody reads the output any more, as when it is piped into `head`: no failure, but the end of the work."""


class Output:
    """Collects bytes beside `path` and renames them on `commit`; `private` means readable by the owner only."""

    def __init__(self, path: Path, *, private: bool = False) -> None:
        self._path = path
        self._mode = _mode(path, private=private)
        draft = path.with_name(f".{path.name[:100]}.{os.getpid()}.{secrets.token_hex(4)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
        self._draft: Path | None = draft

    def write(self, content: bytes) -> None:
        """Raises UsageError, as when the disk is full."""
        try:
            self._file.write(content)
        except OSError as error:
            raise UsageError(f"{self._path}: cannot be written: {error.strerror}") from error

    def commit(self) -> None:
        """The file is complete: on the disk, then under its name."""
        if self._draft is None:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            os.fchmod(self._file.fileno(), self._mode)
            self._file.close()
            self._draft.replace(self._path)
        except OSError as error:
            raise UsageError(f"{self._path}: cannot be written: {error.strerror}") from error
        self._draft = None

    def discard(self) -> None:
        """Removes what was not committed."""
        if self._draft is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._draft.unlink(missing_ok=True)
            self._draft = None


class Standard:
    """Standard output as an Output: nothing to commit; what was written is gone."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, content: bytes) -> None:
        """Raises ReaderGoneError once nobody reads, UsageError as when the disk is full."""
        try:
            self._file.write(content)
            self._file.flush()
        except BrokenPipeError as error:
            raise ReaderGoneError from error
        except OSError as error:
            raise UsageError(f"standard output cannot be written: {error.strerror}") from error

    def commit(self) -> None:
        """Nothing to do."""

    def discard(self) -> None:
        """Nothing to do."""


def _mode(path: Path, *, private: bool) -> int:
    """The mode of the file that is replaced, else what the umask leaves."""
    if private:
        return 0o600
    with contextlib.suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
