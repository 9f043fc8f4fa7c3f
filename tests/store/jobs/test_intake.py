"""What is submitted: once in, whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from schemas import Alert
from secassist.errors import BusyError, UsageError
from secassist.store import Entry, JobState, Priority, Store
from tests.store.jobs.rows import filled
from tests.store.samples import alert, code, window


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


def test_strange_text_survives(store: Store) -> None:
    subject = Alert(source="json", title="\x00\x1b\u202e", fields=alert(1).fields)
    job = store.jobs.submit(subject, "triage", source="a\x00b").job
    assert store.jobs.subjects([job])[subject.id].kept == subject
