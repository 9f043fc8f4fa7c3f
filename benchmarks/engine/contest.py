"""Contest: one contestant in a process of its own goes through the cells; one JSON row per measured batch.

Run by `benchmarks.engine.run`; by hand: python -m benchmarks.engine.contest PLAN.json OUT.jsonl
"""

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.engine import workload
from benchmarks.engine.contestants import SERIAL, Contestant, Setup, Unavailable, make
from benchmarks.engine.contestants.base import peak_memory, processor_time
from benchmarks.engine.workload import Ask

WARM_UP = 20
"""Requests asked first and not counted: every analyzer is among them."""
CELLS = (1, 8, 32, 128)
ROUNDS = {1: 16, 8: 4}
"""Batches of a cell; of larger cells one."""
CHOICE = {"type": "string", "enum": ["yes", "no"]}
"""The grammar of the prefill cell: the whole prompt for one choice."""
CHOICE_TOKENS = 8


@dataclass(frozen=True)
class Plan:
    """What one process measures. `cells`: numbers of waiting requests, "prefill", "interactive", "whole" (all
    requests behind the warm-up, as one batch).

    `seconds` bounds a cell: no further batch is begun after it. `extra` goes into every row.
    """

    contestant: str
    work: str
    asks: str
    threads: int = 1
    cells: tuple[str, ...] = ("1", "8", "32", "128")
    seconds: float = 60.0
    llama_server: str = ""
    model: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    warm_up: int = WARM_UP


def main(plan_file: Path, out: Path) -> int:
    """Writes the rows, or one row with the reason why there are none."""
    plan = Plan(**json.loads(plan_file.read_text(encoding="utf-8")))
    with out.open("w", encoding="utf-8") as file:
        for row in rows(plan):
            file.write(json.dumps({**plan.extra, "contestant": plan.contestant, **row}) + "\n")
            file.flush()
    return 0


def rows(plan: Plan) -> Iterator[dict[str, Any]]:
    """Every cell's batches, then what the whole cost in memory."""
    asks = workload.load(Path(plan.asks))
    try:
        contestant = make(plan.contestant, _setup(plan, asks))
    except Unavailable as reason:
        yield {"cell": "", "skipped": str(reason)}
        return
    try:
        warm, rest = asks[: plan.warm_up], asks[plan.warm_up :]
        contestant.complete(warm[: 4 if plan.contestant in SERIAL else len(warm)])
        for cell in plan.cells:
            yield from _cell(plan, contestant, cell, rest)
        yield {"cell": "memory", "bytes": peak_memory(contestant.processes())}
    finally:
        contestant.close()


def _setup(plan: Plan, asks: Sequence[Ask]) -> Setup:
    waiting = max((int(cell) for cell in plan.cells if cell.isdigit()), default=32)
    return Setup(
        work=Path(plan.work),
        threads=plan.threads,
        variant=plan.contestant.partition("-")[2],
        waiting=waiting,
        llama_server=plan.llama_server,
        model=plan.model,
        analyzers=tuple(dict.fromkeys(ask.analyzer for ask in asks)),
        settings=dict(plan.settings),
    )


def _cell(plan: Plan, contestant: Contestant, cell: str, asks: list[Ask]) -> Iterator[dict[str, Any]]:
    if cell == "interactive":
        yield from _interactive(contestant, asks)
        return
    if cell == "prefill":
        part = [replace(ask, schema=CHOICE, limit=CHOICE_TOKENS, output="", choices=[]) for ask in asks[-80:-48]]
        yield _timed(contestant, "prefill", part[:8] if plan.contestant in SERIAL else part)
        return
    if cell == "whole":
        yield _timed(contestant, "whole", asks)
        return
    waiting = int(cell)
    if plan.contestant in SERIAL and waiting > 1:
        return
    end = time.monotonic() + plan.seconds
    for batch in batches(asks, waiting):
        yield _timed(contestant, cell, batch)
        if time.monotonic() > end:
            return


def batches(asks: list[Ask], waiting: int) -> list[list[Ask]]:
    """The batches of a cell. Cells share no request, so that no cache knows a private part already.

    Raises ValueError when the workload is too small.
    """
    start = sum(n * ROUNDS.get(n, 1) for n in CELLS if n < waiting)
    rounds = ROUNDS.get(waiting, 1)
    if start + rounds * waiting > len(asks):
        raise ValueError(f"{len(asks)} requests are too few for the cell of {waiting} waiting")
    return [asks[start + n * waiting : start + (n + 1) * waiting] for n in range(rounds)]


def needed(waiting: Sequence[int]) -> int:
    """Requests that a workload must hold for these cells, warm-up prefill (32) and interactive (48) included."""
    return WARM_UP + sum(n * ROUNDS.get(n, 1) for n in CELLS if n <= max(waiting)) + 80


def _timed(contestant: Contestant, cell: str, batch: list[Ask]) -> dict[str, Any]:
    used = processor_time(contestant.processes())
    began = time.monotonic()
    answers = contestant.complete(batch)
    seconds = time.monotonic() - began
    return {
        "cell": cell,
        "seconds": seconds,
        "processor": processor_time(contestant.processes()) - used,
        "n": len(batch),
        "prompt_tokens": [len(ask.ids) for ask in batch],
        "answer_tokens": [answer.answer_tokens for answer in answers],
        "finished": [answer.finished for answer in answers],
        "valid": [workload.valid(ask, answer.text) for ask, answer in zip(batch, answers, strict=True)],
        "tries": [answer.tries for answer in answers],
        "texts": [answer.text for answer in answers],
        "ids": [list(answer.ids) for answer in answers],
    }


def _interactive(contestant: Contestant, asks: list[Ask]) -> Iterator[dict[str, Any]]:
    """Single requests one after the other while a batch of 32 runs: how long each takes."""
    if not contestant.side_by_side:
        return
    single, batch = [replace(ask, urgent=True) for ask in asks[-48:-32]], asks[-32:]
    work = threading.Thread(target=contestant.complete, args=(batch,))
    work.start()
    took: list[float] = []
    for ask in single:
        began = time.monotonic()
        contestant.complete([ask])
        if not work.is_alive() and took:
            break
        took.append(time.monotonic() - began)
    work.join()
    yield {"cell": "interactive", "seconds": sum(took), "n": len(took), "finished": took}


def plan_text(plan: Plan) -> str:
    """The plan as `main` reads it."""
    return json.dumps(asdict(plan))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
