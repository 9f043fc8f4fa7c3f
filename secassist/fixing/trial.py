"""Runs a repository's own tests on a copy of it that holds the fix; the working tree is never touched."""

import os
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from schemas import Check
from secassist.fixing.base import FixError

MOST_BYTES = 512 * 1024 * 1024
MOST_FILES = 50_000
_LEFT_OUT = frozenset({".git", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "SYSTEMROOT")
"""All that tests get of the environment; home and temporary folder are inside the copy's."""
_SHOWN = 160


@dataclass(frozen=True)
class Trial:
    """One command, run without a shell in a copy of `root`; `file` is the fixed one. `seconds` bounds each run."""

    root: Path
    file: Path
    command: str
    seconds: float = 300.0

    def run(self, data: bytes) -> Check:
        """Passes when the command ends with 0; says of a failure whether it failed without the fix, too."""
        words = shlex.split(self.command)
        if not words:
            raise FixError("--test-command is empty")
        with tempfile.TemporaryDirectory(prefix="secassist-fix-") as folder:
            copy = Path(folder) / "copy"
            copy_tree(self.root, copy)
            inside = copy / self.file.absolute().relative_to(self.root.absolute())
            mode = stat.S_IMODE(self.file.stat().st_mode)
            before = inside.read_bytes()
            _put(inside, data, mode)
            failed = self._failure(words, copy, Path(folder))
            if not failed:
                return Check(name="tests", passed=True, detail=self.command[:_SHOWN])
            _put(inside, before, mode)
            also = self._failure(words, copy, Path(folder))
        told = f"{failed}; without the fix {'they fail, too' if also else 'they pass'}"
        return Check(name="tests", passed=False, detail=told)

    def _failure(self, words: list[str], copy: Path, folder: Path) -> str:
        """Why the run does not count as passed, "" if it does."""
        home, temporary = folder / "home", folder / "tmp"
        for path in (home, temporary):
            path.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment = {**kept, "HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            running = subprocess.Popen(
                words,
                cwd=copy,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise FixError(f"--test-command cannot be started: {error.strerror}") from error
        try:
            code = running.wait(self.seconds)
        except subprocess.TimeoutExpired:
            return f"the tests did not end within {self.seconds:g} s"
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        return f"the tests end with {code}" if code else ""


def _put(path: Path, data: bytes, mode: int) -> None:
    path.write_bytes(data)
    path.chmod(mode | stat.S_IWUSR)


def copy_tree(root: Path, copy: Path) -> None:
    """Regular files and folders; links only where they stay inside, special files never. Raises FixError above the caps."""
    room, left, real = MOST_BYTES, MOST_FILES, root.resolve()
    waiting = [(root, copy)]
    while waiting:
        source, target = waiting.pop()
        target.mkdir()
        for entry in os.scandir(source):
            if entry.name in _LEFT_OUT:
                continue
            place = target / entry.name
            left -= 1
            if entry.is_symlink():
                _copy_link(Path(entry.path), place, real)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), place))
            elif entry.is_file(follow_symlinks=False):
                room -= entry.stat(follow_symlinks=False).st_size
                if room >= 0:
                    shutil.copyfile(entry.path, place, follow_symlinks=False)
                    place.chmod(stat.S_IMODE(entry.stat(follow_symlinks=False).st_mode) | stat.S_IRUSR | stat.S_IWUSR)
            if room < 0 or left < 0:
                raise FixError(
                    f"{root}: more than {MOST_BYTES >> 20} MiB or {MOST_FILES} files; too much to copy for tests"
                )


def _copy_link(link: Path, place: Path, real: Path) -> None:
    """A relative link within the tree stays one; others are left out."""
    target = Path(os.readlink(link))  # noqa: PTH115 - the text of the link, as it is
    end = Path(os.path.realpath(link))  # a loop has no end, which resolve() would raise about
    inside = not target.is_absolute() and end.is_relative_to(real)
    stays = os.path.normpath(link.parent.resolve().relative_to(real) / target) if inside else ".."
    if inside and not stays.startswith(".."):
        place.symlink_to(target)


def root_of(file: Path) -> Path:
    """The repository around a file, else the working directory if the file is below it, else the file's folder."""
    absolute = file.absolute()
    for folder in absolute.parents:
        if (folder / ".git").exists():
            return folder
    here = Path.cwd()
    return here if absolute.is_relative_to(here) else absolute.parent
