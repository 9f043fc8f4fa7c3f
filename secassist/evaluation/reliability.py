"""Reliability: what a probability is worth: calibration by bins, risk by coverage, and thresholds that follow from it.

Shapes: n items; `truth` (n,) flags of bad, `score` (n,) calibrated probabilities of bad. Pure functions of arrays.
"""

from dataclasses import dataclass

import numpy as np

from secassist.evaluation.metrics import BINS, Bools, Floats, calibration_error


@dataclass(frozen=True)
class Bin:
    """Items whose score falls together: mean score, share of bad, and how many."""

    score: float
    bad: float
    count: int


def bins(truth: Bools, score: Floats, count: int = BINS) -> list[Bin]:
    """Equal-width bins of the score, those that hold an item; their weighted gaps are `calibration_error`."""
    place = np.minimum((score * count).astype(np.int64), count - 1)
    return [
        Bin(float(score[place == b].mean()), float(truth[place == b].mean()), int((place == b).sum()))
        for b in range(count)
        if (place == b).any()
    ]


def flawless_error(score: Floats, draws: int = 400, seed: int = 7) -> tuple[float, float]:
    """Calibration error that these scores would show if every one of them were exact: its mean, and 95 % lie under it.

    Few items in a bin never show their share: of 274 items a flawless judge shows about .06. What lies under the second
    figure cannot be told from flawless. NaN without items.
    """
    if not len(score):
        return float("nan"), float("nan")
    chance = np.random.default_rng(seed)
    errors = [float(calibration_error(chance.random(len(score)) < score, score)[0]) for _ in range(draws)]
    return float(np.mean(errors)), float(np.quantile(errors, 0.95))


def risk_coverage(truth: Bools, score: Floats, threshold: float = 0.5) -> tuple[Floats, Floats]:
    """Coverage (n,) and, of that surest share of items, the share decided wrongly (El-Yaniv and Wiener, 2010).

    Sureness is the distance from the threshold, as a share of what is possible on that side. Items that are equally sure
    are covered together, so that their order says nothing.
    """
    if not len(score):
        return np.empty(0), np.empty(0)
    called = score >= threshold
    sure = np.where(called, (score - threshold) / max(1 - threshold, 1e-9), (threshold - score) / max(threshold, 1e-9))
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum((called != truth)[order])
    last = np.flatnonzero(np.r_[np.diff(sure[order]) != 0, True])
    return (last + 1) / len(score), wrong[last] / (last + 1)


def area_under_risk(truth: Bools, score: Floats, threshold: float = 0.5) -> float:
    """Mean risk over all coverages; NaN without items. Less is better; a random order has the plain error rate."""
    coverage, risk = risk_coverage(truth, score, threshold)
    return float(np.sum(risk * np.diff(np.r_[0.0, coverage]))) if len(risk) else float("nan")


def close_below(truth: Bools, score: Floats, most_bad: float, z: float = 1.645) -> float:
    """The greatest score under which at most `most_bad` of the items are bad, by Wilson's upper bound (one-sided, 95 %).

    0 where no such score exists: then nothing may be closed unread.
    """
    order = np.argsort(score, kind="stable")
    found = 0.0
    for end in np.flatnonzero(np.r_[np.diff(score[order]) != 0, True]):
        if wilson(int(truth[order[: end + 1]].sum()), int(end) + 1, z)[1] <= most_bad:
            found = float(score[order[end]])
    return found


def escalate_above(truth: Bools, score: Floats, least_bad: float, z: float = 1.645) -> float:
    """The least score from which on at least `least_bad` of the items are bad, by Wilson's lower bound; 1 without one."""
    flipped = close_below(~truth, 1 - score, 1 - least_bad, z)
    return 1.0 if flipped == 0.0 and not (score == 1.0).any() else 1 - flipped


def wilson(hits: int, count: int, z: float) -> tuple[float, float]:
    """Interval of a share (Wilson, 1927); (0, 1) of nothing."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = z / (1 + square / count) * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def summary(truth: Bools, score: Floats, threshold: float = 0.5, points: int = 21) -> dict[str, object]:
    """What is stored with an adapter: calibration error, bins, the risk-coverage curve at `points` coverages, its area."""
    coverage, risk = risk_coverage(truth, score, threshold)
    wanted = np.linspace(0.0, 1.0, points)[1:]
    at = [int(np.searchsorted(coverage, share - 1e-12)) for share in wanted] if len(coverage) else []
    return {
        "ece": round(float(calibration_error(truth, score)[0]), 6) if len(score) else None,
        "bins": [[round(one.score, 6), round(one.bad, 6), one.count] for one in bins(truth, score)]
        if len(score)
        else [],
        "risk_coverage": [[round(float(coverage[i]), 6), round(float(risk[i]), 6)] for i in at],
        "area_under_risk": round(area_under_risk(truth, score, threshold), 6) if len(score) else None,
    }
