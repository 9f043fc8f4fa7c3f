"""What scanners say of texts: ours in this process, semgrep as an external program over a folder of files."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.code.items import Item, families
from schemas import CodeUnit, FindingKind, Place, Severity
from secassist.analyzers._proofs import reached, refutation
from secassist.detectors.base import Candidate, Detector, Signal
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
        try:
            candidates = detector.detect(unit(item)).candidates
        except DetectorError:
            continue
        if cwes := tuple(one.cwe for one in candidates if kept(one)):
            found[item.id] = cwes
    return found


_DUMP: Final = """
import json, sys
from pathlib import Path
from benchmarks.code.items import items
from benchmarks.code.scanners import ours
found = ours(items(Path(sys.argv[1]), sys.argv[2]))
json.dump([[a.name, sorted(a.languages), a.found, a.seconds] for a in found], sys.stdout)
"""


def older(checkout: Path, data: Path, split: str) -> list[Answer]:
    """What the detectors of another checkout of this repository find, in a process of its own."""
    command = [sys.executable, "-c", _DUMP, str(data.resolve()), split]
    path = {**os.environ, "PYTHONPATH": str(checkout.resolve())}
    done = subprocess.run(command, capture_output=True, cwd=checkout, env=path, timeout=SEMGREP_S, check=True)
    return [
        Answer(f"{name} before", frozenset(languages), {key: tuple(cwes) for key, cwes in found.items()}, seconds)
        for name, languages, found, seconds in json.loads(done.stdout)
    ]


def examined(items: Sequence[Item]) -> tuple[dict[str, str], dict[str, str]]:
    """(texts in which code leaves no finding standing -> the reasons of those that it refuted, texts in which an outsider's
    value is followed to a sink of the weakness that the label speaks of -> how)."""
    found: dict[str, str] = {}
    followed: dict[str, str] = {}
    for item in items:
        candidates: list[Candidate] = []
        signals: list[Signal] = []
        for detector in (BANDIT, FLOW):
            with suppress(DetectorError):
                said = detector.detect(unit(item))
                candidates += said.candidates
                signals += said.signals
        reasons = [refutation(one, signals) for one in candidates]
        for one in candidates:
            if reached(one) and families(item.cwe) & families((one.cwe,)):
                followed[item.id] = f"{one.cwe} line {one.place.start_line}: {one.message}"[:300]
        if all(reasons):
            told = reasons or [f"{s.message} (line {s.lines[0]})" for s in signals if s.rule == "flow:proved"]
            found[item.id] = "; ".join(dict.fromkeys(told))[:300]
    return found, followed


def unit(item: Item) -> CodeUnit:
    """The text as the product is given it."""
    return CodeUnit(
        source="code", origin="item", title=item.name, path=item.name, language=item.dialect, body=item.text
    )


def semgrep(program: str, rules: Sequence[Path], items: Sequence[Item]) -> Answer:
    """semgrep with these rule files or folders. Raises RuntimeError with what it said when it gives no result."""
    began = time.monotonic()
    found = {key: tuple(one.cwe for one in told) for key, told in semgrep_candidates(program, rules, items).items()}
    read = frozenset(item.language for item in items if item.id in found)
    return Answer("semgrep", read, found, time.monotonic() - began)


def semgrep_candidates(program: str, rules: Sequence[Path], items: Sequence[Item]) -> dict[str, tuple[Candidate, ...]]:
    """Item id -> what semgrep finds there. Raises RuntimeError with what it said when it gives no result."""
    with tempfile.TemporaryDirectory(prefix="bench-code-") as folder:
        names = {f"n{number}": item for number, item in enumerate(items)}
        for stem, item in names.items():
            Path(folder, f"{stem}.{item.name.rpartition('.')[2]}").write_text(
                item.text, encoding="utf-8", errors="replace"
            )
        configs = [word for path in rules for word in ("--config", str(path))]
        command = [program, "scan", "--metrics=off", "--disable-version-check", "--quiet", "--json", "--jobs=2"]
        done = subprocess.run([*command, *configs, folder], capture_output=True, timeout=SEMGREP_S, check=False)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-1_000:]) from None
    found: dict[str, tuple[Candidate, ...]] = {}
    for one in told["results"]:
        item = names[Path(one["path"]).stem]
        found[item.id] = (*found.get(item.id, ()), _reported(one))
    return found


def _reported(result: Mapping[str, Any]) -> Candidate:
    """One result of semgrep as a finding."""
    said = result["extra"]["metadata"].get("cwe", "")
    spelled = " ".join(said) if isinstance(said, list) else str(said)
    words = spelled.upper().replace(":", " ").split()
    cwe = next((word.strip(":") for word in words if word.startswith("CWE-")), "")
    first = int(result["start"]["line"])
    return Candidate(
        kind=FindingKind.WEAKNESS,
        rule=str(result["check_id"]).rpartition(".")[2],
        type=cwe,
        message="",
        place=Place(path="", start_line=first, end_line=max(first, int(result["end"]["line"]))),
        severity=Severity.MEDIUM,
        cwe=cwe,
        by="semgrep",
    )
