"""Each slot runs once, however many schedulers ask; what died is done again, what was missed is done once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from secassist.errors import UsageError
from secassist.pipeline import Pipeline
from secassist.store import Run, Store
from secassist.store.schedules import MAX_TRIES

DAY = 86_400_000


@pytest.fixture
def store(pipeline: Pipeline) -> Store:
    return pipeline.store


def sql(store: Store, statement: str) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql(statement)


def now(store: Store) -> int:
    (made,) = [store.schedules.add("clock", "report", DAY)]
    store.schedules.remove("clock")
    return made.next_due - DAY


def test_nothing_is_due_before_its_time(store: Store) -> None:
    store.schedules.add("weekly", "report", 7 * DAY, {"out": "/x"})
    assert store.schedules.claim(60) is None
    (listed,) = store.schedules.list()
    assert (listed.name, listed.kind, listed.every, listed.options) == ("weekly", "report", 7 * DAY, {"out": "/x"})


def test_missed_slots_are_one_run_and_the_rhythm_stays(store: Store) -> None:
    first = now(store) - 3 * DAY - 5000
    store.schedules.add("daily", "report", DAY, first=first)
    run = store.schedules.claim(60)
    assert run is not None
    assert (run.slot, run.attempt) == (first + 3 * DAY, 1)
    assert store.schedules.claim(60) is None
    assert [each.next_due for each in store.schedules.list()] == [first + 4 * DAY]
    assert store.schedules.finish(run, "wrote it")
    assert [(each.state, each.detail) for each in store.schedules.runs("daily")] == [("done", "wrote it")]
    assert not store.schedules.finish(run)


def test_many_schedulers_at_once_run_each_slot_once(store: Store) -> None:
    start = now(store)
    for number in range(8):
        store.schedules.add(f"s{number}", "report", DAY, first=start - 1000)
    gate = threading.Barrier(6)

    def claim(_: int) -> list[Run]:
        gate.wait(30)
        found = [store.schedules.claim(60) for _ in range(8)]
        return [run for run in found if run is not None]

    with ThreadPoolExecutor(6) as threads:
        claimed = [run for runs in threads.map(claim, range(6)) for run in runs]
    assert sorted(run.schedule.name for run in claimed) == [f"s{number}" for number in range(8)]
    assert len({run.token for run in claimed}) == 8


def test_a_run_whose_scheduler_died_is_taken_over_and_fenced(store: Store) -> None:
    store.schedules.add("daily", "report", DAY, first=now(store) - 1000)
    lost = store.schedules.claim(60)
    assert lost is not None
    sql(store, "UPDATE runs SET lease_expires = 1")
    again = store.schedules.claim(60)
    assert again is not None
    assert (again.slot, again.attempt) == (lost.slot, 2)
    assert not store.schedules.finish(lost, "late")
    assert store.schedules.finish(again, "in time")
    assert [run.detail for run in store.schedules.runs("daily")] == ["in time"]


def test_what_fails_is_tried_again_and_then_given_up(store: Store) -> None:
    store.schedules.add("daily", "report", DAY, first=now(store) - 1000)
    for attempt in range(1, MAX_TRIES + 1):
        run = store.schedules.claim(60)
        assert run is not None
        assert run.attempt == attempt
        assert store.schedules.fail(run, f"no {attempt}")
        assert store.schedules.claim(60) is None, "it did not wait"
        sql(store, "UPDATE runs SET lease_expires = 1")
    assert store.schedules.claim(60) is None
    assert [(each.state, each.detail) for each in store.schedules.runs("daily")] == [("failed", f"no {MAX_TRIES}")]


def test_a_run_that_kills_every_scheduler_is_given_up(store: Store) -> None:
    store.schedules.add("daily", "report", DAY, first=now(store) - 1000)
    for _ in range(MAX_TRIES):
        assert store.schedules.claim(60) is not None
        sql(store, "UPDATE runs SET lease_expires = 1")
    assert store.schedules.claim(60) is None
    (run,) = store.schedules.runs("daily")
    assert (run.state, run.detail.startswith("given up")) == ("failed", True)


def test_names_are_unique_and_spans_positive(store: Store) -> None:
    store.schedules.add("daily", "report", DAY)
    with pytest.raises(UsageError, match="already"):
        store.schedules.add("daily", "report", DAY)
    with pytest.raises(UsageError, match="span"):
        store.schedules.add("never", "report", 0)
    assert store.schedules.remove("daily")
    assert not store.schedules.remove("daily")
