"""The command as a user runs it: its arguments, its output, its exit code; only the model's words are scripted."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from secassist import __main__, bootstrap
from secassist.backends.base import Backend
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.pipeline import Pipeline
from tests.analyzers.scripts import decided
from tests.repositories import commit, git

Script = Callable[..., Any]


@dataclass
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


class Commands:
    """Runs commands on one home; `script` is what the model says."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], home: Path) -> None:
        self.home = home
        self.script: Script = decided
        self.asked = 0
        self._patch = patch
        self._capture = capture
        patch.setenv("SECASSIST_HOME", str(home))
        wire = bootstrap.pipeline

        def scripted(settings: Settings, chosen: Backend | None = None) -> Pipeline:
            return wire(settings, chosen or ScriptedBackend(self._answer))

        patch.setattr(bootstrap, "pipeline", scripted)

    def _answer(self, request: Any) -> Any:
        self.asked += 1
        return self.script(request)

    def __call__(self, *words: object) -> Ran:
        self._patch.setattr(sys, "argv", ["secassist", *map(str, words)])
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            __main__.main()
        out, err = self._capture.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out, err)


@pytest.fixture
def secassist(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Commands:
    return Commands(monkeypatch, capsys, tmp_path / "home")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def repo(inbox: Path) -> Path:
    git(inbox, "init", "-q", "-b", "main")
    (inbox / "base.py").write_text("x = 1\n")
    commit(inbox)
    return inbox
