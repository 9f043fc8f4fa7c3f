"""What scanners say of texts: ours in this process, semgrep as an external program over a folder of files."""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.code.items import Item
from schemas import CodeUnit, Severity
from secassist.detectors.base import Candidate, Detector
from secassist.detectors.code_flow import PLUGIN as FLOW
from secassist.detectors.python_static import PLUGIN as BANDIT
from secassist.errors import DetectorError
from secassist.evaluation.subjects import SUFFIXES

Found = dict[str, tuple[str, ...]]
"""Item id -> the CWE of each finding; an item without one is not flagged."""
SEMGREP_S: Final = 3_000


@dataclass(frozen=True)
class Answer:
    """What one scanner found. `languages` are those it reads, as the data names them."""

    name: str
    languages: frozenset[str]
    found: Found
    seconds: float


def ours(items: Sequence[Item]) -> list[Answer]:
    """code_flow, bandit (all, and from medium severity on), and both together as the review analyzer uses them."""
    began = time.monotonic()
    flow = _each(items, FLOW, lambda _: True)
    flowed = time.monotonic() - began
    python = [item for item in items if item.language == "python"]
    bandit = _each(python, BANDIT, lambda _: True)
    medium = _each(python, BANDIT, lambda one: one.severity.rank >= Severity.MEDIUM.rank)
    took = (time.monotonic() - began - flowed) / 2
    both = {key: (*flow.get(key, ()), *bandit.get(key, ())) for key in {*flow, *bandit}}
    every = frozenset(SUFFIXES)
    return [
        Answer("code_flow", every, flow, flowed),
        Answer("bandit", frozenset({"python"}), bandit, took),
        Answer("bandit >= medium", frozenset({"python"}), medium, took),
        Answer("code_flow + bandit", every, both, flowed + took),
    ]


def _each(items: Sequence[Item], detector: Detector, kept: Callable[[Candidate], bool]) -> Found:
    found: Found = {}
    for item in items:
        unit = CodeUnit(
            source="code", origin="item", title=item.name, path=item.name, language=item.dialect, body=item.text
        )
        try:
            candidates = detector.detect(unit).candidates
        except DetectorError:
            continue
        if cwes := tuple(one.cwe for one in candidates if kept(one)):
            found[item.id] = cwes
    return found


def semgrep(program: str, rules: Sequence[Path], items: Sequence[Item]) -> Answer:
    """semgrep with these rule files or folders. Raises RuntimeError with what it said when it gives no result."""
    with tempfile.TemporaryDirectory(prefix="bench-code-") as folder:
        names = {f"n{number}": item for number, item in enumerate(items)}
        for stem, item in names.items():
            Path(folder, f"{stem}.{item.name.rpartition('.')[2]}").write_text(
                item.text, encoding="utf-8", errors="replace"
            )
        configs = [word for path in rules for word in ("--config", str(path))]
        command = [program, "scan", "--metrics=off", "--disable-version-check", "--quiet", "--json", "--jobs=2"]
        began = time.monotonic()
        done = subprocess.run([*command, *configs, folder], capture_output=True, timeout=SEMGREP_S, check=False)
        seconds = time.monotonic() - began
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-1_000:]) from None
    found: dict[str, tuple[str, ...]] = {}
    for one in told["results"]:
        item = names[Path(one["path"]).stem]
        said = one["extra"]["metadata"].get("cwe", "")
        spelled = " ".join(said) if isinstance(said, list) else str(said)
        cwe = next(
            (word.strip(":") for word in spelled.upper().replace(":", " ").split() if word.startswith("CWE-")), ""
        )
        found[item.id] = (*found.get(item.id, ()), cwe)
    read = frozenset(item.language for item in items if item.id in found)
    return Answer("semgrep", read, found, seconds)
