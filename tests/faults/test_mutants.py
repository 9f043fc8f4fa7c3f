"""Our own code with one safeguard taken out is caught; with all of them it is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.mutants import MUTANTS
from tests.faults.scenarios import SCENARIOS
from tests.faults.site import Site

Make = Callable[..., Site]
CATCHES = {
    "no fence": "stopped",
    "no unique key": "asked twice",
    "no sweeper": "killed",
    "no heartbeat": "long work",
    "attempt not raised": "poisoned",
    "acknowledged before commit": "killed",
    "no transaction around the end": "dead in commit",
    "claim without lock": "undisturbed",
    "sweeper takes live leases": "long work",
    "poison not counted": "poisoned",
    "poison spreads": "one raises",
}
"""The scenario that must catch each mutant, whatever others do."""
QUICK = ("no unique key", "no sweeper", "no transaction around the end")


def test_every_mutant_has_its_scenario() -> None:
    assert set(CATCHES) == set(MUTANTS)
    assert set(CATCHES.values()) == set(SCENARIOS)


@pytest.mark.parametrize("mutant", [m if m in QUICK else pytest.param(m, marks=pytest.mark.slow) for m in MUTANTS])
def test_a_mutant_is_caught(make_site: Make, mutant: str, tmp_path: Path) -> None:
    assert not SCENARIOS[CATCHES[mutant]](make_site("sqlite"), {"mutant": mutant}, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_code_as_it_is_passes(make_site: Make, scenario: str, kind: str, tmp_path: Path) -> None:
    assert SCENARIOS[scenario](make_site(kind), {}, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_which_scenario_catches_which_mutant(
    make_site: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {}
    for mutant in MUTANTS:
        for scenario, run in SCENARIOS.items():
            folder = tmp_path / f"{mutant} {scenario}"
            folder.mkdir()
            table[mutant, scenario] = not run(make_site("sqlite"), {"mutant": mutant}, folder)
    with capsys.disabled():
        print("\n| mutant | " + " | ".join(SCENARIOS) + " |")
        for mutant in MUTANTS:
            marks = ("caught" if table[mutant, scenario] else "" for scenario in SCENARIOS)
            print(f"| {mutant} | " + " | ".join(marks) + " |")
    assert all(any(table[mutant, scenario] for scenario in SCENARIOS) for mutant in MUTANTS)
