"""Reads a file so that it can be written back byte for byte, and writes and undoes changes; follows no symlink."""

import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas import Check, digest
from secassist.fixing.base import FixError, Run
from secassist.sources._bytes import HEAD_BYTES, encoding, is_binary
from secassist.writing import write_private

MOST_BYTES = 4 * 1024 * 1024
"""A longer source file is generated; it is not rewritten."""
_SEALED_ABOUT = b"secassist undo 1"
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Page:
    """A file as text with LF line breaks, and all that is needed to write it back."""

    path: Path
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    encoding: str

    def of(self, data: bytes) -> "Page":
        """The same file with other bytes in the same encoding."""
        return Page(self.path, data, _unix(data.decode(self.encoding)), self.encoding)

    @property
    def digest(self) -> str:
        """Of the bytes."""
        return digest(self.data)

    def written(self, runs: tuple[Run, ...]) -> bytes:
        """The bytes with these runs of lines replaced; new lines end as those that they replace or stand beside."""
        lines = _broken(self.data.decode(self.encoding))
        usual = _usual(lines)
        for first, last, new in reversed(runs):
            ends = [_break_of(line) for line in lines[first:last]] or [usual]
            at_end = last >= len(lines)
            fresh = [text + (ends[min(at, len(ends) - 1)] or usual) for at, text in enumerate(new)]
            if at_end and fresh:
                fresh[-1] = new[-1] + (_break_of(lines[-1]) if lines else "")
            lines[first:last] = fresh
        return "".join(lines).encode(self.encoding)


def read(path: Path) -> Page:
    """A regular file that is text and survives being decoded and encoded; raises FixError otherwise."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise FixError(f"{path}: cannot be read ({error.strerror}); a fix follows no links") from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FixError(f"{path}: is no regular file")
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FixError(f"{path}: is larger than {MOST_BYTES} bytes; such a file is not rewritten")
    name = encoding(data[:HEAD_BYTES])
    try:
        raw = data.decode(name)
        same = raw.encode(name) == data
    except UnicodeError:
        raw, same = "", False
    if not same or is_binary(data[:HEAD_BYTES]):
        raise FixError(f"{path}: is not plain text in one encoding; it cannot be written back as it was")
    return Page(path, data, _unix(raw), name)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _broken(text: str) -> list[str]:
    """Lines with their breaks, by LF, CRLF or CR only; the last one is what follows the last break."""
    pieces = re.split(r"(\r\n|\n|\r)", text)
    return [line + mark for line, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]


def _break_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _usual(lines: list[str]) -> str:
    found = [end for line in lines if (end := _break_of(line))]
    return max(set(found), key=found.count) if found else "\n"


def replace(path: Path, data: bytes, expected: bytes) -> None:
    """Writes atomically, with the file's mode; raises FixError when the file is not `expected` any more."""
    if read(path).data != expected:
        raise FixError(f"{path}: was changed meanwhile; nothing was written")
    mode = stat.S_IMODE(path.stat().st_mode)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fchmod(out.fileno(), mode)
            os.fsync(out.fileno())
        draft.replace(path)
    except OSError as error:
        raise FixError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


@dataclass(frozen=True)
class Undo:
    """What has to be known to take a change back: where, and the digests of the bytes before and after."""

    finding: str
    path: Path
    before: str
    after: str
    checks: tuple[Check, ...] = ()


class Undos:
    """Undo entries in the home folder, one per finding; the old bytes are sealed, since they may hold a secret."""

    def __init__(self, home: Path, key: bytes) -> None:
        self._folder = home / "fixes"
        self._key = key

    def apply(self, page: Page, data: bytes, finding: str, checks: tuple[Check, ...]) -> Undo:
        """Notes the old bytes, then writes the new ones."""
        undo = Undo(finding, page.path.absolute(), page.digest, digest(data), checks)
        self._save(undo, page.data)
        replace(page.path, data, page.data)
        return undo

    def undo(self, finding: str) -> Undo:
        """Puts the old bytes back. Raises FixError when nothing was applied or the file was edited since."""
        found, old = self._load(finding)
        now = read(found.path)
        if now.digest != found.after:
            raise FixError(
                f"{found.path}: was edited since the fix was applied; undo later fixes first, or this one by hand"
            )
        replace(found.path, old, now.data)
        self._file(finding).unlink(missing_ok=True)
        return found

    def earlier(self, page: Page) -> list[tuple[str, Page]]:
        """Findings whose fixes led to what the file is now, and the file before each; the oldest first.

        None where the file was edited since.
        """
        found = list[tuple[str, Page]]()
        steps, now = {undo.after: (undo.finding, old) for undo, old in self._of(page.path.absolute())}, page
        while now.digest in steps:
            finding, old = steps.pop(now.digest)
            now = page.of(old)
            found.insert(0, (finding, now))
        return found

    def _of(self, path: Path) -> Iterator[tuple[Undo, bytes]]:
        """The entries of a file, damaged ones left out."""
        for entry in sorted(self._folder.glob("*.json")):
            with suppress(FixError):
                undo, old = self._read(entry)
                if undo.path == path:
                    yield undo, old

    def _file(self, finding: str) -> Path:
        return self._folder / f"{digest(finding)[:32]}.json"

    def _save(self, undo: Undo, old: bytes) -> None:
        kept: dict[str, Any] = {
            "finding": undo.finding,
            "path": os.fsencode(undo.path).hex(),
            "before": undo.before,
            "after": undo.after,
            "checks": [check.model_dump(mode="json") for check in undo.checks],
            "sealed": self._seal(old, undo.finding).hex(),
        }
        write_private(self._file(undo.finding), json.dumps(kept))

    def _load(self, finding: str) -> tuple[Undo, bytes]:
        entry = self._file(finding)
        if not entry.exists():
            raise FixError("no fix of this finding was applied here, or it was undone already")
        return self._read(entry)

    def _read(self, entry: Path) -> tuple[Undo, bytes]:
        """An entry, and the bytes before its fix; raises FixError where it is damaged or was altered."""
        try:
            kept = json.loads(entry.read_text(encoding="utf-8"))
            path = Path(os.fsdecode(bytes.fromhex(kept["path"])))
            old = self._open(bytes.fromhex(kept["sealed"]), kept["finding"])
            undo = Undo(kept["finding"], path, kept["before"], kept["after"])
        except (KeyError, ValueError, TypeError, OSError) as error:
            raise FixError(f"{entry}: the undo entry is damaged") from error
        if digest(old) != undo.before:
            raise FixError(f"{entry}: the undo entry is damaged")
        return undo, old

    def _seal(self, data: bytes, finding: str) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._derived()).encrypt(nonce, data, finding.encode())

    def _open(self, sealed: bytes, finding: str) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(self._derived()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], finding.encode())
        except InvalidTag as error:
            raise FixError("the undo entry was altered, or made under another key") from error

    def _derived(self) -> bytes:
        import hmac

        return hmac.digest(self._key, _SEALED_ABOUT, "sha256")
