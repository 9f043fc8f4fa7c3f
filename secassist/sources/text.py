"""Any plain text, one file as one Document: notes, Markdown, CSV, configuration."""

from collections.abc import Iterator
from pathlib import Path

from schemas import Document, Subject
from secassist.sources import _bytes, _inner
from secassist.sources._bytes import (
    HEAD_BYTES,
    decode,
    inner_name,
    is_binary,
    refuse_binary,
    relative,
    shown,
    suffix,
    visible,
)
from secassist.sources._within import Inner
from secassist.sources.base import Limits, Rejected, Skipped

_PROSE = (".txt", ".md", ".rst", ".adoc", ".csv", ".tsv", ".tex", ".org")
_SETTINGS = (
    ".ini",
    ".cfg",
    ".conf",
    ".yml",
    ".yaml",
    ".toml",
    ".properties",
    ".env",
    ".xml",
    ".config",
    ".pem",
    ".key",
)
_MOST_LINES = 200_000
"""Lines of one Document: each is a value of its own in memory (about 0.5 kB)."""


class Text:
    """What no other source reads better; scanned for secrets and personal data."""

    name = "text"
    summary = "any plain text: notes, Markdown, CSV, configuration"

    def sniff(self, path: Path, head: bytes) -> float:
        """Any text, a little, so that every other source goes first; known names more."""
        if is_binary(head):
            return 0.0
        if suffix(path) in (*_PROSE, *_SETTINGS) or inner_name(path).startswith(".env"):
            return 0.5
        return 0.4 if suffix(path) == ".json" else 0.1

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Document; of a file above record_bytes or 200,000 lines parts that know their first line."""
        origin, where = shown(path), relative(path)
        data = _bytes.whole(path, limits)
        refuse_binary(path, data[:HEAD_BYTES])
        body = visible(decode(data))
        if not body.strip():
            yield Skipped(origin, "empty file; nothing to read")
        elif len(body) > limits.record_bytes or body.count("\n") > _MOST_LINES:
            yield from _inner.text(data, Inner(self.name, origin, where), limits)
        else:
            yield Document(source=self.name, origin=origin, title=inner_name(Path(where)), path=where, body=body)


PLUGIN = Text()
