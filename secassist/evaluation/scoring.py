"""Examples and predictions to a Scorecard: which items enter which metric, slice by slice."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from secassist.evaluation import metrics
from secassist.evaluation.examples import Example
from secassist.evaluation.metrics import Floats
from secassist.evaluation.predictions import After, PredictedSpan, Prediction
from secassist.evaluation.scorecard import BadRow, Measure, Score, Scorecard
from secassist.evaluation.translation import calls_bad
from secassist.evaluation.truth import Truth, technique_parents, truth
from secassist.sources.base import Rejected

_PLAIN_WORDS: Final = frozenset({"number", "id", "code", "card"})
"""Words of type names that do not tell one kind of personal data from another."""


@dataclass(frozen=True)
class Item:
    """An example with what its label says and what was predicted of it."""

    example: Example
    truth: Truth
    prediction: Prediction


Metrics = dict[str, tuple[metrics.Metric, int]]
"""Name to metric and the number of things it rests on."""
Rule = Callable[[Sequence[Item]], Metrics]


def score(
    examples: Iterable[Example],
    predictions: Iterable[Prediction],
    rejected: Iterable[Rejected] = (),
    about: Mapping[str, str] | None = None,
) -> Scorecard:
    """The scorecard of those examples that have a prediction; predictions of other items are not looked at."""
    items = joined(examples, predictions)
    return Scorecard(
        about=dict(about or {}),
        items=len(items),
        seconds=round(math.fsum(item.prediction.seconds for item in items), 3),
        tasks=_slices(items, lambda _: {}),
        sources=_slices(items, lambda e: {"source": e.source}),
        languages=_slices(items, lambda e: {"language": e.language} if e.language else None),
        rejected=tuple(BadRow(origin=row.origin, reason=row.reason) for row in rejected),
    )


def joined(examples: Iterable[Example], predictions: Iterable[Prediction]) -> list[Item]:
    """Every example that has a prediction, with it; the last one where there are several."""
    found = {(prediction.task, prediction.id): prediction for prediction in predictions}
    return [Item(e, truth(e), found[e.task, e.id]) for e in examples if (e.task, e.id) in found]


def _slices(items: Sequence[Item], key: Callable[[Example], dict[str, str] | None]) -> tuple[Score, ...]:
    """One score per task and key; items whose key is None belong to none."""
    slices: dict[tuple[tuple[str, str], ...], list[Item]] = defaultdict(list)
    for item in items:
        if (found := key(item.example)) is not None:
            slices[tuple(({"task": item.example.task} | found).items())].append(item)
    return tuple(_score(dict(name), slices[name]) for name in sorted(slices))


def _score(name: dict[str, str], items: Sequence[Item]) -> Score:
    measures: dict[str, Measure] = {}
    for rule, wanted in RULES:
        chosen = [item for item in items if wanted(item)]
        if chosen:
            measures |= _measures(rule(chosen), chosen)
    bad = sum(item.truth.bad is True for item in items)
    benign = sum(item.truth.bad is False for item in items)
    return Score(**name, items=len(items), bad=bad, benign=benign, measures=measures)


def _measures(found: Metrics, items: Sequence[Item]) -> dict[str, Measure]:
    groups = [item.example.group for item in items]
    points = {name: float(metric(metrics.ones(len(items)))[0]) for name, (metric, _) in found.items()}
    defined = {name: found[name][0] for name, value in points.items() if not math.isnan(value)}
    bounds = metrics.intervals(defined, len(items), groups)
    return {
        name: Measure(value=_tidy(points[name]), low=_bound(bounds[name][0]), high=_bound(bounds[name][1]), n=n)
        for name, (_, n) in found.items()
        if name in defined
    }


def _tidy(value: float) -> float:
    return round(value, 6)


def _bound(value: float) -> float | None:
    return None if math.isnan(value) else _tidy(value)


# -- which metrics, over which items -----------------------------------------------------------------------------------


def _running(items: Sequence[Item]) -> Metrics:
    seconds = np.array([item.prediction.seconds for item in items])
    abstained = np.array([item.prediction.abstained for item in items])
    invalid = np.array([item.prediction.error is not None for item in items])
    one = np.ones(len(items))
    return {
        "abstention": (partial(metrics.mean, abstained), len(items)),
        "invalid": (partial(metrics.mean, invalid), len(items)),
        "items_per_second": (partial(metrics.pooled, one, seconds), len(items)),
    }


def _decisions(items: Sequence[Item]) -> Metrics:
    """A pair gives two decisions, of which the item's weight counts both."""
    sides = [side for index, item in enumerate(items) for side in _sides(index, item)]
    member = np.array([side.item for side in sides])
    true = np.array([side.bad for side in sides])
    called = np.array([side.called for side in sides])
    has = np.array([side.score is not None for side in sides])
    scores = np.array([side.score for side in sides if side.score is not None], dtype=np.float64)

    def all_(metric: Callable[..., Floats]) -> tuple[metrics.Metric, int]:
        return lambda w: metric(true, called, w[:, member]), len(sides)

    def scored(metric: Callable[..., Floats]) -> tuple[metrics.Metric, int]:
        return lambda w: metric(true[has], scores, w[:, member[has]]), len(scores)

    found: Metrics = {"tpr": all_(metrics.true_positive_rate), "fpr": all_(metrics.false_positive_rate)}
    if true.any() and not true.all():
        found |= {
            "precision": all_(metrics.precision),
            "recall": all_(metrics.true_positive_rate),
            "f1": all_(metrics.f1),
            "youden": all_(metrics.youden),
            "auc": scored(metrics.auc),
        }
    if len(scores):
        found |= {"ece": scored(metrics.calibration_error), "brier": scored(metrics.brier)}
    return found


@dataclass(frozen=True)
class _Side:
    item: int
    bad: bool
    called: bool
    score: float | None


def _sides(index: int, item: Item) -> list[_Side]:
    """What was said of the item, and of the code after where it is a pair; abstaining is wrong either way."""
    bad, said = item.truth.bad is True, item.prediction
    called, sure = calls_bad(said.decision, said.score), said.score
    if item.truth.scope and not said.abstained:
        kept = _scoped(item)
        called, sure = bool(kept), max((span.score for span in kept), default=0.0)
    sides = [_Side(index, bad, not bad if said.abstained else called, sure)]
    if item.truth.paired:
        after = said.after or After()
        known = said.after is not None and not said.abstained
        called_after = calls_bad(after.decision, after.score) if known else True
        sides.append(_Side(index, False, called_after, after.score))
    return sides


def _pairs(items: Sequence[Item]) -> Metrics:
    right = np.array([all(side.called == side.bad for side in _sides(0, item)) for item in items])
    return {"both_right": (partial(metrics.mean, right), len(items))}


def _techniques(items: Sequence[Item]) -> Metrics:
    true = [technique_parents(item.truth.techniques) for item in items]
    said = [technique_parents(item.prediction.techniques or ()) for item in items]
    return _hits("technique", true, said, (1, 3))


def _cwes(items: Sequence[Item]) -> Metrics:
    return _hits("cwe", [i.truth.cwe for i in items], [i.prediction.cwe or () for i in items], (1, 3))


def _hits(name: str, true: Sequence[Sequence[str]], said: Sequence[Sequence[str]], tops: Sequence[int]) -> Metrics:
    found: Metrics = {}
    for top in tops:
        hit = np.array([metrics.top_hit(t, s, top) for t, s in zip(true, said, strict=True)])
        found[f"{name}_top{top}"] = (partial(metrics.mean, hit), len(hit))
    return found


def _lines(items: Sequence[Item]) -> Metrics:
    true = [set(item.truth.lines) for item in items]
    said = [set(item.prediction.lines or ()) for item in items]
    both = [len(t & s) for t, s in zip(true, said, strict=True)]
    hit = np.array(both) > 0
    found = _overlap("line", both, [len(t) for t in true], [len(s) for s in said])
    return found | {"line_hit": (partial(metrics.mean, hit), len(items))}


def _spans(items: Sequence[Item]) -> Metrics:
    found: Metrics = {}
    for name, exact in (("span_exact", True), ("span_overlap", False)):
        both, true, said = [], [], []
        for item in items:
            places = [(span.start, span.end) for span in item.truth.spans]
            kept = _scoped(item)
            pairs = metrics.matched_spans(places, [(span.start, span.end) for span in kept], exact)
            both.append(len(pairs))
            true.append(len(places))
            said.append(len(kept))
        found |= _overlap(name, both, true, said)
    return found


def _scoped(item: Item) -> list[PredictedSpan]:
    """Predicted spans that can be right or wrong: of an annotated type, or on an annotated place; none on an open one."""
    undecided = item.truth.open
    said = [
        span
        for span in item.prediction.spans or ()
        if not any(span.start < t.end and t.start < span.end for t in undecided)
    ]
    if not item.truth.scope:
        return said
    annotated = set().union(*map(_words, item.truth.scope))
    return [
        span
        for span in said
        if _words(span.type) & annotated or any(span.start < t.end and t.start < span.end for t in item.truth.spans)
    ]


def _words(name: str) -> set[str]:
    return set(name.lower().replace("-", "_").split("_")) - _PLAIN_WORDS


def _overlap(name: str, right: Sequence[int], true: Sequence[int], said: Sequence[int]) -> Metrics:
    """Precision, recall and F1 pooled over items, from their numbers of right, true and predicted places."""
    twice, places = 2 * np.array(right), np.array(true) + np.array(said)
    return {
        f"{name}_precision": (partial(metrics.pooled, right, said), sum(said)),
        f"{name}_recall": (partial(metrics.pooled, right, true), sum(true)),
        f"{name}_f1": (partial(metrics.pooled, twice, places), sum(true)),
    }


RULES: Final[tuple[tuple[Rule, Callable[[Item], bool]], ...]] = (
    (_running, lambda _: True),
    (_decisions, lambda item: item.truth.bad is not None),
    (_pairs, lambda item: item.truth.paired),
    (_techniques, lambda item: bool(item.truth.techniques)),
    (_cwes, lambda item: bool(item.truth.cwe)),
    (_lines, lambda item: bool(item.truth.lines)),
    (_spans, lambda item: item.example.task in ("S1", "S2") and (item.truth.bad is not None or bool(item.truth.open))),
)
"""Which metrics, and the items that enter them by task and label alone, so that two runs can be compared item by item."""
