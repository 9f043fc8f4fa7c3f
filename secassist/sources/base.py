"""The contract of a source: bytes in, frozen subjects out; a bad record is rejected by name, never dropped."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from schemas import Subject


@dataclass(frozen=True)
class Limits:
    """What a source refuses or splits at. Sizes in bytes unless said otherwise."""

    file_bytes: int = 32 * 1024 * 1024
    record_bytes: int = 1024 * 1024
    fields_per_record: int = 2_000
    depth: int = 32
    window_lines: int = 40


@dataclass(frozen=True)
class Rejected:
    """A part of the input that could not become a subject: `origin` is "file" or "file:line", `reason` one sentence."""

    origin: str
    reason: str


class Skipped(Rejected):
    """A part left out on purpose (empty, ignored, nothing added): reported and counted, but no failure of the input."""


class Source(Protocol):
    """A plug-in `secassist/sources/<name>.py` ends with `PLUGIN = ItsSource()`; it must be stateless."""

    name: str
    """The file name."""
    summary: str
    """One line for `--help` and the README."""

    def sniff(self, path: Path, head: bytes) -> float:
        """How surely this source can read the file, 0 (cannot) to 1 (sure), from its name and first 64 KiB. Never raises."""
        ...

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """Every record of the file, in order, as a Subject or a Rejected, lazily and in bounded memory.

        Raises SourceError only when the file as a whole cannot be read (missing, no permission, larger than allowed).
        """
        ...
