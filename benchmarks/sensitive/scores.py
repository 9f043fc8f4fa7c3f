"""Tallies to figures: precision, recall and F1 with 95 % bootstrap intervals over groups; pure functions."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.sensitive.matching import Tally
from secassist.evaluation import metrics
from secassist.evaluation.metrics import Floats


@dataclass(frozen=True)
class Rate:
    """A share with its interval and what it was counted from; NaN where nothing was there to count."""

    value: float
    low: float
    high: float
    part: int
    whole: int


@dataclass(frozen=True)
class Figures:
    """Precision counts right findings of all said, recall found places of all labelled."""

    precision: Rate
    recall: Rate
    f1: Rate


def figures(tallies: Mapping[Hashable, Sequence[Tally]], groups: Sequence[Hashable]) -> dict[Hashable, Figures]:
    """Figures by key, all from the same resamples; every sequence has one tally for each of the `groups`."""
    wanted: dict[str, metrics.Metric] = {}
    sums: dict[str, tuple[int, int]] = {}
    for number, mine in enumerate(tallies.values()):
        labelled, found, said, right = (
            np.array([getattr(tally, name) for tally in mine], dtype=np.float64)
            for name in ("labelled", "found", "said", "right")
        )
        wanted |= {
            f"{number}:precision": partial(metrics.pooled, right, said),
            f"{number}:recall": partial(metrics.pooled, found, labelled),
            f"{number}:f1": partial(_f1, right, said, found, labelled),
        }
        sums |= {
            f"{number}:precision": (int(right.sum()), int(said.sum())),
            f"{number}:recall": (int(found.sum()), int(labelled.sum())),
            f"{number}:f1": (int(found.sum()), int(labelled.sum())),
        }
    rates = _rates(wanted, sums, groups)
    return {
        key: Figures(*(rates[f"{number}:{name}"] for name in ("precision", "recall", "f1")))
        for number, key in enumerate(tallies)
    }


def share(flags: Sequence[bool], groups: Sequence[Hashable]) -> Rate:
    """How many of the flags are set."""
    found = _rates({"share": partial(metrics.mean, flags)}, {"share": (sum(flags), len(flags))}, groups)
    return found["share"]


def total(tallies: Sequence[Tally]) -> Tally:
    """The sum of tallies."""
    return Tally(*(sum(getattr(t, name) for t in tallies) for name in ("labelled", "found", "said", "right")))


def _f1(right: Floats, said: Floats, found: Floats, labelled: Floats, weights: Floats) -> Floats:
    """Harmonic mean; 0 where nothing was found of what is labelled, undefined where it was found under other names only."""
    precision, recall = metrics.pooled(right, said, weights), metrics.pooled(found, labelled, weights)
    return metrics.harmonic(np.where(np.isnan(precision) & (recall == 0), 0.0, precision), recall)


def _rates(
    wanted: Mapping[str, metrics.Metric], sums: Mapping[str, tuple[int, int]], groups: Sequence[Hashable]
) -> dict[str, Rate]:
    count = len(groups)
    points = {name: float(metric(metrics.ones(count))[0]) if count else math.nan for name, metric in wanted.items()}
    bounds = metrics.intervals(wanted, count, groups)
    return {name: Rate(points[name], *bounds[name], *sums[name]) for name in wanted}
