"""Workers are killed, stopped and restarted; nothing is lost, nothing twice, nothing stuck."""

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.hurting import STEPS, Once
from tests.faults.machines import until
from tests.faults.site import KINDS, Findings, Site, on, require_clean, tell

BOTH = pytest.mark.parametrize("kind", KINDS)
Make = Callable[..., Site]
PROGRESS = 8
"""Jobs that must have ended between two kills: where a busy machine needs longer to start a worker than to lose it, every
job is tried three times in vain."""
PATIENCE = 90.0


@on(small="postgresql")
def test_kill_9_of_a_random_worker(make_site: Make, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    site = make_site(kind)
    tell(capsys, f"kill -9 now and then, {kind}", kills(site, 300, 0.5, after=25))
    assert {subject: said for subject, (_, said) in site.verdicts().items()} == site.expected()


def kills(site: Site, total: int, every: float, after: int = PROGRESS) -> Findings:
    """Runs until drained while a random worker or child is killed now and then; none of the jobs is to blame."""
    site.submit(range(total))
    chance, before = random.Random(7), total
    struck: dict[str, float] = {}
    with site.fleet(2) as fleet:
        while left := site.left():
            if before - left >= after:
                killed = fleet.kill_one(chance)
                struck |= dict.fromkeys(site.held_by(killed), time.time())
                before = left
            assert time.monotonic() - site.began < PATIENCE + total / 5, fleet.told()
            time.sleep(every)
        found = require_clean(site, fleet)
    assert fleet.kills >= 2
    assert found.dead == 0
    found.notes = {"kills": fleet.kills, **site.recovery(struck), "jobs by crashes": site.crashes()}
    return found


@on(small="sqlite")
def test_a_worker_dies_at_each_step(make_site: Make, kind: str, tmp_path: Path) -> None:
    deaths(make_site(kind), list(STEPS), 36, 1, tmp_path)


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("step", STEPS)
def test_a_worker_dies_a_hundred_times_at_each_step(make_site: Make, kind: str, step: str, tmp_path: Path) -> None:
    deaths(make_site(kind), [step], 500, 100, tmp_path)


def deaths(site: Site, steps: list[str], total: int, each: int, folder: Path) -> None:
    """A worker dies at each of the steps until all deaths are spent; no job has to do with more than one."""
    harms = dict.fromkeys(range(0, total, 4), "raises") if any("fail" in step for step in steps) else {}
    site.submit(range(total), harms)
    marks = folder / "marks"
    with site.fleet(2, die_at=steps, marks=str(marks), deaths=each, pace={"lease": 1.5}) as fleet:
        assert site.drained(120 + total), f"{site.states()}\n{fleet.told()}"
        found = require_clean(site, fleet)
    assert found.dead == len(harms)
    spent = {step: Once(marks, step, each).spent for step in steps}
    assert set(spent.values()) == {each}, spent


@pytest.mark.slow
@BOTH
def test_kill_9_of_a_random_worker_at_full_size(make_site: Make, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(capsys, f"kill -9 every 2 s, 10,000 jobs, {kind}", kills(make_site(kind), 10_000, 2.0))


@on(small="postgresql")
def test_a_worker_stopped_past_its_lease_writes_nothing(make_site: Make, kind: str) -> None:
    site = make_site(kind)
    site.submit(range(8))
    slow = {"model_seconds": 0.3, "pace": {"lease": 1.0, "batch": 8}}
    with site.fleet(1, **slow) as stopped:
        until("a job is leased", lambda: site.states()["leased"] == 8)
        stopped.signal(signal.SIGSTOP)
        with site.fleet(1) as other:
            assert site.drained(60), other.told()
        before = everything(site)
        stopped.signal(signal.SIGCONT)
        until("the stopped one finds out", lambda: "lost the lease" in stopped.told())
        assert everything(site) == before
    require_clean(site)


def everything(site: Site) -> list[object]:
    """All that the queue ever writes."""
    tables = ("jobs", "analyses", "findings", "techniques", "audit", "outbox")
    return [sorted(map(repr, site.rows(f"SELECT * FROM {table}"))) for table in tables]
