"""Superseding: of one thing one analysis stands, the others are history that ids still reach."""

from pathlib import Path

import pytest

from schemas import WITHOUT_MODEL, Analysis, State
from secassist.store import Gathering, Store
from tests.store.samples import LINEAGE, START, alert, analysis, later, verdict

OTHER, FAST = (LINEAGE.model_copy(update={"model": name}) for name in ("other", WITHOUT_MODEL))


def of(number: int, **changes: object) -> Analysis:
    """An analysis of subject `number`, whose id follows from what changes."""
    return analysis(alert(number), **({"verdict": verdict()} | changes))  # type: ignore[arg-type]


def standing(store: Store) -> set[str]:
    found = [each.id for each in store.analyses()]
    assert len(found) == store.count_analyses()
    assert store.facts(later(-999), later(999)).counts["analyses.total"] == len(found)
    return set(found)


@pytest.fixture
def filled(store: Store) -> Store:
    for number in range(4):
        store.add_subject(alert(number))
    return store


def test_the_later_of_one_subject_stands(filled: Store) -> None:
    first, second = of(1), of(1, lineage=OTHER)
    for made in (first, second, of(2)):
        filled.add_analysis(made)
    assert standing(filled) == {second.id, of(2).id}
    assert {each.id for each in filled.analyses(history=True)} == {first.id, second.id, of(2).id}
    assert filled.find_analysis(first.id) is not None


def test_what_a_model_judged_outlasts_what_rules_said(filled: Store) -> None:
    thorough, fast = of(1), of(1, lineage=FAST)
    filled.add_analysis(fast)
    filled.add_analysis(thorough)
    assert standing(filled) == {thorough.id}


@pytest.mark.parametrize("changes", [{"lineage": FAST}, {"lineage": OTHER, "state": State.FAILED, "verdict": None}])
def test_a_lesser_look_supersedes_nothing(filled: Store, changes: dict[str, object]) -> None:
    filled.add_analysis(of(1))
    filled.add_analysis(of(1, **changes))
    assert standing(filled) == {of(1).id}


def test_other_content_of_a_file_is_history_and_may_come_back(filled: Store) -> None:
    before, after = of(1), of(2)
    for made, expected in ((before, before), (after, after), (before, before)):
        filled.add_analysis(made)
        filled.settle({"f" * 64: [made.id]}, [made.analyzer])
        assert standing(filled) == {expected.id}


def test_another_file_another_analyzer_or_a_part_settle_nothing(filled: Store) -> None:
    first, second = of(1), of(2)
    filled.add_analysis(first)
    filled.settle({"f" * 64: [first.id]}, ["triage"])
    filled.add_analysis(second)
    filled.settle({"e" * 64: [second.id]}, ["triage"])
    filled.settle({"f" * 64: []}, ["review"])
    filled.settle({"f" * 64: [second.id]}, ["triage"], whole=False)
    assert standing(filled) == {first.id, second.id}


def test_a_file_that_holds_nothing_any_more(filled: Store) -> None:
    filled.add_analysis(of(1))
    filled.settle({"f" * 64: [of(1).id]}, ["triage"])
    filled.settle({"f" * 64: []}, ["triage"])
    assert standing(filled) == set()


def test_what_is_gathered_supersedes_too(filled: Store) -> None:
    gathering = Gathering.over(filled)
    for made in (of(1), of(1, lineage=OTHER)):
        gathering.add_analysis(made)
    gathering.flush()
    assert len(standing(filled)) == 1


def test_a_report_on_a_past_period_stays_as_it_was(file: Path) -> None:
    moments = iter([START, later(1), later(60), later(61), later(62)])
    with Store.open(f"sqlite:///{file}", now=lambda: next(moments)) as store:
        store.add_subject(alert(1))
        store.add_analysis(of(1, created_at=START.isoformat()))
        store.add_analysis(of(1, lineage=OTHER, created_at=later(60).isoformat()))
        early, late = (store.facts(START, later(until)) for until in (30, 90))
    assert early.counts["analyses.total"] == late.counts["analyses.total"] == 1


def test_what_a_purged_analysis_had_superseded_stands_again(filled: Store) -> None:
    filled.add_analysis(of(1))
    later_one = filled.add_analysis(of(1, lineage=OTHER))
    filled.purge(analysis_id=later_one.id)
    assert standing(filled) == {of(1).id}
