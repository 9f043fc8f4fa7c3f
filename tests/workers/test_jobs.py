"""Stored alerts go through a real Redis to a real Celery worker; only the model is scripted."""

import json
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from celery.contrib.testing.worker import start_worker

from schemas import Alert, CodeUnit, Field
from schemas.answers import TriageAnswer
from secassist import bootstrap, broker
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.errors import BackendError, StoreError, UsageError
from secassist.pipeline import Pipeline
from workers import jobs

WORD = "zanzibarword"
"""Stands in every alert, so that its absence shows that no alert text is there."""
SECRET = "AKIA" + "INVENTEDKEY" + "00000"
ANSWER = TriageAnswer(
    decision="suspicious", severity="medium", techniques=[], lines=[1], reason="odd", missing=[]
).model_dump_json()


def answer(request: Request) -> Completion:
    odds = dict.fromkeys(request.choices, 0.1)
    return Completion(text=ANSWER, finish="stop", choices=odds)


def alert(number: int) -> Alert:
    key = f"export AWS_ACCESS_KEY_ID={SECRET}" if number % 5 == 0 else "whoami"
    fields = (Field(path="user.name", value=f"{WORD}{number}"), Field(path="process.command_line", value=key))
    return Alert(source="alert_json", origin=f"alerts.jsonl:{number}", title=f"{WORD} login {number}", fields=fields)


@pytest.fixture
def url(redis_url: str) -> str:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend(answer)


@pytest.fixture
def pipeline(tmp_path: Path, backend: ScriptedBackend) -> Iterator[Pipeline]:
    made = bootstrap.pipeline(Settings(home=tmp_path / "home"), backend)
    yield made
    made.store.close()


@pytest.fixture
def ids(pipeline: Pipeline) -> list[str]:
    """Twenty ingested alerts, four of them with a secret, by the ids under which they are stored."""
    subjects = [alert(number) for number in range(20)]
    list(pipeline.ingest(subjects))
    return [pipeline.conceal(subject).id for subject in subjects]


@contextmanager
def working(url: str, opener: Callable[[], Pipeline], first_wait: float = 0.01) -> Iterator[None]:
    """A worker thread of the solo pool. The app is a fresh one, so that a test's task stays its own."""
    app = jobs.register(broker.connect.__wrapped__(url), opener, first_wait)
    with start_worker(app, pool="solo", perform_ping_check=False, loglevel="CRITICAL"):
        yield


def waited(done: Callable[[], bool], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if done():
            return True
        time.sleep(0.02)
    return False


def at_rest(url: str) -> bool:
    """Nothing waits and nothing is being worked on."""
    with redis.Redis.from_url(url) as client:
        return client.llen("secassist:model") == 0 and client.hlen("secassist:unacked") == 0


def test_each_stored_alert_is_analysed_once_however_often_it_is_asked_for(
    url: str, pipeline: Pipeline, ids: list[str], backend: ScriptedBackend
) -> None:
    assert pipeline.store.count_subjects() == 20
    with working(url, lambda: pipeline):
        for id_ in ids:
            broker.enqueue("triage", id_, broker=url)
        assert waited(lambda: pipeline.store.count_analyses() == 20)
        before = [analysis.model_dump() for analysis in pipeline.store.analyses()]
        for id_ in ids:
            broker.enqueue("triage", id_, broker=url)
        assert waited(lambda: at_rest(url))
    assert [analysis.model_dump() for analysis in pipeline.store.analyses()] == before
    assert sorted(analysis["subject_id"] for analysis in before) == sorted(ids)
    assert pipeline.store.count_subjects() == 20
    assert pipeline.store.count_rejections() == 0
    assert len(backend.seen) == 20


def test_one_job_done_twice_at_the_same_time_is_one_row(pipeline: Pipeline, ids: list[str]) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda id_: jobs.analyze(pipeline, "triage", id_, "en"), ids * 4))
    assert made == made[:20] * 4
    assert pipeline.store.count_analyses() == 20


def test_messages_hold_ids_only(url: str, ids: list[str]) -> None:
    for id_ in ids:
        broker.enqueue("triage", id_, "zh", broker=url)
    with redis.Redis.from_url(url) as client:
        assert client.llen("secassist:model") == 20
        raw = client.lrange("secassist:model", 0, -1)
        everything = b"".join(client.dump(key) or b"" for key in client.scan_iter())
    bodies = [json.loads(b64decode(json.loads(message)["body"])) for message in raw]
    assert sorted(body[0] for body in bodies) == sorted(["triage", id_, "zh"] for id_ in ids)
    assert all(body[1] == {} for body in bodies)
    whole = everything + b"".join(raw) + json.dumps(bodies).encode()
    assert WORD.encode() not in whole
    assert SECRET.encode() not in whole


def test_a_passing_failure_is_tried_again(url: str, pipeline: Pipeline, ids: list[str]) -> None:
    calls: list[str] = []

    def flaky(request: Request) -> Completion:
        calls.append(request.analyzer)
        if len(calls) < 3:
            raise BackendError("the model server is starting")
        return answer(request)

    pipeline.driver.backend = ScriptedBackend(flaky)
    with working(url, lambda: pipeline):
        broker.enqueue("triage", ids[1], broker=url)
        assert waited(lambda: pipeline.store.count_analyses() == 1)
    assert len(calls) == 3
    assert pipeline.store.count_rejections() == 0


def test_a_lasting_failure_becomes_a_rejection_and_the_rest_goes_on(
    url: str, pipeline: Pipeline, ids: list[str]
) -> None:
    def broken(request: Request) -> Completion:
        if f"{WORD}1\n" in request.prompt.user + "\n":
            raise ValueError(f"cannot digest {request.prompt.user}")
        return answer(request)

    pipeline.driver.backend = ScriptedBackend(broken)
    with working(url, lambda: pipeline):
        for id_ in ids[1:4]:
            broker.enqueue("triage", id_, broker=url)
        assert waited(lambda: pipeline.store.count_rejections() == 1)
        assert waited(lambda: pipeline.store.count_analyses() == 2)
    (rejection,) = pipeline.store.rejections()
    assert rejection.origin == f"job triage {ids[1]}"
    assert rejection.reason == "internal error: ValueError"


def test_what_cannot_be_done_is_not_tried_again(url: str, pipeline: Pipeline) -> None:
    with working(url, lambda: pipeline, first_wait=1000.0):
        broker.enqueue("triage", "0" * 64, broker=url)
        assert waited(lambda: pipeline.store.count_rejections() == 1)
    assert "no such subject" in pipeline.store.rejections()[0].reason


def test_a_job_outlives_an_absent_database(url: str, pipeline: Pipeline, ids: list[str]) -> None:
    """Not even the rejection could be written, so the job is tried for as long as it takes."""
    tries: list[int] = []

    def opener() -> Pipeline:
        tries.append(1)
        if len(tries) <= jobs.RETRIES + 2 * 2:  # after the third retry each try asks twice: to work, and to write down
            raise StoreError("the database is away")
        return pipeline

    with working(url, opener, first_wait=0.001):
        broker.enqueue("triage", ids[1], broker=url)
        assert waited(lambda: pipeline.store.count_analyses() == 1)
    assert pipeline.store.count_rejections() == 0


def test_analyses_of_kept_copies_belong_to_the_ids_asked_for(pipeline: Pipeline, ids: list[str]) -> None:
    made = jobs.analyze(pipeline, "triage", ids[0], "en")
    found = pipeline.store.find_analysis(made)
    assert found is not None
    assert found.subject_id == ids[0] != alert(0).id
    assert SECRET not in found.model_dump_json()


def test_subjects_of_which_only_the_place_is_kept_are_refused(pipeline: Pipeline) -> None:
    unit = CodeUnit(source="code", origin="a.py", path="a.py", language="python", body="print(1)\n")
    list(pipeline.ingest([unit]))
    with pytest.raises(UsageError, match="scan the file itself"):
        jobs.analyze(pipeline, "review", unit.id, "en")
    with pytest.raises(UsageError, match="no analyzer"):
        jobs.analyze(pipeline, "divine", unit.id, "en")


@pytest.mark.parametrize(
    ("analyzer", "subject", "language"),
    [("triage", WORD, "en"), ("Triage of " + WORD, "0" * 64, "en"), ("triage", "0" * 64, WORD), ("", "0" * 64, "en")],
)
def test_only_names_and_ids_can_be_enqueued(url: str, analyzer: str, subject: str, language: str) -> None:
    with pytest.raises(UsageError, match="a job") as caught:
        broker.enqueue(analyzer, subject, language, broker=url)
    assert WORD not in str(caught.value)
    assert at_rest(url)


def test_an_absent_broker_is_named_without_its_password() -> None:
    with pytest.raises(broker.BrokerError, match="SECASSIST_BROKER") as caught:
        broker.enqueue("triage", "0" * 64, broker="redis://:invented-password@127.0.0.1:1/0")
    assert "invented-password" not in str(caught.value)
    assert "127.0.0.1:1" in str(caught.value)


def test_the_worker_of_the_command_line_has_the_task_and_loads_no_model() -> None:
    code = (
        "import sys, workers.app as w; from secassist import broker; app = w.app;"
        "assert broker.ANALYZE in app.tasks; assert app.conf.task_acks_late and app.conf.worker_prefetch_multiplier == 1;"
        "assert app.conf.accept_content == ['json'] and not app.conf.result_backend;"
        "print(*({'torch', 'transformers', 'peft'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr.strip()) == ("", "")
