"""The supervisor: starts worker processes and starts them again when they die, as poison makes them; loads no model."""

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from secassist.config import Settings

SHORT_LIFE = 10.0
"""A process that lived shorter (seconds) is started again after a pause that doubles each time."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
USAGE = 2
"""Exit status of a process that cannot work as it is set up: starting it again would not help."""
TICK = 0.1

log = logging.getLogger(__name__)


@dataclass
class _Child:
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    pause: float = FIRST_PAUSE


class Supervisor:
    """Keeps `count` processes of one command alive until it is told to stop."""

    def __init__(self, command: Sequence[str], count: int, settings: Settings) -> None:
        self._command = list(command)
        self._count = count
        self._patience = settings.queue_limit + settings.queue_lease
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Lets the processes finish what they do; `run` returns when they have."""
        self._stopping.set()

    def run(self) -> int:
        """The exit status: 0 once all have ended well, else the first other one."""
        children = [self._start() for _ in range(self._count)]
        worst = 0
        try:
            while children and not self._stopping.is_set():
                self._stopping.wait(TICK)
                for child in [each for each in children if each.process.poll() is not None]:
                    children.remove(child)
                    status = child.process.returncode
                    if status in (0, USAGE):
                        worst = worst or status
                    else:
                        children.append(self._again(child, status))
        finally:
            statuses = [self._ended(child) for child in self._told(children)]
        return worst or next((status for status in statuses if status > 0), 0)

    def _start(self) -> _Child:
        return _Child(subprocess.Popen(self._command))

    def _again(self, child: _Child, status: int) -> _Child:
        short = time.monotonic() - child.started < SHORT_LIFE
        pause = min(child.pause * 2, LONGEST_PAUSE) if short else FIRST_PAUSE
        log.warning("worker process %d ended with %d; another one starts", child.process.pid, status)
        self._stopping.wait(child.pause if short else 0.0)
        made = self._start()
        made.pause = pause
        return made

    def _told(self, children: Sequence[_Child]) -> Sequence[_Child]:
        for child in children:
            child.process.send_signal(signal.SIGTERM)
        return children

    def _ended(self, child: _Child) -> int:
        try:
            return child.process.wait(self._patience)
        except subprocess.TimeoutExpired:
            child.process.kill()
            return child.process.wait()


def on_signals(stop: Callable[[], None]) -> None:
    """SIGTERM and SIGINT call `stop`, in a thread, for a handler may interrupt what holds the lock it needs."""

    def handler(_number: int, _frame: object) -> None:
        threading.Thread(target=stop, name="stopping", daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)
