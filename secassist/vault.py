"""Seals found values so that only the holder of the admin key can read them again; knows no database.

A value is sealed to a public key (X25519, HKDF-SHA256, AES-256-GCM; RFC 7748, RFC 5869, NIST SP 800-38D), so the process
that finds values cannot read what it sealed. The sealing key may lie beside the database; the admin key opens, and
belongs elsewhere. The fingerprint of the finding is authenticated with each value: none can pass for another's.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from secassist.errors import ConfigError
from secassist.writing import write_private

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
_ABOUT = b"secassist vault 1"
_SEALING = "secassist-sealing-key-1"
_OPENING = "secassist-admin-key-1"


class VaultError(ConfigError):
    """A key of the vault is missing, damaged, open to others, or not the one that a value was sealed for."""


@dataclass(frozen=True)
class OpeningKey:
    """One private key and its name."""

    id: str
    private: bytes = field(repr=False)


def make(sealing: Path, admin: Path) -> str:
    """Makes both key files and gives the key's name; raises VaultError when one of them is there already."""
    for path in (sealing, admin):
        if path.exists():
            raise VaultError(f"{path}: is there already; `secassist vault rekey` changes the key of a vault")
    key = _new_key()
    _replace(admin, _lines(_OPENING, [key.private]))
    _replace(sealing, _lines(_SEALING, [_public(key.private)]))
    return key.id


class Sealer:
    """Seals values under the key file, which is read at every call, so that a new key is used as soon as it is there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, value: str, fingerprint: str) -> tuple[str, bytes]:
        """The key's name and the sealed value (version, ephemeral key, nonce, ciphertext with tag)."""
        public = _read(self._path, _SEALING, private=False)[0]
        return _id(public), _seal(public, value, fingerprint)

    def check(self) -> None:
        """Raises VaultError when nothing can be sealed."""
        _read(self._path, _SEALING, private=False)


class Opener:
    """Opens values with the admin key file, which may hold retired keys behind the one in use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.keys = [OpeningKey(_id(_public(key)), key) for key in _read(path, _OPENING, private=True)]

    @property
    def current(self) -> str:
        """The name of the key that new values are sealed for."""
        return self.keys[0].id

    def open(self, key_id: str, sealed: bytes, fingerprint: str) -> str:
        """The value. Raises VaultError for a key it has not, or bytes or a fingerprint that were altered."""
        key = next((key for key in self.keys if key.id == key_id), None)
        if key is None:
            known = ", ".join(key.id for key in self.keys)
            raise VaultError(f"{self._path}: holds the keys {known}, but the value is sealed for {key_id}")
        return _open(key.private, sealed, fingerprint)

    def rotate(self, sealing: Path) -> "Opener":
        """Puts a new key before the old ones, here and then in the sealing key's file; nothing is resealed yet.

        The old keys stay readable throughout, so that a crash at any point loses nothing.
        """
        fresh = _new_key()
        _replace(self._path, _lines(_OPENING, [fresh.private, *(key.private for key in self.keys)]))
        _replace(sealing, _lines(_SEALING, [_public(fresh.private)]))
        return Opener(self._path)

    def forget(self, needed: Sequence[str]) -> int:
        """Drops retired keys that no value needs any more; how many went."""
        kept = [key for key in self.keys if key.id == self.current or key.id in needed]
        if len(kept) < len(self.keys):
            _replace(self._path, _lines(_OPENING, [key.private for key in kept]))
        return len(self.keys) - len(kept)


def _new_key() -> OpeningKey:
    private = secrets.token_bytes(KEY_BYTES)
    return OpeningKey(_id(_public(private)), private)


def _public(private: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def _cipher(shared: bytes, ephemeral: bytes, public: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=ephemeral + public, info=_ABOUT)
    return AESGCM(derive.derive(shared))


def _seal(public: bytes, value: str, fingerprint: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    once = X25519PrivateKey.generate()
    ephemeral, nonce = once.public_key().public_bytes_raw(), secrets.token_bytes(NONCE_BYTES)
    cipher = _cipher(once.exchange(X25519PublicKey.from_public_bytes(public)), ephemeral, public)
    data = cipher.encrypt(nonce, value.encode("utf-8", "surrogatepass"), _bound(fingerprint))
    return VERSION + ephemeral + nonce + data


def _open(private: bytes, sealed: bytes, fingerprint: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    head = len(VERSION) + KEY_BYTES
    if sealed[: len(VERSION)] != VERSION or len(sealed) < head + NONCE_BYTES:
        raise VaultError("the sealed value is damaged or of a newer version; restore the database from a copy")
    ephemeral, nonce, data = (
        sealed[len(VERSION) : head],
        sealed[head : head + NONCE_BYTES],
        sealed[head + NONCE_BYTES :],
    )
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(ephemeral))
        plain = _cipher(shared, ephemeral, _public(private)).decrypt(nonce, data, _bound(fingerprint))
    except (InvalidTag, ValueError) as error:
        raise VaultError("the sealed value was altered, or is not that of this finding; it stays as it is") from error
    return plain.decode("utf-8", "surrogatepass")


def _bound(fingerprint: str) -> bytes:
    return _ABOUT + b"\0" + fingerprint.encode()


def _lines(kind: str, keys: Sequence[bytes]) -> str:
    """A line each: kind, key in base64, and a checksum, without which a damaged key could seal but never open."""
    return "".join(f"{kind} {base64.b64encode(key).decode()} {_checksum(kind, key)}\n" for key in keys)


def _checksum(kind: str, key: bytes) -> str:
    return hashlib.sha256(kind.encode() + key).hexdigest()[:16]


def _read(path: Path, kind: str, *, private: bool) -> list[bytes]:
    """The keys in the file, the one in use first."""
    try:
        rights = path.stat().st_mode & 0o077
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise VaultError(f"{path}: {reason}; `secassist vault init` makes the keys, or restore a copy") from error
    if private and rights:
        raise VaultError(f"{path}: can be read by others; run: chmod 600 {path}")
    keys = [_key(path, kind, line) for line in text.splitlines() if line.strip()]
    if not keys:
        raise VaultError(f"{path}: holds no key; restore a copy of it")
    return keys


def _key(path: Path, kind: str, line: str) -> bytes:
    words = line.split()
    if len(words) != 3 or words[0] != kind:
        said = {_OPENING: "an admin key", _SEALING: "a sealing key"}
        raise VaultError(f"{path}: is not {said[kind]}, but {said.get(words[0], 'something else')}")
    try:
        key = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES or _checksum(kind, key) != words[2]:
        raise VaultError(f"{path}: is damaged; restore a copy of it (nothing was sealed or opened with it)")
    return key


def _replace(path: Path, text: str) -> None:
    try:
        write_private(path, text)
    except OSError as error:
        raise VaultError(f"{path}: cannot be written: {error.strerror}") from error
