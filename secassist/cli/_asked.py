"""Which files a scan is asked about: paths, a git range, what is staged, a list, a history."""

import os
from dataclasses import dataclass
from pathlib import Path

from secassist.cli._standard import standard_input
from secassist.errors import UsageError
from secassist.pipeline import Pipeline
from secassist.scanning import pieces

_MOST_STDIN = 64 * 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """What the command line says about which files."""

    paths: list[Path]
    diff: str | None
    staged: bool
    files_from: str | None
    history: bool
    exclude: list[str]
    generated: bool

    def check(self) -> None:
        """Raises UsageError when it is nothing, or several things."""
        chosen = [self.diff is not None, self.staged, self.files_from is not None, self.history]
        if sum(chosen) > 1:
            raise UsageError("--diff, --staged, --files-from and --history exclude each other")
        if not any(chosen) and not self.paths:
            raise UsageError("name files or folders to scan, a git range with --diff BASE..HEAD, --staged or --history")
        if self.files_from is not None and self.paths:
            raise UsageError("name the files to scan, or give a list with --files-from, not both")
        ranges = [path for path in self.paths if self.history and ".." in str(path) and not os.path.lexists(path)]
        if len(ranges) > 1:
            raise UsageError("--history takes one range of commits")
        missing = next((path for path in self.paths if path not in ranges and not os.path.lexists(path)), None)
        if missing is not None:
            raise UsageError(f"{missing}: no such file or folder")

    @property
    def whole(self) -> bool:
        """Whether paths are scanned as they lie there, so that one scan of them can be compared with the next."""
        return not (self.diff is not None or self.staged or self.files_from is not None or self.history)

    def scope(self, made: Pipeline, fast: bool) -> pieces.Scope:
        """The pieces to scan."""
        if self.history:
            ranges = [path for path in self.paths if ".." in str(path) and not os.path.lexists(path)]
            places = [path for path in self.paths if path not in ranges]
            return pieces.of_history((places or [Path()])[0], made.limits, str(ranges[0]) if ranges else "")
        if self.diff is not None or self.staged:
            folder = (self.paths or [Path()])[0]
            return pieces.of_changes(
                folder, made.limits, self.diff or "", generated=self.generated, in_parts=not fast, exclude=self.exclude
            )
        if self.files_from is not None:
            return pieces.of_list(_listed(self.files_from), self.exclude)
        return pieces.of_paths(self.paths, self.exclude, self.generated)


def _listed(name: str) -> bytes:
    try:
        return standard_input().read(_MOST_STDIN + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: the list of files cannot be read ({error.strerror})") from error
