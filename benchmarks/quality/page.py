"""Page: predictions and the others' figures to `quality.md` and its pictures; the same bytes for the same figures."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.engine import drawing
from benchmarks.quality import scanners
from secassist.evaluation.examples import Example
from secassist.evaluation.metrics import calibration_error
from secassist.evaluation.predictions import Prediction
from secassist.evaluation.reliability import area_under_risk, bins, flawless_error, risk_coverage
from secassist.evaluation.scorecard import Measure, Score, Scorecard
from secassist.evaluation.scoring import joined, score

JUDGED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("T1", "T2", "T3", "T4", "C1"), ("auc",)),
    "T5": ("technique_top3",),
    "C2": ("both_right",),
    **dict.fromkeys(("S1", "S2"), ("span_overlap_f1",)),
}
"""What each task is judged by; slices of one class by the rate that they have."""
RATES: Final = ("tpr", "fpr")
NAMES: Final = {
    "auc": "AUC",
    "technique_top3": "top 3",
    "both_right": "both right",
    "span_overlap_f1": "spans F1",
    "tpr": "flagged, all bad",
    "fpr": "flagged, none bad",
    "ece": "calibration error",
}
LOWER: Final = frozenset({"fpr", "ece"})
TARGETS: Final = (
    ("T1", "", "auc", 0.90),
    ("T1", "panther_rules", "auc", 0.75),
    ("T2", "", "auc", 0.97),
    ("T3", "", "auc", 0.97),
    ("T3", "nl2bash_benign", "fpr", 0.03),
    ("T3", "tldr_benign", "fpr", 0.03),
    ("T3", "powershell_benign", "fpr", 0.03),
    ("T4", "", "auc", 0.98),
    ("T5", "", "technique_top3", 0.80),
    *((task, "", "ece", 0.03) for task in ("T1", "T2", "T3", "T4", "C1")),
)
FEW: Final = 100
"""Items under which a figure says little about a target."""
PLOTTED: Final = ("T1", "T2", "T3", "T4", "C1")


def write(
    out: Path,
    examples: Sequence[Example],
    predictions: Sequence[Prediction],
    surface: Mapping[str, Any] | None,
    bandit: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> None:
    """Writes the page, and the pictures into the folder of its name beside it."""
    ours = score(examples, predictions)
    other = Scorecard.model_validate(surface) if surface else None
    pictures = out.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    parts = [_head(facts, ours), _table("By task", ours.tasks, other.tasks if other else ())]
    parts += [_table("By source", ours.sources, other.sources if other else ())]
    parts += [_table("By language of code", [s for s in ours.languages if s.task in ("C1", "C2")], ())]
    parts += [
        _named(ours),
        _targets(ours),
        _bandit(examples, ours, bandit),
        _quoted(),
        *_plots(examples, predictions, pictures),
    ]
    out.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")


def _head(facts: Mapping[str, Any], ours: Scorecard) -> str:
    rows = "\n".join(f"| {name} | `{digest}` |" for name, digest in facts["weights"].items())
    speed = ours.items / ours.seconds if ours.seconds else 0.0
    return f"""# Verdicts, measured

Written by `{facts["command"]}` on {facts["date"]}; do not edit. {ours.items} rows of development groups, which no
training saw (split by group, never by row), through the same path as a user's call, at {speed:.1f} items a second. Figures
stand with their 95 % bootstrap interval over groups. An item that was abstained from counts as wrong. The data and its
licences are named in the model card; none of it is shipped.

## What was measured

| weights | digest |
|---|---|
{rows}"""


def _table(title: str, scores: Sequence[Score], others: Sequence[Score]) -> str:
    """Ours beside TF-IDF; said in a word."""
    known = {(s.task, s.source): s for s in others}
    lines = []
    for one in scores:
        for name in _judged(one):
            theirs = known.get((one.task, one.source))
            measure = theirs.measures.get(name) if theirs and not one.language else None
            mine = one.measures[name]
            cells = [one.task, one.source or one.language or "all", str(one.items), str(one.bad), NAMES.get(name, name)]
            cells += [figure(mine), figure(measure) if measure else "-", _verdict(name, mine, measure)]
            lines.append(f"| {' | '.join(cells)} |")
    head = "| task | slice | n | bad | measure | ours | TF-IDF + logistic regression | |\n|---|---|---:|---:|---|---:|---:|---|"
    return f"## {title}\n\n{head}\n" + "\n".join(lines) if lines else ""


def _named(ours: Scorecard) -> str:
    """How often the first weakness that is named of weak code is the labelled one."""
    lines = []
    for one in (*ours.tasks, *ours.languages):
        measure = one.measures.get("cwe_top1") if one.task == "C1" else None
        if measure is not None:
            lines.append(f"| {one.language or 'all'} | {measure.n} | {figure(measure)} |")
    text = "Of weak code whose label names a weakness: the first that is named is that one; none named counts as wrong."
    head = "| language | n | named right |\n|---|---:|---:|"
    return f"## Weaknesses named (C1)\n\n{text}\n\n{head}\n" + "\n".join(lines) if lines else ""


def _judged(one: Score) -> list[str]:
    named = [name for name in JUDGED[one.task] if name in one.measures]
    if named:
        return named
    rate = "tpr" if one.bad else "fpr"
    return [rate] if rate in one.measures else []


def _verdict(name: str, mine: Measure, theirs: Measure | None) -> str:
    if theirs is None:
        return ""
    gain = (theirs.value - mine.value) if name in LOWER else (mine.value - theirs.value)
    return "ahead" if gain > 0 else "level" if gain == 0 else "**behind**"


def figure(measure: Measure) -> str:
    """`.91 (.88-.94)`."""
    if measure.low is None or measure.high is None:
        return f"{measure.value:.3f}"
    return f"{measure.value:.3f} ({measure.low:.3f}-{measure.high:.3f})"


def _targets(ours: Scorecard) -> str:
    known = {(s.task, s.source): s for s in (*ours.tasks, *ours.sources)}
    lines = []
    for task, source, name, target in TARGETS:
        found = known.get((task, source))
        measure = found.measures.get(name) if found else None
        if measure is not None:
            sign = "<=" if name in LOWER else ">="
            cells = [task, source or "all", str(measure.n), NAMES[name], f"{sign} {target:.2f}", figure(measure)]
            lines.append(f"| {' | '.join([*cells, _met(name, measure, target)])} |")
    head = "| task | slice | n | measure | target | ours | |\n|---|---|---:|---|---:|---:|---|"
    return f"## Against the targets\n\n{head}\n" + "\n".join(lines) if lines else ""


def _met(name: str, measure: Measure, target: float) -> str:
    """Whether a target is met; what rests on few items is called so."""
    met = measure.value <= target if name in LOWER else measure.value >= target
    return ("met" if met else "**missed**") + (", on few items" if measure.n < FEW else "")


def _bandit(examples: Sequence[Example], ours: Scorecard, found: Mapping[str, Any]) -> str:
    rates = scanners.youden(dict(found), examples)
    right, pairs = scanners.both_right(dict(found))
    mine = {s.task: s for s in ours.languages if s.language == "python"}
    lines = []
    if rates and "C1" in mine and "youden" in mine["C1"].measures:
        j = f"{rates[0] - rates[1]:.3f} (flags {rates[0]:.2f} of bad, {rates[1]:.2f} of safe)"
        lines.append(f"| C1, Python | {rates[2]} | Youden J | {figure(mine['C1'].measures['youden'])} | {j} |")
    if pairs and "C2" in mine:
        share = f"{right / pairs:.3f} ({right} of {pairs})"
        lines.append(
            f"| C2, Python pairs | {pairs} | both right | {figure(mine['C2'].measures['both_right'])} | {share} |"
        )
    head = "| rows | n | measure | ours | bandit, medium and above |\n|---|---:|---|---:|---:|"
    return f"## Beside bandit, on the same rows\n\n{head}\n" + "\n".join(lines) if lines else ""


def _quoted() -> str:
    lines = "\n".join(f"| {work} | {tool} | {reached} |" for work, tool, reached in scanners.QUOTED)
    return f"""## What others reach, quoted

Measured by others on their own sets, for orientation; not rerun here and not the rows above.

| work | tool | figure |
|---|---|---|
{lines}"""


def _plots(examples: Sequence[Example], predictions: Sequence[Prediction], pictures: Path) -> Iterator[str]:
    truths = _scored(examples, predictions)
    if not truths:
        return
    straight = {"exact": [(0.0, 0.0), (1.0, 1.0)]}
    belief = {task: [(b.score, b.bad) for b in bins(t, s) if b.count >= 5] for task, (t, s) in truths.items()}
    shown = straight | {task: points for task, points in belief.items() if points}
    drawn = drawing.lines("Calibration", "calibrated probability of bad", "share that is bad", shown)
    (pictures / "calibration.svg").write_text(drawn, encoding="utf-8")
    risks = {task: _thinned(*risk_coverage(t, s)) for task, (t, s) in truths.items()}
    drawn = drawing.lines("Risk and coverage", "share of items decided, surest first", "share decided wrongly", risks)
    (pictures / "risk-coverage.svg").write_text(drawn, encoding="utf-8")
    lines = "\n".join(
        f"| {t} | {len(v[0])} | {area_under_risk(*v):.3f} | {_exactness(*v)} |" for t, v in truths.items()
    )
    yield f"""## What a probability is worth

![Calibration]({pictures.name}/calibration.svg)

![Risk and coverage]({pictures.name}/risk-coverage.svg)

A judge whose probabilities are exact shows a calibration error too, the larger the fewer items there are. "Flawless" is
what our own scores would show if each were exact: the mean of 400 draws, and what 95 % of them stay under.

| task | n | mean risk over all coverages | calibration error | flawless | |
|---|---:|---:|---:|---:|---|
{lines}"""


def _exactness(truth: Any, score: Any) -> str:
    """Our calibration error beside that of a flawless judge, as three cells."""
    ours, (mean, most) = float(calibration_error(truth, score)[0]), flawless_error(score)
    return f"{ours:.3f} | {mean:.3f} (under {most:.3f}) | {'no worse than flawless' if ours <= most else 'inexact'}"


def _scored(examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, tuple[Any, Any]]:
    """Truth and score of each task's items that have both."""
    found = {}
    for task in PLOTTED:
        items = [i for i in joined((e for e in examples if e.task == task), predictions) if i.truth.bad is not None]
        pairs = [(i.truth.bad is True, i.prediction.score) for i in items if i.prediction.score is not None]
        if len({bad for bad, _ in pairs}) == 2:
            found[task] = np.array([bad for bad, _ in pairs]), np.array([value for _, value in pairs])
    return found


def _thinned(coverage: Any, risk: Any, points: int = 40) -> list[tuple[float, float]]:
    """The curve at even coverages."""
    at = sorted({int(np.searchsorted(coverage, share - 1e-12)) for share in np.linspace(0.025, 1.0, points)})
    return [(float(coverage[i]), float(risk[i])) for i in at]


def digests(text: str) -> dict[str, str]:
    """The weights that a page says it measured."""
    section = text.split("## What was measured\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("|") and "`" in line]
    return {cells[1].strip(): cells[2].strip().strip("`") for cells in rows}
