"""Claims: a lease for one worker at a time, in order, found by an index."""

import re
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import sqlalchemy as sa

from secassist.errors import StoreError
from secassist.store import Priority, Store
from secassist.store.jobs_clock import by_index
from tests.store.jobs.rows import SHORT, filled, outcome
from tests.store.samples import alert


class TestClaiming:
    def test_a_batch_shares_analyzer_and_language(self, store: Store) -> None:
        for number in range(12):
            kind, language = ("triage", "techniques")[number % 2], ("en", "zh")[number // 6]
            store.jobs.submit(alert(number), kind, language=language)
        seen = []
        while claimed := store.jobs.claim("w", limit=16):
            assert len({(job.kind, job.language, job.lease_token) for job in claimed}) == 1
            assert {job.attempt for job in claimed} == {1}
            seen += [job.id for job in claimed]
        assert len(set(seen)) == len(seen) == 12

    def test_only_the_kinds_asked_for(self, store: Store) -> None:
        store.jobs.submit(alert(1), "techniques")
        assert store.jobs.claim("w", kinds=["triage"]) == []
        assert not store.jobs.claimable(["triage"])
        assert store.jobs.claimable()
        assert store.jobs.claim("w", kinds=["triage", "techniques"])

    def test_high_priority_first_then_the_sources_in_turn(self, store: Store) -> None:
        filled(store, 40, source="flood")
        for number in (101, 102, 103):
            store.jobs.submit(alert(number), "triage", source="quiet")
        store.jobs.submit(alert(200), "triage", source="flood", priority=Priority.HIGH)
        order = [store.jobs.claim("w")[0].source for _ in range(7)]
        assert order[0] == "flood"
        assert sorted(order[1:]) == ["flood"] * 3 + ["quiet"] * 3

    def test_a_source_that_was_idle_joins_where_the_others_are(self, store: Store) -> None:
        filled(store, 30, source="flood")
        store.jobs.claim("w", limit=20)
        for number in (101, 102):
            store.jobs.submit(alert(number), "triage", source="late")
        store.jobs.submit(alert(103), "triage", source="later")
        claimed = store.jobs.claim("w", limit=6)
        assert sorted(job.source for job in claimed) == ["flood"] * 3 + ["late"] * 2 + ["later"]

    def test_claimers_at_once_never_share_a_job(self, store: Store) -> None:
        filled(store, 200)

        def work(name: int) -> list[str]:
            mine: list[str] = []
            while claimed := store.jobs.claim(f"w{name}", limit=7):
                mine += [job.id for job in claimed]
            return mine

        with ThreadPoolExecutor(4) as threads:
            ids = [id_ for mine in threads.map(work, range(4)) for id_ in mine]
        assert len(ids) == len(set(ids))
        assert set(ids) | {job.id for job in store.jobs.claim("last", limit=200)} == {
            job.id for job in store.jobs.listed()
        }

    def test_a_job_tried_before_comes_alone(self, store: Store) -> None:
        filled(store, 5)
        first = store.jobs.claim("w", limit=2)
        store.jobs.fail(first[0], "no", back_off=0)
        assert [len(store.jobs.claim("w", limit=5)) for _ in range(3)] == [3, 1, 0]

    def test_jobs_that_failed_let_a_few_others_go_first(self, store: Store) -> None:
        filled(store, 60)
        bad = store.jobs.claim("w")[0]
        store.jobs.fail(bad, "no", back_off=0)
        order = [store.jobs.claim("w")[0].id for _ in range(59)]
        assert 10 < order.index(bad.id) < 50

    def test_what_is_held_back_waits(self, store: Store) -> None:
        store.jobs.submit(alert(1), "triage", wait=SHORT * 4)
        assert store.jobs.claim("w") == []
        assert not store.jobs.idle()
        time.sleep(SHORT * 5)
        assert len(store.jobs.claim("w")) == 1


def plans(store: Store, statement: Callable[[], Any]) -> str:
    """How the database runs the SELECTs of a call, as EXPLAIN tells it."""
    seen: list[tuple[str, Any]] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda _c, _k, sql, given, *_: seen.append((sql, given)))
    statement()
    told = []
    with store._engine.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        for sql, given in list(seen):
            if sql.startswith(("SELECT", "UPDATE")) and "jobs" in sql:
                by_index(connection)  # as the claim does
                prefix = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
                told += [str(row) for row in connection.exec_driver_sql(prefix + sql, given)]
    return "\n".join(told)


def test_claiming_reads_indexes_only(store: Store) -> None:
    filled(store, 5)
    said = plans(store, lambda: store.jobs.claim("w", limit=3))
    assert "ix_jobs_next" in said
    assert "ix_jobs_alike" in said
    assert "Seq Scan on jobs" not in said
    assert "Sort" not in said


def test_counting_what_is_open_reads_no_job_that_is_done(store: Store) -> None:
    filled(store, 6)
    done, _, dead = (store.jobs.claim("w")[0] for _ in range(3))
    store.jobs.fail(dead, "never", permanent=True)
    store.jobs.finish([outcome(store, done)])
    said = plans(store, lambda: store.jobs.counts(ended=False))
    assert {"ix_jobs_leases", "ix_jobs_dead"} <= set(re.findall(r"ix_jobs_\w+", said))
    assert "Seq Scan on jobs" not in said
    assert not re.search(r"SCAN jobs(?! USING)", said)
    assert store.jobs.counts(ended=False) == replace(store.jobs.counts(), done=None, cancelled=None, oldest=ANY)
    counts = store.jobs.counts()
    assert (counts.queued, counts.leased, counts.dead, counts.done, counts.cancelled) == (3, 1, 1, 1, 0)
    assert counts.due == 3


def test_a_locked_database_is_a_store_error(file: Path) -> None:
    url = f"sqlite:///{file}"
    with Store.open(url) as store:
        store.jobs.submit(alert(1), "triage")
    with Store.open(url, busy_seconds=0.05) as store:
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            store.jobs.claim("w")
        holder.close()
        assert store.jobs.claim("w")
