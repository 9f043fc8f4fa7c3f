"""Scanners: bandit run on the Python rows as its users run it, and figures that others' tools reached, as quoted."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from secassist.errors import SourceError
from secassist.evaluation.examples import Example
from secassist.evaluation.subjects import pair
from secassist.evaluation.truth import truth

GRAVE: Final = frozenset({"MEDIUM", "HIGH"})
QUOTED: Final = (
    ("Python, 1,243 benchmark files", "bandit / semgrep with local rules", "Youden J .31 / .11"),
    ("Python before/after pairs, 133", "bandit >= MEDIUM", "both right in 68"),
    ("Java, 2,740 benchmark files", "semgrep with local rules", "J .47"),
    ("C before/after, 722 functions", "semgrep", "J -.01"),
    ("secrets in real repositories, 576", "detect-secrets / gitleaks rules", "F1 .43 / .27"),
    ("personal data, English, pattern types", "presidio patterns", "F1 .83; all types .22"),
    ("personal data, Chinese, 35 items", "presidio patterns / argus-redact", "F1 .64 / .84"),
    ("T1 events, unseen log types and sources", "character n-grams, logistic regression", "AUC .80 (rule + event .60)"),
    ("T3 commands and requests, unseen sources", "the same", "AUC .81; flags 72 % of benign tldr commands"),
    ("real enterprise alerts, 16 large models", "mean, published", "TPR .80 at FPR .44"),
)
"""Measured by others on sets of their own, 2026-11-22; not the rows of this page, except where it says so."""


def bandit(examples: Sequence[Example]) -> dict[str, Any]:
    """Flags by row id for Python code (C1), and for both sides of pairs (C2): an issue of medium severity or above."""
    files: dict[str, str] = {}
    for number, example in enumerate(examples):
        if example.language != "python" or example.task not in ("C1", "C2"):
            continue
        try:
            sides = pair(example) if example.task == "C2" else (str(example.input),)
        except SourceError:
            continue
        files |= {f"{number}_{side}.py": text for side, text in enumerate(sides)}
    flagged = _flagged(files) if files else set()
    found: dict[str, Any] = {"C1": {}, "C2": {}}
    for name in files:
        number, side = name.removesuffix(".py").split("_")
        example = examples[int(number)]
        found[example.task].setdefault(example.id, {})[side] = name in flagged
    return found


def _flagged(files: dict[str, str]) -> set[str]:
    """Names of the files with a grave issue, by one run of the command."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", errors="replace")
        command = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
        rows = json.loads(done.stdout[done.stdout.index("{") :])["results"]
    return {Path(row["filename"]).name for row in rows if row["issue_severity"] in GRAVE}


def youden(found: dict[str, Any], examples: Sequence[Example]) -> tuple[float, float, int] | None:
    """True and false positive rate of bandit on the Python rows of C1, and their number; None without both classes."""
    flags = [(truth(e).bad, found["C1"][e.id]["0"]) for e in examples if e.task == "C1" and e.id in found["C1"]]
    bad, good = ([flag for is_bad, flag in flags if is_bad is kind] for kind in (True, False))
    if not bad or not good:
        return None
    return sum(bad) / len(bad), sum(good) / len(good), len(flags)


def both_right(found: dict[str, Any]) -> tuple[int, int]:
    """Pairs of which bandit flags the code before and not the code after, of how many."""
    pairs = [sides for sides in found["C2"].values() if "1" in sides]
    return sum(sides["0"] and not sides["1"] for sides in pairs), len(pairs)
