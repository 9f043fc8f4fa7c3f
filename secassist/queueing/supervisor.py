"""The supervisor: starts worker processes and starts them again when they die, as poison makes them; loads no model.

It can keep a scheduler beside them, which makes the rounds and ends with them.
"""

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
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    pause: float = FIRST_PAUSE


class Supervisor:
    """Keeps `count` processes of one command alive until it is told to stop, and one of `beside`, if it is given."""

    def __init__(
        self, command: Sequence[str], count: int, settings: Settings, beside: Sequence[str] | None = None
    ) -> None:
        self._command = list(command)
        self._beside = beside
        self._count = count
        self._patience = settings.queue_limit + settings.queue_lease
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Lets the processes finish what they do; `run` returns when they have."""
        self._stopping.set()

    def run(self) -> int:
        """The exit status: 0 once all have ended well, else the first other one."""
        children = [self._start(self._command) for _ in range(self._count)]
        children += [self._start(self._beside)] if self._beside else []
        worst = 0
        try:
            while any(each.command is not self._beside for each in children) and not self._stopping.is_set():
                self._stopping.wait(TICK)
                for child in [each for each in children if each.process.poll() is not None]:
                    children.remove(child)
                    status = child.process.returncode
                    if status in (0, USAGE):
                        self._tell_end(child, status)
                        worst = worst or status
                    else:
                        children.append(self._again(child, status))
        finally:
            statuses = [self._ended(child) for child in self._told(children)]
        return worst or next((status for status in statuses if status > 0), 0)

    def _start(self, command: Sequence[str]) -> _Child:
        return _Child(command, subprocess.Popen(command))

    def _tell_end(self, child: _Child, status: int) -> None:
        if status == USAGE:
            said = "%s process %d cannot work as it is set up, see above; it is not started again"
            log.error(said, self._what(child), child.process.pid)

    def _what(self, child: _Child) -> str:
        return "scheduler" if child.command is self._beside else "worker"

    def _again(self, child: _Child, status: int) -> _Child:
        short = time.monotonic() - child.started < SHORT_LIFE
        pause = min(child.pause * 2, LONGEST_PAUSE) if short else FIRST_PAUSE
        log.warning("%s process %d ended with %d; another one starts", self._what(child), child.process.pid, status)
        self._stopping.wait(child.pause if short else 0.0)
        made = self._start(child.command)
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
