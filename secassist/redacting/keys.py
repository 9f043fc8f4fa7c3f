"""Where the key of placeholders and maps comes from, and one derived key for each purpose."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from secassist import config
from secassist.errors import ConfigError

LEAST_CHARACTERS = 16
"""A key file that is not 32 raw bytes holds text of at least this many characters."""
LARGEST_FILE = 4096


def read_key(path: Path | None, home: Path, *, make: bool) -> bytes:
    """The key in `path`, or the one of `home` without a path; `make` writes a new one where there is none.

    A file of 32 bytes is the key itself; any other is text, of which white space around it does not count. Raises
    ConfigError when the file is missing (without `make`), too short, too long or cannot be read.
    """
    if path is None:
        return config.key(home)
    try:
        if make and not path.exists():
            _make(path)
        with path.open("rb") as file:
            found = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigError(f"{path}: the key cannot be read: {error.strerror}") from error
    if len(found) == config.KEY_BYTES:
        return found
    text = found.strip()
    if not LEAST_CHARACTERS <= len(text) <= LARGEST_FILE:
        raise ConfigError(f"{path}: a key is 32 bytes, or {LEAST_CHARACTERS} to {LARGEST_FILE} characters of text")
    return derive(text, "key from text")


def derive(key: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, RFC 5869); knowing it tells nothing of the key or of its siblings."""
    made = HKDF(algorithm=SHA256(), length=config.KEY_BYTES, salt=salt or None, info=f"secassist {purpose}".encode())
    return made.derive(key)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(config.KEY_BYTES))
