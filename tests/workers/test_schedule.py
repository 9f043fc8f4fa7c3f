"""A tick makes a round, however it comes; beat sends it over a real Redis and keeps no file."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from secassist.store import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Any:
    monkeypatch.setenv("SECASSIST_BROKER", redis_url)
    from workers import schedule

    return schedule


class Counting:
    def __init__(self) -> None:
        self.rounds = 0

    def round(self) -> None:
        self.rounds += 1


def test_every_tick_makes_a_round_on_one_scheduler(module: Any) -> None:
    counting, opened = Counting(), []
    app = Celery("probe", broker="memory://", set_as_current=False)
    module.register(app, lambda: opened.append(1) or counting)
    for arguments in ((), (1,), ("forged", "too")):
        app.tasks[module.TICK].apply(args=arguments)
    assert (counting.rounds, len(opened)) == (3, 1)


def test_beat_says_when_and_nothing_else(module: Any) -> None:
    (entry,) = module.app.conf.beat_schedule.values()
    assert entry["options"] == {"queue": module.QUEUE, "expires": module.SECONDS}
    assert "args" not in entry
    assert module.app.conf.beat_scheduler == "celery.beat:Scheduler", "no pickle on disk"


@pytest.mark.slow
def test_two_beats_and_two_workers_run_each_slot_once(tmp_path: Path, redis_url: str, postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        first = store.schedules.add("probe", "backup", 1)
        store.schedules.remove("probe")
        store.schedules.add("weekly", "retention", 604_800_000, {}, first.next_due)
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        **os.environ,
        "SECASSIST_HOME": str(home),
        "SECASSIST_BROKER": redis_url,
        "SECASSIST_DATABASE": postgres_url,
    }
    base = [sys.executable, "-m", "celery", "-A", "workers.schedule", "--quiet"]
    commands = [[*base, "beat", "--pidfile="]] * 2 + [[*base, "worker", "--pool", "solo", "-Q", "upkeep"]] * 2
    processes = [
        subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        with Store.open(postgres_url) as store:
            until = time.monotonic() + 120
            while time.monotonic() < until and not any(r.state == "done" for r in store.schedules.runs("weekly")):
                time.sleep(0.5)
            time.sleep(5)
            assert [(run.state, run.attempt) for run in store.schedules.runs("weekly")] == [("done", 1)]
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_idle_threads_sleep_before_torch_is_there(tmp_path: Path) -> None:
    """Set later it changes nothing, and a report takes minutes on a busy machine."""
    code = (
        "import os, sys; from secassist import bootstrap; from secassist.config import read_settings;"
        "bootstrap.backend(read_settings()); print(os.environ['GOMP_SPINCOUNT'], 'torch' in sys.modules)"
    )
    environment = {"PATH": os.environ["PATH"], "SECASSIST_HOME": str(tmp_path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=environment, cwd=ROOT)
    assert done.stdout.split() == ["0", "False"]
