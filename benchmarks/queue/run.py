"""Run: the whole benchmark of the queue by one command; writes the page and its picture.

python -m benchmarks.queue.run [--parts intake,serving,queued,growth,overhead,throughput,recovery] [--kinds sqlite,postgresql]
[--sizes 1000,10000,100000,1000000] [--repeats 3] [--out benchmarks/queue.md]
Measurements are kept in --work; --render writes the page from them again without measuring.
benchmarks/serving.md: --parts serving --out benchmarks/serving.md
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.queue import cells, filling, ground, loops, report, serving
from benchmarks.queue.ground import ANALYZER
from secassist.pipeline import Pipeline
from tests.faults.fleet import Nest
from tests.faults.machines import Redis

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("intake", "serving", "queued", "growth", "overhead", "throughput", "recovery")
KINDS = ("sqlite", "postgresql")
SINGLE = 100
"""Calls of each kind in a cell."""
QUEUED = 100_000
Row = dict[str, Any]


class Bench:
    """What all parts share: servers, a place for files, and where rows go."""

    def __init__(self, given: argparse.Namespace, folder: Path, server: ground.Durable, redis: Redis) -> None:
        self.given, self.folder, self.server, self.redis = given, folder, server, redis
        self.repeats: int = given.repeats
        self._made = 0
        self._out = given.work / "rows.jsonl"

    def database(self, kind: str) -> tuple[Path, str]:
        """An empty database and the home of those who use it."""
        self._made += 1
        home = self.folder / f"home{self._made}"
        url = f"sqlite:///{home / 'queue.db'}" if kind == "sqlite" else self.server.create(f"bench{self._made}")
        return home, url

    def keep(self, cell: str, **row: Any) -> None:
        """One measurement."""
        with self._out.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"cell": cell, **row}) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what is asked for, then writes the page."""
    given = _parser().parse_args(arguments)
    given.work = given.work.absolute()
    given.work.mkdir(parents=True, exist_ok=True)
    if not given.render:
        _measure(given)
    rows = [json.loads(line) for line in (given.work / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    report.write(given.out.absolute(), rows, json.loads((given.work / "facts.json").read_text(encoding="utf-8")))
    print(f"written: {given.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue.run", description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "queue")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "queue.md")
    parser.add_argument("--render", action="store_true", help="only write the page from what was measured")
    return parser


def _measure(given: argparse.Namespace) -> None:
    kinds, began = given.kinds.split(","), os.getloadavg()[0]
    (given.work / "rows.jsonl").write_text("", encoding="utf-8")
    parts: dict[str, Callable[[Bench, str], None]] = {
        "intake": intake,
        "serving": served,
        "queued": queued,
        "growth": growth,
        "overhead": overhead,
        "throughput": throughput,
        "recovery": recovery,
    }
    with (
        tempfile.TemporaryDirectory(prefix="secassist-bench-") as name,
        ground.durable_postgres() as server,
        ground.memory_redis() as redis,
    ):
        bench = Bench(given, Path(name), server, redis)
        for part in given.parts.split(","):
            for kind in kinds:
                print(part, kind, flush=True)
                parts[part](bench, kind)
    (given.work / "facts.json").write_text(json.dumps(_facts(given, began)), encoding="utf-8")


def intake(bench: Bench, kind: str) -> None:
    """One client on an empty database, and messages into Redis beside it."""
    for repeat in range(bench.repeats):
        with _open(*bench.database(kind)) as made:
            cells.submits(made.store, ground.alerts(made, range(10)), "warm")
            subjects = ground.alerts(made, range(10, 2510))
            bench.keep("intake single", kind=kind, seconds=cells.submits(made.store, subjects[:500], f"s{repeat}"))
            bench.keep("intake bulk", kind=kind, seconds=cells.bulk(made.store, subjects[500:], f"b{repeat}"))
        if kind == "sqlite":
            bench.redis.flush()
            bench.keep("celery intake", **loops.celery_intake(bench.redis.url, 2000))


def served(bench: Bench, kind: str) -> None:
    """By the command's calls, and over HTTP by one client and by many."""
    with _nest() as nest:
        for _ in range(bench.repeats):
            for name, seconds, used in serving.submitted(*bench.database(kind), 200, 1000):
                bench.keep(f"serving submit {name}", kind=kind, seconds=seconds, processor=used)
            with serving.server(nest, *bench.database(kind)) as client:
                for clients, requests, several in serving.CELLS:
                    found = serving.sent(client, clients, requests, several)
                    bench.keep("serving http", kind=kind, **found)


def queued(bench: Bench, kind: str) -> None:
    """A long queue of two sources."""
    with _open(*bench.database(kind)) as made:
        _one_done(made)
        filling.queue_more(made.store, 2, QUEUED + 2)
        analyses = ground.analysed(made, ground.alerts(made, range(1)))
        for repeat in range(bench.repeats):
            subjects = ground.alerts(made, range(repeat * 1000 + 1, repeat * 1000 + 1 + SINGLE))
            bench.keep("queued submit 1", kind=kind, seconds=cells.submits(made.store, subjects, f"late{repeat}"))
            seconds, _ = cells.claims(made.store, SINGLE, 1)
            bench.keep("queued claim 1", kind=kind, seconds=seconds)
            seconds, more = cells.claims(made.store, SINGLE // 4, cells.BATCH)
            bench.keep("queued claim 16", kind=kind, seconds=seconds)
            analyses |= ground.analysed(made, subjects)
            bench.keep("queued finish 16", kind=kind, seconds=cells.finishes(made.store, more, analyses))


def growth(bench: Bench, kind: str) -> None:
    """The same calls while the tables grow."""
    sizes = [int(size) for size in bench.given.sizes.split(",")]
    with _open(*bench.database(kind)) as made:
        _one_done(made)
        stored = 2
        for number, size in enumerate(sizes):
            filling.store_more(made.store, stored, size)
            stored = size
            _grown(bench, made, kind, size, 10_000 * (number + 1))


def _grown(bench: Bench, made: Pipeline, kind: str, size: int, first: int) -> None:
    for repeat in range(bench.repeats):
        subjects = ground.alerts(made, range(first, first + SINGLE * 3))
        first += SINGLE * 3
        analyses = ground.analysed(made, subjects)
        found = {"submit 1": cells.submits(made.store, subjects[:SINGLE], f"{size}-{repeat}")}
        found["claim 1"], claimed = cells.claims(made.store, SINGLE, 1)
        found["finish 1"] = cells.finishes(made.store, claimed, analyses)
        cells.bulk(made.store, subjects[SINGLE:], f"{size}-{repeat}")
        found["claim 16"], claimed = cells.claims(made.store, SINGLE * 2 // cells.BATCH, cells.BATCH)
        found["finish 16"] = cells.finishes(made.store, claimed, analyses)
        found["list 50"] = cells.lists(made.store, 20)
        found["count open"] = cells.counts(made.store, 20, ended=False)
        found["count all"] = cells.counts(made.store, 3, ended=True)
        while left := cells.claims(made.store, 1, cells.BATCH)[1]:
            cells.finishes(made.store, left, analyses)
        for cell, seconds in found.items():
            bench.keep(f"growth {cell}", kind=kind, size=size, seconds=seconds)


def overhead(bench: Bench, kind: str) -> None:
    """A worker without a model."""
    for _ in range(bench.repeats):
        bench.keep("overhead", kind=kind, **loops.overhead(*bench.database(kind), 480, cells.BATCH))


def throughput(bench: Bench, kind: str) -> None:
    """One and two workers in turns, and Celery's beside them."""
    with _nest() as nest:
        for repeat in range(bench.repeats):
            for workers in (1, 2):
                bench.keep("throughput", kind=kind, **loops.throughput(nest, *bench.database(kind), workers, 600))
                if kind == "sqlite":
                    bench.redis.flush()
                    folder = bench.folder / f"celery{repeat}-{workers}"
                    found = loops.celery_throughput(nest, folder, bench.redis.url, workers, 300)
                    bench.keep("throughput", kind="celery", **found)


def recovery(bench: Bench, kind: str) -> None:
    """Kill -9, again and again."""
    with _nest() as nest:
        seconds = list(loops.recovery(nest, *bench.database(kind), 5 * bench.repeats))
    bench.keep("recovery", kind=kind, seconds=seconds, lease=loops.RECOVERY_LEASE)


@contextmanager
def _nest() -> Iterator[Nest]:
    made = Nest()
    try:
        yield made
    finally:
        made.close()


@contextmanager
def _open(home: Path, database: str) -> Iterator[Pipeline]:
    made = ground.pipeline(home, database)
    try:
        yield made
    finally:
        made.store.close()


def _one_done(made: Pipeline) -> None:
    """The row that others are copied from: a job that was really worked on."""
    subjects = ground.alerts(made, range(1))
    cells.submits(made.store, subjects, "first")
    _, claimed = cells.claims(made.store, 1, 1)
    cells.finishes(made.store, claimed, ground.analysed(made, subjects))


def _facts(given: argparse.Namespace, load: float) -> dict[str, Any]:
    words = [f"--{name} {getattr(given, name)}" for name in ("parts", "kinds", "sizes", "repeats")]
    named = ("sqlalchemy", "psycopg", "celery", "redis", "starlette", "uvicorn")
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in named)
    return {
        "command": " ".join(["python -m benchmarks.queue.run", *words]),
        "about": {
            "processor": f"{_processor()}, {os.cpu_count()} cores, shared",
            "load when it began and ended": f"{load:.1f}, {os.getloadavg()[0]:.1f}",
            "versions": packages,
            "repetitions": given.repeats,
            "analyzer": ANALYZER,
        },
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines: Iterator[str] = iter(info.read_text(encoding="utf-8").splitlines() if info.exists() else [])
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main())
