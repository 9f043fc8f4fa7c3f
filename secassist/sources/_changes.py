"""What git says was added: files of a range or of the index with their added lines, and every commit of a history."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import IO

from schemas import CodeUnit, Subject
from secassist.errors import SourceError
from secassist.sources._bytes import decode, is_binary, shown, visible
from secassist.sources._git import PATCH, RAW, Repository, ended, fed
from secassist.sources._languages import language
from secassist.sources.base import Limits, Rejected, Skipped
from secassist.sources.diff import named

_HUNK = re.compile(rb"(@{2,64}) (?:-(\d{1,9})(?:,\d{1,9})? ){1,64}\+(\d{1,9})(?:,(\d{1,9}))? @{2,64}")
_INDEX = re.compile(rb"index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})")
_WIDEST_GAP = 100
"""Untouched lines up to which two added parts of a file stay one subject, so that what belongs together is seen so."""
_MOST_SEEN = 1_000_000
"""Added parts that are remembered so as not to be read twice: 100 MB."""
_MARK = b"\x01"
_KEPT_BYTES = 1 << 16

Lines = tuple[tuple[int, int], ...]
"""First and last line of each added part, 1-based."""


@dataclass(frozen=True)
class Change:
    """A file that a diff adds lines to. `path` and `before` are relative to the repository; `blob` holds its new content."""

    path: str
    before: str
    blob: str
    mode: str
    lines: Lines = ()


def staged(repo: Repository) -> list[Change]:
    """What a commit would add now."""
    return _changes(repo, ("diff-index", "--cached"), (repo.head(),))


def between(repo: Repository, range_: str) -> list[Change]:
    """What a range "A..B" or "A...B" adds."""
    return _changes(repo, ("diff-tree",), repo.ends(range_))


def _changes(repo: Repository, command: Sequence[str], ends: Sequence[str]) -> list[Change]:
    with repo.stream(*command, *PATCH, *ends, "--") as stream:
        added = _added(stream)
    names = iter(list(repo.names(*command, *RAW, *ends, "--")))
    found = list[Change]()
    for head in names:
        _, mode, old, blob, status = head.split(" ")
        before = next(names)
        path = next(names) if status[:1] in "RC" else before
        if status[:1] != "D":
            found.append(Change(path, before, blob, mode, tuple(dict.fromkeys(added.get((old, blob), ())))))
    return found


def _added(stream: IO[bytes]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Added line ranges by the ids of the old and the new content."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    ids, left = ("", ""), 0
    for line, _ in _lines(stream, 512):
        if left > 0 and line[:1] in b"+-\\":
            left -= line[:1] == b"+"
        elif match := _HUNK.match(line):
            first, left = int(match[3]), int(match[4] or 1)
            if left:
                found.setdefault(ids, []).append((first, first + left - 1))
        elif line.startswith(b"diff "):
            ids, left = ("", ""), 0
        elif index := _INDEX.match(line):
            ids = index[1].decode(), index[2].decode()
    return found


def blobs(repo: Repository, wanted: Sequence[Change], most: int) -> Iterator[tuple[Change, bytes | str]]:
    """The new content of each change, or why it is not read: larger than `most` bytes, a link, a submodule."""
    plain = [change for change in wanted if change.mode in ("100644", "100755") and set(change.blob) != {"0"}]
    for change in wanted:
        if change not in plain:
            yield change, {"160000": "a submodule", "120000": "a link"}.get(change.mode, "not a file with content")
    if not plain:
        return
    with fed(change.blob for change in plain) as asked, repo.stream("cat-file", "--batch", given=asked) as stream:
        for change in plain:
            _, kind, size = [*stream.readline(200).split(), b"", b"", b""][:3]
            if kind != b"blob":
                yield change, "git does not have its content"
                continue
            left, parts = int(size), list[bytes]()
            keep = left <= most
            while left and (chunk := stream.read(min(left, _KEPT_BYTES))):
                left -= len(chunk)
                parts += [chunk] if keep else []
            stream.read(1)
            yield change, b"".join(parts) if keep else f"larger than {most} bytes"


def commits(repo: Repository, range_: str = "") -> list[str]:
    """Ids of the commits of a range, or of everything that any reference reaches, oldest first."""
    if range_:
        first, second = repo.ends(range_)
        chosen: tuple[str, ...] = (second, f"^{first}")
    else:
        chosen = ("--all", "HEAD") if repo.head() else ("--all",)
    words = ("rev-list", "--reverse", "--topo-order", *chosen, "--")
    try:
        with repo.stream(*words) as stream:
            return [line.decode("ascii") for line in ended(stream, b"\n", 100)]
    except SourceError:
        if range_:
            raise
        return []


@dataclass
class Added:
    """What one commit adds; `when` is its author's date in ISO 8601."""

    commit: str
    when: str = ""
    items: list[Subject | Rejected] = field(default_factory=list)


def history(repo: Repository, wanted: Sequence[str], limits: Limits) -> Iterator[Added]:
    """Each commit with its added lines, every added part once; a merge gives only what none of its parents has.

    One commit is held at a time, and of one file at most `limits.record_bytes` before it is handed on in parts.
    """
    command = ("diff-tree", "--stdin", "--always", "--root", "--cc", f"--format={_MARK.decode()}%H %aI", *PATCH, "--")
    with fed(wanted) as asked, repo.stream(*command, given=asked) as stream:
        reading = _History(repo.top, limits)
        for line, cut in _lines(stream, limits.record_bytes):
            yield from reading.line(line, cut)
        yield from reading.end()


class _History:
    """Follows a stream of patches; text of files is told from headers by its first character, which git puts there."""

    def __init__(self, top: Path, limits: Limits) -> None:
        self._top, self._limits = top, limits
        self._commit: Added | None = None
        self._seen: set[bytes] = set()
        self._path, self._columns, self._number, self._first = "", 0, 0, 0
        self._kept, self._size = list[bytes](), 0

    def line(self, text: bytes, cut: bool) -> Iterator[Added]:
        """The next line; a commit that is complete comes out."""
        if text.startswith(_MARK):
            yield from self.end()
            commit, _, when = text[1:].decode("ascii", "replace").partition(" ")
            self._commit = Added(commit, when)
        elif text.startswith(b"diff "):
            self._flush()
            self._path, self._columns = "", 0
        elif found := _HUNK.match(text):
            self._columns, self._number = len(found[1]) - 1, int(found[3])
        elif self._columns:
            self._content(text, cut)
        elif text.startswith(b"+++ "):
            name = named(text[4:].decode("utf-8", "surrogateescape"))
            self._path = name.removeprefix("b/")

    def end(self) -> Iterator[Added]:
        """The commit that was being read."""
        self._flush()
        if self._commit:
            yield self._commit
        self._commit, self._path, self._columns = None, "", 0

    def _content(self, text: bytes, cut: bool) -> None:
        prefix = text[: self._columns]
        if b"-" in prefix or prefix.startswith(b"\\"):
            return
        if not prefix.strip(b"+"):
            self._add(text[self._columns :], cut)
        self._number += 1

    def _add(self, text: bytes, cut: bool) -> None:
        following = self._first + len(self._kept)
        if self._kept and not following <= self._number <= following + _WIDEST_GAP:
            self._flush()
        if not self._kept:
            self._first = self._number
        self._kept += [b""] * (self._number - self._first - len(self._kept))
        if cut and self._commit:
            where = f"{self._place()}:{self._number}"
            self._commit.items.append(Rejected(where, f"the line is longer than {self._limits.record_bytes} bytes"))
            text = b""
        self._kept.append(text.rstrip(b"\r").replace(b"\r", b" "))
        self._size += len(text)
        if self._size > self._limits.record_bytes:
            self._flush()

    def _place(self) -> str:
        at = f"{self._commit.commit} {self._commit.when}" if self._commit else ""
        return f"{at} {self._path}"

    def _flush(self) -> None:
        kept, self._kept, self._size = self._kept, [], 0
        data = b"\n".join(kept)
        if not self._commit or not data.strip():
            return
        if b"\0" in data or is_binary(data[:_KEPT_BYTES]):
            self._commit.items.append(Skipped(self._place(), "binary data"))
            return
        part = blake2b(self._path.encode("utf-8", "replace") + b"\0" + data, digest_size=12).digest()
        if part in self._seen:
            return
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(part)
        self._commit.items.append(self._unit(visible(decode(data))))

    def _unit(self, body: str) -> Subject:
        return CodeUnit(
            source="diff",
            origin=f"{self._place()}:{self._first}",
            title=self._path,
            path=self._path or shown(PurePosixPath("unnamed")),
            language=language(PurePosixPath(self._path)),
            body=body,
            start_line=max(self._first, 1),
        )


def _lines(stream: IO[bytes], most: int) -> Iterator[tuple[bytes, bool]]:
    """Lines without their LF, cut after `most` bytes, and whether they were."""
    while line := stream.readline(most + 1):
        whole = line.endswith(b"\n")
        cut = not whole and len(line) > most
        rest = line
        while cut and rest and not rest.endswith(b"\n"):
            rest = stream.readline(1 << 20)
        yield line[:most] if cut else line.removesuffix(b"\n"), cut
