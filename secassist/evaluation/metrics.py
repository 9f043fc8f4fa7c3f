"""Metrics as pure functions of numpy arrays; they know neither tasks nor files.

Shapes: n items; weights are (r, n), one row per resample, and every metric gives (r,) values, NaN where it is undefined
(no weights: one row of ones). Sums weighted by how often an item was drawn are all that a bootstrap needs, so a metric
is computed for a block of resamples at once.
"""

import math
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Metric = Callable[[Floats], Floats]
"""A metric of fixed data: weights (r, n) in, values (r,) out."""

BINS: Final = 15
"""Equal-width bins of the calibration error, as in Guo et al., "On Calibration of Modern Neural Networks" (2017)."""
RESAMPLES: Final = 1_000
LEVEL: Final = 0.95
MIN_GROUPS: Final = 8
"""With fewer groups a bootstrap over groups says little (two groups of one class each say nothing); items are drawn."""
_BLOCK: Final = 2_000_000
"""Weights held at once."""


def ratio(top: Floats, bottom: Floats) -> Floats:
    """top / bottom, NaN where the bottom is zero."""
    result: Floats = np.full(np.broadcast(top, bottom).shape, np.nan)
    np.divide(top, bottom, out=result, where=bottom > 0)
    return result


def ones(count: int) -> Floats:
    """The weights of the data as they are."""
    return np.ones((1, count))


def mean(values: Any, weights: Floats | None = None) -> Floats:
    """Weighted mean of values (n,); of flags it is a rate."""
    column = np.asarray(values, dtype=np.float64)
    weights = ones(len(column)) if weights is None else weights
    return ratio(weights @ column, weights.sum(axis=1))


def pooled(tops: Any, bottoms: Any, weights: Floats | None = None) -> Floats:
    """Sum of tops over sum of bottoms (n,), as micro-averaged precision and recall are."""
    top, bottom = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    weights = ones(len(top)) if weights is None else weights
    return ratio(weights @ top, weights @ bottom)


def harmonic(first: Floats, second: Floats) -> Floats:
    """F1 of a precision and a recall; 0 where both are 0, NaN where either is undefined."""
    total = first + second
    return np.where(total == 0, 0.0, ratio(2 * first * second, total))


# -- decisions ---------------------------------------------------------------------------------------------------------


def precision(truth: Bools, decision: Bools, weights: Floats | None = None) -> Floats:
    """Of what was called bad, the share that is."""
    return pooled(truth & decision, decision, weights)


def true_positive_rate(truth: Bools, decision: Bools, weights: Floats | None = None) -> Floats:
    """Of what is bad, the share that was called so; recall is the same."""
    return pooled(truth & decision, truth, weights)


def false_positive_rate(truth: Bools, decision: Bools, weights: Floats | None = None) -> Floats:
    """Of what is harmless, the share that was called bad."""
    return pooled(~truth & decision, ~truth, weights)


def f1(truth: Bools, decision: Bools, weights: Floats | None = None) -> Floats:
    """2 TP / (2 TP + FP + FN); NaN when nothing is bad and nothing was called so."""
    return pooled(2 * (truth & decision), 1 * truth + decision, weights)


def youden(truth: Bools, decision: Bools, weights: Floats | None = None) -> Floats:
    """True positive rate less false positive rate."""
    return true_positive_rate(truth, decision, weights) - false_positive_rate(truth, decision, weights)


# -- scores ------------------------------------------------------------------------------------------------------------


def auc(truth: Bools, score: Floats, weights: Floats | None = None) -> Floats:
    """Chance that a bad item scores above a harmless one, ties counted half (Mann and Whitney's U)."""
    weights = ones(len(score)) if weights is None else weights
    if not len(score):
        return np.full(len(weights), np.nan)
    order = np.argsort(score, kind="stable")
    ranked = score[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    positive = np.add.reduceat(weights[:, order] * truth[order], starts, axis=1)
    negative = np.add.reduceat(weights[:, order] * ~truth[order], starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative
    wins = (positive * (below + negative / 2)).sum(axis=1)
    return ratio(wins, positive.sum(axis=1) * negative.sum(axis=1))


def calibration_error(truth: Bools, score: Floats, weights: Floats | None = None, bins: int = BINS) -> Floats:
    """Expected calibration error: mean over items of |mean score - share of bad| of their bin [k/bins, (k+1)/bins)."""
    weights = ones(len(score)) if weights is None else weights
    bin_of = np.minimum((score * bins).astype(np.int64), bins - 1)
    gaps = np.zeros((len(score), bins))
    gaps[np.arange(len(score)), bin_of] = score - truth
    return ratio(np.abs(weights @ gaps).sum(axis=1), weights.sum(axis=1))


def brier(truth: Bools, score: Floats, weights: Floats | None = None) -> Floats:
    """Mean squared distance of the score from the truth as 0 or 1 (Brier, 1950)."""
    return mean((score - truth) ** 2, weights)


# -- one item ----------------------------------------------------------------------------------------------------------


def top_hit(truth: Collection[str], predicted: Sequence[str], top: int) -> bool:
    """Whether one of the first `top` predictions is true."""
    return not set(truth).isdisjoint(predicted[:top])


def matched_spans(
    truth: Sequence[tuple[int, int]], predicted: Sequence[tuple[int, int]], exact: bool
) -> list[tuple[int, int]]:
    """Pairs (index in truth, index in predicted), each index once.

    Exact: same start and end. Otherwise: the overlap has at least half the characters of the shorter one; the largest
    overlaps are paired first, so one span over a whole text cannot answer for all that is in it.
    """
    if exact:
        places = {span: index for index, span in enumerate(predicted)}
        return [(index, places.pop(span)) for index, span in enumerate(truth) if span in places]
    candidates = sorted(
        (-overlap, i, j)
        for i, true in enumerate(truth)
        for j, found in enumerate(predicted)
        if (overlap := min(true[1], found[1]) - max(true[0], found[0])) > 0
        and 2 * overlap >= min(true[1] - true[0], found[1] - found[0])
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in candidates:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return list(pairs.items())


# -- uncertainty -------------------------------------------------------------------------------------------------------


def intervals(
    metrics: Mapping[str, Metric],
    count: int,
    groups: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """Percentile bootstrap intervals (95 %) of metrics of the same `count` items, all from the same resamples.

    Whole groups are drawn with replacement when there are at least MIN_GROUPS of them, else single items. A resample
    that does not define a metric is left out of its interval; with none left it is (NaN, NaN).
    """
    members = _members(count, groups)
    values: dict[str, list[Floats]] = {name: [np.empty(0)] for name in metrics}
    for weights in _resamples(members, resamples, seed) if count else ():
        for name, metric in metrics.items():
            values[name].append(metric(weights))
    return {name: _middle(np.concatenate(found)) for name, found in values.items()}


def _resamples(members: NDArray[np.int64], resamples: int, seed: int) -> Iterator[Floats]:
    """Weights in blocks of rows: how often each item's group was drawn."""
    random = np.random.default_rng(seed)
    drawn = int(members.max()) + 1
    block = max(1, _BLOCK // len(members))
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        picks = random.integers(0, drawn, size=(size, drawn)) + drawn * np.arange(size)[:, None]
        times = np.bincount(picks.ravel(), minlength=size * drawn).reshape(size, drawn)
        yield times[:, members].astype(np.float64)


def _middle(values: Floats) -> tuple[float, float]:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return math.nan, math.nan
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _members(count: int, groups: Sequence[Hashable] | None) -> NDArray[np.int64]:
    """The number of the group that each item belongs to (n,)."""
    if groups is not None:
        if len(groups) != count:
            raise ValueError(f"{len(groups)} groups for {count} items")
        numbers: dict[Hashable, int] = {}
        found = [numbers.setdefault(group, len(numbers)) for group in groups]
        if len(numbers) >= MIN_GROUPS:
            return np.array(found, dtype=np.int64)
    return np.arange(count, dtype=np.int64)
