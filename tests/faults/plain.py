"""Plain: the same work on Celery as it comes (early acknowledgement, no table), to show that the harness can see loss."""

import os
import time
from pathlib import Path
from typing import Any

from celery import Celery

from tests.faults.stub import MODEL_SECONDS

TASK = "plain.work"
QUEUE = "plain"


def app(broker: str) -> Celery:
    """Celery's own defaults but for its name; no result backend."""
    made = Celery("plain", broker=broker, set_as_current=False)
    made.conf.task_default_queue = QUEUE
    made.conf.broker_connection_retry_on_startup = True
    return made


def work(out: Path, number: int) -> None:
    """Sleeps like the stub model, then writes its line in one append."""
    time.sleep(MODEL_SECONDS)
    handle = os.open(out, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.write(handle, f"{number}\n".encode())
    os.close(handle)


def serve(spec: dict[str, Any]) -> int:
    """A worker process with one child."""
    made = app(spec["broker"])
    out = Path(spec["out"])

    @made.task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]
    def run(number: int) -> None:
        work(out, number)

    options = ["--pool=prefork", f"--concurrency={spec.get('children', 1)}", "--loglevel=WARNING"]
    made.worker_main(["worker", *options, "--without-gossip", "--without-mingle", "--without-heartbeat"])
    return 0


def submit(broker: str, numbers: range) -> list[int]:
    """Sends one message per number; the numbers that were sent without an error."""
    made = app(broker)
    with made.connection_for_write() as connection:
        producer = made.amqp.Producer(connection)
        for number in numbers:
            made.send_task(TASK, args=[number], producer=producer)
    return list(numbers)


def written(out: Path) -> list[int]:
    """What was done, in order, with repetitions."""
    return [int(line) for line in out.read_text().splitlines()] if out.exists() else []
