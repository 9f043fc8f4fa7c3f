"""What a scan is about, cut into pieces that are read, judged and remembered one by one: files, git blobs, commits."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePath

from schemas import CodeUnit, Document, Subject
from secassist.analyzers._units import units
from secassist.errors import UsageError
from secassist.scanning.baseline import is_part
from secassist.scanning.detecting import Task
from secassist.scanning.index import stamp_of
from secassist.sources import _changes, _generated, _git, _inner
from secassist.sources._bytes import HEAD_BYTES, is_binary, relative, shown
from secassist.sources._choose import ignoring, walk
from secassist.sources._within import Inner
from secassist.sources.base import Limits, Rejected, Skipped

_MOST_LISTED = 64 * 1024 * 1024


@dataclass(frozen=True)
class Piece:
    """One thing to scan. `key` and `stamp` find it in the index ("" is never found); `where` is the file it stands for.

    `lines` are the only lines of it that are asked about; None means all.
    """

    name: str
    key: str
    stamp: str
    where: str
    task: Task
    lines: _changes.Lines | None = None


@dataclass
class Scope:
    """The pieces of a scan and what of it is left out; `count` of them, as far as that is known before reading.

    `living` are the absolute paths of files known to exist, all of the repository where `in_git`; `scanned` those looked at.
    """

    pieces: Iterable[Piece]
    count: int
    bytes: int = 0
    left: list[Rejected] = field(default_factory=list)
    living: list[str] = field(default_factory=list)
    scanned: list[str] = field(default_factory=list)
    in_git: bool = False

    def leave_out(self, path: Path, reason: str) -> None:
        """Takes one file out of the scan, and says so among what is left out; nothing where it is not in it."""
        where = str(path.absolute())
        if where in self.scanned:
            name = next((piece.name for piece in self.pieces if piece.where == where), shown(path))
            self.pieces = [piece for piece in self.pieces if piece.where != where]
            self.scanned = [one for one in self.scanned if one != where]
            self.count = len(self.pieces)
            self.left.append(Skipped(name, reason))


def of_paths(paths: Sequence[Path], exclude: Sequence[str] = (), generated: bool = False) -> Scope:
    """Every file below the paths; `generated` reads those too that nobody wrote by hand."""
    pieces, left, seen = list[Piece](), list[Rejected](), set[str]()
    for root in paths:
        for item in walk(root, exclude):
            if isinstance(item, Rejected):
                left.append(item)
            elif (piece := _file(item, root, generated)).key not in seen:
                seen.add(piece.key)
                pieces.append(piece)
    scanned = [piece.where for piece in pieces]
    repo = _git.repository(paths[0]) if paths else None
    living = scanned if repo is None else [*scanned, *_living(repo)]
    size = sum(piece.task.size for piece in pieces)
    return Scope(pieces, len(pieces), size, left, living, scanned, repo is not None)


def _file(path: Path, root: Path, generated: bool) -> Piece:
    below = path.relative_to(root) if path != root else PurePath(path.name)
    where = str(path.absolute())
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    kind = "whole" if generated else "file"  # the same file is left out in one of them
    return Piece(shown(path), f"{kind}:{where}", stamp_of(path), where, Task(path, below, (), size, generated))


def of_list(text: bytes, exclude: Sequence[str] = ()) -> Scope:
    """The files that a list names, each ended by NUL or by a new line; a file that is named is read, generated or not."""
    if len(text) > _MOST_LISTED:
        raise UsageError(f"the list of files is longer than {_MOST_LISTED} bytes; scan the folder instead")
    names = text.split(b"\0") if b"\0" in text else text.splitlines()
    files = [Path(name.decode(sys.getfilesystemencoding(), "surrogateescape")) for name in names if name.strip()]
    return of_paths(files, exclude, generated=True)


def of_changes(
    folder: Path,
    limits: Limits,
    range_: str = "",
    *,
    generated: bool = False,
    in_parts: bool = False,
    exclude: Sequence[str] = (),
) -> Scope:
    """The files that a range of commits changes, or, without one, those that are staged; as git has them, not the disk.

    `in_parts` takes of long code only the parts (functions) that were changed, which is what a model should be asked.
    """
    repo = repository(folder)
    changes = _changes.between(repo, range_) if range_ else _changes.staged(repo)
    left = list[Rejected]()
    pieces = list[Piece]()
    ignored = ignoring(repo.top, exclude)
    for change, data in _changes.blobs(repo, changes, limits.file_bytes):
        path = repo.top / change.path
        if isinstance(data, str):
            left.append((Rejected if "larger" in data else Skipped)(shown(path), data))
        elif reason := ignored(path) or _unwanted(change, data, generated):
            left.append(Skipped(shown(path), reason))
        else:
            pieces.append(_blob(path, change, data, limits, in_parts))
    scanned, size = [piece.where for piece in pieces], sum(piece.task.size for piece in pieces)
    return Scope(pieces, len(pieces), size, left, _living(repo), scanned, in_git=True)


def _unwanted(change: _changes.Change, data: bytes, generated: bool) -> str:
    if not change.lines:
        return "renamed, or only lines removed"
    name = PurePath(change.path)
    return "" if generated else _generated.by_name(name) or _generated.by_content(name.name, data[:HEAD_BYTES])


def _blob(path: Path, change: _changes.Change, data: bytes, limits: Limits, in_parts: bool) -> Piece:
    origin = shown(path)
    items: tuple[Subject | Rejected, ...]
    if is_binary(data[:HEAD_BYTES]) and data[:2] != b"PK":
        items = (Skipped(origin, "binary data"),)
    else:
        items = tuple(_inner.read(data, Inner("diff", origin, relative(path)), limits))
    lines = None if data[:2] == b"PK" else change.lines
    if in_parts and lines:
        items = tuple(part for item in items for part in _touched(item, lines))
    stamp = digest_of([change.blob, repr(lines) if in_parts else ""])
    return Piece(origin, f"blob:{path}", stamp, str(path), Task(items=items, size=len(data)), lines)


def _touched(item: Subject | Rejected, lines: _changes.Lines) -> Iterator[Subject | Rejected]:
    """The parts of a code unit that hold one of the lines; anything else whole."""
    if not isinstance(item, CodeUnit):
        yield item
        return
    body = item.body.split("\n")
    for first, last in units(item):
        start, end = first + item.start_line - 1, last + item.start_line - 1
        if any(one <= end and start <= other for one, other in lines):
            known = {name: getattr(item, name) for name in ("source", "title", "path", "language")}
            origin = item.origin if first == 1 else f"{item.origin}:{start}"
            yield CodeUnit(**known, origin=origin, body="\n".join(body[first - 1 : last]), start_line=start)


def _living(repo: _git.Repository) -> list[str]:
    return [str(repo.top / name) for name in repo.names("ls-files", "-z", "--cached")]


def of_history(folder: Path, limits: Limits, range_: str = "") -> Scope:
    """Every commit that any reference reaches, or those of a range, oldest first; each is read when its turn comes."""
    repo = repository(folder)
    wanted = _changes.commits(repo, range_)
    return Scope(Commits(repo, wanted, limits), len(wanted), living=_living(repo), in_git=True)


@dataclass
class Commits:
    """Pieces of a history: named at once, read (`unread`) when it is known which of them are new."""

    repo: _git.Repository
    wanted: list[str]
    limits: Limits

    def __iter__(self) -> Iterator[Piece]:
        for commit in self.wanted:
            yield self.piece(_changes.Added(commit))

    def unread(self, commits: Sequence[str]) -> Iterator[Piece]:
        """These commits, read in one go."""
        for added in _changes.history(self.repo, commits, self.limits):
            yield self.piece(added)

    def piece(self, added: _changes.Added) -> Piece:
        """One commit."""
        items = tuple(item for item in added.items if not _is_baseline(item))
        size = sum(len(getattr(item, "body", "")) for item in items)
        top = str(self.repo.top)
        return Piece(
            f"{shown(self.repo.top)}@{added.commit}",
            f"commit:{top}:{added.commit}",
            added.commit,
            top,
            Task(items=items, size=size),
        )


def _is_baseline(item: Subject | Rejected) -> bool:
    return isinstance(item, CodeUnit | Document) and is_part(item.path, item.text.split("\n"))


def repository(folder: Path) -> _git.Repository:
    """Raises UsageError when the folder is no part of a git repository that may be trusted to be one."""
    found = _git.repository(folder)
    if found is None:
        raise UsageError(f"{folder}: not in a git repository (or its .git leads elsewhere)")
    return found


def digest_of(parts: Iterable[str]) -> str:
    """One short digest of several texts."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
