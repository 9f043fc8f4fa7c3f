"""The commands around the queue, as a user runs them."""

import json
from pathlib import Path

import pytest

from secassist.store import Store
from secassist.store.migrating import HEAD
from tests.cli.conftest import Commands
from tests.test_delivering import happened


def store(secassist: Commands) -> Store:
    return Store.open(f"sqlite:///{secassist.home / 'secassist.db'}")


class TestSchedule:
    def test_add_list_run_remove(self, secassist: Commands, tmp_path: Path) -> None:
        out = tmp_path / "reports"
        made = secassist("schedule", "add", "weekly-report", "--every", "7d", "--out", out, "--first", "2026-01-01")
        assert made.code == 0, made.err
        assert "due at 2026-01-01T00:00:00Z and every 7d" in made.err
        done = secassist("schedule", "run", "--once")
        assert (done.code, "1 runs, 0 failed" in done.err) == (0, True), done.err
        (file,) = out.iterdir()
        assert file.read_text().startswith("<!DOCTYPE html>")
        assert "0 runs" in secassist("schedule", "run", "--once").err
        listed = secassist("schedule", "list").out
        assert "weekly-report  report  every 7d (1w)" in listed
        assert f"wrote {file}" in listed
        assert secassist("schedule", "remove", "weekly-report").code == 0
        assert secassist("schedule", "remove", "weekly-report").code == 2

    @pytest.mark.parametrize(
        "words",
        [
            ("add", "x", "--every", "soon", "--out", "o"),
            ("add", "x", "--every", "0d", "--out", "o"),
            ("add", "X y", "--every", "1d", "--out", "o"),
            ("add", "x", "--every", "1d"),
            ("add", "x", "--every", "1d", "--out", "o", "--kind", "dance"),
            ("add", "x", "--every", "1d", "--out", "o", "--format", "exe"),
            ("add", "x", "--every", "1d", "--out", "o", "--language", "xx"),
        ],
    )
    def test_what_cannot_be_is_refused(self, secassist: Commands, words: tuple[str, ...]) -> None:
        assert secassist("schedule", *words).code == 2


class TestOutbox:
    def test_list_deliver_retry(self, secassist: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        place = tmp_path / "missing" / "events.jsonl"
        monkeypatch.setenv("SECASSIST_TARGETS", json.dumps([{"name": "f", "kind": "file", "path": str(place)}]))
        with store(secassist) as opened:
            (event,) = happened(opened)
        done = secassist("outbox", "deliver")
        assert (done.code, "1 failed" in done.err) == (3, True), done.err
        listed = secassist("outbox", "list", "--json")
        (row,) = map(json.loads, listed.out.splitlines())
        assert (row["event"], row["state"], row["attempt"]) == (event, "queued", 1)
        with store(secassist) as opened, opened._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE deliveries SET state = 'dead'")
        assert secassist("outbox", "retry").code == 2
        table = secassist("outbox", "list").out.splitlines()
        assert [line.split()[0] for line in table] == ["EVENT", event[:12]]
        assert secassist("outbox", "retry", "ffffff").code == 2
        assert "1 delivery is queued again" in secassist("outbox", "retry", event[:12]).err
        place.parent.mkdir()
        assert secassist("outbox", "deliver").code == 0
        assert json.loads(place.read_text())["id"] == event
        assert "f: 1 done" in secassist("outbox", "list").err


class TestDatabase:
    def test_upgrade_check_backup(self, secassist: Commands, tmp_path: Path) -> None:
        assert f"at migration {HEAD} (before: empty)" in secassist("db", "upgrade").err
        assert secassist("db", "upgrade").err.strip().endswith(f"at migration {HEAD}")
        assert secassist("db", "check").code == 0
        done = secassist("db", "backup", "--out", tmp_path / "copy.db")
        assert (done.code, done.out.strip()) == (0, str(tmp_path / "copy.db")), done.err
        again = secassist("db", "backup", "--out", tmp_path / "copy.db")
        assert (again.code, "exists" in again.err) == (2, True)
        assert secassist("db", "backup").code == 0
        assert len(list((secassist.home / "backups").iterdir())) == 1

    def test_check_says_what_is_wrong(self, secassist: Commands) -> None:
        secassist("db", "upgrade")
        (secassist.home / "secassist.db").chmod(0o644)
        done = secassist("db", "check")
        assert (done.code, "chmod 600" in done.out) == (1, True)
