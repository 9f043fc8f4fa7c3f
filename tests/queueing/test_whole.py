"""From the command to the report with the model that ships: a folder of code, text and alerts goes through the queue."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from secassist import __main__

TOKEN = "gh" + "p_" + "InventedForThisTestOnlyAAAAAAA" + "1Cs9tM"
CODE = f"""import sqlite3

API_TOKEN = "{TOKEN}"


def find(request):
    name = request.args.get("name")
    return sqlite3.connect("a.db").execute("SELECT * FROM users WHERE name = '" + name + "'")
"""
ALERT = {
    "rule": {"name": "Odd command"},
    "process": {"command_line": "powershell -enc SQBFAFgA"},
    "user": {"name": "ana"},
}
Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.setenv("SECASSIST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SECASSIST_THREADS", "1")

    def ran(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["secassist", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            __main__.main()
        out, err = capsys.readouterr()
        assert ended.value.code in (0, None), err
        return out

    return ran


def test_a_folder_goes_through_the_queue_and_into_the_report(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    monkeypatch.chdir(inbox)
    (inbox / "app.py").write_text(CODE)
    (inbox / "notes.md").write_text(f"# Access\n\nUse the token {TOKEN} until May.\n")
    (inbox / "alerts.jsonl").write_text(json.dumps(ALERT) + "\n")
    jobs = run("submit", ".").split()
    assert len(jobs) == 4
    assert run("submit", ".").split() == jobs
    run("worker", "--embedded", "--in-process", "--drain")
    ended = [json.loads(line) for line in run("jobs", "list", "--json").splitlines()]
    assert {(job["kind"], job["state"]) for job in ended} == {
        ("review", "done"),
        ("sensitive", "done"),
        ("triage", "done"),
    }
    listed = [json.loads(line) for line in run("list", "--json").splitlines()]
    found = {(a["analyzer"], f["place"]["path"], f["place"]["start_line"]) for a in listed for f in a["findings"]}
    assert ("sensitive", "app.py", 3) in found
    assert ("sensitive", "notes.md", 3) in found
    assert ("review", "app.py", 8) in found
    review = next(a for a in listed if a["analyzer"] == "review")
    assert "app.py" in run("show", review["id"])
    report = run("report", "--format", "markdown", "--since", "1d")
    assert "app.py" in report
    assert "CWE-89" in report
    home = b"".join(path.read_bytes() for path in (tmp_path / "home").iterdir() if path.is_file())
    assert TOKEN.encode() not in home
    assert TOKEN not in report + json.dumps(listed) + json.dumps(ended)
