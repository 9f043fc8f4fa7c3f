"""The command redact: files, pipes, keys, maps, exit codes, and nothing left behind when it fails."""

import csv
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from secassist.cli._run import Exit
from tests.cli.conftest import Commands

MAIL = "alice.moor@corp-mail.org"
PASSWORD = "Zq7-mVt2-kLp9"
LOG = f'2026-03-01 login {MAIL}\r\npassword = "{PASSWORD}"\n'.encode()
BROKEN = LOG + b"\xe4\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(LOG)
    return path


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_redact_and_reveal(secassist: Commands, log: Path, tmp_path: Path) -> None:
    out, map_, back = tmp_path / "out.log", tmp_path / "values.map", tmp_path / "back.log"
    log.write_bytes(BROKEN)
    assert secassist("redact", log, "--out", out, "--map", map_).code == Exit.CLEAN
    redacted = out.read_bytes()
    assert MAIL.encode() not in redacted
    assert PASSWORD.encode() not in redacted
    assert redacted.startswith(b"2026-03-01 login <EMAIL_")
    assert PASSWORD.encode() not in map_.read_bytes()
    assert secassist("redact", out, "--reveal", "--map", map_, "--out", back).code == Exit.CLEAN
    assert back.read_bytes() == BROKEN
    assert files(tmp_path) == {"app.log", "out.log", "values.map", "back.log"}


def test_without_out_it_goes_to_standard_output_and_talk_does_not(secassist: Commands, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"mail {MAIL}\n")
    ran = secassist("redact", path, "--report")
    assert ran.out.startswith("mail <EMAIL_")
    assert ran.out.count("\n") == 1
    assert "EMAIL" in ran.err
    assert "1 replaced" in ran.err
    assert MAIL not in ran.err


def test_the_same_key_gives_the_same_names_in_any_home(secassist: Commands, log: Path, tmp_path: Path) -> None:
    key = tmp_path / "shared.key"
    first = secassist("redact", log, "--key-file", key)
    assert f"made a key: {key}" in first.err
    assert secassist("redact", log, "--key-file", key).out == first.out
    assert secassist("redact", log).out != first.out


def test_another_key_opens_no_map(secassist: Commands, log: Path, tmp_path: Path) -> None:
    map_ = tmp_path / "map"
    secassist("redact", log, "--map", map_, "--out", tmp_path / "out")
    (tmp_path / "other").write_text("an invented pass phrase")
    back = tmp_path / "back"
    ran = secassist(
        "redact", tmp_path / "out", "--reveal", "--map", map_, "--key-file", tmp_path / "other", "--out", back
    )
    assert ran.code == Exit.USAGE
    assert "does not open the map" in ran.err
    assert not back.exists()


def test_one_map_serves_several_files(secassist: Commands, log: Path, tmp_path: Path) -> None:
    other, map_ = tmp_path / "other.txt", tmp_path / "map"
    other.write_text(f"from bob@corp-mail.org to {MAIL}\n")
    for path in (log, other):
        assert secassist("redact", path, "--map", map_, "--out", path.with_suffix(".red")).code == 0
    both = tmp_path / "answer.txt"
    both.write_bytes(
        b"the vendor says: " + other.with_suffix(".red").read_bytes() + log.with_suffix(".red").read_bytes()
    )
    ran = secassist("redact", both, "--reveal", "--map", map_, "--out", tmp_path / "back", "--report")
    assert (ran.code, ran.err) == (0, "4 restored\n")
    assert (tmp_path / "back").read_bytes() == b"the vendor says: " + other.read_bytes() + LOG


def test_a_file_can_be_redacted_in_place(secassist: Commands, log: Path) -> None:
    assert secassist("redact", log, "--out", log).code == 0
    once = log.read_bytes()
    assert MAIL.encode() not in once
    assert secassist("redact", log, "--out", log).code == 0
    assert log.read_bytes() == once


def test_formats_and_types(secassist: Commands, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"email": MAIL, "password": PASSWORD, "phone": 13862907415}))
    found = json.loads(secassist("redact", path, "--keep", "email").out)
    assert found["email"] == MAIL
    assert found["phone"].startswith("<PHONE_")
    found = json.loads(secassist("redact", path, "--only", "email", "--only", "phone").out)
    assert [value[:3] if isinstance(value, str) else value for value in found.values()] == ["<EM", PASSWORD[:3], "<PH"]
    table = tmp_path / "x.csv"
    table.write_text(f'email,note\n{MAIL},"a ""b"""\n')
    rows = list(csv.reader(secassist("redact", table).out.splitlines()))
    assert rows[1][1] == 'a "b"'
    assert rows[1][0].startswith("<EMAIL_")


def test_a_type_that_is_not_there_is_told(secassist: Commands, log: Path) -> None:
    ran = secassist("redact", log, "--only", "emial")
    assert ran.code == 0
    assert "nothing of type emial" in ran.err


def test_reveal_says_what_it_does_not_know(secassist: Commands, log: Path, tmp_path: Path) -> None:
    map_, text = tmp_path / "map", tmp_path / "text"
    secassist("redact", log, "--map", map_, "--out", tmp_path / "out")
    text.write_text("<EMAIL_00000000>\n")
    ran = secassist("redact", text, "--reveal", "--map", map_)
    assert (ran.code, ran.out) == (Exit.INCOMPLETE, "<EMAIL_00000000>\n")
    assert "1 placeholders are not in" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["none.log"], "cannot be read"),
        (["."], "is a folder"),
        (["app.log", "--format", "yaml"], "no format is named 'yaml'"),
        (["app.log", "--reveal"], "--reveal needs the map"),
        (["app.log", "--reveal", "--map", "m", "--keep", "email"], "takes no --keep"),
        (["app.log", "--reveal", "--map", "m"], "the map cannot be read"),
        (["app.log", "--format", "json"], "does not begin like JSON"),
        (["app.log", "--map", "app.log"], "a file of its own"),
        (["app.log", "--map", "new/m", "--out", "new/m"], "a file of its own"),
        (["packed.gz"], "is gzip, not text"),
        (["picture.bin"], "is binary data, not text"),
        (["app.log", "--key-file", "weak"], "a key is 32 bytes"),
    ],
)
def test_wrong_use_is_told_and_leaves_nothing(
    secassist: Commands, log: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(log.parent)
    Path("packed.gz").write_bytes(b"\x1f\x8b\x08\0\0")
    Path("picture.bin").write_bytes(bytes(range(32)) * 64)
    Path("weak").write_text("weak")
    before = files(log.parent)
    ran = secassist("redact", *words, *([] if "--out" in words else ["--out", "out"]))
    assert ran.code == Exit.USAGE
    assert told in ran.err
    assert files(log.parent) == before
    assert log.read_bytes() == LOG


def test_what_looks_binary_can_be_taken_for_text(secassist: Commands, tmp_path: Path) -> None:
    path, out = tmp_path / "core.log", tmp_path / "out"
    path.write_bytes(bytes(range(32)) * 8 + f" mail {MAIL}\n".encode())
    assert secassist("redact", path, "--out", out).code == Exit.USAGE
    assert not out.exists()
    assert secassist("redact", path, "--out", out, "--text").code == Exit.CLEAN
    assert out.read_bytes().startswith(bytes(range(32)) * 8 + b" mail <EMAIL_")


def run(*words: object, given: bytes, home: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "secassist", "redact", *map(str, words)]
    environment = {**os.environ, "SECASSIST_HOME": str(home)}
    return subprocess.run(command, input=given, capture_output=True, timeout=120, check=False, env=environment)


def test_who_sits_before_a_terminal_is_told_what_is_waited_for(tmp_path: Path) -> None:
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "secassist", "redact", "-"]
    environment = {**os.environ, "SECASSIST_HOME": str(tmp_path)}
    with subprocess.Popen(command, stdin=end, stdout=-1, stderr=-1, env=environment) as started:
        os.write(terminal, f"mail {MAIL}\n\x04".encode())
        out, err = started.communicate(timeout=120)
    os.close(terminal)
    os.close(end)
    assert out.startswith(b"mail <EMAIL_")
    assert b"reading standard input; end it with Ctrl-D" in err.splitlines()[0]
    assert b"reading standard input" not in run("-", given=LOG, home=tmp_path).stderr


def test_a_pipe_in_and_out_is_byte_for_byte(tmp_path: Path) -> None:
    map_ = tmp_path / "map"
    done = run("-", "--map", map_, given=BROKEN, home=tmp_path)
    assert (done.returncode, done.stderr.decode().count("\n")) == (0, 1)
    assert b"values replaced: 2;" in done.stderr
    assert MAIL.encode() not in done.stdout
    assert done.stdout.endswith(b"\n\xe4\n")
    back = run("-", "--reveal", "--map", map_, given=done.stdout, home=tmp_path)
    assert back.stdout == BROKEN


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "long.log").write_bytes(b"nothing to see here\n" * 100_000)
    words = f"{sys.executable} -m secassist redact {tmp_path}/long.log --map {tmp_path}/map"
    command = f"{words} | head -c 5; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "SECASSIST_HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, check=False, env=environment)
    assert done.stdout == b"nothi0\n"
    assert b"Traceback" not in done.stderr
    assert (tmp_path / "map").exists()


def test_a_full_disk_behind_a_pipe_is_told(tmp_path: Path, log: Path) -> None:
    command = [sys.executable, "-m", "secassist", "redact", str(log)]
    homed = {**os.environ, "SECASSIST_HOME": str(tmp_path / "home")}
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, env=homed, stdout=full, stderr=subprocess.PIPE, check=False, timeout=120)
    assert ran.returncode == 2
    assert b"standard output cannot be written: No space left on device" in ran.stderr
    assert b"Traceback" not in ran.stderr
