"""How jobs end: once, under their lease, with all they wrote or with nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from secassist.errors import UsageError
from secassist.store import JobState, Outcome, Store
from secassist.store.jobs_leasing import FORGIVEN, MAX_STALLS
from tests.store.jobs.rows import SHORT, audited, events, filled, outcome
from tests.store.samples import alert, analysis


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


def test_the_queue_waits_for_the_disk(file: Path) -> None:
    with Store.open(f"sqlite:///{file}") as store, store.jobs._write() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
