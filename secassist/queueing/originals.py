"""Seals what a job has to see as it was read, so that a search for secrets can wait without its secrets being stored.

AES-256-GCM (NIST SP 800-38D) under a key that HKDF-SHA256 (RFC 5869) derives from the installation's own, which lies
beside the database and never in it. The id of the subject is authenticated: no text can pass for another's.
"""

import json
import secrets
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from schemas import AnySubject, Subject, canonical_json
from secassist.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12
_ABOUT = b"secassist queue original 1"
_NOUN: TypeAdapter[AnySubject] = TypeAdapter(AnySubject)


class Originals:
    """Seals and opens subjects; `key` is the installation's."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._made: AESGCM | None = None

    def seal(self, subject: Subject, id_: str) -> bytes:
        """Version, nonce, ciphertext with tag; `id_` is that under which the subject is stored."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        text = canonical_json(subject.content()).encode("utf-8", "surrogatepass")
        return VERSION + nonce + self._cipher().encrypt(nonce, text, _bound(id_))

    def open(self, sealed: bytes, id_: str, origin: str) -> AnySubject:
        """The subject, as read from `origin`. Raises UsageError when it was sealed under another key, or altered."""
        from cryptography.exceptions import InvalidTag

        head = len(VERSION) + NONCE_BYTES
        try:
            text = self._cipher().decrypt(sealed[len(VERSION) : head], sealed[head:], _bound(id_))
            return _NOUN.validate_python({**json.loads(text.decode("utf-8", "surrogatepass")), "origin": origin})
        except (InvalidTag, ValueError, ValidationError):  # `from None`: a validation error quotes the text
            raise UsageError("what it has to see was sealed under another key or is damaged; submit it again") from None

    def _cipher(self) -> "AESGCM":
        if self._made is None:
            from cryptography.hazmat.primitives import hashes
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF

            self._made = AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_ABOUT).derive(self._key))
        return self._made


def _bound(id_: str) -> bytes:
    return _ABOUT + b"\0" + id_.encode()
