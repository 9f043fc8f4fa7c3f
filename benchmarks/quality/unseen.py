"""Sources never seen: what the witness, code's facts and n-grams alone make of a source that no part of them learned from.

python -m benchmarks.quality.unseen --work FOLDER [--out benchmarks/unseen.md]
The folder holds triage lessons as `secassist train lessons` writes them. The language model has learned from every source
and is left out; so these figures are about its second voice, and about what carries over to data from elsewhere.
"""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.quality.methods import ROOT
from benchmarks.quality.surface import CHARACTERS, Row, fit_predict
from secassist.evaluation import metrics
from secassist.evaluation.examples import Example
from secassist.training import lesson, witnessing
from secassist.training.lesson import Lesson
from secassist.training.written import OURS

LEFT_OUT: Final = (
    ("atomic_red_team", "tldr_benign"),
    ("atomic_red_team", "powershell_benign"),
    ("caldera_stockpile", "nl2bash_benign"),
    ("crs_regression", "crs_regression"),
    ("httpparams", "httpparams"),
    ("otrf_events", "evtx_benign_events"),
    ("panther_rules", "panther_rules"),
    ("otrf_windows", "otrf_windows"),
    ("spamassassin", "spamassassin"),
)
"""The source whose bad and the source whose harmless lessons are judged by what never saw either."""
FEW_GROUPS: Final = 3
"""Groups below which the bootstrap draws rows: a draw of so few often holds one class only."""
LEVELS: Final = ("info", "low", "medium", "high", "critical")
INTRODUCTION: Final = """Written by `python -m benchmarks.quality.unseen --work FOLDER`; do not edit.
{public} lessons of public rows and {ours} of ours. AUC, with its 95 % bootstrap interval over groups
(over mails for spamassassin, which has two groups).
The language model has learned from every source and is left out: the figures are about its second voice, and about what
carries over to other data. Most labels are by source (a command of a collection of attacks counts as bad also where it
only lists files), so 1.0 is out of reach.

The rules behind code's facts were written by people who read training rows of these sources, and who say what they say on
any source; so whatever hears facts is flattered here, by how much [quality.md](quality.md) tells: its groups nobody read.
Our own texts of mail were written by somebody who had seen which mails of spamassassin were missed."""
_FACT = re.compile(r"\w+:[\w.-]+ (\w+)\.")
Scores = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Judge = Callable[[Sequence[Lesson], Sequence[Lesson]], Scores]
"""Lessons to learn from and lessons to judge: a score of bad for each of the latter."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Judges each left-out pair in every way and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "unseen.md")
    given = parser.parse_args(arguments)
    path = given.work / "lessons" / "triage.train.jsonl"
    if not path.is_file():
        print(f"{path}: no lessons; run `secassist train lessons --work {given.work}` first", file=sys.stderr)
        return 2
    taught = [one for one in lesson.read(path) if one.bad is not None and one.wording]
    rows = [row for pair in LEFT_OUT if (row := _row(pair, taught))]
    given.out.write_text(page(rows, taught), encoding="utf-8")
    return 0


def facts(_: Sequence[Lesson], judged: Sequence[Lesson]) -> Scores:
    """The gravest thing that code found, the number of things found breaking ties."""
    told = [[LEVELS.index(level) for level in _FACT.findall(one.wording.partition(" | ")[0])] for one in judged]
    return np.array([max(levels, default=-1) + min(len(levels), 9) / 10 for levels in told])


def surface(known: Sequence[Lesson], judged: Sequence[Lesson]) -> Scores:
    """Character n-grams with logistic regression, of public rows only, without facts: what anybody could do."""
    return fit_predict([_bare(one) for one in known if not one.source.startswith(OURS)], [_bare(one) for one in judged])


def heard(known: Sequence[Lesson], judged: Sequence[Lesson]) -> Scores:
    """The witness as it is trained, which also learns from our own texts and from facts."""
    witness = witnessing.learn(known)
    return np.array([witness.logit(one.wording) for one in judged])


def unwritten(known: Sequence[Lesson], judged: Sequence[Lesson]) -> Scores:
    """The same witness without our own texts."""
    return heard([one for one in known if not one.source.startswith(OURS)], judged)


WAYS: Final[dict[str, Judge]] = {
    "code's facts": facts,
    "n-grams of public rows": surface,
    "witness without our texts": unwritten,
    "witness": heard,
}


def _row(pair: tuple[str, str], taught: Sequence[Lesson]) -> list[str]:
    """The cells of a left-out pair; none where the lessons lack one of its sides."""
    known = [one for one in taught if one.source not in pair]
    judged = [one for one in taught if (one.source, one.bad) in {(pair[0], True), (pair[1], False)}]
    truth = np.array([bool(one.bad) for one in judged])
    if not judged or truth.all() or not truth.any():
        return []
    name = pair[0] if pair[0] == pair[1] else f"{pair[0]} against {pair[1]}"
    cells = [name, str(int(truth.sum())), str(int((~truth).sum()))]
    for way in WAYS.values():
        scores = way(known, judged)
        low, high = _interval(truth, scores, [one.group for one in judged])
        cells.append(f"{metrics.auc(truth, scores)[0]:.3f} ({low:.3f}-{high:.3f})")
    print(" | ".join(cells), flush=True)
    return cells


def _interval(truth: metrics.Bools, scores: Scores, groups: Sequence[str]) -> tuple[float, float]:
    drawn = groups if len(set(groups)) >= FEW_GROUPS else [str(place) for place in range(len(groups))]
    return metrics.intervals({"auc": lambda weights: metrics.auc(truth, scores, weights)}, len(truth), drawn)["auc"]


def _bare(one: Lesson) -> Row:
    text = one.wording.partition(" | ")[2][:CHARACTERS]
    return Row(Example(one.group, "T1", one.source, text, {}, one.group), text, bool(one.bad))


def page(rows: Sequence[Sequence[str]], taught: Sequence[Lesson]) -> str:
    """The page in Markdown; the last line is the mean over the pairs."""
    ours = sum(one.source.startswith(OURS) for one in taught)
    means = [np.mean([float(row[3 + place].split()[0]) for row in rows]) for place in range(len(WAYS))]
    table = [
        "| " + " | ".join(["left out", "bad", "harmless", *WAYS]) + " |",
        "|---|---:|---:|" + "---:|" * len(WAYS),
        *(f"| {' | '.join(row)} |" for row in rows),
        "| mean | | | " + " | ".join(f"**{mean:.3f}**" for mean in means) + " |",
    ]
    title = (__doc__ or "").partition("\n")[0]
    return "\n".join([f"# {title}", "", INTRODUCTION.format(public=len(taught) - ours, ours=ours), "", *table, ""])


if __name__ == "__main__":
    sys.exit(main())
