"""Standard output that cannot take what is written, and a start that is interrupted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Commands
from tests.cli.samples import EXAMPLES


def test_a_locale_without_a_character_ends_nothing() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "secassist", "prompts", "show", "nosuch\u6587@1"]
    code = "import sys; from secassist import __main__; __main__._run = lambda: print('\\u6587'); __main__.main()"
    for words in ([sys.executable, "-c", code], command):
        ran = subprocess.run(words, cwd=EXAMPLES.parent, env=environment, capture_output=True, check=False, timeout=120)
        assert b"\\u6587" in ran.stdout + ran.stderr
        assert b"internal" not in ran.stderr


def test_an_interruption_while_modules_load_is_one_line(secassist: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("secassist.__main__._run", interrupted)
    ran = secassist("list")
    assert (ran.code, ran.err.count("\n")) == (130, 1)
    assert ran.err.startswith("interrupted; ")


def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "secassist", "schemas", "export"]
        ran = subprocess.run(
            command, cwd=EXAMPLES.parent, stdout=full, stderr=subprocess.PIPE, check=False, timeout=120
        )
    assert ran.returncode == 2
    assert ran.stderr == b"secassist: standard output cannot be written: No space left on device\n"


def test_a_reader_that_goes_away_changes_nothing() -> None:
    command = [sys.executable, "-m", "secassist", "schemas", "export"]
    with subprocess.Popen(command, cwd=EXAMPLES.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        error = process.stderr.read()
        assert (process.wait(60), error) == (0, b"")
