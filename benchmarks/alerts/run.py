"""Alerts of products as a queue holds them: how well triage tells attacks from what is ordinary.

    python -m benchmarks.alerts.run [--out benchmarks/alerts.md] [BATCH.jsonl ...]

A batch holds one alert a line: `{"label": 1 for an attack, "read": ..., "kind", "lang", "why", "alert"}`. `read` says that
it was looked at while rules or training texts were mended; figures of these are flattered.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from secassist import plugins
from secassist.sources._records import record

BATCHES = Path(__file__).parent / "batches"
FEWEST = 10
"""Attacks, and ordinary alerts, of a language that are told apart."""
CLOSED = ("benign_expected", "false_positive")
HEAD = """# Alerts of products

Written by `python -m benchmarks.alerts.run`; do not edit. {count} invented alerts in the shapes of real products, English and
Chinese, half of them attacks (tried ones count), the others ordinary work under the same titles and severities. They were
written by people who knew neither rules nor training texts; `benchmarks/alerts/batches` holds them. In batches marked *read*
some of them were looked at while rules or training texts were mended, so that their figures are flattered.

AUC with its 95 % bootstrap interval: *severity* ranks by what the product itself calls the alert, *rules* by the gravest
signal of our detectors, *triage* by the probability of the verdict. Called: true positive / suspicious / closed.

| batch | language | attacks | ordinary | severity | rules | triage | attacks called | ordinary called |
|---|---|---:|---:|---:|---:|---:|---:|---:|
"""


@dataclass(frozen=True)
class Judged:
    """One alert with what three voices say of it."""

    attack: bool
    lang: str
    reported: float
    ruled: float
    score: float
    called: str


def triaged(alerts: Sequence[Any]) -> list[dict[str, Any]]:
    """The analyses of alerts as the command line gives them, with a fresh home."""
    with tempfile.TemporaryDirectory(prefix="alerts-") as home:
        path = Path(home) / "alerts.jsonl"
        path.write_text("".join(json.dumps(alert, ensure_ascii=False) + "\n" for alert in alerts), encoding="utf-8")
        command = [sys.executable, "-m", "secassist", "triage", str(path), "--json", "--quiet"]
        done = subprocess.run(
            command, env=os.environ | {"SECASSIST_HOME": home}, capture_output=True, text=True, check=False
        )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if len(found) != len(alerts):
        raise SystemExit(f"{len(found)} analyses of {len(alerts)} alerts: {done.stderr[-500:]}")
    return found


def judged(rows: Sequence[dict[str, Any]]) -> list[Judged]:
    """Every row with its three voices."""
    detectors = plugins.load_all("detectors").values()
    return [
        _judged(row, analysis, detectors)
        for row, analysis in zip(rows, triaged([r["alert"] for r in rows]), strict=True)
    ]


def _judged(row: dict[str, Any], analysis: dict[str, Any], detectors: Any) -> Judged:
    subject = record(row["alert"], "alert_json", "alert")
    signals = [s for d in detectors if subject.kind in d.kinds for s in d.detect(subject).signals if s.noteworthy]
    verdict = analysis["verdict"]
    return Judged(
        bool(row["label"]),
        row["lang"],
        float(subject.reported_severity.rank) if subject.reported_severity else -1.0,
        max((float(s.severity.rank) for s in signals), default=-1.0),
        0.5 if verdict["score"] is None else verdict["score"],
        "closed" if verdict["disposition"] in CLOSED else verdict["disposition"],
    )


def auc(truth: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> float:
    """The share of pairs of an attack and an ordinary alert that are ranked right; ties count half."""
    bad, good = scores[truth], scores[~truth]
    return float(((bad[:, None] > good).sum() + 0.5 * (bad[:, None] == good).sum()) / (len(bad) * len(good)))


def interval(truth: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> str:
    """The AUC with its bootstrap interval."""
    rng, drawn = np.random.default_rng(7), []
    for _ in range(1000):
        at = rng.integers(0, len(truth), len(truth))
        if truth[at].any() and not truth[at].all():
            drawn.append(auc(truth[at], scores[at]))
    low, high = np.quantile(drawn, (0.025, 0.975))
    return f"{auc(truth, scores):.3f} ({low:.3f}-{high:.3f})"


def row(name: str, lang: str, found: Sequence[Judged]) -> str:
    """One line of the table."""
    truth = np.array([one.attack for one in found])
    voices = [np.array([getattr(one, voice) for one in found]) for voice in ("reported", "ruled", "score")]
    plain = " | ".join(f"{auc(truth, voice):.3f}" for voice in voices[:2])
    return (
        f"| {name} | {lang} | {truth.sum()} | {(~truth).sum()} | {plain} | {interval(truth, voices[2])}"
        f" | {_called(found, True)} | {_called(found, False)} |"
    )


def _called(found: Sequence[Judged], attack: bool) -> str:
    told = [one.called for one in found if one.attack == attack]
    return " / ".join(str(told.count(call)) for call in ("true_positive", "suspicious", "closed"))


def rows(name: str, found: Sequence[Judged]) -> Iterator[str]:
    """The batch as a whole, then by language."""
    yield row(name, "all", found)
    for lang in ("zh", "en"):
        some = [one for one in found if one.lang == lang]
        if min(sum(one.attack for one in some), sum(not one.attack for one in some)) >= FEWEST and len(some) < len(
            found
        ):
            yield row(name, lang, some)


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("batches", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, default=BATCHES.parent.parent / "alerts.md")
    asked = parser.parse_args()
    lines, count = [], 0
    for path in asked.batches or sorted(BATCHES.glob("*.jsonl")):
        listed = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for read in (False, True):
            part = [one for one in listed if bool(one["read"]) == read]
            count += len(part)
            if part:
                lines += rows(f"{path.stem}{', read' if read else ''}", judged(part))
    asked.out.write_text(HEAD.format(count=count) + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
