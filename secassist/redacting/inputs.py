"""Reads an input several times without laying it down in clear: files again, pipes through an encrypted temporary file."""

import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from secassist.errors import SourceError

BLOCK_BYTES = 1024 * 1024


class Rereadable:
    """The blocks of one input, first from where it comes, then again and again; each pass sees what the first one saw.

    `told` is called with the bytes read so far in all passes. Close it, or use it as a context.
    """

    def __init__(self, file: BinaryIO, name: str, told: Callable[[int], None] = lambda _: None) -> None:
        self.name = name
        self.size = self.read = 0
        self._file = file
        self._told = told
        self._sums: list[int] = []
        self._start = _position(file)
        self._spool = None if self._start is not None else _Spool()

    @classmethod
    def open(cls, path: Path, told: Callable[[int], None] = lambda _: None) -> "Rereadable":
        """Raises SourceError when the file is missing, a folder or not readable."""
        try:
            if path.is_dir():
                raise SourceError(f"{path}: is a folder; name one file")
            return cls(path.open("rb"), str(path), told)
        except OSError as error:
            raise SourceError(f"{path}: cannot be read: {error.strerror}") from error

    def __enter__(self) -> "Rereadable":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._spool is not None:
            self._spool.close()

    def length(self) -> int:
        """Bytes of the whole input where that is known before it is read, else 0."""
        return os.fstat(self._file.fileno()).st_size - self._start if self._start is not None else 0

    def first(self) -> Iterator[bytes]:
        """Blocks of up to BLOCK_BYTES, each remembered by its checksum; raises SourceError when reading fails."""
        while block := self._read(self._file, BLOCK_BYTES):
            self._sums.append(zlib.crc32(block))
            self.size += len(block)
            if self._spool is not None:
                self._spool.write(block)
            self._told(self.size)
            yield block

    def again(self) -> Iterator[bytes]:
        """The same blocks; raises SourceError before a block that is not what it was (a file somebody writes to)."""
        self.read += self.size
        done = 0
        blocks = self._spool.again() if self._spool is not None else self._from_start()
        for expected in self._sums:
            block = next(blocks, b"")
            if zlib.crc32(block) != expected:
                raise SourceError(f"{self.name}: changed while it was read; take a copy and redact that")
            done += len(block)
            self._told(self.read + done)
            yield block

    def _from_start(self) -> Iterator[bytes]:
        self._file.seek(self._start or 0)
        left = self.size
        while left and (block := self._read(self._file, min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block

    def _read(self, file: BinaryIO, size: int) -> bytes:
        """Up to `size` bytes, fewer only at the end, so that both passes cut the input alike."""
        parts: list[bytes] = []
        try:
            while size and (part := file.read(size)):
                parts.append(part)
                size -= len(part)
        except OSError as error:
            raise SourceError(f"{self.name}: cannot be read: {error.strerror}") from error
        return b"".join(parts)


class _Spool:
    """A temporary file without a name, encrypted (AES-256-CTR) under a key that only this process has."""

    def __init__(self) -> None:
        # The file lives as long as the spool, so a `with` here would close it too early.
        self._file = tempfile.TemporaryFile(prefix="secassist-")  # noqa: SIM115
        self._key, self._nonce = os.urandom(32), os.urandom(16)
        self._writer = self._stream()
        self._blocks: list[int] = []

    def _stream(self) -> CipherContext:
        return Cipher(AES(self._key), CTR(self._nonce)).encryptor()

    def write(self, block: bytes) -> None:
        try:
            self._file.write(self._writer.update(block))
        except OSError as error:
            raise SourceError(f"{tempfile.gettempdir()}: no room for the input: {error.strerror}") from error
        self._blocks.append(len(block))

    def again(self) -> Iterator[bytes]:
        """The blocks as they were written. In counter mode the same stream that encrypted decrypts."""
        self._file.seek(0)
        reader = self._stream()
        for size in self._blocks:
            yield reader.update(self._file.read(size))

    def close(self) -> None:
        self._file.close()


def _position(file: BinaryIO) -> int | None:
    """Where a regular file stands, None for a pipe or terminal."""
    try:
        return file.tell() if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except OSError:
        return None
