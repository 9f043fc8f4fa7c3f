"""Source files: one file as one CodeUnit, a very large one as several with their line numbers."""

from collections.abc import Iterator
from pathlib import Path

from schemas import CodeUnit, Subject
from secassist.sources._bytes import (
    NumberedLine,
    decode,
    is_binary,
    lines,
    relative,
    shown,
    visible,
)
from secassist.sources._languages import language
from secassist.sources.base import Limits, Rejected, Skipped

_MOST_LINES = 50_000


class Code:
    """Program text for review; `language` is "" where neither the name nor the first line tells."""

    name = "code"
    summary = "source files of some 30 languages, by suffix or shebang"

    def sniff(self, path: Path, head: bytes) -> float:
        """By suffix, well-known name or shebang."""
        if is_binary(head):
            return 0.0
        return 0.8 if language(path, decode(head[:256])) else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """CodeUnits of at most about record_bytes; a line above that (minified code) is rejected, the rest goes on."""
        kind, part, size, some = language(path), list[NumberedLine](), 0, False
        for line in lines(path, limits):
            some = True
            if isinstance(line, Rejected) or size > limits.record_bytes or len(part) >= _MOST_LINES:
                yield from self._unit(path, part, kind)
                part, size = [], 0
            if isinstance(line, Rejected):
                yield line
                continue
            if line.number == 1:
                kind = kind or language(path, line.text)
            part.append(line)
            size += len(line.text)
        yield from self._unit(path, part, kind)
        if not some:
            yield Skipped(shown(path), "empty file; nothing to read")

    def _unit(self, path: Path, part: list[NumberedLine], kind: str) -> Iterator[Subject | Rejected]:
        if part and not any(line.text.strip() for line in part):
            yield Skipped(shown(path), f"lines {part[0].number}-{part[-1].number} are blank; nothing to read")
        elif part:
            where, first = relative(path), part[0].number
            yield CodeUnit(
                source=self.name,
                origin=shown(path) if first == 1 else f"{shown(path)}:{first}",
                title=where,
                path=where,
                language=kind,
                body="\n".join(visible(line.text) for line in part),
                start_line=first,
            )


PLUGIN = Code()
