"""Which source reads a file, and which files of a tree are read at all; what is left out is said."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from secassist.errors import SourceError
from secassist.sources import _bytes
from secassist.sources._bytes import shown
from secassist.sources.base import Limits, Rejected, Skipped, Source

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

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


def walk(root: Path) -> Iterator[Path | Rejected]:
    """Regular files below `root` in sorted order (or `root` itself); each thing left out as a Rejected with its reason.

    Left out on purpose (`Skipped`): .git, what .gitignore or .secassistignore name, links to folders. Left out as unfit:
    links leading out of the tree or nowhere, FIFOs, sockets, devices, folders that may not be read.
    """
    if _is_folder(root):
        yield from _folder(root, root.resolve(), ())
    else:
        yield _entry(root, root.resolve().parent)


def _folder(folder: Path, top: Path, above: tuple[_Ignore, ...]) -> Iterator[Path | Rejected]:
    """Depth first with a stack of our own, so that no tree is too deep."""
    waiting: list[tuple[Path, tuple[_Ignore, ...]]] = [(folder, above)]
    while waiting:
        path, ignores = waiting.pop()
        if reason := _ignored(path, ignores):
            yield Skipped(shown(path), reason)
        elif path.is_symlink() or not _is_folder(path):
            yield _entry(path, top)
        else:
            try:
                names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - names, not entries
            except OSError as error:
                yield Rejected(shown(path), f"the folder cannot be read ({error.strerror}); check its permissions")
                continue
            own, refused = _ignore_files(path, names)
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


def _ignored(path: Path, ignores: tuple[_Ignore, ...]) -> str:
    """Why the path is left out on purpose, or ""; the nearest ignore file that speaks of it decides, as with git."""
    if path.name == ".git":
        return "git's own data"
    is_folder = _is_folder(path) and not path.is_symlink()
    for ignore in ignores:
        below = path.relative_to(ignore.folder).as_posix() + ("/" if is_folder else "")
        told = ignore.spec.check_file(below).include
        if told is not None:
            return f"ignored by {ignore.name}" if told else ""
    return ""


def _ignore_files(folder: Path, names: list[str]) -> tuple[tuple[_Ignore, ...], list[Rejected]]:
    """The folder's own ignore files in order of precedence, and what of them is refused."""
    found, refused = list[_Ignore](), list[Rejected]()
    for name in _IGNORE_FILES:
        path = folder / name
        if name in names and not path.is_symlink() and path.is_file():
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
