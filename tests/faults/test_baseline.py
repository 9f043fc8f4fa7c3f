"""Celery as it comes loses acknowledged work under the same faults: the harness can see loss."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import plain
from tests.faults.fleet import START_SECONDS, Fleet, Nest
from tests.faults.machines import Redis

SMALL, FULL = 100, 10_000
QUIET_SECONDS = 3.0
"""A queue of which nothing was done for so long, with workers alive, will not do the rest."""


def progress(out: Path, total: int, every: float, fault: Callable[[], None] | None, times: int) -> None:
    """Waits until all is done or nothing moves any more, and calls the fault `times` times once something has moved."""
    seen, moved, struck = 0, time.monotonic(), time.monotonic()
    while seen < total and time.monotonic() - moved < (QUIET_SECONDS if seen else START_SECONDS):
        time.sleep(0.02)
        now = len(set(plain.written(out)))
        if now > seen:
            seen, moved = now, time.monotonic()
        if fault and times and seen and time.monotonic() - struck > every:
            fault()
            times, struck = times - 1, time.monotonic()


def measure(nest: Nest, redis: Redis, folder: Path, total: int, fault: str, every: float) -> dict[str, int]:
    """Lost and repeated numbers of a run under a fault."""
    redis.start()
    out, chance = folder / "done", random.Random(1)
    acknowledged = plain.submit(redis.url, range(total))
    with Fleet(nest, "tests.faults.plain:serve", folder / "log", 2, broker=redis.url, out=str(out)) as fleet:

        def worker_dies() -> None:
            fleet.kill_one(chance)

        def broker_dies() -> None:
            redis.kill()
            redis.start()

        faults: dict[str, Callable[[], None]] = {"kill": worker_dies, "broker": broker_dies, "flush": redis.flush}
        progress(out, total, every, faults.get(fault), -1 if fault == "kill" else 3)
    redis.close()
    done = plain.written(out)
    return {"lost": len(set(acknowledged) - set(done)), "repeated": len(done) - len(set(done))}


@pytest.mark.parametrize(
    "fault", ["none", "kill", *(pytest.param(fault, marks=pytest.mark.slow) for fault in ("flush", "broker"))]
)
def test_plain_celery_loses_what_it_acknowledged(
    nest: Nest, private_redis: Redis, tmp_path: Path, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measure(nest, private_redis, tmp_path, SMALL, fault, 0.5)
    with capsys.disabled():
        print(f"\nplain Celery, {SMALL} jobs, {fault}: {found}")
    assert (found["lost"] > 0) == (fault != "none"), found


@pytest.mark.slow
def test_plain_celery_loses_at_full_size(
    nest: Nest, private_redis: Redis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measure(nest, private_redis, tmp_path, FULL, "kill", 2.0)
    with capsys.disabled():
        print(f"\nplain Celery, {FULL} jobs, kill -9 every 2 s: {found}")
    assert found["lost"] > 0
