"""What a person does with jobs: looks, cancels, revives."""

import pytest

from secassist.errors import UsageError
from secassist.store import Store
from tests.store.jobs.rows import audited, filled, outcome


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
