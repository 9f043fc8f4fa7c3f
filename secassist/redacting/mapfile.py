"""The map from names to values: AES-GCM frames in one file, never in clear, whole or not at all.

Layout: 16 bytes magic, 16 bytes salt, then frames of 4 bytes length (big endian), 12 bytes nonce, ciphertext with its
16-byte tag. Each frame is bound to its position, and an empty one closes the file, so that none can be moved or cut off.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from secassist.errors import ConfigError, UsageError
from secassist.redacting.keys import derive
from secassist.redacting.outputs import Output
from secassist.redacting.placeholders import Entry

MAGIC = b"secassist-map-1\n"
SALT_BYTES, NONCE_BYTES, LENGTH_BYTES = 16, 12, 4
FRAME_BYTES = 64 * 1024
"""Plain bytes after which a frame is written."""
LARGEST_FRAME = 16 * 1024 * 1024


class Frames:
    """Encrypts and decrypts frames of one file, in order."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self.salt = salt
        self.index = 0
        self._cipher = AESGCM(derive(key, "redaction map", salt))

    def seal(self, plain: bytes) -> bytes:
        """The next frame as it stands in the file; an empty one is the last."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, plain, self._bound(last=not plain))
        self.index += 1
        return len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed

    def open(self, sealed: bytes) -> bytes:
        """The content of the next frame, b"" for the last; raises InvalidTag."""
        last = len(sealed) == NONCE_BYTES + 16
        plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound(last=last))
        self.index += 1
        return plain

    def _bound(self, *, last: bool) -> bytes:
        return MAGIC + self.salt + self.index.to_bytes(8, "big") + (b"\1" if last else b"\0")


def read_map(path: Path, key: bytes) -> Iterator[Entry]:
    """Every entry of the map; raises UsageError when it is missing or no map, ConfigError when the key does not open it."""
    with _opened(path) as file:
        frames = _begun(path, file, key)
        for sealed in _sealed(path, file):
            for name, raw, quoted, value in _content(path, frames, sealed):
                yield Entry(name, raw, quoted, value)


class MapWriter:
    """Adds entries to a new map, or to a copy of the one there is; `commit` puts it in place.

    A context: left without `commit`, the file named `path` is what it was before.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._output = Output(path, private=True)
        self._lines: list[str] = []
        self._size = 0
        self.count = 0
        try:
            self._frames = self._copied(path, key) if path.exists() else self._new(key)
        except BaseException:
            self._output.discard()
            raise

    def __enter__(self) -> "MapWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._output.discard()

    def add(self, entry: Entry) -> None:
        """One more name; it is encrypted at the latest when the frame is full."""
        line = json.dumps([entry.name, entry.raw, entry.quoted, entry.value])
        self._lines.append(line)
        self._size += len(line)
        self.count += 1
        if self._size >= FRAME_BYTES:
            self._flush()

    def commit(self) -> None:
        """Closes the map and puts it under its name."""
        self._flush()
        self._output.write(self._frames.seal(b""))
        self._output.commit()

    def _flush(self) -> None:
        if self._lines:
            self._output.write(self._frames.seal("\n".join(self._lines).encode()))
        self._lines, self._size = [], 0

    def _new(self, key: bytes) -> Frames:
        salt = os.urandom(SALT_BYTES)
        self._output.write(MAGIC + salt)
        return Frames(key, salt)

    def _copied(self, path: Path, key: bytes) -> Frames:
        """The frames of the old map up to its end, each one checked."""
        with _opened(path) as file:
            frames = _begun(path, file, key)
            self._output.write(MAGIC + frames.salt)
            for sealed in _sealed(path, file):
                if not _content(path, frames, sealed):
                    break
                self._output.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
        frames.index -= 1
        return frames


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: the map cannot be read: {error.strerror}") from error


def _begun(path: Path, file: BinaryIO, key: bytes) -> Frames:
    if file.read(len(MAGIC)) != MAGIC:
        raise UsageError(f"{path}: is not a map of redacted values")
    return Frames(key, file.read(SALT_BYTES))


def _sealed(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """The frames as they stand in the file, the closing one last; raises ConfigError when it is cut off."""
    while True:
        size = int.from_bytes(file.read(LENGTH_BYTES), "big")
        sealed = file.read(size) if NONCE_BYTES < size <= LARGEST_FRAME else b""
        if not size or len(sealed) != size:
            raise ConfigError(f"{path}: the map is damaged: it ends too early; use a copy of it")
        yield sealed
        if size == NONCE_BYTES + 16:
            return


def _content(path: Path, frames: Frames, sealed: bytes) -> list[tuple[str, str, bool, str]]:
    try:
        plain = frames.open(sealed)
    except InvalidTag as error:
        raise ConfigError(f"{path}: this key does not open the map, or the map was changed") from error
    return [json.loads(line) for line in plain.decode().split("\n") if line]
