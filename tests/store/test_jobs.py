"""Jobs as rows, on SQLite and on PostgreSQL: once in, once out, and nothing written without a lease."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import sqlalchemy as sa

from schemas import Alert
from secassist.errors import BusyError, StoreError, UsageError
from secassist.store import Entry, Job, JobState, Outcome, Priority, Store, done_event
from secassist.store.jobs_clock import by_index
from secassist.store.jobs_leasing import FORGIVEN, MAX_STALLS
from secassist.store.tables import audit, outbox
from tests.store.samples import alert, analysis, code, finding, verdict, window

SHORT = 0.05
"""A lease, in seconds, that is soon over."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, file: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("empty"))
    return f"sqlite:///{file}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def filled(store: Store, count: int, **more: Any) -> list[Job]:
    return [each.job for each in store.jobs.submit_many([Entry(alert(n), "triage", **more) for n in range(count)])]


def outcome(store: Store, job: Job, **more: Any) -> Outcome:
    kept = store.jobs.subjects([job])[job.subject_id].kept
    assert kept is not None
    made = analysis(kept, verdict=verdict(), findings=(finding(),), **more)
    return Outcome(job, made, (done_event(job, made),))


def events(store: Store) -> list[Any]:
    with store._engine.connect() as connection:
        return list(connection.execute(sa.select(outbox).order_by(outbox.c.created, outbox.c.id)))


def audited(store: Store) -> list[str]:
    with store._engine.connect() as connection:
        return list(connection.scalars(sa.select(audit.c.action).order_by(audit.c.id)))


class TestIntake:
    def test_a_job_and_its_subject_are_there_together(self, store: Store) -> None:
        made = store.jobs.submit(alert(1), "triage", source="siem", correlation="host-7")
        assert made.new
        assert store.jobs.find(made.job.id) == made.job
        assert (made.job.state, made.job.attempt, made.job.source) == (JobState.QUEUED, 0, "siem")
        found = store.jobs.subjects([made.job])[alert(1).id]
        assert found.kept == alert(1)

    def test_the_same_key_gives_the_same_job(self, store: Store) -> None:
        first = store.jobs.submit(alert(1), "triage")
        again = store.jobs.submit(alert(1), "triage")
        other = store.jobs.submit(alert(1), "triage", language="zh")
        named = store.jobs.submit_many([Entry(alert(2), "triage", key="k"), Entry(alert(3), "triage", key="k")])
        assert (again.job, again.new) == (first.job, False)
        assert other.new
        assert named[0].job.id == named[1].job.id
        assert store.jobs.counts().queued == 3

    def test_many_submitters_of_the_same_make_one_job_each(self, store: Store) -> None:
        entries = [Entry(alert(n), "triage") for n in range(30)]

        def submit(turn: int) -> list[str]:
            ordered = entries if turn % 2 else entries[::-1]
            return sorted(each.job.id for each in store.jobs.submit_many(ordered))

        with ThreadPoolExecutor(4) as threads:
            made = list(threads.map(submit, range(8)))
        assert made == [made[0]] * 8
        assert store.jobs.counts().queued == store.count_subjects() == 30

    def test_all_of_a_batch_or_nothing(self, store: Store) -> None:
        with pytest.raises(UsageError, match="names an analyzer"):
            store.jobs.submit_many([Entry(alert(1), "triage"), Entry(alert(2), "")])
        with pytest.raises(UsageError, match="128"):
            store.jobs.submit(alert(1), "triage", key="k" * 129)
        assert store.count_subjects() == store.jobs.counts().queued == 0

    def test_a_full_queue_says_how_full_and_when_to_come_back(self, store: Store) -> None:
        filled(store, 8)
        with pytest.raises(BusyError) as caught:
            store.jobs.submit_many([Entry(alert(n), "triage") for n in range(20, 23)], high_water=10)
        assert (caught.value.waiting, caught.value.limit) == (8, 10)
        assert caught.value.retry_after >= 5
        assert store.count_subjects() == 8
        urgent = [Entry(alert(n), "triage", priority=Priority.HIGH) for n in range(20, 23)]
        assert all(each.new for each in store.jobs.submit_many(urgent, high_water=10))
        assert not store.jobs.submit(alert(1), "triage", high_water=1).new

    def test_a_purged_subject_comes_back(self, store: Store) -> None:
        job = store.jobs.submit(window(1), "triage").job
        with store._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE subjects SET body = NULL, title = ''")
        store.jobs.submit(window(1), "triage", language="zh")
        assert store.jobs.subjects([job])[job.subject_id].kept == window(1)

    def test_what_was_sealed_goes_when_its_job_is_purged(self, store: Store) -> None:
        job = store.jobs.submit(code(), "sensitive", original=b"sealed").job
        other = store.jobs.submit(alert(1), "sensitive", original=b"sealed too").job
        assert store.jobs.originals([job, other]) == {job.id: b"sealed", other.id: b"sealed too"}
        assert store.find_subject(job.subject_id).waiting is None
        store.jobs.cancel([job.id])
        store.purge({"jobs": datetime.now(UTC) + timedelta(days=1)})
        assert store.jobs.originals([job, other]) == {other.id: b"sealed too"}

    def test_code_that_a_scan_stored_before_is_there_while_it_waits(self, store: Store) -> None:
        store.add_subject(code())
        job = store.jobs.submit(code(), "review").job
        assert store.find_subject(job.subject_id).waiting == code()
        store.add_subject(code())
        assert store.find_subject(job.subject_id).waiting == code()
        store.purge({"subjects": datetime.now(UTC) + timedelta(days=1)})
        assert store.find_subject(job.subject_id).waiting == code()
        store.jobs.cancel([job.id])
        store.purge({"subjects": datetime.now(UTC) + timedelta(days=1)})
        assert store.find_subject(job.subject_id) is None


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


class TestFinishing:
    def test_everything_in_one_transaction(self, store: Store) -> None:
        filled(store, 3)
        claimed = store.jobs.claim("w", limit=3)
        assert store.jobs.finish([outcome(store, job) for job in claimed], "w") == {job.id for job in claimed}
        assert store.jobs.counts().done == store.count_analyses() == store.count_findings() == 3
        assert audited(store) == ["job.done"] * 3
        assert store.vault.recorded() == []
        told = events(store)
        assert sorted(row.job_id for row in told) == sorted(job.id for job in claimed)
        assert {(row.kind, row.state, row.payload["disposition"]) for row in told} == {
            ("analysis.done", "queued", "true_positive")
        }
        assert {row.payload["analysis"] for row in told} == {each.id for each in store.analyses()}
        assert {job.analysis_id for job in store.jobs.listed()} == {each.id for each in store.analyses()}

    def test_a_lost_lease_writes_nothing_at_all(self, store: Store) -> None:
        filled(store, 2)
        stale = store.jobs.claim("slow", limit=2, lease_seconds=SHORT)
        kept = store.jobs.heartbeat(stale[1:], 60)
        time.sleep(SHORT * 2)
        assert kept == {stale[1].id}
        assert store.jobs.finish([outcome(store, job) for job in stale], "slow") == {stale[1].id}
        assert (store.count_analyses(), len(events(store)), audited(store)) == (1, 1, ["job.done"])
        assert store.jobs.heartbeat(stale) == set()
        assert store.jobs.fail(stale[0], "late") is None
        assert store.jobs.release([stale[0]]) == set()

    def test_a_reclaimed_job_belongs_to_its_new_worker(self, store: Store) -> None:
        filled(store, 1)
        old = store.jobs.claim("slow", lease_seconds=SHORT)
        time.sleep(SHORT * 2)
        assert store.jobs.sweep().requeued == (old[0].id,)
        new = store.jobs.claim("fast")
        assert (new[0].attempt, new[0].crashes) == (1, 1)
        assert store.jobs.finish([outcome(store, old[0])]) == set()
        assert store.count_analyses() == 0
        assert store.jobs.finish([outcome(store, new[0])]) == {new[0].id}
        assert store.jobs.finish([outcome(store, new[0])]) == set()
        assert len(events(store)) == 1

    def test_an_analysis_that_is_there_stays_as_it_is(self, store: Store) -> None:
        one, two = (store.jobs.submit(alert(1), "triage", key=key).job for key in "ab")
        claimed = {job.id: job for job in store.jobs.claim("w", limit=2)}
        made = outcome(store, claimed[one.id])
        other = Outcome(claimed[two.id], made.analysis.model_copy(update={"findings": ()}))
        assert len(store.jobs.finish([made])) == len(store.jobs.finish([other])) == 1
        assert (store.count_analyses(), store.count_findings()) == (1, 1)
        assert {job.analysis_id for job in store.jobs.listed()} == {made.analysis.id}

    def test_what_the_database_refuses_is_refused_whole(self, store: Store) -> None:
        filled(store, 2)
        claimed = store.jobs.claim("w", limit=2)
        stranger = Outcome(claimed[1], analysis(alert(77)))
        with pytest.raises(UsageError, match="refuses"):
            store.jobs.finish([outcome(store, claimed[0]), stranger])
        assert (store.jobs.counts().leased, store.count_analyses()) == (2, 0)

    def test_finishing_at_once_writes_each_analysis_once(self, store: Store) -> None:
        for number in range(20):
            for key in "abcd":
                store.jobs.submit(alert(number), "triage", key=f"{key}{number}")
        claimed = store.jobs.claim("w", limit=80)
        parts = [[outcome(store, job) for job in claimed if job.key[0] == key] for key in "abcd"]
        with ThreadPoolExecutor(4) as threads:
            done = list(threads.map(store.jobs.finish, parts))
        assert [len(each) for each in done] == [20] * 4
        assert (store.count_analyses(), store.count_findings(), store.jobs.counts().done) == (20, 20, 80)


class TestFailing:
    def test_the_third_failure_is_the_last(self, store: Store) -> None:
        filled(store, 1)
        states = []
        while claimed := store.jobs.claim("w"):
            states.append(store.jobs.fail(claimed[0], f"no {claimed[0].attempt}", back_off=0))
        assert states == [JobState.QUEUED, JobState.QUEUED, JobState.DEAD]
        (dead,) = store.jobs.listed(state=JobState.DEAD)
        assert (dead.attempt, dead.reason) == (3, "no 3")
        assert [(row.kind, row.payload["attempts"]) for row in events(store)] == [("job.dead", 3)]
        assert audited(store) == ["job.dead"]

    def test_a_job_whose_worker_dies_every_time_is_dead_after_three_attempts_that_count(self, store: Store) -> None:
        filled(store, 1)
        attempts = []
        while claimed := store.jobs.claim("w", lease_seconds=SHORT):
            attempts.append(claimed[0].attempt)
            time.sleep(SHORT * 2)
            swept = store.jobs.sweep()
        assert attempts == [1] * FORGIVEN + [1, 2, 3]
        assert swept.dead == (next(store.jobs.listed()).id,)
        (dead,) = store.jobs.listed(state=JobState.DEAD)
        assert (dead.attempt, dead.reason) == (3, f"the worker died {FORGIVEN + 3} times")
        assert [row.kind for row in events(store)] == ["job.dead"]
        assert store.jobs.idle()

    def test_a_batch_that_died_comes_back_job_by_job_behind_others_and_uncharged(self, store: Store) -> None:
        made = {job.id for job in filled(store, 3)}
        store.jobs.claim("w", limit=3, lease_seconds=SHORT)
        other = {job.id for job in filled(store, 5)[3:]}
        time.sleep(SHORT * 2)
        assert set(store.jobs.sweep().requeued) == made
        assert {(job.attempt, job.crashes) for job in store.jobs.listed() if job.id in made} == {(0, 1)}
        batches = [[job.id for job in store.jobs.claim("w", limit=3)] for _ in range(4)]
        assert set(batches[0]) == other
        assert [len(batch) for batch in batches[1:]] == [1, 1, 1]

    def test_failures_count_whatever_was_forgiven(self, store: Store) -> None:
        filled(store, 1)
        store.jobs.claim("w", lease_seconds=SHORT)
        time.sleep(SHORT * 2)
        store.jobs.sweep()
        states = [store.jobs.fail(store.jobs.claim("w")[0], "no", back_off=0) for _ in range(3)]
        assert states == [JobState.QUEUED, JobState.QUEUED, JobState.DEAD]

    def test_waits_grow(self, store: Store) -> None:
        filled(store, 1)
        job = store.jobs.claim("w")[0]
        store.jobs.fail(job, "no", back_off=7.0)
        found = store.jobs.find(job.id)
        assert found is not None
        assert found.not_before - found.updated == pytest.approx(7000, abs=50)

    def test_permanent_is_dead_at_once(self, store: Store) -> None:
        filled(store, 1)
        assert store.jobs.fail(store.jobs.claim("w")[0], "never", permanent=True) is JobState.DEAD

    def test_released_jobs_lose_no_attempt_and_come_first(self, store: Store) -> None:
        filled(store, 6)
        claimed = store.jobs.claim("w", limit=2)
        assert store.jobs.release(claimed) == {job.id for job in claimed}
        again = store.jobs.claim("w", limit=2)
        assert ({job.id for job in again}, {job.attempt for job in again}) == ({job.id for job in claimed}, {1})

    def test_a_silent_backend_does_not_keep_a_job_for_ever(self, store: Store) -> None:
        filled(store, 1)
        for _ in range(MAX_STALLS):
            assert store.jobs.release(store.jobs.claim("w"), stalled=True)
        (dead,) = store.jobs.listed(state=JobState.DEAD)
        assert dead.reason == f"the backend did not answer {MAX_STALLS} times"
        assert len(events(store)) == 1

    def test_reasons_pass_the_redaction(self, url: str) -> None:
        with Store.open(url, redact=lambda text: text.replace("zanzibar", "[word]")) as store:
            filled(store, 1, source="zanzibar")
            store.jobs.fail(store.jobs.claim("w")[0], "said zanzibar", permanent=True)
            (dead,) = store.jobs.listed()
            assert (dead.reason, dead.source) == ("said [word]", "[word]")


class TestSteering:
    def test_dead_jobs_start_anew(self, store: Store) -> None:
        filled(store, 2)
        for job in store.jobs.claim("w", limit=2):
            store.jobs.fail(job, "never", permanent=True)
        assert len(store.jobs.retry()) == 2
        assert {(job.attempt, job.reason) for job in store.jobs.listed()} == {(0, "")}
        assert len(store.jobs.claim("w", limit=2)) == 2
        assert audited(store)[-1] == "job.retry"

    def test_a_cancelled_job_cannot_be_finished(self, store: Store) -> None:
        filled(store, 2)
        claimed = store.jobs.claim("w")
        ids = [job.id for job in store.jobs.listed()]
        assert store.jobs.cancel(ids, "ana", "not needed") == sorted(ids)
        assert store.jobs.finish([outcome(store, claimed[0])]) == set()
        assert (store.jobs.counts().cancelled, store.jobs.claim("w"), store.count_analyses()) == (2, [], 0)
        assert store.jobs.cancel(ids) == []
        assert store.jobs.retry(ids[:1]) == ids[:1]

    def test_lists_page_by_page(self, store: Store) -> None:
        made = filled(store, 7)
        ids = [job.id for job in store.jobs.listed()]
        assert ids == sorted((job.id for job in made), reverse=True)
        assert [job.id for job in store.jobs.listed(limit=3, after=ids[2])] == ids[3:6]
        with pytest.raises(UsageError, match="hex"):
            store.jobs.find("%")

    def test_a_beginning_that_several_jobs_share_is_told_with_all_of_them(self, store: Store) -> None:
        ids = sorted(job.id for job in filled(store, 3))
        shared = ids[0][:6]  # ids begin with the time
        with pytest.raises(UsageError, match="several jobs: ") as error:
            store.jobs.find(shared)
        named = str(error.value).partition("several jobs: ")[2].split(", ")
        assert [id_.startswith(name) for id_, name in zip(ids, named, strict=True)] == [True] * 3
        assert [getattr(store.jobs.find(name), "id", "") for name in named] == ids
        assert len(named[0]) < len(ids[0])

    def test_a_sweep_names_what_waits_too_long(self, store: Store) -> None:
        made = filled(store, 3)
        assert store.jobs.sweep(waiting_seconds=60).to_publish == ()
        assert set(store.jobs.sweep(waiting_seconds=-1).to_publish) == {job.id for job in made}

    def test_tokens_are_not_shown(self, store: Store) -> None:
        filled(store, 1)
        (job,) = store.jobs.claim("w")
        assert job.lease_token
        assert job.lease_token not in repr(job)


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


def test_the_queue_waits_for_the_disk(file: Path) -> None:
    with Store.open(f"sqlite:///{file}") as store, store.jobs._write() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_strange_text_survives(store: Store) -> None:
    subject = Alert(source="json", title="\x00\x1b\u202e", fields=alert(1).fields)
    job = store.jobs.submit(subject, "triage", source="a\x00b").job
    assert store.jobs.subjects([job])[subject.id].kept == subject
