"""Fleet: workers as processes of the system, replaced when they die, as a service manager does."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults.machines import family, signalled, until

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


class Nest:
    """The process that forks; see `tests.faults.nest`."""

    def __init__(self) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nest"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        self._told = threading.Condition()
        self._born: dict[int, int] = {}
        self._ready = False
        self._tickets = 0
        self.died: dict[int, int] = {}
        threading.Thread(target=self._listen, daemon=True).start()
        with self._told:
            if not self._told.wait_for(lambda: self._ready, START_SECONDS):
                pytest.fail("the process that forks workers did not start")

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            told = json.loads(line)
            with self._told:
                self._ready = self._ready or "ready" in told
                if "born" in told:
                    self._born[told["ticket"]] = told["born"]
                    self.died.pop(told["born"], None)  # a number is used again sooner or later
                if "died" in told:
                    self.died[told["died"]] = told["code"]
                self._told.notify_all()

    def fork(self, run: str, log: Path, **more: Any) -> int:
        """The id of a new process that runs `module:function` with the rest as its specification."""
        assert self._process.stdin
        with self._told:
            self._tickets += 1
            ticket = self._tickets
            line = json.dumps({"run": run, "log": str(log), "ticket": ticket, **more})
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
            if not self._told.wait_for(lambda: ticket in self._born, START_SECONDS):
                pytest.fail("no process was forked")
            return self._born.pop(ticket)

    def wait(self, pid: int, seconds: float) -> int | None:
        """How it ended (minus the signal's number if by one), None if it has not."""
        with self._told:
            self._told.wait_for(lambda: pid in self.died, seconds)
            return self.died.get(pid)

    def close(self) -> None:
        """Ends everything that was forked, too."""
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            signalled(family(self._process.pid), signal.SIGKILL)
            self._process.wait(5)


class Fleet:
    """`count` workers that stay that many: who dies is replaced by another one."""

    def __init__(self, nest: Nest, run: str, log: Path, count: int, **spec: Any) -> None:
        self.nest, self.count, self.log = nest, count, log
        self._run, self._spec = run, spec
        self.pids: list[int] = []
        self.kills = 0
        self.deaths: list[int] = []
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> "Fleet":
        self.pids = [self._fork() for _ in range(self.count)]
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fork(self) -> int:
        return self.nest.fork(self._run, self.log, **self._spec)

    def _keep(self) -> None:
        while not self._ending.wait(0.05):
            with self._lock:
                gone = [pid for pid in self.pids if pid in self.nest.died]
                self.deaths += [self.nest.died[pid] for pid in gone]
                if not self._ending.is_set():
                    self.pids = [pid for pid in self.pids if pid not in gone] + [self._fork() for _ in gone]

    def kill_one(self, chance: random.Random) -> int:
        """kill -9 of a random process: a worker or a child of one."""
        with self._lock:
            chosen = chance.choice([pid for worker in self.pids for pid in family(worker)])
            signalled([chosen], signal.SIGKILL)
            self.kills += 1
        return chosen

    def signal(self, number: signal.Signals, pid: int | None = None) -> None:
        """To one worker and its children, or to all."""
        for worker in [pid] if pid else self.pids:
            signalled(family(worker), number)

    def close(self) -> None:
        """kill -9 for all that is left."""
        self._ending.set()
        if self._keeper.is_alive():
            self._keeper.join(10)
        with self._lock:
            everybody = [pid for worker in self.pids if worker not in self.nest.died for pid in family(worker)]
            signalled(everybody, signal.SIGCONT)
            signalled(everybody, signal.SIGKILL)
            for pid in self.pids:
                until(f"worker {pid} ends", lambda pid=pid: pid in self.nest.died)
            self.pids = []

    def told(self) -> str:
        """The end of what the workers said."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
