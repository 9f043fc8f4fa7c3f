"""Ground: the databases that are measured, private and durable, and real alerts with their analyses to put into them."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from schemas import Alert, Analysis
from secassist import bootstrap
from secassist.config import Settings
from secassist.pipeline import Pipeline
from tests import servers
from tests.faults.machines import Postgres, Redis
from tests.faults.stub import StubBackend, alert

ANALYZER = "triage"
CONNECTIONS = 60


class Durable(Postgres):
    """With every commit on disk, which the tests' own server leaves out."""

    def command(self) -> subprocess.Popen[bytes]:
        """As the tests start it, but fsync and synchronous commit as PostgreSQL has them."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": str(CONNECTIONS),
            "shared_buffers": "256MB",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *options]
        return servers._spawn(command, self.folder, self.user)


@contextmanager
def durable_postgres() -> Iterator[Durable]:
    """A running server in a folder that goes with it."""
    with servers._folder(servers._postgres_user()) as folder:
        made = Durable(folder)
        made.start()
        try:
            yield made
        finally:
            made.close()


@contextmanager
def memory_redis() -> Iterator[Redis]:
    """A running Redis without persistence."""
    with servers._folder(None) as folder:
        made = Redis(folder)
        made.start()
        try:
            yield made
        finally:
            made.close()


def pipeline(home: Path, database: str, seconds: float = 0.0) -> Pipeline:
    """The real one, whose stub model takes that long per answer."""
    return bootstrap.pipeline(Settings(home=home, database=database), StubBackend(seconds))


def alerts(made: Pipeline, numbers: range) -> list[Alert]:
    """As they are kept: secrets masked."""
    kept = [made.conceal(alert(number)) for number in numbers]
    return [each for each in kept if isinstance(each, Alert)]


def analysed(made: Pipeline, subjects: Sequence[Alert]) -> dict[str, Analysis]:
    """By subject; nothing is stored."""
    return {analysis.subject_id: analysis for analysis in made.judge(ANALYZER, subjects)}
