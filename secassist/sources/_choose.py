"""Which source reads a file, and which files of a tree are read at all; what is left out is said."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from schemas import Subject
from secassist.errors import SourceError, UsageError
from secassist.sources import _bytes, _git
from secassist.sources._bytes import shown
from secassist.sources.base import Limits, Rejected, Skipped, Source

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

Item = Subject | Rejected
_IGNORE_FILES = (".secassistignore", ".gitignore")
"""In order of precedence within one directory."""
_MOST_PATTERNS = 2_000
_MOST_STARS = 3
_STARS = re.compile(r"\*+")


def choose(path: Path, sources: Mapping[str, Source]) -> Source:
    """The source that is surest of the file, the first by name among equals.

    Raises SourceError naming the file and the known sources if none can read it, or if it cannot be opened.
    """
    start = _bytes.head(path)
    sure = {name: sources[name].sniff(path, start) for name in sorted(sources)}
    best = max(sure, key=lambda name: sure[name], default="")
    if not best or sure[best] <= 0:
        what = "binary data" if _bytes.is_binary(start) else "this content"
        raise SourceError(f"{shown(path)}: no source reads {what}; known are: {', '.join(sorted(sources)) or 'none'}")
    return sources[best]


@dataclass(frozen=True)
class _Ignore:
    """The patterns of one ignore file, relative to its directory."""

    folder: Path
    name: str
    spec: "GitIgnoreSpec"


def read_file(path: Path, sources: Mapping[str, Source], limits: Limits, source: str = "") -> Iterator[Item]:
    """Every subject of one file by the named source, or the surest; what cannot be read is a Rejected."""
    try:
        _refuse_large(path, limits)
        reader = sources[source] if source else choose(path, sources)
        yield from reader.read(path, limits)
    except SourceError as error:
        yield Rejected(shown(path), str(error).removeprefix(f"{shown(path)}: "))


def _refuse_large(path: Path, limits: Limits) -> None:
    size = path.stat().st_size if path.is_file() else 0
    if size > limits.file_bytes:
        least = -(-size // 2**20)
        raise SourceError(
            f"{size} bytes are more than is read at once; split it or set SECASSIST_FILE_MEGABYTES={least}"
        )


def walk(root: Path, exclude: Sequence[str] = ()) -> Iterator[Path | Rejected]:
    """Regular files below `root` in sorted order (or `root` itself); each thing left out as a Rejected with its reason.

    What git ignores is left out by git where `root` is part of a repository, else by the .gitignore files found here.
    Left out on purpose (`Skipped`): .git, what an ignore file or `exclude` (patterns of the same syntax) names, submodules,
    links to folders. Left out as unfit: links leading out of the tree or nowhere, FIFOs, sockets, devices, folders that
    may not be read.
    """
    if not _is_folder(root):
        yield _entry(root, root.resolve().parent)
        return
    above = (_Ignore(root, "--exclude", _spec(exclude)),) if exclude else ()
    listed = _listed(root)
    if listed is None:
        yield from _folder(root, root.resolve(), above, _IGNORE_FILES)
    else:
        yield from _kept(root, listed, above)


def _spec(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    for pattern in patterns:
        if _is_costly(pattern) or not _is_valid(pattern):
            raise UsageError(f"{pattern!r} is not a pattern to exclude, or too complicated; give one such as docs/*.md")
    return GitIgnoreSpec.from_lines(patterns)


def _listed(root: Path) -> list[tuple[str, str]] | None:
    """What git knows below the folder: sorted relative names, each with why it is left out; None where git cannot say."""
    repo = _git.repository(root)
    if repo is None:
        return None
    common = ("ls-files", "-z", "--others", "--exclude-standard")
    try:
        there = [(name, "") for name in repo.names(*common, "--cached", "--deduplicate", folder=root.resolve())]
        hidden = repo.names(*common, "--ignored", "--directory", folder=root.resolve())
        return sorted([*there, *((name, "ignored by git") for name in hidden)])
    except SourceError:
        return None


def _kept(root: Path, listed: Sequence[tuple[str, str]], above: tuple[_Ignore, ...]) -> Iterator[Path | Rejected]:
    """The listed files, less what .secassistignore files and links leave out; a name of git is not believed to be inside."""
    top, folders = root.resolve(), _Folders(root, above)
    if (root / ".git").exists():
        yield Skipped(shown(root / ".git"), "git's own data")
    for name, left in listed:
        path = root / name
        if PurePosixPath(name).is_absolute() or {"..", ".git"} & set(PurePosixPath(name).parts):
            yield Rejected(shown(path), "git lists a name that leads out of the tree; look at this repository by hand")
        elif left:
            yield Skipped(shown(path), left)
        elif not folders.is_inside(path.parent, top):
            yield Rejected(shown(path), "behind a link that leaves the folder; scan its target by name if it is meant")
        elif reason := folders.ignored(path):
            yield Skipped(shown(path), reason)
        elif not path.is_symlink() and _is_folder(path):
            yield Skipped(shown(path), "a submodule or another repository inside; scan it by name")
        elif not os.path.lexists(path):
            yield Skipped(shown(path), "known to git, but not there")
        else:
            yield _entry(path, top)
        yield from folders.refused()


def ignoring(root: Path, exclude: Sequence[str] = ()) -> Callable[[Path], str]:
    """Why a path below `root` is left out by .secassistignore files or `exclude`, or ""."""
    return _Folders(root, (_Ignore(root, "--exclude", _spec(exclude)),) if exclude else ()).ignored


class _Folders:
    """What is known of folders that git's names lead through: where they are, and what .secassistignore in them says."""

    def __init__(self, root: Path, above: tuple[_Ignore, ...]) -> None:
        self._root, self._above = root, above
        self._inside: dict[Path, bool] = {}
        self._ignores: dict[Path, tuple[_Ignore, ...]] = {}
        self._refused: list[Rejected] = []

    def is_inside(self, folder: Path, top: Path) -> bool:
        """Whether the folder really lies below the top, links followed."""
        if folder not in self._inside:
            try:
                self._inside[folder] = folder.resolve().is_relative_to(top)
            except (OSError, RuntimeError):
                self._inside[folder] = False
        return self._inside[folder]

    def ignored(self, path: Path) -> str:
        """Why the path, or a folder around it, is left out on purpose, or ""."""
        around = [path, *path.parents[: len(path.relative_to(self._root).parts) - 1]]
        found = (_ignored(each, self._of(each.parent), each is not path) for each in reversed(around))
        return next(filter(None, found), "")

    def _of(self, folder: Path) -> tuple[_Ignore, ...]:
        if folder not in self._ignores:
            own, bad = _ignore_files(folder, _IGNORE_FILES[:1])
            outer = self._above if folder == self._root else self._of(folder.parent)
            self._ignores[folder] = own + outer
            self._refused += bad
        return self._ignores[folder]

    def refused(self) -> list[Rejected]:
        """Patterns without effect that were met since the last call."""
        found, self._refused = self._refused, []
        return found


def _folder(
    folder: Path, top: Path, above: tuple[_Ignore, ...], ignore_files: Sequence[str]
) -> Iterator[Path | Rejected]:
    """Depth first with a stack of our own, so that no tree is too deep."""
    waiting: list[tuple[Path, tuple[_Ignore, ...]]] = [(folder, above)]
    while waiting:
        path, ignores = waiting.pop()
        if reason := _ignored(path, ignores, _is_folder(path) and not path.is_symlink()):
            yield Skipped(shown(path), reason)
        elif path.is_symlink() or not _is_folder(path):
            yield _entry(path, top)
        else:
            try:
                names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - names, not entries
            except OSError as error:
                yield Rejected(shown(path), f"the folder cannot be read ({error.strerror}); check its permissions")
                continue
            own, refused = _ignore_files(path, [name for name in ignore_files if name in names])
            yield from refused
            waiting.extend((path / name, own + ignores) for name in names)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _entry(path: Path, top: Path) -> Path | Rejected:
    """The path if it is a regular file of the tree, else why not."""
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):
        return Rejected(shown(path), "does not exist, leads nowhere or may not be read; check the path")
    if path.is_symlink():
        if not target.is_relative_to(top):
            return Rejected(shown(path), "a link that leaves the folder; scan its target by name if it is meant")
        if target.is_dir():
            return Skipped(shown(path), "a link to a folder of the same tree, which is read at its own place")
    if not stat.S_ISREG(mode):
        return Rejected(shown(path), "not a regular file (FIFO, socket or device); leave it out")
    return path


def _ignored(path: Path, ignores: tuple[_Ignore, ...], is_folder: bool) -> str:
    """Why the path is left out on purpose, or ""; the nearest ignore file that speaks of it decides, as with git."""
    if path.name == ".git":
        return "git's own data"
    for ignore in ignores:
        below = path.relative_to(ignore.folder).as_posix() + ("/" if is_folder else "")
        told = ignore.spec.check_file(below).include
        if told is not None:
            return f"ignored by {ignore.name}" if told else ""
    return ""


def _ignore_files(folder: Path, names: Sequence[str]) -> tuple[tuple[_Ignore, ...], list[Rejected]]:
    """The folder's own ignore files in order of precedence, and what of them is refused."""
    found, refused = list[_Ignore](), list[Rejected]()
    for name in names:
        path = folder / name
        if not path.is_symlink() and path.is_file():
            spec, bad = _patterns(path)
            refused += bad
            found.append(_Ignore(folder, name, spec))
    return tuple(found), refused


def _patterns(path: Path) -> "tuple[GitIgnoreSpec, list[Rejected]]":
    """The patterns of an ignore file without those that would cost too much to match."""
    from pathspec import GitIgnoreSpec

    kept, refused = list[str](), list[Rejected]()
    try:
        for line in _bytes.lines(path, Limits(record_bytes=1_000)):
            if isinstance(line, Rejected) or len(kept) >= _MOST_PATTERNS or _is_costly(line.text):
                origin = line.origin if isinstance(line, Rejected) else f"{shown(path)}:{line.number}"
                refused.append(Rejected(origin, "the ignore pattern is too complicated and has no effect; simplify it"))
            elif _is_valid(line.text):
                kept.append(line.text)
            else:
                refused.append(Rejected(f"{shown(path)}:{line.number}", "not an ignore pattern; fix or remove it"))
    except SourceError as error:
        refused.append(Rejected(shown(path), str(error)))
    return GitIgnoreSpec.from_lines(kept), refused


def _is_costly(pattern: str) -> bool:
    """Wildcards multiply in a regular expression: more than three are refused."""
    return len(_STARS.findall(pattern)) > _MOST_STARS and not pattern.startswith("#")


def _is_valid(pattern: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return False
    return True
