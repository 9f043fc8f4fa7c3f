"""The tools that people use, each in a virtual environment of its own, asked over standard input and output."""

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks.sensitive import naming
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import PERSONAL, SECRET

TOOLS: Final = Path(__file__).parent / "tools"
INSTALL_SECONDS: Final = 1_800
RUN_SECONDS: Final = 3_600


@dataclass(frozen=True)
class Yardstick:
    """A package at one version, the adapter that asks it, the least score of a finding that counts, a rule that does not."""

    name: str
    package: str
    version: str
    script: str
    kind: str
    arguments: tuple[str, ...] = ()
    least: float = 0.0
    unwanted: str = ""


DETECT_SECRETS: Final = Yardstick("detect-secrets, files", "detect-secrets", "1.5.0", "detect_secrets_scan.py", SECRET)
YARDSTICKS: Final = (
    DETECT_SECRETS,
    Yardstick("detect-secrets, lines", "detect-secrets", "1.5.0", "detect_secrets_scan.py", SECRET, ("--string",)),
    Yardstick("credsweeper", "credsweeper", "1.19.5", "credsweeper_scan.py", SECRET),
    Yardstick("credsweeper, no UUIDs", "credsweeper", "1.19.5", "credsweeper_scan.py", SECRET, unwanted="UUID"),
    Yardstick("presidio", "presidio-analyzer", "2.2.366", "presidio_scan.py", PERSONAL),
    Yardstick("presidio, score from .4", "presidio-analyzer", "2.2.366", "presidio_scan.py", PERSONAL, (), 0.4),
    Yardstick(
        "presidio, every country, score from .4",
        *("presidio-analyzer", "2.2.366", "presidio_scan.py", PERSONAL, ("--every",)),
        least=0.4,
    ),
)


@dataclass(frozen=True)
class Answer:
    """What a tool says about each item, in their order; `problem` says why there is nothing of it."""

    name: str
    version: str
    claims: dict[str, frozenset[str]]
    found: tuple[list[Span], ...] = ()
    seconds: float = 0.0
    problem: str = ""
    note: str = ""

    def speaks_of(self, kind: str) -> bool:
        """Whether it looks for this kind at all."""
        return bool(self.claims.get(kind))


def ask(yardstick: Yardstick, items: Sequence[Item], work: Path) -> Answer:
    """Its answer about the items; one that cannot be installed or run says so in `problem`."""
    try:
        out = _output(python(yardstick, work), yardstick.script, yardstick.arguments, _lines(items))
        head, *rows = (json.loads(line) for line in out.splitlines())
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Answer(yardstick.name, yardstick.version, {yardstick.kind: frozenset()}, problem=_told(error))
    found = [_spans(row["found"], yardstick) for row in rows]
    return Answer(yardstick.name, head["version"], _claims(yardstick, head["claims"]), tuple(found), head["seconds"])


def seconds(paths: Sequence[Path], work: Path) -> float:
    """Processor seconds of detect-secrets for these files, without its start. Raises OSError or SubprocessError."""
    names = "".join(f"{path}\n" for path in paths)
    return float(_run(python(DETECT_SECRETS, work), DETECT_SECRETS.script, ("--time",), names))


def python(yardstick: Yardstick, work: Path) -> Path:
    """The interpreter of its environment below `work`, made and filled on first use."""
    folder = work / f"{yardstick.package}-{yardstick.version}"
    found = folder / "bin" / "python"
    ready = folder / "installed"
    if not ready.exists():
        venv.create(folder, with_pip=True, clear=folder.exists())
        wanted = f"{yardstick.package}=={yardstick.version}"
        command = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
        subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        ready.touch()
    return found


def _run(interpreter: Path, script: str, arguments: tuple[str, ...], text: str) -> str:
    """Standard output of an adapter."""
    command = [str(interpreter), "-X", "utf8", str(TOOLS / script), *arguments]
    done = subprocess.run(command, input=text, check=True, capture_output=True, timeout=RUN_SECONDS, encoding="utf-8")
    return done.stdout


_output = cache(_run)
"""The same, asked once for the same: two yardsticks may differ in the least score only."""


def _lines(items: Sequence[Item]) -> str:
    rows = ({"id": item.id, "text": item.text, "language": item.language} for item in items)
    return "".join(json.dumps(row) + "\n" for row in rows)


def _spans(found: Sequence[Sequence[object]], yardstick: Yardstick) -> list[Span]:
    spans = []
    for start, end, name, score in found:
        if float(str(score)) >= yardstick.least and name != yardstick.unwanted:
            kind = naming.canonical(yardstick.kind, str(name))
            spans.append(Span(int(str(start)), int(str(end)), kind, yardstick.kind, str(name), float(str(score))))
    return spans


def _claims(yardstick: Yardstick, names: Sequence[str]) -> dict[str, frozenset[str]]:
    """A scanner of secrets claims all of them, since each has rules for any value behind a telling name."""
    every = frozenset(naming.types(SECRET))
    mapped = frozenset(naming.canonical(PERSONAL, name) for name in names)
    return {yardstick.kind: every if yardstick.kind == SECRET else mapped}


def _told(error: Exception) -> str:
    """One line for the page; what a tool wrote goes to standard error only."""
    if isinstance(error, subprocess.CalledProcessError):
        print(error.stderr, file=sys.stderr)
        step = "does not install" if "pip" in error.cmd else "does not run"
        return f"{step} here (status {error.returncode})"
    return f"does not run here ({type(error).__name__})"
