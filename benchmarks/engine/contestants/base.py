"""The contract of a contestant: asks in, answers with their times out."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from benchmarks.engine.workload import Ask

BATCH = 32
"""Most rows of a batch of the contestants that batch by hand."""


class Unavailable(Exception):  # noqa: N818 - a state, not a mistake
    """This contestant cannot run here; the text says why."""


@dataclass(frozen=True)
class Setup:
    """Where the models are (`work/models/<analyzer>`), torch or server threads, and the most requests that wait.

    `settings` are options of our own Settings; `variant` is the part of the name behind the family.
    """

    work: Path
    threads: int
    variant: str = ""
    waiting: int = 32
    llama_server: str = ""
    model: str = ""
    analyzers: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """`finished` is in seconds after the requests were handed over; `ids` are the answer's tokens, where they are known."""

    text: str
    finished: float
    answer_tokens: int
    ids: tuple[int, ...] = ()
    tries: int = 1


class Contestant(Protocol):
    """Made with a Setup; `side_by_side` says whether a second thread may call `complete` meanwhile."""

    side_by_side: bool

    def complete(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answers in the order of the asks, all of which wait from the beginning."""
        ...

    def processes(self) -> tuple[int, ...]:
        """Process ids whose memory counts."""
        ...

    def close(self) -> None:
        """Stops whatever was started."""
        ...


def peak_memory(processes: Sequence[int]) -> int:
    """Sum of the greatest resident sizes, in bytes; 0 where the platform does not tell."""
    total = 0
    for process in processes:
        status = Path(f"/proc/{process}/status")
        lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    return total


def processor_time(processes: Sequence[int]) -> float:
    """Seconds of processor these processes have used, all threads together; 0 where the platform does not tell."""
    total = 0
    for process in processes:
        status = Path(f"/proc/{process}/stat")
        fields = status.read_text(encoding="utf-8").rpartition(")")[2].split() if status.exists() else ["0"] * 13
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def grouped(asks: Sequence[Ask], most: int = BATCH) -> list[list[int]]:
    """Indices per analyzer in batches of at most `most`, prompts of like length together."""
    groups: list[list[int]] = []
    for name in dict.fromkeys(ask.analyzer for ask in asks):
        mine = sorted((i for i, ask in enumerate(asks) if ask.analyzer == name), key=lambda i: len(asks[i].ids))
        groups += [mine[start : start + most] for start in range(0, len(mine), most)]
    return groups


def own_process() -> tuple[int, ...]:
    """Of a contestant that runs inside this process."""
    return (os.getpid(),)
