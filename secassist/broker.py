"""The Celery app and `publish`: a message says that there is work and carries ids and a keyed hash, nothing else.

The table of jobs is the truth and a message a hint: one that is lost, repeated, late or forged changes nothing but how
soon a worker looks.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from schemas import canonical_json
from secassist.errors import SecassistError

DEFAULT_URL = "redis://127.0.0.1:6379/0"
"""Where Celery looks when it is started by itself and no broker is named."""
WAKE = "secassist.wake"
"""The task that wakes a worker; `workers.jobs` gives it its body."""
QUEUE = "model"
"""Its queue: for processes that hold the model."""
VISIBILITY_SECONDS = 3600
"""When an unacknowledged message is handed out again; messages take no time, so this is only housekeeping."""
AT_ONCE = 100
"""Ids in one message."""
ID = re.compile(r"[0-9a-f]{32}")
SIGNATURE = re.compile(r"[0-9a-f]{64}")
SECONDS = 5
"""How long a broker may take to answer before it counts as absent."""
EXPIRES = 3600
"""Seconds after which a wake-up call that nobody took is dropped; what it called for was long found by looking."""

SETTINGS: dict[str, Any] = {
    "accept_content": ["json"],
    "task_serializer": "json",
    "result_serializer": "json",
    "task_ignore_result": True,
    "task_default_queue": QUEUE,
    "task_acks_late": True,
    "task_acks_on_failure_or_timeout": True,
    "task_reject_on_worker_lost": False,
    "worker_prefetch_multiplier": 1,
    "worker_soft_shutdown_timeout": 30,
    "worker_enable_soft_shutdown_on_idle": True,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "health_check_interval": 25,
        "socket_keepalive": True,
        "socket_timeout": SECONDS * 2,
        "socket_connect_timeout": SECONDS,
        "global_keyprefix": "secassist:",
        "max_retries": 1,
    },
}
"""Late acknowledgement and one message at a time; a worker joins a broker whenever that comes back."""


class BrokerError(SecassistError):
    """The broker cannot be reached; jobs are in the table and are found there."""


@cache
def connect(broker: str) -> Celery:
    """The Celery app of a broker URL; nothing is opened before the first message."""
    app = Celery("secassist", broker=broker, set_as_current=False)
    app.conf.update(SETTINGS)
    return app


def publish(broker: str, key: bytes, ids: Sequence[str]) -> None:
    """Wakes workers for jobs by their ids. Raises BrokerError when the broker does not answer within seconds."""
    app = connect(broker)
    try:
        for start in range(0, len(ids), AT_ONCE):
            part = list(ids[start : start + AT_ONCE])
            app.send_task(WAKE, args=[part, sign(key, part)], retry=False, expires=EXPIRES)
    except (OperationalError, OSError) as error:
        where = app.connection_for_write().as_uri()
        raise BrokerError(f"no broker answers at {where}: start it, or correct SECASSIST_BROKER") from error


def sign(key: bytes, ids: Sequence[str]) -> str:
    """The keyed hash of a message (64 hex digits), under the key of this installation."""
    return hmac.new(key, b"secassist.wake\0" + canonical_json(list(ids)).encode(), hashlib.sha256).hexdigest()


def genuine(key: bytes, ids: Any, signature: Any) -> bool:
    """Whether a message is ours: job ids, as many as we send, and their keyed hash."""
    if not isinstance(ids, list) or not 0 < len(ids) <= AT_ONCE:
        return False
    if not all(isinstance(id_, str) and ID.fullmatch(id_) for id_ in ids):
        return False
    spelled = isinstance(signature, str) and SIGNATURE.fullmatch(signature)
    return bool(spelled) and hmac.compare_digest(sign(key, ids), signature)
