"""Names that no pattern finds are found by a fresh process, unless that is switched off, and redacted where asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Commands

TEXT = (
    "We will interview Tiwonge Banda tomorrow.\n下午赵文博要去机房换硬盘\n系统连接超时，请稍后重试\nThe disk is full.\n"
)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(TEXT, "utf-8")
    return path


def scan(note: Path, home: Path, *more: str, **settings: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "secassist", "scan", "--only", "sensitive", "--json", *more, str(note)]
    environment = os.environ | {"SECASSIST_HOME": str(home), "OMP_NUM_THREADS": "1"} | settings
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    analyses = [json.loads(line) for line in done.stdout.splitlines()]
    assert not any("Banda" in line or "赵文博" in line for line in (done.stdout, done.stderr)), "told in clear"
    return [finding for analysis in analyses for finding in analysis["findings"]]


def test_a_fresh_process_finds_names_in_both_languages(note: Path, tmp_path: Path) -> None:
    found = scan(note, tmp_path / "home")
    places = [(one["rule"], one["place"]["start_line"], one["place"]["start_column"]) for one in found]
    assert places == [("person", 1, 19), ("person", 2, 3)]
    assert all(one["judgement"] == "real" and one["by"] == ["people"] for one in found)


def test_names_are_not_read_where_that_is_off(note: Path, tmp_path: Path) -> None:
    assert scan(note, tmp_path / "home", SECASSIST_NAMES="off") == []
    assert scan(note, tmp_path / "home", "--fast", "--all") == []


def test_redact_takes_names_where_asked(secassist: Commands, note: Path, tmp_path: Path) -> None:
    whole, short = tmp_path / "whole.txt", tmp_path / "short.txt"
    assert secassist("redact", note, "--out", short).code == 0
    assert secassist("redact", note, "--names", "--out", whole).code == 0
    assert "Tiwonge Banda" in short.read_text("utf-8")
    lines = whole.read_text("utf-8").splitlines()
    assert lines[0].startswith("We will interview <PERSON_") and lines[0].endswith("> tomorrow.")
    assert lines[1].startswith("下午<PERSON_") and lines[1].endswith("去机房换硬盘")
    assert lines[2:] == TEXT.splitlines()[2:]


def test_reveal_takes_no_names(secassist: Commands, note: Path, tmp_path: Path) -> None:
    ran = secassist("redact", note, "--reveal", "--map", tmp_path / "map", "--names")
    assert ran.code != 0 and "--names" in ran.err
