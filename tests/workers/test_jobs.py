"""Celery wakes workers: real Redis, real Celery, real table; only the model is scripted."""

import json
import logging
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from celery.contrib.testing.worker import start_worker

from schemas import CodeUnit
from secassist import broker
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker
from secassist.store import Job, Submitted
from tests.analyzers.scripts import decided
from tests.queueing.shop import NAMES, Model, alert
from workers import jobs

KEY = b"k" * 32
ABSENT = "redis://:invented-password@127.0.0.1:1/0"
IDS = ["0" * 32, "f" * 32]


@pytest.fixture
def url(redis_url: str) -> str:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


def queued(pipeline: Pipeline, count: int, url: str = "", key: bytes = KEY) -> list[Job]:
    publish = (lambda ids: broker.publish(url, key, ids)) if url else None
    intake, made = Intake(pipeline, publish=publish), []
    for part in intake.submit(map(alert, range(count))):
        made += [each for each in part if isinstance(each, Submitted)]
    assert intake.tell(made) == ""
    return [each.job for each in made]


@contextmanager
def engine(pipeline: Pipeline, poll: float) -> Iterator[jobs.Engine]:
    made = jobs.Engine(lambda: Worker(pipeline, Pace(poll=poll, wait=0.01)), KEY)
    made.start()
    try:
        yield made
    finally:
        made.join()


@contextmanager
def consuming(url: str, made: jobs.Engine) -> Iterator[None]:
    """A Celery worker of the solo pool in a thread. The app is a fresh one, so that a test's task stays its own."""
    app = jobs.register(broker.connect.__wrapped__(url), made)
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
    with redis.Redis.from_url(url) as client:
        return client.llen("secassist:model") == 0 and client.hlen("secassist:unacked") == 0


def raw(url: str) -> list[Any]:
    with redis.Redis.from_url(url) as client:
        messages = client.lrange("secassist:model", 0, -1)
    return [json.loads(b64decode(json.loads(message)["body"])) for message in messages]


def test_a_message_wakes_a_worker_that_would_look_much_later(url: str, pipeline: Pipeline) -> None:
    with engine(pipeline, poll=600.0) as made, consuming(url, made):
        time.sleep(0.3)  # the first look finds nothing
        queued(pipeline, 9, url)
        assert waited(lambda: pipeline.store.jobs.counts().done == 9)
        assert waited(lambda: at_rest(url))
    assert pipeline.store.count_analyses() == 9


def test_repeated_late_and_foreign_messages_change_nothing(
    url: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool] = []
    wake = jobs.Engine.wake
    monkeypatch.setattr(jobs.Engine, "wake", lambda made, *message: taken.append(wake(made, *message)))
    with engine(pipeline, poll=600.0) as made, consuming(url, made):
        ids = [job.id for job in queued(pipeline, 5, url)]
        assert waited(lambda: pipeline.store.jobs.counts().done == 5)
        before = [job.updated for job in pipeline.store.jobs.listed()]
        for _ in range(3):
            broker.publish(url, KEY, ids[::-1])
        broker.publish(url, b"another key" * 3, ids)
        broker.connect(url).send_task(broker.WAKE, args=["rm -rf", {"a": 1}], kwargs={"b": []})
        broker.connect(url).send_task(broker.WAKE)
        assert waited(lambda: len(taken) == 7)
        assert waited(lambda: at_rest(url))
    assert sorted(taken) == [False] * 3 + [True] * 4
    assert [job.updated for job in pipeline.store.jobs.listed()] == before
    assert pipeline.store.count_analyses() == 5


def test_messages_hold_ids_and_a_keyed_hash_only(url: str, pipeline: Pipeline) -> None:
    made = queued(pipeline, 20, url)
    (body,) = raw(url)
    assert sorted(body[0][0]) == sorted(job.id for job in made)
    assert broker.genuine(KEY, *body[0])
    assert body[1] == {}
    with redis.Redis.from_url(url) as client:
        everything = b"".join(client.dump(key) or b"" for key in client.scan_iter())
    assert not [name for name in NAMES if name.encode() in everything + json.dumps(body).encode()]


def test_many_jobs_are_few_messages(url: str) -> None:
    broker.publish(url, KEY, [f"{number:032x}" for number in range(250)])
    assert [len(body[0][0]) for body in raw(url)] == [50, 100, 100]


def test_work_goes_on_without_a_broker_and_through_a_flush(url: str, pipeline: Pipeline) -> None:
    with engine(pipeline, poll=0.05) as made, consuming(url, made):
        for _ in range(3):
            queued(pipeline, 3, url)
            with redis.Redis.from_url(url) as client:
                client.flushall()
        assert waited(lambda: pipeline.store.jobs.counts().done == 3)
    with engine(pipeline, poll=0.05):
        queued(pipeline, 8)
        assert waited(lambda: pipeline.store.jobs.counts().done == 8)


def test_a_message_brings_code_to_a_worker(url: str, pipeline: Pipeline, model: Model) -> None:
    model.script = decided
    unit = CodeUnit(source="code", origin="app.py", path="app.py", language="python", body="import os\nos.system(x)\n")
    intake = Intake(pipeline, publish=lambda ids: broker.publish(url, KEY, ids))
    with engine(pipeline, poll=60.0) as made, consuming(url, made):
        time.sleep(0.5)
        (part,) = intake.submit([unit])
        assert intake.tell(each for each in part if isinstance(each, Submitted)) == ""
        assert waited(lambda: pipeline.store.jobs.counts().done == 2)
    assert [finding.place.start_line for finding in next(pipeline.store.analyses(analyzer="review")).findings] == [2]


def test_a_publish_that_fails_is_told_and_costs_nothing(pipeline: Pipeline) -> None:
    intake = Intake(pipeline, publish=lambda ids: broker.publish(ABSENT, KEY, ids))
    (part,) = intake.submit([alert(1)])
    began = time.monotonic()
    said = intake.tell([each for each in part if isinstance(each, Submitted)])
    assert time.monotonic() - began < 10
    assert "SECASSIST_BROKER" in said
    assert "127.0.0.1:1" in said
    assert "invented-password" not in said
    assert pipeline.store.jobs.counts().queued == 1


@pytest.mark.parametrize(
    ("ids", "signature"),
    [
        (IDS, ""),
        (IDS, "0" * 64),
        (IDS[:1], broker.sign(KEY, IDS)),
        (IDS[::-1], broker.sign(KEY, IDS)),
        (["not an id"], broker.sign(KEY, ["not an id"])),
        ([], broker.sign(KEY, [])),
        (IDS * 51, broker.sign(KEY, IDS * 51)),
        (IDS, None),
        (None, None),
        (IDS, "\ud800"),
        ({"a": 1}, "0" * 64),
    ],
)
def test_what_is_not_ours_is_dropped_with_one_line(ids: Any, signature: Any, caplog: pytest.LogCaptureFixture) -> None:
    made = jobs.Engine(lambda: pytest.fail("nothing is opened"), KEY)
    with caplog.at_level(logging.WARNING):
        assert not made.wake(ids, signature)
    assert len(caplog.records) == 1
    assert made.wake(IDS, broker.sign(KEY, IDS))


def test_the_engine_of_a_process_starts_once_and_stops(pipeline: Pipeline) -> None:
    opened: list[Worker] = []

    def opener() -> Worker:
        opened.append(Worker(pipeline, Pace(poll=0.02)))
        return opened[-1]

    made = jobs.Engine(opener, KEY)
    made.start()
    made.start()
    assert waited(lambda: len(opened) == 1)
    made.join()
    assert len(opened) == 1
    assert not [thread for thread in threading.enumerate() if thread.name == "worker"]


def test_the_worker_of_the_command_line_has_the_task_and_loads_no_model(tmp_path: Path) -> None:
    code = (
        "import sys, workers.app as w; from secassist import broker; app = w.app;"
        "assert broker.WAKE in app.tasks; assert app.conf.task_acks_late and app.conf.worker_prefetch_multiplier == 1;"
        "assert app.conf.accept_content == ['json'] and not app.conf.result_backend;"
        "print(*({'torch', 'transformers', 'peft'} & set(sys.modules)))"
    )
    environment = {"PATH": "/usr/bin:/bin", "SECASSIST_HOME": str(tmp_path), "SECASSIST_BROKER": ABSENT}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert (done.stdout.strip(), done.stderr.strip()) == ("", "")
