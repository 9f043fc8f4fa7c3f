"""The worker over a real table: batches, poison, silence of the backend, leases and soft stops."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from secassist.backends.base import Completion, Request
from secassist.errors import BackendError, ModelError, StoreError
from secassist.pipeline import Pipeline
from secassist.queueing import keeper
from secassist.queueing.answering import PROBE
from secassist.queueing.keeper import Keeper
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker
from secassist.store import Job, JobState
from tests.queueing.shop import Model, alert, answer

QUICK = Pace(wait=0.01, poll=0.02, lease=10.0)
Submit = Callable[..., list[Job]]


def poison(error: BaseException, word: str = "poisoned") -> Callable[[Request], Completion]:
    def script(request: Request) -> Completion:
        if word in request.prompt.user:
            raise error
        return answer(request)

    return script


def states(pipeline: Pipeline) -> dict[str, JobState]:
    return {job.id: job.state for job in pipeline.store.jobs.listed()}


def test_every_job_is_done_once_in_batches(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    jobs = submit(*range(20))
    assert Worker(pipeline, QUICK).run(drain=True) == 20
    assert states(pipeline) == {job.id: JobState.DONE for job in jobs}
    assert pipeline.store.count_analyses() == len(model.backend.seen) == 20
    done = list(pipeline.store.jobs.listed())
    assert {job.analysis_id for job in done} == {analysis.id for analysis in pipeline.store.analyses()}
    assert {job.attempt for job in done} == {1}


def test_a_batch_is_asked_together(pipeline: Pipeline, submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    complete = pipeline.driver.backend.complete
    monkeypatch.setattr(
        pipeline.driver.backend, "complete", lambda requests: sizes.append(len(requests)) or complete(requests)
    )
    submit(*range(10))
    Worker(pipeline, Pace(batch=4, poll=0.02)).run(drain=True)
    assert sizes == [4, 4, 2]


def test_what_was_analysed_before_is_found(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    (found,) = pipeline.analyze("triage", [alert(1)])
    submit(1, 2)
    Worker(pipeline, QUICK).run(drain=True)
    assert found.id in {job.analysis_id for job in pipeline.store.jobs.listed()}
    assert len(model.backend.seen) == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("quotes the input"), "internal error: ValueError"),
        (MemoryError(), "internal error: MemoryError"),
        (BackendError("it refuses to answer"), "it refuses to answer"),
        (SystemExit(3), "internal error: SystemExit"),
    ],
)
def test_poison_is_dead_after_three_attempts_and_harms_nobody(
    pipeline: Pipeline, submit: Submit, model: Model, error: BaseException, said: str
) -> None:
    (bad,) = submit(alert(99, "poisoned"))
    good = submit(*range(9))
    model.script = poison(error)
    Worker(pipeline, QUICK).run(drain=True)
    found = {job.id: job for job in pipeline.store.jobs.listed()}
    assert (found[bad.id].state, found[bad.id].attempt, found[bad.id].reason) == (JobState.DEAD, 3, said)
    assert {(found[job.id].state, found[job.id].attempt) for job in good} == {(JobState.DONE, 1)}


def test_poison_alone_is_told_from_a_silent_backend(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    submit(alert(99, "poisoned"))
    model.script = poison(BackendError("no"))
    Worker(pipeline, QUICK).run(drain=True)
    (dead,) = pipeline.store.jobs.listed()
    assert (dead.state, dead.attempt, dead.stalls) == (JobState.DEAD, 3, 0)


def test_a_silent_backend_costs_no_job_an_attempt(
    pipeline: Pipeline, submit: Submit, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secassist.queueing.worker.FIRST_PAUSE", 0.05)
    submit(*range(5))
    left = [12]  # calls that fail: a batch, a job alone and a probe, four times

    def script(request: Request) -> Completion:
        left[0] -= 1
        if left[0] >= 0:
            raise BackendError("away")
        return answer(request)

    model.script = script
    Worker(pipeline, QUICK).run(drain=True)
    found = list(pipeline.store.jobs.listed())
    assert {(job.state, job.attempt) for job in found} == {(JobState.DONE, 1)}
    assert sum(job.stalls for job in found) == 4


def test_what_can_never_be_done_is_dead_at_once(pipeline: Pipeline, submit: Submit) -> None:
    submit(1)
    with pipeline.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET kind = 'divine'")
    Worker(pipeline, QUICK).run(drain=True)
    (dead,) = pipeline.store.jobs.listed()
    assert (dead.state, dead.attempt, dead.reason) == (JobState.DEAD, 1, "no analyzer named 'divine'")


def test_a_worker_that_cannot_work_gives_back_and_says_so(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    submit(1, 2)
    model.script = poison(ModelError("the model is damaged"), "")
    with pytest.raises(ModelError):
        Worker(pipeline, QUICK).run(drain=True)
    assert {(job.state, job.attempt) for job in pipeline.store.jobs.listed()} == {(JobState.QUEUED, 0)}


def test_a_soft_stop_finishes_the_batch(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    submit(*range(12))
    worker = Worker(pipeline, Pace(batch=5, poll=0.02))

    def script(request: Request) -> Completion:
        worker.stop()
        return answer(request)

    model.script = script
    assert worker.run() == 5
    counts = pipeline.store.jobs.counts()
    assert (counts.done, counts.queued, counts.leased) == (5, 7, 0)


def test_a_soft_stop_amid_isolation_gives_back_the_rest(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    submit(alert(99, "poisoned"), *range(4))
    worker = Worker(pipeline, QUICK)

    def script(request: Request) -> Completion:
        worker.stop()
        return poison(ValueError())(request)

    model.script = script
    worker.run()
    counts = pipeline.store.jobs.counts()
    assert (counts.leased, counts.done + counts.queued) == (0, 5)
    assert {job.attempt for job in pipeline.store.jobs.listed() if not job.reason and not job.analysis_id} == {0}


def test_leases_are_renewed_while_a_batch_takes_long(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    submit(1)
    model.script = lambda request: time.sleep(1.5) or answer(request)  # type: ignore[func-returns-value]
    worker = Worker(pipeline, Pace(lease=0.6, poll=0.02))
    assert worker.run(drain=True) == 1
    (job,) = pipeline.store.jobs.listed()
    assert (job.state, job.attempt, job.crashes) == (JobState.DONE, 1, 0)


def test_a_worker_that_lost_its_lease_writes_nothing(
    pipeline: Pipeline, submit: Submit, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    (job,) = submit(1)

    def script(request: Request) -> Completion:
        with pipeline.store._engine.begin() as connection:  # as the database sees a worker that stood still
            connection.exec_driver_sql("UPDATE jobs SET lease_expires = 1")
        return answer(request)

    model.script = script
    Worker(pipeline, QUICK).run(once=True)
    assert pipeline.store.count_analyses() == 0
    assert "lost the lease of 1 jobs" in caplog.text
    assert pipeline.store.jobs.sweep().requeued == (job.id,)


def test_a_database_that_is_away_for_a_moment_loses_nothing(
    pipeline: Pipeline, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(*range(3))
    rows, finish, claim, times = pipeline.store.jobs, pipeline.store.jobs.finish, pipeline.store.jobs.claim, [0]

    def away(call: Callable[..., object]) -> Callable[..., object]:
        def called(*args: object, **more: object) -> object:
            times[0] += 1
            if times[0] % 2:
                raise StoreError("away")
            return call(*args, **more)

        return called

    monkeypatch.setattr(rows, "finish", away(finish))
    monkeypatch.setattr(rows, "claim", away(claim))
    Worker(pipeline, QUICK).run(drain=True)
    assert {(job.state, job.attempt) for job in rows.listed()} == {(JobState.DONE, 1)}


def test_two_workers_share_the_table(pipeline: Pipeline, submit: Submit, model: Model) -> None:
    submit(*range(30))
    workers = [Worker(pipeline, Pace(batch=3, poll=0.02), name=f"w{n}") for n in range(2)]
    threads = [threading.Thread(target=worker.run, kwargs={"drain": True}) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert pipeline.store.jobs.counts().done == pipeline.store.count_analyses() == len(model.backend.seen) == 30
    assert {job.worker for job in pipeline.store.jobs.listed()} == {"w0", "w1"}


def test_a_wake_up_call_ends_the_wait(pipeline: Pipeline, submit: Submit) -> None:
    worker = Worker(pipeline, Pace(poll=50.0))
    thread = threading.Thread(target=worker.run)
    thread.start()
    time.sleep(0.2)
    submit(1)
    worker.wake()
    deadline = time.monotonic() + 20
    while pipeline.store.jobs.counts().done == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.stop()
    thread.join(10)
    assert pipeline.store.jobs.counts().done == 1
    assert not thread.is_alive()


class Ended(Exception):
    """In place of the end of the process."""


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Exit statuses with which the keeper would have ended this process."""
    found: list[int] = []

    def end(status: int) -> None:
        found.append(status)
        raise Ended

    monkeypatch.setattr(keeper, "_end", end)
    return found


def watched(pipeline: Pipeline, pace: Pace, count: int) -> tuple[Keeper, list[Job]]:
    """A keeper (its thread does not run) of freshly claimed jobs at work."""
    claimed = pipeline.store.jobs.claim("w", limit=count)
    made = Keeper(pipeline.store.jobs, pace, "w")
    made.hold(claimed)
    made.run(claimed)
    return made, claimed


def test_a_job_that_hangs_ends_the_process_and_is_told(pipeline: Pipeline, submit: Submit, ends: list[int]) -> None:
    submit(1)
    for attempt in range(3):
        made, claimed = watched(pipeline, Pace(limit=5, wait=0), 1)
        assert claimed[0].attempt == attempt + 1
        made._watch(time.monotonic() + 4)
        assert not ends[attempt:]
        with pytest.raises(Ended):
            made._watch(time.monotonic() + 6)
    assert ends == [keeper.OVERRUN] * 3
    (dead,) = pipeline.store.jobs.listed()
    assert (dead.state, dead.attempt, dead.reason) == (JobState.DEAD, 3, "took longer than 5 s")


def test_a_batch_has_more_time_and_comes_back_job_by_job(pipeline: Pipeline, submit: Submit, ends: list[int]) -> None:
    submit(*range(8))
    made, _ = watched(pipeline, Pace(limit=5, wait=0), 8)
    made._watch(time.monotonic() + 9)
    with pytest.raises(Ended):
        made._watch(time.monotonic() + 11)
    assert {(job.state, job.attempt) for job in pipeline.store.jobs.listed()} == {(JobState.QUEUED, 1)}
    assert [len(pipeline.store.jobs.claim("w", limit=8)) for _ in range(9)] == [1] * 8 + [0]


def test_a_greedy_job_ends_the_process(pipeline: Pipeline, submit: Submit, ends: list[int]) -> None:
    submit(1)
    made, _ = watched(pipeline, Pace(megabytes=1), 1)
    with pytest.raises(Ended):
        made._watch(time.monotonic())
    (job,) = pipeline.store.jobs.listed()
    assert (job.state, job.reason) == (JobState.QUEUED, "the worker used more than 1 MB of memory")


def test_a_worker_that_sees_work_and_takes_none_ends(
    pipeline: Pipeline, submit: Submit, ends: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    made = Keeper(pipeline.store.jobs, Pace(patience=0.0), "w")
    made._look()
    submit(1)
    with caplog.at_level(logging.ERROR), pytest.raises(Ended):
        time.sleep(0.01)
        made._look()
    assert ends == [keeper.STUCK]
    assert "claimed nothing" in caplog.text


def test_the_keeper_sweeps_and_publishes(pipeline: Pipeline, submit: Submit) -> None:
    (job,) = submit(1)
    pipeline.store.jobs.claim("dead", lease_seconds=0.01)
    told: list[str] = []
    with Keeper(pipeline.store.jobs, Pace(lease=0.5), "w", publish=told.extend):
        deadline = time.monotonic() + 10
        while not told and time.monotonic() < deadline:
            time.sleep(0.02)
    assert told == [job.id]


def test_the_probe_is_harmless() -> None:
    assert "poisoned" not in PROBE.text


def test_a_kind_whose_model_is_damaged_waits_and_the_others_go_on(
    pipeline: Pipeline, submit: Submit, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secassist.queueing.worker.LEFT_OUT", (0.3, 0.3))
    bad, good = submit(1, 2, kind="sensitive"), submit(3, 4)
    damaged, identity = [True], model.backend.identity
    pipeline.driver.detectors = {n: d for n, d in pipeline.driver.detectors.items() if n != "people"}

    def known(analyzer: str) -> Any:
        if damaged[0] and analyzer == "sensitive":
            raise ModelError("adapters/sensitive is damaged; restore it")
        return identity(analyzer)

    monkeypatch.setattr(model.backend, "identity", known)
    with pytest.raises(ModelError, match="sensitive is damaged"):
        Worker(pipeline, QUICK).run(drain=True)
    found = {job.id: job for job in pipeline.store.jobs.listed()}
    assert {found[job.id].state for job in good} == {JobState.DONE}
    assert {(found[job.id].state, found[job.id].attempt) for job in bad} == {(JobState.QUEUED, 0)}
    assert all("sensitive is damaged; restore it" in found[job.id].reason for job in bad)
    worker = Worker(pipeline, QUICK)
    thread = threading.Thread(target=worker.run)
    thread.start()
    submit(5)
    until = time.monotonic() + 30
    while pipeline.store.jobs.counts().done < 3 and time.monotonic() < until:
        time.sleep(0.02)
    damaged[0] = False
    while pipeline.store.jobs.counts().done < 5 and time.monotonic() < until:
        time.sleep(0.02)
    worker.stop()
    thread.join(30)
    assert pipeline.store.jobs.counts().done == 5
    assert not any(job.reason for job in pipeline.store.jobs.listed())
