"""The wake-up task, and the worker that runs in a thread of every Celery process.

Celery cannot start its consumer without a broker, and a solo pool answers nobody while a job runs. So the worker is no
task: it is a thread that looks at the table by itself, from the moment the process is there until it is told to stop,
and a message only makes it look at once. With the broker absent, flushed or paused, work goes on; when it comes back,
Celery joins it. The pipeline and its model are made in that thread: after the fork, where there is one.
"""

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from celery import Celery, signals

from secassist import broker
from secassist.errors import ConfigError, ModelError, TemplateError
from secassist.queueing.keeper import STUCK
from secassist.queueing.supervisor import USAGE
from secassist.queueing.worker import Worker

log = logging.getLogger(__name__)
Opener = Callable[[], Worker]
SETUP = (ConfigError, ModelError, TemplateError)
"""Errors that starting again does not mend."""


class Engine:
    """The worker of this process and its thread; `key` signs messages."""

    def __init__(self, open_worker: Opener, key: bytes) -> None:
        self._open = open_worker
        self._key = key
        self._worker: Worker | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False

    def start(self, **_signal: Any) -> None:
        """Begins to work; a second call changes nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
            self._thread.start()

    def stop(self, **_signal: Any) -> None:
        """Has the worker finish its batch and return."""
        self._stopped = True
        if self._worker is not None:
            self._worker.stop()

    def join(self, **_signal: Any) -> None:
        """Waits until it has."""
        self.stop()
        if self._thread is not None and self._worker is not None:
            self._thread.join(self._worker.pace.limit)

    def wake(self, ids: Any = None, signature: Any = None) -> bool:
        """Looks at the table now, if the message is ours; one that is not is dropped with one line."""
        if not broker.genuine(self._key, ids, signature):
            log.warning("a message that is not ours was dropped")
            return False
        if self._worker is not None:
            self._worker.wake()
        return True

    def _run(self) -> None:
        status = STUCK
        try:
            self._worker = self._open()
            if self._stopped:
                self._worker.stop()
            self._worker.run()
        except SETUP as error:
            log.error("the worker cannot work: %s", error)
            status = USAGE
        except BaseException:
            log.exception("the worker ended")
        if not self._stopped:
            logging.shutdown()
            os._exit(status)  # a process that does no work is none


def register(app: Celery, engine: Engine) -> Celery:
    """Gives the app its task, and the process its worker: when a pool's process is there, and again until it goes."""

    @app.task(name=broker.WAKE, shared=False, ignore_result=True)  # type: ignore[untyped-decorator]
    def wake(*args: Any, **kwargs: Any) -> None:
        engine.wake(*args[:2]) if len(args) == 2 and not kwargs else engine.wake()

    return app


def follow(engine: Engine) -> None:
    """Lets Celery's signals start and stop the worker; solo and prefork pools both send the first one."""
    signals.worker_process_init.connect(engine.start, weak=False)
    signals.worker_shutting_down.connect(engine.stop, weak=False)
    signals.worker_process_shutdown.connect(engine.join, weak=False)
    signals.worker_shutdown.connect(engine.join, weak=False)
