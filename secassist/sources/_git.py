"""git as a reader: fixed arguments, no shell, and nothing that a scanned repository configures is run or followed."""

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from secassist.errors import SourceError
from secassist.sources._bytes import shown, visible

_OFF = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "core.bigFileThreshold=512m",
    "core.quotePath=true",
    "core.sshCommand=false",
    "core.askPass=false",
    "credential.helper=",
    "gpg.program=false",
    "log.showSignature=false",
    "protocol.allow=never",
    "submodule.recurse=false",
    "diff.ignoreSubmodules=all",
    "diff.orderFile=/dev/null",
    "diff.suppressBlankEmpty=false",
    "diff.relative=false",
    "diff.renameLimit=2000",
)
"""Settings of a repository that could start a program, reach a network, or hide what changed."""
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
PATCH = (
    "-r",
    "-M",
    "-p",
    "--text",
    "--full-index",
    "--unified=0",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=all",
)
"""A diff without context in which attributes hide nothing and no filter runs."""
RAW = ("-r", "-M", "--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
_REVISION = re.compile(r"[^\s\x00-\x1f\x7f-][^\s\x00-\x1f\x7f]{0,400}")
_NO_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without entries, which git knows without having it."""
PATIENCE = 120.0
"""Seconds that a listing may take; what hostile files (a FIFO as .gitignore) hold up longer is given up."""
_MOST_POINTER = 4096


@dataclass(frozen=True)
class Repository:
    """A working tree and its own git folder; both are named to git, so that no setting can point it elsewhere."""

    top: Path

    def command(self, words: Sequence[str], folder: Path | None = None) -> list[str]:
        """The whole command line."""
        settings = [word for setting in _OFF for word in ("-c", setting)]
        place = [f"--git-dir={self.top / '.git'}", f"--work-tree={self.top}"]
        return ["git", "-C", str(folder or self.top), "--no-pager", *place, *settings, *words]

    @contextmanager
    def stream(
        self, *words: str, folder: Path | None = None, given: IO[bytes] | None = None, patience: float = 0.0
    ) -> Iterator[IO[bytes]]:
        """The output of a git command as it comes; raises SourceError with git's own words when it fails.

        `patience` in seconds, 0 for none: a reader that stops, or time that is over, ends git.
        """
        with tempfile.TemporaryFile() as said:
            process = self._start(self.command(words, folder), given, said)
            alarm = threading.Timer(patience, process.kill) if patience else None
            if alarm:
                alarm.start()
            with process:
                try:
                    yield _pipe(process)
                except BaseException:
                    process.kill()
                    raise
                finally:
                    if alarm:
                        alarm.cancel()
                if process.wait() != 0:
                    said.seek(0)
                    told = visible(" ".join(said.read(400).decode("utf-8", "replace").split()))
                    raise SourceError(f"{shown(self.top)}: git {words[0]} failed: {told or 'it was ended'}")

    def _start(self, command: list[str], given: IO[bytes] | None, said: IO[bytes]) -> subprocess.Popen[bytes]:
        told = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        try:
            return subprocess.Popen(
                command,
                stdin=given or subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                env=told | _ENVIRONMENT,
            )
        except (OSError, ValueError) as error:
            raise SourceError(f"{shown(self.top)}: git cannot be started ({error}); install git") from error

    def names(self, *words: str, folder: Path | None = None) -> Iterator[str]:
        """NUL-ended names that a listing prints, as paths of the file system."""
        with self.stream(*words, folder=folder, patience=PATIENCE) as stream:
            yield from (os.fsdecode(name) for name in ended(stream, b"\0"))

    def commit(self, name: str) -> str:
        """The full id of a revision's commit; raises SourceError when there is none such."""
        if not _REVISION.fullmatch(name):
            raise SourceError(f"{visible(name)[:80]!r} is not the name of a commit")
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        try:
            with self.stream(*words, patience=PATIENCE) as stream:
                return stream.read(200).decode("ascii", "replace").split()[-1]
        except (SourceError, IndexError) as error:
            raise SourceError(f"{shown(self.top)}: there is no commit {visible(name)[:80]!r}") from error

    def ends(self, range_: str) -> tuple[str, str]:
        """The two commits whose difference a range "A..B" or "A...B" names; an empty side is HEAD."""
        first, dots, second = range_.partition("...") if "..." in range_ else range_.partition("..")
        if not dots or ".." in second:
            raise SourceError(f"{visible(range_)[:80]!r} is not a range of commits; give one such as main..HEAD")
        old, new = self.commit(first or "HEAD"), self.commit(second or "HEAD")
        if dots == "...":
            with self.stream("merge-base", old, new, patience=PATIENCE) as stream:
                old = stream.read(200).decode("ascii", "replace").strip() or old
        return old, new

    def head(self) -> str:
        """The commit that is checked out, or the empty tree before the first one."""
        try:
            return self.commit("HEAD")
        except SourceError:
            return _NO_TREE


def repository(path: Path) -> Repository | None:
    """The repository whose working tree holds the path, or None; one whose .git leads elsewhere is none."""
    here = path.resolve()
    for folder in (here, *here.parents):
        entry = folder / ".git"
        if os.path.lexists(entry):
            return Repository(folder) if _is_own(folder, entry) else None
    return None


def _is_own(folder: Path, entry: Path) -> bool:
    """Whether .git is a folder of the tree, or a pointer that its target confirms (a linked work tree, a submodule)."""
    with suppress(OSError):
        if entry.is_symlink():
            return False
        if entry.is_dir():
            return (entry / "HEAD").is_file() and (entry / "objects").is_dir() and not (entry / "config").is_fifo()
        if entry.is_file() and (target := _pointed(entry)):
            back = target / "gitdir"
            if back.is_file() and back.stat().st_size <= _MOST_POINTER:
                return Path(os.fsdecode(back.read_bytes()).strip()) == entry
            return any(target.is_relative_to(above / ".git" / "modules") for above in folder.parents)
    return False


def _pointed(entry: Path) -> Path | None:
    if entry.stat().st_size > _MOST_POINTER:
        return None
    word, _, place = os.fsdecode(entry.read_bytes()).strip().partition(": ")
    return (entry.parent / place).resolve() if word == "gitdir" and place else None


def ended(stream: IO[bytes], mark: bytes, most: int = 1 << 16) -> Iterator[bytes]:
    """Parts that end with `mark`; one above `most` bytes is left out."""
    kept, lost = b"", False
    while chunk := stream.read(1 << 16):
        *whole, rest = chunk.split(mark)
        for part in whole:
            if not lost and len(kept) + len(part) <= most:
                yield kept + part
            kept, lost = b"", False
        kept = b"" if lost else kept + rest
        if len(kept) > most:
            kept, lost = b"", True


def fed(lines: Iterable[str]) -> IO[bytes]:
    """A temporary file that holds these lines, to be a command's input; nothing but object ids belongs there."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked closes it
    for line in lines:
        file.write(f"{line}\n".encode("ascii"))
    file.seek(0)
    return file


def _pipe(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdout is None:
        raise SourceError("git gave no output stream; try again")
    return process.stdout
