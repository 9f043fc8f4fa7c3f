"""How fast: our detectors and detect-secrets over the same files of installed packages, taking turns."""

import statistics
import subprocess
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.sensitive import ours, yardsticks
from schemas import Document, Subject
from secassist.detectors.base import Detector

PACKAGES: Final = ("rich", "pydantic", "httpx", "jinja2", "typer", "sqlalchemy")
SUFFIXES: Final = (".py", ".md", ".txt", ".json", ".toml", ".yaml", ".cfg", ".pem")
BYTES: Final = 3_000_000
"""As much of the tree as is scanned: enough for steady figures, little enough for the slowest."""
GOAL: Final = 5.0
"""MB/s per core before judging."""


@dataclass(frozen=True)
class Speed:
    """Median processor seconds by what was run (a detector's name, "both", "detect-secrets") over `size` bytes of files."""

    files: int
    size: int
    repeats: int
    seconds: dict[str, float]
    problem: str = ""


def measure(work: Path, repeats: int) -> Speed:
    """Reading a file is part of every figure; starting a process and loading libraries of none.

    Processor time, since all of them work on one core and other work beside them shall not count.
    """
    paths = tree()
    mine = ours.detectors()
    runs: dict[str, Callable[[], float]] = {name: _timed([detector], paths) for name, detector in mine.items()}
    runs["both"] = _timed(list(mine.values()), paths)
    runs["detect-secrets"] = lambda: yardsticks.seconds(paths, work)
    found: dict[str, list[float]] = {name: [] for name in runs}
    problem = ""
    _timed(list(mine.values()), paths[:5])()
    for _ in range(repeats):
        for name, run in runs.items():
            try:
                found[name].append(run())
            except (OSError, subprocess.SubprocessError) as error:
                problem = f"{name} does not run here ({type(error).__name__})"
    medians = {name: statistics.median(values) for name, values in found.items() if values}
    return Speed(len(paths), sum(path.stat().st_size for path in paths), repeats, medians, problem)


def tree() -> list[Path]:
    """Text files of installed packages, in the order of their names, up to BYTES."""
    folder = Path(sysconfig.get_path("purelib"))
    files = (path for name in PACKAGES for path in sorted((folder / name).rglob("*")))
    kept, size = [], 0
    for path in files:
        if path.suffix in SUFFIXES and path.is_file() and size + path.stat().st_size <= BYTES:
            kept.append(path)
            size += path.stat().st_size
    return kept


def _timed(detectors: Sequence[Detector], paths: Sequence[Path]) -> Callable[[], float]:
    def run() -> float:
        began = time.process_time()
        for path in paths:
            seen = _document(path)
            for detector in detectors:
                detector.detect(seen)
        return time.process_time() - began

    return run


def _document(path: Path) -> Subject:
    return Document(source="text", origin=path.name, body=path.read_text(encoding="utf-8", errors="replace"))
