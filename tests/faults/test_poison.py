"""A job that raises, hangs, exits or eats memory is dead after three attempts, and costs no other job anything."""

import re
from collections.abc import Callable, Iterable

import pytest

from secassist.store import MAX_ATTEMPTS
from secassist.store.jobs_leasing import FORGIVEN
from tests.faults.site import KINDS, Findings, Site, on, require_clean, tell

BOTH = pytest.mark.parametrize("kind", KINDS)
Make = Callable[..., Site]
DIED = f"the worker died [{MAX_ATTEMPTS + FORGIVEN - 1}{MAX_ATTEMPTS + FORGIVEN}] times"
"""Three attempts beside the deaths that are forgiven; one of the three may have been a batch that took too long."""
REASONS = {
    "raises": "the stub model was told to fail",
    "hangs": r"took longer than \d",
    "exits": DIED,
    "killed": DIED,
    "greedy": "internal error: MemoryError",
    "eats": r"the worker used more than \d+ MB of memory",
}
QUICK = ("raises", "hangs", "exits", "greedy")
"""A busy machine takes its time to hand out memory, so what eats it bit by bit is left to the slow row."""


@on(small="sqlite")
def test_poison_is_dead_after_three_attempts(make_site: Make, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(capsys, f"poison, {kind}", poisoned(make_site(kind), 36, 1, QUICK, 2.0))


@pytest.mark.slow
@BOTH
def test_one_per_cent_of_poison(make_site: Make, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(capsys, f"1 % of poison in 3,000 jobs, {kind}", poisoned(make_site(kind), 3000, 5, REASONS, 8.0))


def poisoned(site: Site, total: int, each: int, harms: Iterable[str], limit: float) -> Findings:
    """`each` of every kind of poison, spread over the numbers."""
    wanted = [harm for harm in harms for _ in range(each)]
    step = total // len(wanted)
    site.submit(range(total), {number * step + step // 2: harm for number, harm in enumerate(wanted)})
    pace = {"lease": 1.5, "limit": limit, "megabytes": 400, "batch": 4}
    with site.fleet(2, pace=pace) as fleet:
        assert site.drained(240 + total / 5), f"{site.states()}\n{fleet.told()}"
        found = require_clean(site, fleet)
    assert (found.dead, found.done) == (len(wanted), total - len(wanted)), fleet.told()
    ends = {id_: (attempt, reason) for id_, attempt, reason in site.rows("SELECT id, attempt, reason FROM jobs")}
    for id_, harm in site.poison.items():
        attempt, reason = ends[id_]
        assert attempt == 3, (harm, attempt, reason)
        assert re.search(REASONS[harm], reason), (harm, reason)
    return found
