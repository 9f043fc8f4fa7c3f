"""The queue's commands: submit, worker, and what can be done with jobs."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from secassist.config import Settings
from secassist.queueing.supervisor import Supervisor
from secassist.store import Store
from tests.cli.conftest import Commands
from tests.sources.archives import zipped

NAMES = ("ana", "bert", "cleo", "dora", "emil")
SECRET = "AKIA" + "INVENTEDKEY" + "00000"


@pytest.fixture
def alerts(inbox: Path) -> Path:
    file = inbox / "alerts.jsonl"
    rows = [{"title": "login", "user": {"name": name}, "process": {"command_line": "whoami"}} for name in NAMES]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def ids(out: str) -> list[str]:
    return out.split()


def test_a_submitted_alert_is_worked_off(secassist: Commands, alerts: Path) -> None:
    made = secassist("submit", alerts)
    assert (made.code, len(ids(made.out)), made.err) == (0, 5, "")
    assert secassist("submit", alerts).out == made.out
    worked = secassist("worker", "--embedded", "--in-process", "--drain")
    assert (worked.code, secassist.asked) == (0, 5)
    assert "worked on 5 jobs" in worked.err
    shown = json.loads(secassist("jobs", "show", ids(made.out)[0]).out)
    assert (shown["state"], shown["attempt"], shown["source"]) == ("done", 1, "alert_json")
    assert "lease_token" not in shown
    assert shown["analysis_id"] in secassist("list", "--json").out
    listed = secassist("jobs", "list", "--state", "done", "--json").out.splitlines()
    assert [json.loads(line)["id"] for line in listed] == sorted(ids(made.out), reverse=True)
    assert secassist("jobs", "drain", "--timeout", "5").code == 0


def test_broken_json_is_named_and_queued_as_text_only_where_that_is_asked_for(secassist: Commands, inbox: Path) -> None:
    file = inbox / "alerts.json"
    file.write_text('{"a":[1,2,[[[')
    made = secassist("submit", file)
    assert (made.code, made.out) == (3, "")
    assert "alerts.json:1: not valid JSON" in made.err and "--source text" in made.err
    asked = secassist("submit", file, "--source", "text")
    assert (asked.code, len(ids(asked.out))) == (0, 1)


def test_what_is_done_is_counted_on_request_and_its_absence_is_said(secassist: Commands, alerts: Path) -> None:
    secassist("submit", alerts)
    secassist("worker", "--embedded", "--in-process", "--drain")
    told = secassist("jobs", "list")
    assert ("0 queued, 0 leased, 0 dead; done" in told.err, "done and cancelled not counted" in told.err) == (
        True,
        True,
    )
    head, *rows = told.out.splitlines()
    assert head.split() == ["ID", "STATE", "TRIES", "KIND", "QUEUED", "(UTC)", "WHAT"]
    found = [row.split() for row in rows]
    assert [(row[1:4], row[6:]) for row in found] == [(["done", "1", "triage"], ["login"])] * 5
    everything = secassist("jobs", "list", "--all-counts").err
    assert "0 queued, 0 leased, 5 done, 0 dead, 0 cancelled" in everything
    assert "not counted" not in everything


def test_once_works_off_one_batch(secassist: Commands, alerts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECASSIST_QUEUE_BATCH", "2")
    secassist("submit", alerts)
    assert "worked on 2 jobs" in secassist("worker", "--embedded", "--once").err
    drained = secassist("jobs", "drain", "--timeout", "0.1")
    assert drained.code == 3
    assert "3 queued" in drained.err


def test_json_tells_keys_and_what_is_new(secassist: Commands, alerts: Path) -> None:
    first = secassist("submit", "--json", "--key", "mail-7", "--priority", "high", "--sender", "soc", alerts)
    again = secassist("submit", "--json", "--key", "mail-7", alerts)
    one, other = ([json.loads(line) for line in ran.out.splitlines()] for ran in (first, again))
    assert [row["new"] for row in one + other] == [True] * 5 + [False] * 5
    assert [row["job"] for row in one] == [row["job"] for row in other]
    assert all(row["key"].startswith("mail-7:") for row in one)
    shown = json.loads(secassist("jobs", "show", one[0]["job"]).out)
    assert (shown["priority"], shown["source"]) == (0, "soc")


def test_a_full_queue_is_said_and_stores_nothing(
    secassist: Commands, alerts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECASSIST_QUEUE_HIGH_WATER", "4")
    busy = secassist("submit", alerts)
    assert (busy.code, busy.out) == (3, "")
    assert "the queue is full: 0 jobs wait and 4 may; try again in" in busy.err
    assert secassist("submit", "--priority", "high", alerts).code == 0


def test_an_absent_broker_is_one_line_and_no_error(
    secassist: Commands, alerts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECASSIST_BROKER", "redis://:invented-password@127.0.0.1:1/0")
    made = secassist("submit", alerts)
    assert (made.code, len(ids(made.out)), len(made.err.splitlines())) == (0, 5, 1)
    assert "they find the jobs by themselves" in made.err
    assert "invented-password" not in made.err


def test_dead_jobs_are_listed_with_their_reason_and_retried(secassist: Commands, alerts: Path) -> None:
    made = ids(secassist("submit", alerts).out)
    with Store.open(f"sqlite:///{secassist.home / 'secassist.db'}") as store:
        for job in store.jobs.claim("w", limit=2):
            store.jobs.fail(job, "it always fails", permanent=True)
    dead = secassist("jobs", "list", "--state", "dead")
    assert dead.out.count("it always fails") == 2
    assert "3 queued, 0 leased, 2 dead" in dead.err
    assert len(ids(secassist("jobs", "retry", "--all-dead").out)) == 2
    assert secassist("jobs", "cancel", made[0], made[1], "--reason", "not needed").code == 0
    again = secassist("jobs", "cancel", made[0])
    assert again.code == 3
    assert f"job {made[0][:20]} is in another state: cancelled" in again.err
    assert secassist("jobs", "retry", made[0]).out.split() == [made[0]]


@pytest.mark.parametrize(
    ("url", "supervised"), [("mysql://root@127.0.0.1/x", 2), ("postgresql+psycopg://me@127.0.0.1:1/x", 4)]
)
def test_a_wrong_database_is_a_wrong_setting_but_one_that_is_away_may_come_back(
    secassist: Commands, monkeypatch: pytest.MonkeyPatch, url: str, supervised: int
) -> None:
    monkeypatch.setenv("SECASSIST_DATABASE", url)
    assert secassist("jobs", "list").code == 2
    assert secassist("worker", "--supervised").code == supervised
    assert secassist("schedule", "run", "--supervised").code == supervised


def test_jobs_go_by_the_short_ids_of_the_list(secassist: Commands, alerts: Path) -> None:
    made = ids(secassist("submit", alerts).out)
    rows = secassist("jobs", "list").out.splitlines()[1:]
    short = {row.split()[0] for row in rows}
    assert short == {id_[:20] for id_ in made}
    one, two = sorted(short)[:2]
    assert json.loads(secassist("jobs", "show", one).out)["id"].startswith(one)
    assert [id_[:20] for id_ in ids(secassist("jobs", "cancel", one, two).out)] == [one, two]
    assert [id_[:20] for id_ in ids(secassist("jobs", "retry", two).out)] == [two]
    unclear = secassist("jobs", "cancel", made[0][:6])
    assert unclear.code == 2
    assert "is the beginning of several jobs" in unclear.err
    assert all(id_[:12] in unclear.err for id_ in made)


@pytest.mark.parametrize(
    "words",
    [
        ("submit", "nowhere.json"),
        ("submit", "--priority", "soon", "."),
        ("submit", "--kind", "divine", "FILE"),
        ("jobs", "list", "--state", "lost"),
        ("jobs", "show", "abcdef0123"),
        ("jobs", "show", "%"),
        ("jobs", "retry"),
    ],
)
def test_mistakes_are_usage_errors(secassist: Commands, alerts: Path, words: tuple[str, ...]) -> None:
    ran = secassist(*[alerts if word == "FILE" else word for word in words])
    assert ran.code == 2
    assert ran.err.startswith("secassist: ")


def test_submit_reads_as_triage_does_and_says_so_of_options_that_were_called_otherwise(
    secassist: Commands, alerts: Path
) -> None:
    read = json.loads(secassist("submit", "--json", "--source", "text", alerts).out)
    assert read["kind"] == "sensitive"  # a document, whatever it looks like
    for words, told in ((("--format", "text"), "--source NAME"), (("--source", "soc"), "--sender NAME")):
        ran = secassist("submit", *words, alerts)
        assert (ran.code, ran.out) == (2, "")
        assert told in ran.err


def test_a_mixed_folder_is_queued_by_what_suits_each_file(secassist: Commands, alerts: Path, inbox: Path) -> None:
    (inbox / "app.py").write_text("import os\n\n\ndef ping(host):\n    os.system('ping ' + host)\n")
    (inbox / "notes.md").write_text("# Notes\n\nCall ana.\n")
    (inbox / "poetry.lock").write_text("[[package]]\n")
    (inbox / "empty.py").write_text("")
    (inbox / "logo.png").write_bytes(b"\x89PNG\0\1\2\3" * 50)
    made = secassist("submit", "--json", inbox)
    rows = [json.loads(line) for line in made.out.splitlines()]
    assert made.code == 0, made.err
    assert [row["kind"] for row in rows] == ["triage"] * 5 + ["review", "sensitive", "sensitive"]
    for name, why in (("poetry.lock", "a lock file"), ("empty.py", "empty"), ("logo.png", "binary data")):
        assert any(f"skipped: {inbox / name}: " in line and why in line for line in made.err.splitlines())
    assert secassist("submit", "--json", inbox).out.count('"new": false') == 8
    secassist("worker", "--embedded", "--in-process", "--drain")
    shown = json.loads(secassist("jobs", "show", rows[5]["job"]).out)
    assert (shown["kind"], shown["state"], shown["subject_kind"]) == ("review", "done", "code_unit")
    assert shown["origin"] == str(inbox / "app.py")
    listed = secassist("jobs", "list").out
    assert [listed.count(kind) for kind in ("triage", "review", "sensitive")] == [5, 1, 2]
    told = secassist("show", shown["analysis_id"]).out
    assert "app.py" in told


def test_alerts_in_an_archive_are_queued_as_alerts(secassist: Commands, alerts: Path, inbox: Path) -> None:
    packed = inbox / "day.zip"
    packed.write_bytes(zipped({"alerts.jsonl": alerts.read_bytes(), "notes.txt": b"Notes of a day.\n"}))
    alerts.unlink()
    made = secassist("submit", packed)
    assert (made.code, len(ids(made.out))) == (0, 6)
    listed = secassist("jobs", "list").out
    assert [listed.count(kind) for kind in ("triage", "sensitive")] == [5, 1]


def test_what_cannot_be_queued_is_named(secassist: Commands, alerts: Path, inbox: Path) -> None:
    (inbox / "app.py").write_text("import os\n")
    (inbox / "logo.png").write_bytes(b"\x89PNG\0\1\2\3" * 50)
    made = secassist("submit", "--kind", "triage", inbox)
    assert (made.code, len(ids(made.out))) == (3, 5)
    assert f"not read: {inbox / 'app.py'}: a code unit cannot be queued for triage" in made.err
    alone = secassist("submit", inbox / "logo.png")
    assert (alone.code, alone.out) == (3, "")
    assert f"{inbox / 'logo.png'}: no source reads binary data" in alone.err


def test_no_secret_is_queued(secassist: Commands, inbox: Path) -> None:
    (inbox / "a.json").write_text(json.dumps({"title": "login", "process": {"command_line": f"export KEY={SECRET}"}}))
    assert secassist("submit", "--json", "--sender", SECRET, inbox / "a.json").code == 0
    held = b"".join(path.read_bytes() for path in secassist.home.iterdir() if path.is_file())
    assert b"login" in held
    assert SECRET.encode() not in held


def test_a_supervised_worker_is_started_again_and_stops_softly(tmp_path: Path, alerts: Path) -> None:
    """Real processes; a server that is not there stands for the model, so that the queue waits and nothing is loaded."""
    environment = {
        "PATH": os.environ["PATH"],
        "SECASSIST_HOME": str(tmp_path / "home"),
        "SECASSIST_CONFIG": "/dev/null",
        "SECASSIST_BACKEND": "server",
        "SECASSIST_SERVER_URL": "http://127.0.0.1:1/v1",
        "SECASSIST_SERVER_MODEL": "none",
    }
    command = [sys.executable, "-m", "secassist", "worker", "--embedded", "--no-schedule"]
    parent = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    first = children(parent.pid, set())
    os.kill(first, signal.SIGKILL)
    second = children(parent.pid, {first})
    parent.terminate()
    _, err = parent.communicate(timeout=60)
    assert parent.returncode == 0
    assert f"worker process {first} ended with -9; another one starts" in err
    assert not Path(f"/proc/{second}").exists()


def test_a_scheduler_beside_the_worker_is_started_again_and_stops_softly(tmp_path: Path) -> None:
    sleeping, scheduling = "import time; time.sleep(600)", "import time; time.sleep(600) # scheduler"
    settings = Settings(home=tmp_path)
    supervisor = Supervisor([sys.executable, "-c", sleeping], 1, settings, [sys.executable, "-c", scheduling])
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(supervisor.run()))
    thread.start()
    first = beside(set())
    os.kill(first, signal.SIGKILL)
    second = beside({first})
    supervisor.stop()
    thread.join(60)
    assert len(ended) == 1
    assert not Path(f"/proc/{second}").exists()


def beside(known: set[int]) -> int:
    """The id of a scheduler of this process that is not known yet."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for task in Path(f"/proc/{os.getpid()}/task").iterdir():
            for word in (task / "children").read_text().split():
                line = Path(f"/proc/{word}/cmdline")
                if int(word) not in known and line.exists() and b"# scheduler" in line.read_bytes():
                    return int(word)
        time.sleep(0.05)
    pytest.fail("no scheduler was started")


def children(pid: int, known: set[int]) -> int:
    """The id of a child that is not known yet."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()} - known
        if found:
            time.sleep(0.1)
            return found.pop()
        time.sleep(0.05)
    pytest.fail("no worker process was started")
