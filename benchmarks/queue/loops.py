"""Loops: what whole workers do: overhead without the model, throughput of one and two, recovery after kill -9."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.queue import ground
from benchmarks.queue.ground import ANALYZER
from secassist.queueing.intake import Intake
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker
from secassist.store import Submitted
from tests.faults import plain
from tests.faults.fleet import Fleet, Nest
from tests.faults.machines import signalled
from tests.faults.site import Site, opened
from tests.faults.stub import MODEL_SECONDS

RECOVERY_LEASE = 3.0
"""Seconds; in service it is 60, and what is measured is longer by as much."""
WAIT = 600.0

Row = dict[str, Any]


def overhead(home: Path, database: str, total: int, batch: int) -> Row:
    """The same alerts with and without a queue; the model takes no time. Seconds per job, of clock and of processor."""
    made = ground.pipeline(home, database)
    subjects = ground.alerts(made, range(total))
    made.judge(ANALYZER, subjects[:batch])
    direct = _spent(lambda: [made.judge(ANALYZER, subjects[n : n + batch]) for n in range(0, total, batch)])
    taken = list(Intake(made).submit(subjects))
    _all_taken(taken, total)
    worker = Worker(made, Pace(batch=batch))
    queued = _spent(lambda: worker.run(drain=True))
    made.store.close()
    names = ("clock", "processor")
    return {
        f"{what} {name}": seconds / total
        for what, spent in (("direct", direct), ("queued", queued))
        for name, seconds in zip(names, spent, strict=True)
    }


def _spent(call: Any) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - clock, time.process_time() - processor


def _all_taken(taken: list[Any], total: int) -> None:
    """Raises RuntimeError unless all were accepted."""
    if sum(isinstance(each, Submitted) for part in taken for each in part) != total:
        raise RuntimeError("not all alerts were accepted")


def throughput(nest: Nest, home: Path, database: str, workers: int, total: int) -> Row:
    """Jobs per second between the first tenth and the last one."""
    with opened(nest, database, home) as site:
        site.submit(range(total), size=500)
        with site.fleet(workers, scaled=False, pace={"batch": 16, "lease": 60.0}):
            begin, first = _reach(site, total // 10)
            end, last = _reach(site, total)
    return {"workers": workers, "per second": (last - first) / (end - begin), "n": total}


def _reach(site: Site, number: int) -> tuple[float, int]:
    deadline = time.monotonic() + WAIT
    while (done := site.states()["done"]) < number:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{done} of {number} jobs were done within {WAIT:g} s")
        time.sleep(0.02)
    return time.perf_counter(), done


def celery_throughput(nest: Nest, folder: Path, url: str, workers: int, total: int) -> Row:
    """Celery as it comes with the same model, without analysis, table or acknowledgement of results."""
    out = folder / "done"
    folder.mkdir(parents=True, exist_ok=True)
    plain.submit(url, range(total))
    with Fleet(nest, "tests.faults.plain:serve", folder / "log", workers, broker=url, out=str(out)):
        found = []
        for number in (total // 10, total):
            while (done := len(plain.written(out))) < number:
                time.sleep(0.02)
            found.append((time.perf_counter(), done))
    (begin, first), (end, last) = found
    return {"workers": workers, "per second": (last - first) / (end - begin), "n": total}


def celery_intake(url: str, total: int) -> Row:
    """Messages per second that a client hands to Redis."""
    began = time.perf_counter()
    plain.submit(url, range(total))
    return {"per second": total / (time.perf_counter() - began)}


def recovery(nest: Nest, home: Path, database: str, kills: int) -> Iterator[float]:
    """Seconds from kill -9 of a worker until each job that it held was claimed by another one."""
    with opened(nest, database, home) as site:
        numbers, pace = iter(range(1_000_000)), {"batch": 4, "lease": RECOVERY_LEASE}
        with site.fleet(2, scaled=False, pace=pace, model_seconds=MODEL_SECONDS * 5) as fleet:
            for _ in range(kills):
                site.submit([next(numbers) for _ in range(40)])
                yield from _recovered(site, fleet)
                site.drained(WAIT)


def _recovered(site: Site, fleet: Fleet) -> list[float]:
    held: dict[str, str] = {}
    while not held:
        leased = site.rows("SELECT id, lease_token, worker FROM jobs WHERE state = 'leased'")
        pid = next((worker.rpartition(":")[2] for _, _, worker in leased), "")
        held = {id_: token for id_, token, worker in leased if worker.endswith(f":{pid}") and int(pid) in fleet.pids}
    signalled([int(pid)], signal.SIGKILL)
    began, found = time.monotonic(), []
    held = {id_: token for id_, token in site.rows("SELECT id, lease_token FROM jobs") if held.get(id_) == token}
    while held and time.monotonic() - began < WAIT:
        time.sleep(0.02)
        now = dict(site.rows("SELECT id, CASE WHEN state = 'queued' THEN 'none' ELSE lease_token END FROM jobs"))
        back = [id_ for id_, token in held.items() if now[id_] not in (token, "none")]
        found += [time.monotonic() - began for _ in back]
        held = {id_: token for id_, token in held.items() if id_ not in back}
    return found
