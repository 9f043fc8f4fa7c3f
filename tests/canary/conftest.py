"""A stage on which everything that is written ends in one folder, and a model that repeats what it was shown."""

import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from secassist.backends.base import Completion, Request
from secassist.cli import app, vault
from secassist.masking import Redactor
from tests.analyzers.scripts import decided
from tests.canary.canaries import Search, Sent
from tests.cli.conftest import Commands, Ran

TEXTS = ("reason", "summary", "fix")
SAID = 200
"""Characters of the prompt that the model repeats."""


@dataclass
class Stage:
    """Runs commands and keeps all they print; `leaks` searches every file but the inputs."""

    secassist: Commands
    folder: Path
    search: Search
    ran: int = 0

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def __call__(self, *words: object) -> Ran:
        ran = self.secassist(*words)
        self.keep(f"{ran.out}\n{ran.err}", str(words[0]))
        return ran

    def keep(self, text: str, name: str = "said") -> None:
        """What went to the console, as a file."""
        self.ran += 1
        (self.out / f"console{self.ran:03}-{re.sub('[^a-z]', '', name)[:20]}").write_text(
            text, encoding="utf-8", errors="surrogatepass"
        )

    def leaks(self) -> dict[str, set[tuple[int, str]]]:
        """Canaries by the file in which they were found; the file's own name counts too."""
        files = [
            path
            for path in self.folder.rglob("*")
            if path.is_file() and "in" not in path.relative_to(self.folder).parts[:1]
        ]
        found = {str(p.relative_to(self.folder)): self.search(p.read_bytes() + p.name.encode()) for p in files}
        return {name: owners for name, owners in found.items() if owners}


class Parrot:
    """Answers validly, and says what it was shown: the part of the prompt where a canary stands, if one does."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.heard = 0

    def __call__(self, request: Request) -> Completion:
        shown = request.prompt.user.encode()
        at = self.search.first(shown)
        self.heard += at >= 0
        said = shown[max(0, at - 60) :][:SAID].decode("utf-8", "replace")
        answer = decided(request)
        words = json.loads(answer.text)
        words |= {name: said for name in TEXTS if name in words}
        if "missing" in words:
            words["missing"] = [said[:100]]
        return Completion(json.dumps(words, ensure_ascii=False), "stop", answer.choices)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterable[Any]:
    """A function that makes the stage for some canaries."""
    for name in ("home", "out", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    if "purge" not in known:
        app.command()(vault.purge)
        app.add_typer(vault.app, name="vault")

    def made(items: list[Sent]) -> Stage:
        search = Search(items)
        commands = Commands(monkeypatch, capsys, tmp_path / "home")
        commands.script = Parrot(search)
        return Stage(commands, tmp_path, search)

    return made


def unseen(items: Iterable[Sent], redactor: Redactor) -> set[tuple[int, str]]:
    """What detection misses in these spellings, so that nothing can hide it."""
    return {(i.canary.number, i.shape) for i in items if i.part in redactor(f"note {i.text}")}
