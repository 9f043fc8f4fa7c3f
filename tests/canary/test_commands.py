"""Every command reads inputs full of invented secrets, with a model that repeats them; nothing written holds one."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from secassist import bootstrap, plugins
from tests.canary.canaries import MAKERS, SHAPES, Sent, make, sent, windows
from tests.canary.conftest import Stage, unseen
from tests.canary.world import write
from tests.repositories import git

FORMATS = plugins.names("formats")
SMALL = len(MAKERS)


def run_everything(stage: Stage, items: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    """All commands that read inputs or what came of them."""
    target = {"name": "events", "kind": "file", "path": str(stage.out / "events.jsonl")}
    monkeypatch.setenv("SECASSIST_TARGETS", json.dumps([target]))
    inputs = write(stage.folder / "in", items)
    alerts, logs, code, documents = (inputs / name for name in ("alerts", "logs", "webapp", "documents"))
    plain = [item for item in items if item.shape == "plain"]
    stage("triage", alerts, logs, "--json", "--advise")
    stage("scan", code, documents, logs, "--json", "--all", "--advise", "--jobs", "1")
    baseline = stage.out / "baseline.json"
    stage("scan", code, "--json", "--baseline", baseline, "--update-baseline", "--jobs", "1")
    stage("scan", documents, "--fast", "--left-out", "--jobs", "1")
    for name in FORMATS:
        stage("scan", documents, "--only", "sensitive", "--format", name, "--jobs", "1")
        stage("export", "--format", name, "--out", stage.out / f"export.{name}")
        stage("report", "--format", name, "--since", "1d", "--title", plain[0].text)
    stage("demo", "--examples", inputs, "--out", stage.out / "demo.html")
    listed = stage("list", "--json", "--limit", "500")
    stage("list")
    stage("triage", alerts)
    for row in [json.loads(line) for line in listed.out.splitlines()][:: max(1, SMALL)]:
        for name in FORMATS:
            stage("show", row["id"], "--format", name)
        stage("advise", row["id"])
        stage(
            "correct",
            row["id"],
            "--disposition",
            "suspicious",
            "--author",
            plain[1].canary.value,
            "--comment",
            plain[2].text,
        )
        stage("show", row["id"])
    for item in plain[:5]:
        stage("techniques", f"The tool wrote: {item.text}")
        monkeypatch.setattr("sys.stdin", io.StringIO(f"encrypts files, {item.text}"))
        stage("techniques", "-", "--json")
    for item in plain[: len(MAKERS)]:
        if not item.canary.value.isdigit():
            stage("show", "--", item.canary.value)
        stage("advise", "--", item.text)
    in_git(inputs / "webapp", stage)
    for path in sorted(path for folder in (alerts, logs, documents) for path in folder.iterdir())[:4]:
        stage("redact", path, "--report", "--map", stage.out / f"{path.name}.map")
    queued(stage, inputs, plain)
    fixed(
        stage, [row for row in map(json.loads, listed.out.splitlines()) if row["analyzer"] in ("review", "sensitive")]
    )
    stage("prompts", "render", "triage", logs / "app0.log")
    stage("doctor")
    stage("vault", "log")
    stage("purge", "--older-than", "0d", "--dry-run")


def queued(stage: Stage, inputs: Path, plain: list[Sent]) -> None:
    """Through the queue: rows, worker, events delivered to a file, a schedule's report, a copy of the database."""
    alerts, logs, code, documents = (inputs / name for name in ("alerts", "logs", "webapp", "documents"))
    ran = stage("submit", alerts, logs, "--sender", plain[3].text, "--key", plain[4].text, "--json")
    stage("submit", alerts, "--kind", "sensitive")
    stage("submit", code, documents, "--key", plain[5].text, "--language", "zh")
    stage("db", "backup", "--out", stage.out / "waiting.db")
    stage("worker", "--embedded", "--once", "--in-process")
    stage("worker", "--embedded", "--drain", "--in-process")
    stage("jobs", "list")
    for line in ran.out.splitlines()[:2]:
        stage("jobs", "show", json.loads(line)["job"])
    stage("outbox", "deliver")
    stage("outbox", "list", "--json")
    stage("schedule", "add", "all", "--every", "1d", "--out", stage.out, "--title", plain[5].text)
    stage("schedule", "list")
    stage("db", "check")
    stage("db", "backup", "--out", stage.out / "copy.db")


def fixed(stage: Stage, rows: list[dict[str, Any]]) -> None:
    """Fixes of what was found, told in every way."""
    for row in rows[:4]:
        for more in (("--format", "diff"), ("--json",), ("--apply",), ("--undo",)):
            stage("fix", f"{row['id']}:0", *more)


def in_git(folder: Path, stage: Stage) -> None:
    """The same files as commits, as changes and staged."""

    git(folder, "init", "-q", "-b", "main")
    for name in sorted(path.name for path in folder.glob("*.py")):
        git(folder, "add", name)
        stage("scan", folder, "--staged", "--only", "sensitive", "--jobs", "1")
        git(folder, "commit", "-q", "-m", f"add {name}")
    stage("scan", folder, "--history", "--json", "--jobs", "1")


def check(stage: Stage, items: list[Sent]) -> None:
    """No file holds a part of a secret that detection knows."""
    missed = unseen(items, bootstrap.redactor())
    leaks = {name: sorted(owners - missed) for name, owners in stage.leaks().items()}
    kinds = {(i.canary.number, i.shape): i.canary.kind for i in items}
    told = {name: Counter((kinds[o[0], "plain"], o[1]) for o in owners) for name, owners in leaks.items() if owners}
    assert not told
    assert stage.secassist.script.heard > len(items) // 4, "the model was shown hardly any secret"
    assert stage.secassist.asked > 0


def test_no_command_writes_a_secret(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    items = sent(make(SMALL))
    played: Stage = stage(items)
    run_everything(played, items, monkeypatch)
    check(played, items)


def test_the_search_would_find_a_leak(stage: Any) -> None:
    items = sent(make(len(MAKERS)))
    played: Stage = stage(items)
    for at, item in enumerate(items):
        (played.out / f"leak{at}").write_bytes(b"x" * at + item.part.encode() + b"y")
    found = played.leaks()
    for at, item in enumerate(items):
        assert (item.canary.number, item.shape) in found[f"out/leak{at}"]


def test_detection_knows_every_shape() -> None:
    """Of 20 of each kind in each spelling; what it misses may be stored."""
    items, redactor = sent(make(len(MAKERS) * 20)), bootstrap.redactor()
    clean = [(item, redactor(f"note {item.text}")) for item in items]
    missed = [item for item, text in clean if any(part in text for part in windows(item.part))]
    share = Counter((item.canary.kind, item.shape) for item in missed)
    assert not {key: count for key, count in share.items() if count > 1}
    assert len(missed) <= 0.01 * len(items)
    assert len(items) == len(MAKERS) * 20 * len(SHAPES)


@pytest.mark.slow
@pytest.mark.timeout(10_000)
def test_no_command_writes_any_of_a_thousand_secrets(
    stage: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    items = sent(make(1000))
    played: Stage = stage(items)
    run_everything(played, items, monkeypatch)
    check(played, items)
