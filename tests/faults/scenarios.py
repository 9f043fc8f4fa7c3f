"""Scenarios: small rows that say whether the code kept its promises, for code that may be a mutant."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.site import Site

LEASE = {"lease": 1.0, "batch": 4}
QUIET = 3.5
"""Seconds without any progress after which a queue is taken for stuck: several leases and sweeps."""
POISONED = 4 * QUIET
"""Poison alone is left for as long as it takes to lose every worker that a job may lose."""


def kept(site: Site) -> bool:
    """Drained, and nothing lost, twice or stuck."""
    return site.drained(60, quiet=QUIET) and site.findings().clean


def undisturbed(site: Site, spec: dict[str, Any], _folder: Path) -> bool:
    """Nothing happens, so every job is tried once."""
    site.submit(range(32))
    with site.fleet(3, pace={**LEASE, "lease": 3.0}, **spec):
        return kept(site) and _tries(site) == {1}


def long_work(site: Site, spec: dict[str, Any], _folder: Path) -> bool:
    """Batches that take longer than a lease."""
    site.submit(range(8))
    with site.fleet(2, pace=LEASE, model_seconds=0.6, **spec):
        return kept(site) and _tries(site) == {1}


def killed(site: Site, spec: dict[str, Any], _folder: Path) -> bool:
    """All workers at once, in the middle."""
    site.submit(range(32))
    with site.fleet(2, pace=LEASE, **spec) as fleet:
        _until(lambda: site.states()["done"] >= 4)
        fleet.signal(signal.SIGKILL)
        return kept(site)


def stopped(site: Site, spec: dict[str, Any], _folder: Path) -> bool:
    """A worker past its lease, which then goes on."""
    site.submit(range(4))
    with site.fleet(1, pace=LEASE, model_seconds=0.3, **spec) as fleet:
        _until(lambda: site.states()["leased"] == 4)
        time.sleep(0.3)
        fleet.signal(signal.SIGSTOP)
        with site.fleet(1, pace=LEASE, **spec):
            drained = site.drained(30, quiet=QUIET)
        before = site.rows("SELECT id, worker, attempt, updated, lease_token FROM jobs ORDER BY id")
        fleet.signal(signal.SIGCONT)
        time.sleep(3.0)
        after = site.rows("SELECT id, worker, attempt, updated, lease_token FROM jobs ORDER BY id")
    return drained and before == after and site.findings().clean


def poisoned(site: Site, spec: dict[str, Any], _folder: Path) -> bool:
    """One job raises and another one ends its worker."""
    site.submit(range(12), {3: "raises", 8: "exits"})
    with site.fleet(2, pace=LEASE, **spec):
        if not site.drained(60, quiet=POISONED):
            return False
        found = site.findings()
    attempts = dict(site.rows("SELECT id, attempt FROM jobs WHERE state = 'dead'"))
    return found.clean and attempts == dict.fromkeys(site.poison, 3)


def one_raises(site: Site, spec: dict[str, Any], _folder: Path) -> bool:
    """One job of a batch raises; the others are done at once, and never know."""
    site.submit(range(8), {2: "raises"})
    with site.fleet(1, pace={**LEASE, "lease": 3.0, "batch": 8}, **spec):
        if not site.drained(25, quiet=QUIET):
            return False
    others = site.rows("SELECT DISTINCT attempt + crashes FROM jobs WHERE state = 'done'")
    return site.findings().clean and others == [(1,)]


def dead_in_commit(site: Site, spec: dict[str, Any], folder: Path) -> bool:
    """A worker dies while it writes what came of a batch."""
    site.submit(range(16))
    with site.fleet(
        2, pace=LEASE, die_at=["within commit: analysis written"], marks=str(folder / "marks"), deaths=2, **spec
    ):
        return kept(site)


def asked_twice(site: Site, spec: dict[str, Any], folder: Path) -> bool:
    """Four clients submit the same at the same time."""
    given = {"home": str(site.home), "database": site.database, **spec}
    pids = [site.nest.fork("tests.faults.working:opening", folder / "log", **given) for _ in range(4)]
    ended = [site.nest.wait(pid, 60.0) for pid in pids]
    return ended == [0] * 4 and site.rows("SELECT count(*) FROM jobs") == [(20,)]


def _tries(site: Site) -> set[int]:
    return {row[0] for row in site.rows("SELECT attempt + crashes FROM jobs")}


def _until(check: Callable[[], bool], seconds: float = 20.0) -> None:
    """A mutant may never get there; what comes after it finds that out."""
    deadline = time.monotonic() + seconds
    while not check() and time.monotonic() < deadline:
        time.sleep(0.02)


SCENARIOS: dict[str, Callable[[Site, dict[str, Any], Path], bool]] = {
    "undisturbed": undisturbed,
    "long work": long_work,
    "killed": killed,
    "stopped": stopped,
    "poisoned": poisoned,
    "one raises": one_raises,
    "dead in commit": dead_in_commit,
    "asked twice": asked_twice,
}
