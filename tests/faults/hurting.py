"""Hurting: makes a worker process die at a chosen step, once per job and a limited number of times in all."""

import os
import signal
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from secassist.queueing import answering, worker
from secassist.store import jobs as rows
from secassist.store import jobs_ending

STEPS: dict[str, tuple[Any, str, str]] = {
    "before claim": (rows.JobRows, "claim", "before"),
    "claimed": (rows.JobRows, "claim", "after"),
    "subjects read": (answering.Answering, "subjects", "after"),
    "answered": (answering.Answering, "outcomes", "after"),
    "before commit": (rows.JobRows, "finish", "before"),
    "within commit: job ended": (jobs_ending, "_analyses", "before"),
    "within commit: analysis written": (jobs_ending, "_analyses", "after"),
    "within commit: all written": (jobs_ending, "finish", "after"),
    "committed": (rows.JobRows, "finish", "after"),
    "before failing": (rows.JobRows, "fail", "before"),
    "failed": (rows.JobRows, "fail", "after"),
    "batch failed": (worker.Worker, "_together", "before"),
}
"""Each boundary of a worker's work: whose method, and on which side of it."""


def install(spec: dict[str, Any]) -> None:
    """Puts the deaths that the specification names, if any, where they belong."""
    for step in spec.get("die_at", ()):
        owner, name, side = STEPS[step]
        once = Once(Path(spec["marks"]), step, spec["deaths"])
        setattr(owner, name, wrapped(getattr(owner, name), side, once))


class Once:
    """A number of deaths at a step, no two of the same job, shared by processes through files that are made only once."""

    def __init__(self, folder: Path, step: str, most: int) -> None:
        self._jobs, self._deaths, self._most = folder / "jobs", folder / step.replace(" ", "-"), most
        self._jobs.mkdir(parents=True, exist_ok=True)
        self._deaths.mkdir(exist_ok=True)

    def allows(self, what: str) -> bool:
        """True as often as there are deaths left for things that died of nothing yet."""
        if self.spent >= self._most or not _first(self._jobs / what):
            return False
        if any(_first(self._deaths / str(number)) for number in range(self._most)):
            return True
        (self._jobs / what).unlink()
        return False

    @property
    def spent(self) -> int:
        """Deaths so far."""
        return sum(1 for _ in self._deaths.iterdir())


def _first(mark: Path) -> bool:
    """Whether this process is the one that made the file."""
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def wrapped(method: Callable[..., Any], side: str, once: Once) -> Callable[..., Any]:
    """The same, but on one side of it the process may end by SIGKILL."""

    @wraps(method)
    def doing(*given: Any, **more: Any) -> Any:
        if side == "before":
            _perhaps(once, given, None)
        found = method(*given, **more)
        if side == "after":
            _perhaps(once, given, found)
        return found

    return doing


def put_death(owner: Any, name: str, side: str) -> None:
    """SIGKILL on one side of a method, always."""
    method = getattr(owner, name)

    @wraps(method)
    def dying(*given: Any, **more: Any) -> Any:
        if side == "after":
            method(*given, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)


def _perhaps(once: Once, given: tuple[Any, ...], found: Any) -> None:
    about = sorted({*_jobs(given), *_jobs(found)})
    if once.allows(about[0] if about else f"process-{os.getpid()}"):
        os.kill(os.getpid(), signal.SIGKILL)


def _jobs(value: Any) -> list[str]:
    """Ids of the jobs in arguments or results."""
    if isinstance(value, tuple | list):
        return [id_ for item in value for id_ in _jobs(item)]
    job = getattr(value, "job", value)
    return [job.id] if hasattr(job, "lease_token") else []
