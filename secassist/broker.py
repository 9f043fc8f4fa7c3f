"""The Celery app and `enqueue`: messages carry ids only, so that a broker never sees what is analysed.

Losing the broker still loses its messages: jobs as database rows with leases, which mend that, are a later piece of work.
"""

import os
import re
from functools import cache
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from secassist.errors import SecassistError, UsageError

DEFAULT_URL = "redis://127.0.0.1:6379/0"
ANALYZE = "secassist.analyze"
"""The name of the one task; `workers.jobs` gives it its body."""
QUEUE = "model"
"""Its queue: jobs that need the model, one at a time per process."""
VISIBILITY_SECONDS = 7200
"""When an unacknowledged message is handed out again: at least twice as long as the longest job may take."""
NAME = re.compile(r"[a-z][a-z_]{0,31}")
ID = re.compile(r"[0-9a-f]{64}")
LANGUAGES = ("en", "zh")

SETTINGS: dict[str, Any] = {
    "accept_content": ["json"],
    "task_serializer": "json",
    "result_serializer": "json",
    "task_ignore_result": True,
    "task_default_queue": QUEUE,
    "task_acks_late": True,
    "task_acks_on_failure_or_timeout": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_soft_shutdown_timeout": 30,
    "worker_enable_soft_shutdown_on_idle": True,
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "health_check_interval": 25,
        "socket_keepalive": True,
        "socket_connect_timeout": 10,
        "global_keyprefix": "secassist:",
    },
}
"""Late acknowledgement and one message at a time; each value was tried against Redis restarts and killed workers."""


class BrokerError(SecassistError):
    """The broker cannot be reached; what is stored stays, and can be enqueued again."""


def url() -> str:
    """SECASSIST_BROKER, or the Redis of this machine."""
    return os.environ.get("SECASSIST_BROKER") or DEFAULT_URL


@cache
def connect(broker: str) -> Celery:
    """The Celery app of a broker URL; nothing is opened before the first message."""
    app = Celery("secassist", broker=broker, set_as_current=False)
    app.conf.update(SETTINGS)
    return app


def enqueue(analyzer: str, subject_id: str, language: str = "en", *, broker: str | None = None) -> None:
    """Asks a worker to analyze a stored subject; asking twice gives the same one Analysis.

    `subject_id` is the id under which the store keeps it (of an input with secrets: the id of its masked copy, as
    `Pipeline.conceal` gives it). Raises UsageError for what is not an analyzer's name, an id and a language, so that
    no text can slip onto the broker, and BrokerError when the broker is out of reach.
    """
    _check(analyzer, subject_id, language)
    target = broker or url()
    try:
        connect(target).send_task(ANALYZE, args=[analyzer, subject_id, language])
    except OperationalError as error:
        where = connect(target).connection_for_write().as_uri()
        raise BrokerError(f"no broker at {where}: start it, or set SECASSIST_BROKER") from error


def _check(analyzer: str, subject_id: str, language: str) -> None:
    if not NAME.fullmatch(analyzer):
        raise UsageError("a job names an analyzer: lower-case letters and underscores")
    if not ID.fullmatch(subject_id):
        raise UsageError("a job names its subject by the id in the store: 64 hexadecimal digits")
    if language not in LANGUAGES:
        raise UsageError(f"a job's language is one of {', '.join(LANGUAGES)}")
