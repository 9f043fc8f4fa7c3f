"""Pairing: two runs over the same examples, and how far one is better than the other, by a bootstrap that draws both alike."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from schemas import Noun
from secassist.evaluation import metrics
from secassist.evaluation.examples import Example
from secassist.evaluation.metrics import Floats, Metric
from secassist.evaluation.predictions import Prediction
from secassist.evaluation.scoring import RULES, Item, joined

LOWER_IS_BETTER: Final = frozenset({"fpr", "ece", "brier", "abstention", "invalid"})


class Difference(Noun):
    """A measure of two runs on the same `items`; `gain` is second less first, or first less second where less is better.

    `low` and `high` bound the gain by a paired bootstrap (95 %) over groups; None where no resample defines it.
    """

    measure: str
    items: int
    bad: int
    first: float
    second: float
    gain: float
    low: float | None
    high: float | None


def paired(
    examples: Iterable[Example],
    first: Sequence[Prediction],
    second: Sequence[Prediction],
    measures: Collection[str],
    resamples: int = metrics.RESAMPLES,
) -> dict[str, Difference]:
    """Those of `measures` that both runs define, over the examples that both predicted."""
    both = {(p.task, p.id) for p in first} & {(p.task, p.id) for p in second}
    shared = [example for example in examples if (example.task, example.id) in both]
    ones, others = joined(shared, first), joined(shared, second)
    found: dict[str, Difference] = {}
    for rule, wanted in RULES:
        places = [place for place, item in enumerate(ones) if wanted(item)]
        if places:
            pair = [ones[place] for place in places], [others[place] for place in places]
            one, other = rule(pair[0]), rule(pair[1])
            names = [name for name in one if name in measures and name in other]
            found |= _differences({name: (one[name][0], other[name][0]) for name in names}, pair[0], resamples)
    return found


def _differences(
    pairs: dict[str, tuple[Metric, Metric]], items: Sequence[Item], resamples: int
) -> dict[str, Difference]:
    whole = metrics.ones(len(items))
    points = {name: (float(one(whole)[0]), float(other(whole)[0])) for name, (one, other) in pairs.items()}
    known = {name: pairs[name] for name, values in points.items() if not any(map(math.isnan, values))}
    gains = {name: _gain(name, *both) for name, both in known.items()}
    groups = [item.example.group for item in items]
    bounds = metrics.intervals(gains, len(items), groups, resamples)
    bad = sum(item.truth.bad is True for item in items)
    return {
        name: Difference(
            measure=name,
            items=len(items),
            bad=bad,
            first=round(points[name][0], 6),
            second=round(points[name][1], 6),
            gain=round(float(gains[name](whole)[0]), 6),
            low=_bound(bounds[name][0]),
            high=_bound(bounds[name][1]),
        )
        for name in known
    }


def _gain(name: str, first: Metric, second: Metric) -> Callable[[Floats], Floats]:
    sign = -1.0 if name in LOWER_IS_BETTER else 1.0
    return lambda weights: sign * (second(weights) - first(weights))


def _bound(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
