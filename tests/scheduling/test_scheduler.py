"""A round does what is due, whoever else makes rounds, and one thing that fails stops nothing else."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secassist.config import Settings, Target
from secassist.errors import UsageError
from secassist.pipeline import Pipeline
from secassist.scanning import index
from secassist.scheduling import chores
from secassist.scheduling.scheduler import Round, Scheduler
from secassist.store import Store
from tests.analyzers.scripts import alert
from tests.scheduling.test_schedules import DAY, now, sql
from tests.store import samples
from tests.test_delivering import happened


def due(store: Store, name: str, kind: str, out: Path | None = None, format_: str = "json") -> None:
    store.schedules.add(name, kind, DAY, chores.options(kind, out, format_, "", ""), now(store) - 1000)


def test_a_report_is_written_once_however_many_schedulers_make_rounds(
    pipeline: Pipeline, settings: Settings, tmp_path: Path
) -> None:
    list(pipeline.analyze("triage", [alert()]))
    due(pipeline.store, "daily", "report", tmp_path / "out")
    sql(pipeline.store, f"UPDATE schedules SET next_due = next_due + {2000}")
    rounds: list[Round] = []
    threading.Event().wait(1.2)
    threads = [threading.Thread(target=lambda: rounds.append(Scheduler(pipeline, settings).round())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted((each.done, each.failed) for each in rounds) == [(0, 0), (0, 0), (1, 0)]
    (file,) = (tmp_path / "out").iterdir()
    assert file.name.startswith("daily-2")
    assert file.suffix == ".json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert alert().title in file.read_text()


def test_a_report_names_techniques(pipeline: Pipeline, settings: Settings, tmp_path: Path) -> None:
    subject = samples.alert()
    pipeline.store.add_subject(subject)
    pipeline.store.add_analysis(samples.analysis(subject, verdict=samples.verdict()))
    due(pipeline.store, "daily", "report", tmp_path / "out", "markdown")
    sql(pipeline.store, f"UPDATE schedules SET next_due = next_due + {2000}")
    threading.Event().wait(1.2)
    assert Scheduler(pipeline, settings).round().done == 1
    (file,) = (tmp_path / "out").iterdir()
    assert "Brute Force" in file.read_text()


def test_one_thing_that_fails_stops_nothing_else(pipeline: Pipeline, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    due(pipeline.store, "bad", "report", tmp_path / "taken")
    due(pipeline.store, "good", "retention")
    happened(pipeline.store, 2)
    wired = settings.model_copy(update={"targets": (Target(name="f", kind="file", path=tmp_path / "events.jsonl"),)})
    done = Scheduler(pipeline, wired).round()
    assert (done.done, done.failed, done.delivered.done) == (1, 1, 2)
    (run,) = pipeline.store.schedules.runs("bad")
    assert (run.state, "cannot be written" in run.detail) == ("running", True)
    assert [each.state for each in pipeline.store.schedules.runs("good")] == ["done"]


def test_retention_purges_by_the_settings_and_forgets_what_was_scanned(pipeline: Pipeline, settings: Settings) -> None:
    pipeline.store._now = lambda: datetime.now(UTC) - timedelta(days=100)
    pipeline.store.add_rejection("here", "why")
    pipeline.store._now = lambda: datetime.now(UTC)
    pipeline.store.add_rejection("there", "why")
    (settings.home / index.NAME).write_text("names of places")
    due(pipeline.store, "keep", "retention")
    Scheduler(pipeline, settings).round()
    assert [each.origin for each in pipeline.store.rejections()] == ["there"]
    assert not (settings.home / index.NAME).exists()
    assert [(row.who, row.action) for row in pipeline.store.vault.recorded()] == [("schedule", "purge")]


def test_backups_come_round_and_the_oldest_go(pipeline: Pipeline, settings: Settings, tmp_path: Path) -> None:
    if not settings.database.startswith("sqlite"):
        pytest.skip("pg_dump is tested where its version fits, in tests/store/test_backup.py")
    out = tmp_path / "out"
    out.mkdir()
    for day in range(1, 10):
        (out / f"copy-202601{day:02}T000000Z.db").touch()
    (out / "copy-mine.db").touch()
    due(pipeline.store, "copy", "backup", out)
    assert Scheduler(pipeline, settings).round().done == 1
    left = sorted(file.name for file in out.iterdir())
    assert len(left) == chores.KEPT_BACKUPS + 1
    assert "copy-mine.db" in left
    assert not any(name.endswith("part") for name in left)


def test_what_a_schedule_needs_is_asked_for_when_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs --out"):
        chores.options("report", None, "html", "", "")
    with pytest.raises(UsageError, match="comes round"):
        chores.options("dance", tmp_path, "html", "", "")
    with pytest.raises(UsageError, match="html, markdown, json"):
        chores.options("report", tmp_path, "exe", "", "")


def test_it_runs_until_it_is_stopped_and_survives_a_lost_database(
    pipeline: Pipeline, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = Scheduler(pipeline, settings)
    rounds: list[int] = []

    def round_() -> Round:
        rounds.append(1)
        if len(rounds) == 1:
            sql(pipeline.store, "ALTER TABLE schedules RENAME TO away")
            try:
                return Scheduler.round(scheduler)
            finally:
                sql(pipeline.store, "ALTER TABLE away RENAME TO schedules")
        scheduler.stop()
        return Scheduler.round(scheduler)

    monkeypatch.setattr(scheduler, "round", round_)
    scheduler.run(0.01)
    assert len(rounds) == 2
