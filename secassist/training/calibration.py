"""Calibration: slope and intercept on the logit from groups the adapter was not trained on, and what they are worth."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from schemas.answers import ANSWERS, grammar
from secassist import templates
from secassist.analyzers import review, sensitive, triage
from secassist.backends.base import Backend, Request
from secassist.evaluation import metrics, reliability
from secassist.registry import Calibration, witness
from secassist.training.lesson import Lesson

USEFUL_AUC = 0.55
"""Below this area under the ROC curve a judge is no better than a coin for the user, and is marked unfit."""
MOST_BAD, LEAST_BAD = 0.05, 0.95
"""Share of bad ones among what may be closed unread, at most, and among what must be escalated, at least."""
EDGE = 1e-6
WEAK = 1e3
"""Inverse of the penalty on a slope (scikit-learn's C): enough that it stays finite where the classes do not overlap."""
HEAD = 8
"""Tokens of an answer that certainly hold the decision's first one, and few more."""
Goal = Literal["youden", "caught", "f1"]
SPOKEN = 96
"""Held-out lessons whose reasons are read to tell whether an adapter speaks."""
LAST_LINE = 999
"""Highest line number that may be cited meanwhile; which lines are cited is not what is measured."""
SPEAKS_FROM = 0.7
"""Least mean likeness of its reasons to the taught ones, where its decision was right; below it code words the reasons."""
SCORES = {"triage": triage.score, "review": review.score, "sensitive": sensitive.score}
CHOICES = {"triage": triage.CHOICES, "review": review.CHOICES, "sensitive": sensitive.CHOICES}
GOALS: dict[str, Goal] = {"triage": "caught", "sensitive": "f1"}
"""What an analyzer's threshold is chosen for; Youden's index unless it is named here.

"caught" is the lowest cut whose index cannot be told from the best one: an attack missed costs more than an alert read.
"""
WITNESS: dict[str, float] = {"triage": 0.7}
"""Share of the witness in what is served, where it is not half: it ranks alerts of products that nobody taught far better."""
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Fitted:
    """A calibration with the figures it was chosen by, all on the calibration split.

    `auc` is of what is served, `auc_model` and `auc_witness` of each voice alone; `reliability` as in
    `evaluation.reliability.summary`; `likeness` is that of `spoken_like`, None where nothing was said.
    """

    calibration: Calibration
    count: int
    auc: float
    ece_before: float
    ece_after: float
    auc_model: float = math.nan
    auc_witness: float | None = None
    reliability: Mapping[str, object] = field(default_factory=dict)
    likeness: float | None = None


def fit(
    scores: Sequence[float],
    truths: Sequence[bool],
    goal: Goal = "youden",
    heard: Sequence[float] | None = None,
    share: float = 0.5,
) -> Fitted:
    """Platt scaling (Platt 1999) on logits, and thresholds: the best for the goal, and sure ones.

    `scores` are raw probabilities of "bad", `heard` the witness' logits. The two voices are each scaled alone, and `share` of
    the sum is the witness': given, for a fitted one would trust it with sources that it knows and mislead on others.
    Raises ValueError when only one class is there.
    """
    p, y = np.asarray(scores, dtype=float), np.asarray(truths, dtype=float)
    if len(set(truths)) < 2:
        raise ValueError("calibration needs bad and harmless items")
    x = np.log(np.clip(p, EDGE, 1 - EDGE) / (1 - np.clip(p, EDGE, 1 - EDGE)))
    slope, intercept = _platt(x, y)
    hears, alone = 0.0, float(metrics.auc(y.astype(bool), p)[0])
    if heard is not None:
        slope, hears, intercept = _two_voices(x, np.asarray(heard, dtype=float), y, share)
        x = x + hears / slope * np.asarray(heard, dtype=float) if slope else x
    after = 1 / (1 + np.exp(-(slope * x + intercept)))
    area = float(metrics.auc(y.astype(bool), after)[0])
    useful = area >= USEFUL_AUC and slope > 0
    found = Calibration(
        slope=round(slope, 6),
        intercept=round(intercept, 6),
        fit=useful,
        note="" if useful else f"AUC {area:.2f} on {len(y)} held-out items",
        benign_below=round(reliability.close_below(y > 0, after, MOST_BAD), 6),
        bad_above=round(_threshold(after, y, goal), 6),
        escalate_above=round(reliability.escalate_above(y > 0, after, LEAST_BAD), 6),
        hears=round(hears, 6),
    )
    told = None if heard is None else float(metrics.auc(y.astype(bool), np.asarray(heard, dtype=float))[0])
    worth = reliability.summary(y > 0, after, found.bad_above)
    return Fitted(found, len(y), area, _ece(p, y), _ece(after, y), alone, told, worth)


def _two_voices(x: Floats, heard: Floats, y: Floats, share: float) -> tuple[float, float, float]:
    """Slope of the model, slope of the witness and intercept of their weighed mean, scaled once more."""
    own, own_shift = _platt(x, y)
    other, other_shift = _platt(heard, y)
    rest = 1.0 - share
    mean = rest * (own * x + own_shift) + share * (other * heard + other_shift)
    scale, shift = _platt(mean, y)
    return scale * rest * own, scale * share * other, scale * (rest * own_shift + share * other_shift) + shift


def _platt(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and intercept of the likeliest sigmoid of a line, with next to no penalty."""
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression(C=WEAK).fit(x[:, None], y)
    return float(found.coef_[0, 0]), float(found.intercept_[0])


def _threshold(p: Floats, y: Floats, goal: Goal) -> float:
    """The cut that is best for the goal; the middle of the best stretch, or the lowest for "caught"."""
    cuts = np.unique(np.quantile(p, np.linspace(0.02, 0.98, 97)))
    measure = _f1 if goal == "f1" else _youden
    gains = [measure(p >= cut, y) for cut in cuts]
    slack = _spread(p >= cuts[int(np.argmax(gains))], y) if goal == "caught" else 0.002
    best = [cut for cut, gain in zip(cuts, gains, strict=True) if gain >= max(gains) - slack]
    return float(min(best) if goal == "caught" else np.median(best))


def _youden(called: Any, y: Floats) -> float:
    """True-positive rate minus false-positive rate: right where both kinds are judged in large numbers."""
    return float(called[y > 0].mean() - called[y < 1].mean())


def _spread(called: Any, y: Floats) -> float:
    """Standard error of Youden's index: that of a difference of two shares (the rule of Breiman et al. 1984, 3.4.3)."""
    return float(sum(called[side].var() / side.sum() for side in (y > 0, y < 1)) ** 0.5)


def _f1(called: Any, y: Floats) -> float:
    """Of precision and recall: right where most candidates are what they look like."""
    right = float((called & (y > 0)).sum())
    return 2 * right / float(called.sum() + y.sum())


def _ece(p: Floats, y: Floats, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[place == b].mean() - y[place == b].mean()) * (place == b).mean()
        for b in range(bins)
        if (place == b).any()
    ]
    return float(sum(gaps))


def raw_scores(backend: Backend, analyzer: str, lessons: Sequence[Lesson]) -> list[float]:
    """Uncalibrated probability of "bad" for each lesson, read from the first token of the decision."""
    output = templates.load(analyzer).matter
    schema = grammar(ANSWERS[output.output], lines=1, techniques=())
    choices = CHOICES[analyzer]
    requests = [Request(analyzer, one.prompt, schema, HEAD, output.decision, choices) for one in lessons]
    odds = [completion.choices for completion in backend.complete(requests)]
    return [SCORES[analyzer](found, Calibration()) for found in odds]


def spoken_like(backend: Backend, analyzer: str, lessons: Sequence[Lesson]) -> float | None:
    """Mean likeness (ROUGE-L, Lin 2004: F1 of the longest common subsequence of words) of reasons to the taught ones.

    Over answers with the taught decision, at most `SPOKEN` lessons spread over all; None where the answer has no reason.
    """
    matter = templates.load(analyzer).matter
    chosen = lessons[:: max(1, len(lessons) // SPOKEN)]
    schema = grammar(ANSWERS[matter.output], lines=LAST_LINE)
    choices = CHOICES[analyzer]
    requests = [Request(analyzer, one.prompt, schema, matter.answer_tokens, matter.decision, choices) for one in chosen]
    pairs = [
        (_answer(said.text), _answer(one.answer)) for said, one in zip(backend.complete(requests), chosen, strict=True)
    ]
    alike = [
        _rouge(said.get("reason", ""), taught["reason"])
        for said, taught in pairs
        if "reason" in taught and said.get("decision") == taught["decision"]
    ]
    return sum(alike) / len(alike) if alike else None


def _answer(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _rouge(said: str, taught: str) -> float:
    mine, theirs = said.lower().split(), taught.lower().split()
    if not mine or not theirs:
        return float(mine == theirs)
    row = [0] * (len(theirs) + 1)
    for word in mine:
        above, row = row, [0]
        for at, other in enumerate(theirs):
            row.append(above[at] + 1 if word == other else max(above[at + 1], row[at]))
    return 2 * row[-1] / (len(mine) + len(theirs))


def calibrate(backend: Backend, analyzer: str, lessons: Sequence[Lesson], folder: Path) -> Fitted:
    """Fits the adapter in this folder, which the backend serves, on held-out lessons, its witness heard; and writes it."""
    held = [one for one in lessons if one.bad is not None]
    witnessed = witness.load(folder)
    heard = [witnessed.logit(one.wording) for one in held] if witnessed else None
    truths = [bool(one.bad) for one in held]
    scores = raw_scores(backend, analyzer, held)
    found = fit(scores, truths, goal=GOALS.get(analyzer, "youden"), heard=heard, share=WITNESS.get(analyzer, 0.5))
    likeness = spoken_like(backend, analyzer, held)
    speaks = likeness is None or likeness >= SPEAKS_FROM
    found = replace(found, likeness=likeness, calibration=replace(found.calibration, speaks=speaks))
    write(found, folder)
    return found


def write(fitted: Fitted, folder: Path) -> None:
    """Stores it beside the adapter as calibration.json, with its figures."""
    names = (one.name for one in fields(fitted) if one.name != "calibration")
    values = fitted.calibration.stored() | {"figures": {name: _plain(getattr(fitted, name)) for name in names}}
    (folder / "calibration.json").write_text(json.dumps(values, indent=1) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value
