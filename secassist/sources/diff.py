"""Unified diffs: what each hunk adds, as a CodeUnit at its place in the new file.

The diff is cut into hunks here and each hunk is parsed alone by unidiff, so that a broken hunk costs itself only and no
attacker-written header reaches a library's regular expressions.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from schemas import CodeUnit, Subject
from secassist.sources._bytes import (
    NumberedLine,
    decode,
    is_binary,
    lines,
    shown,
    suffix,
    visible,
)
from secassist.sources._languages import language
from secassist.sources.base import Limits, Rejected, Skipped

Item = Subject | Rejected

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_THREE = re.compile(r"^--- .{0,4096}\n\+\+\+ .{0,4096}\n@@ -\d", re.MULTILINE)
_ESCAPE = re.compile(rb'\\([0-7]{3}|[abtnvfr"\\])')
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


class Diff:
    """Added lines for review before they are merged."""

    name = "diff"
    summary = "unified diffs: the lines that they add"

    def sniff(self, path: Path, head: bytes) -> float:
        """By git's header or the three header lines of a unified diff."""
        start = "" if is_binary(head) else decode(head)
        named = suffix(path) in (".diff", ".patch")
        if _THREE.search(start) or "\ndiff --git " in f"\n{start}":
            begins = start.lstrip().startswith(("diff ", "--- ", "Index: ", "commit ", "From "))
            return 0.95 if named else 0.9 if begins else 0.3
        return 0.6 if named and start else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Item]:
        """One CodeUnit per hunk that adds something: from the first added line to the last, context between included."""
        return _read(lines(path, limits, "\n"), shown(path), limits)


@dataclass
class _Hunk:
    """A hunk being collected: what its header promised and what came so far."""

    line: int
    old_start: int
    old: int
    new_start: int
    new: int
    body: list[str] = field(default_factory=list)
    old_seen: int = 0
    new_seen: int = 0
    size: int = 0
    lost: str = ""

    def take(self, text: str, limits: Limits) -> None:
        """Counts one body line; past the limit it counts only."""
        self.old_seen += text[:1] in (" ", "-", "")
        self.new_seen += text[:1] in (" ", "+", "")
        self.size += len(text)
        if self.size > limits.record_bytes:
            self.lost = f"the hunk is longer than {limits.record_bytes} characters; read the file itself as code"
            self.body.clear()
        if not self.lost:
            self.body.append(text)

    @property
    def full(self) -> bool:
        """Whether all lines promised have come."""
        return self.old_seen >= self.old and self.new_seen >= self.new

    def text(self) -> str:
        """A diff of this hunk alone, under headers of ours."""
        counts = f"-{self.old_start},{self.old} +{self.new_start},{self.new}"
        return "\n".join(("--- a", "+++ b", f"@@ {counts} @@", *self.body, ""))


@dataclass
class _File:
    """What the headers read last say; `line` 0 means that none was read."""

    line: int = 0
    old: str = ""
    path: str = ""
    hunks: int = 0
    note: str = "no line is changed"


def _read(source: Iterator[NumberedLine | Rejected], origin: str, limits: Limits) -> Iterator[Item]:
    cut = _Cut(origin, limits)
    for line in source:
        yield from cut.rejected(line) if isinstance(line, Rejected) else cut.line(line.number, line.text)
    yield from cut.end()


class _Cut:
    """Cuts a diff into files and hunks, counting the lines that each hunk promised, since its text may look like headers."""

    def __init__(self, origin: str, limits: Limits) -> None:
        self.origin, self.limits = origin, limits
        self.file, self.lines = _File(), 0
        self.hunk: _Hunk | None = None

    def rejected(self, line: Rejected) -> Iterator[Item]:
        """A line too long to be held counts as added."""
        self.lines += 1
        if self.hunk is None:
            yield line
            return
        self.hunk.new_seen += 1
        self.hunk.lost = line.reason
        yield from self._close_if_full(self.hunk)

    def line(self, number: int, text: str) -> Iterator[Item]:
        """The next line of the diff."""
        self.lines += 1
        text = text.removesuffix("\r")
        if self.hunk is not None and text[:1] in ("", " ", "+", "-", "\\"):
            self.hunk.take(text, self.limits)
            yield from self._close_if_full(self.hunk)
            return
        yield from self._short("the hunk is shorter than its header says; make the diff again")
        if found := _HUNK.match(text):
            self.file.hunks += 1
            old, old_lines, new, new_lines = (int(part or 1) for part in found.groups())
            self.hunk = _Hunk(number, old, old_lines, new, new_lines)
            yield from self._close_if_full(self.hunk)
        elif text.startswith("diff --git ") or (text.startswith("--- ") and (self.file.hunks or not self.file.line)):
            yield from self._close_file()
            self.file = _File(line=number, path=_from_git(text))
            self._header(text)
        elif self.file.hunks and text.startswith("+"):
            yield Rejected(f"{self.origin}:{number}", "an added line outside of any hunk; make the diff again")
        else:
            self._header(text)

    def end(self) -> Iterator[Item]:
        """What is still open, and an input that held no diff."""
        yield from self._short("the diff ends inside this hunk; make it again")
        yield from self._close_file()
        if not self.lines:
            yield Skipped(self.origin, "empty diff; nothing is added")
        elif not self.file.line:
            yield Rejected(self.origin, "holds no file header of a unified diff; make it with git diff or diff -u")

    def _header(self, text: str) -> None:
        if text.startswith("--- "):
            self.file.old = named(text[4:])
        elif text.startswith("+++ ") and self.file.line:
            new = named(text[4:])
            both = self.file.old.startswith("a/") or self.file.old == "/dev/null"
            name = self.file.old.removeprefix("a/") if new == "/dev/null" else new
            self.file.path = name.removeprefix("b/") if both else name
        elif text.startswith("rename to "):
            self.file.path, self.file.note = named(text[10:]), "renamed without a changed line"
        elif text.startswith(("Binary files ", "GIT binary patch")):
            self.file.note = "a binary change, which a diff does not show; scan the file itself"

    def _close_if_full(self, hunk: _Hunk) -> Iterator[Item]:
        if hunk.full:
            self.hunk = None
            yield _unit(hunk, self.file, self.origin)

    def _short(self, reason: str) -> Iterator[Item]:
        if self.hunk is not None:
            yield Rejected(f"{self.origin}:{self.hunk.line}", self.hunk.lost or reason)
            self.hunk = None

    def _close_file(self) -> Iterator[Item]:
        if self.file.line and not self.file.hunks:
            yield Skipped(f"{self.origin}:{self.file.line}", f"{self.file.path or 'unnamed file'}: {self.file.note}")


def _unit(hunk: _Hunk, file: _File, origin: str) -> Item:
    """What the hunk adds, from its first added line to its last."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    place = f"{origin}:{hunk.line}"
    if hunk.lost or not file.path:
        return Rejected(place, hunk.lost or "the hunk stands under no file header; make the diff again")
    try:
        lines_after = list(PatchSet(io.StringIO(hunk.text()))[0][0].target_lines())
    except (UnidiffParseError, ValueError, IndexError) as error:
        return Rejected(place, f"not a well-formed hunk ({' '.join(str(error).split())[:80]}); make the diff again")
    added = [index for index, line in enumerate(lines_after) if line.is_added]
    if not added:
        return Skipped(place, f"{file.path}: the hunk only removes lines")
    kept = lines_after[added[0] : added[-1] + 1]
    return CodeUnit(
        source=Diff.name,
        origin=place,
        title=file.path,
        path=file.path,
        language=language(PurePosixPath(file.path)),
        body="\n".join(visible(line.value.rstrip("\n").replace("\r", "\\r")) for line in kept),
        start_line=max(kept[0].target_line_no or 1, 1),
    )


def named(text: str) -> str:
    """The path of a header line: without time stamp, with git's quoting undone."""
    name = text.split("\t", maxsplit=1)[0].rstrip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        raw = name[1:-1].encode("utf-8", "surrogateescape")
        name = _ESCAPE.sub(_plain, raw).decode("utf-8", "surrogateescape")
    return shown(PurePosixPath(name[:4096])) if name else ""


def _plain(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if code.isdigit() else _ESCAPED.get(code, code)


def _from_git(text: str) -> str:
    """The path of "diff --git a/x b/x" where both are the same; renames and quoted names tell theirs later."""
    both = text.removeprefix("diff --git ")
    first, second = both[: len(both) // 2], both[len(both) // 2 + 1 :]
    return named(second[2:]) if first[2:] == second[2:] and second.startswith("b/") else ""


PLUGIN = Diff()
