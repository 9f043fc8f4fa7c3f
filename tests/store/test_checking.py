"""Examining finds what is wrong with the rows, on both databases, and nothing in a store that is sound."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secassist.store import Store
from tests.store.samples import alert, analysis, verdict
from tests.test_delivering import happened


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'a.db'}" if request.param == "sqlite" else request.getfixturevalue("empty")
    with Store.open(url) as opened:
        opened.add_subject(alert())
        opened.add_analysis(analysis(alert(), minutes=1, verdict=verdict()))
        yield opened


def sql(store: Store, *statements: str) -> None:
    with store._engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_sound_store_has_no_faults(store: Store) -> None:
    store.jobs.submit(alert(), "triage")
    assert store.examine() == []


def test_an_altered_analysis_is_named(store: Store) -> None:
    (found,) = store.analyses()
    column = "outcome" if store._engine.dialect.name == "sqlite" else "outcome::text"
    change = f"replace({column}, '{found.subject_id}', '{'f' * 64}')"
    cast = change if store._engine.dialect.name == "sqlite" else f"{change}::json"
    sql(store, f"UPDATE analyses SET outcome = {cast}")
    (fault,) = store.examine()
    assert "was altered" in fault


def test_rows_without_parents_are_counted(store: Store) -> None:
    sqlite = store._engine.dialect.name == "sqlite"
    if sqlite:
        raw = store._engine.raw_connection()
        raw.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        raw.driver_connection.execute("DELETE FROM subjects")  # type: ignore[union-attr]
        raw.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]
        raw.close()
    else:
        sql(
            store,
            "SET session_replication_role = replica",
            "DELETE FROM subjects",
            "SET session_replication_role = origin",
        )
    (fault,) = store.examine()
    assert ("row 1 of analyses" if sqlite else "1 rows of analyses") in fault
    assert "of subjects that" in fault


def test_jobs_without_subjects_and_leases_nobody_takes_back(store: Store) -> None:
    store.jobs.submit(alert(2), "triage")
    (job,) = store.jobs.claim("w", limit=1)
    store.jobs.submit(alert(3), "triage")
    sql(
        store,
        f"UPDATE jobs SET lease_expires = 1 WHERE id = '{job.id}'",
        f"DELETE FROM subjects WHERE id = '{alert(3).id}'",
    )
    orphaned, stuck = store.examine()
    assert "1 jobs wait for subjects that were purged" in orphaned
    assert "1 leases in jobs ran out long ago" in stuck


def test_events_that_nobody_hands_on(store: Store) -> None:
    happened(store, 2)
    assert store.examine() == ["2 events were not handed on for a day; run secassist schedule run"]
    store.outbox.hand_on({})
    assert store.examine() == []
