"""Rules: what a candidate must reach, against itself and against the live adapter; figures in, checks out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas import Noun
from secassist.evaluation.examples import Example
from secassist.evaluation.pairing import Difference, paired
from secassist.evaluation.predictions import Prediction

HEADLINES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("T1", "T2", "T3", "T4", "C1"), ("auc", "youden")),
    "T5": ("technique_top3",),
    "C2": ("both_right",),
    **dict.fromkeys(("S1", "S2"), ("span_overlap_f1", "auc")),
}
"""What each task is judged by: order (AUC) and the decisions at the calibrated threshold, or its own measure."""
ONE_SIDED: Final = ("tpr", "fpr")
"""What a slice with one class only is judged by."""
LARGEST_ERROR: Final = 0.15
"""Calibration error that nobody should decide by, whatever the live adapter's is."""

MOST_INVALID: Final = 0.05
"""Share of invalid answers that is refused even where the live adapter gives as many."""


@dataclass(frozen=True)
class Rules:
    """`margin` is how much worse the lower end of the paired 95 % interval may be, task by task; the gain itself may
    not be negative. `slice_drop` is how far a slice may fall before it counts, if its interval says so as well.
    `floors` are least values by task and measure; `slice_floor` is the least AUC of a slice that has both classes.
    `min_items` and `slice_items` are the fewest items a task, and a slice, is judged on; `invalid` the greatest share
    of answers without a valid outcome; `error_rise` how far the calibration error may rise.
    """

    margin: float = 0.03
    slice_drop: float = 0.05
    floors: Mapping[tuple[str, str], float] = field(default_factory=dict)
    floor: float = 0.55
    slice_floor: float = 0.4
    min_items: int = 40
    slice_items: int = 30
    invalid: float = 0.01
    error_rise: float = 0.03
    resamples: int = 1000


class Check(Noun):
    """One check of the gate; `detail` holds the figures."""

    name: str
    passed: bool
    detail: str


def checks(
    examples: Sequence[Example], live: Sequence[Prediction], candidate: Sequence[Prediction], rules: Rules
) -> Iterator[Check]:
    """Every check that figures decide, task by task, then slice by slice."""
    for task in sorted({example.task for example in examples}):
        mine = [example for example in examples if example.task == task]
        if len(mine) < rules.min_items:
            yield Check(name=f"{task}: items", passed=False, detail=f"{len(mine)} items; {rules.min_items} are needed")
            continue
        yield from _task(task, mine, live, candidate, rules)
        for kind, key in (("source", lambda e: e.source), ("language", lambda e: e.language)):
            yield from _slices(task, kind, key, mine, live, candidate, rules)


def _task(
    task: str, examples: Sequence[Example], live: Sequence[Prediction], candidate: Sequence[Prediction], rules: Rules
) -> Iterator[Check]:
    wanted = HEADLINES[task]
    found = paired(examples, live, candidate, {*wanted, "ece", "invalid"}, rules.resamples)
    judged = [name for name in wanted if name in found]
    if not judged:
        yield Check(name=f"{task}: classes", passed=False, detail=f"{' and '.join(wanted)} need bad and harmless items")
    for name in judged:
        yield _not_worse(f"{task}: {name} against live", found[name], rules.margin)
        floor = rules.floors.get((task, name), rules.floor if name == "auc" else 0.0)
        passed = found[name].second >= floor
        yield Check(name=f"{task}: {name} floor", passed=passed, detail=f"{found[name].second:.3f}, least {floor:.3f}")
    yield _invalid(task, found["invalid"], rules)
    if "ece" in found:
        error = found["ece"]
        most = max(error.first + rules.error_rise, rules.error_rise)
        passed = error.second <= min(most, LARGEST_ERROR) or error.second <= error.first
        told = f"{error.second:.3f}, live {error.first:.3f}, most {min(most, LARGEST_ERROR):.3f}"
        yield Check(name=f"{task}: calibration error", passed=passed, detail=told)


def _not_worse(name: str, found: Difference, margin: float) -> Check:
    low = found.low if found.low is not None else found.gain
    passed = found.gain >= 0 and low >= -margin
    return Check(name=name, passed=passed, detail=f"{told(found)}; may not fall, and not below -{margin:.3f}")


def _invalid(task: str, found: Difference, rules: Rules) -> Check:
    most = max(rules.invalid, min(found.first, MOST_INVALID))
    passed = found.second <= most
    told_ = f"{found.second:.3f} of {found.items}, live {found.first:.3f}, most {most:.3f}"
    return Check(name=f"{task}: invalid output", passed=passed, detail=told_)


def _slices(
    task: str,
    kind: str,
    key: Callable[[Example], str],
    examples: Sequence[Example],
    live: Sequence[Prediction],
    candidate: Sequence[Prediction],
    rules: Rules,
) -> Iterator[Check]:
    for name in sorted({key(example) for example in examples} - {""}):
        mine = [example for example in examples if key(example) == name]
        if len(mine) < rules.slice_items:
            continue
        found = paired(mine, live, candidate, {*HEADLINES[task], *ONE_SIDED}, rules.resamples)
        judged = [one for one in HEADLINES[task] if one in found] or [one for one in ONE_SIDED if one in found]
        for measure in judged:
            yield _slice(f"{task} {kind} {name}: {measure}", found[measure], rules)


def _slice(name: str, found: Difference, rules: Rules) -> Check:
    fell = found.gain < -rules.slice_drop and (found.high is None or found.high < 0)
    low = found.measure == "auc" and found.second < min(rules.slice_floor, found.first)
    most = f"may not fall by {rules.slice_drop:.3f} for sure"
    return Check(name=name, passed=not fell and not low, detail=f"{told(found)}; {most}")


def told(found: Difference) -> str:
    """A difference in words: both figures, the gain and its interval."""
    bounds = "" if found.low is None or found.high is None else f" ({found.low:+.3f} to {found.high:+.3f})"
    return f"{found.second:.3f}, live {found.first:.3f}, gain {found.gain:+.3f}{bounds}, n {found.items}"
