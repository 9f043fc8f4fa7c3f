"""The rules: a candidate that is worse anywhere it matters is refused by the check that says so, with the figures."""

import numpy as np
import pytest

from secassist.evaluation.examples import Example
from secassist.evaluation.pairing import paired
from secassist.evaluation.predictions import Prediction
from secassist.promoting.rules import Check, Rules, checks
from tests.evaluation.builders import example

N = 200


def items(count: int = N, **more: str) -> list[Example]:
    verdicts = ("malicious", "benign")
    return [example("T1", f"a-{n}", label={"verdict": verdicts[n % 2]}, **more) for n in range(count)]


def said(found: list[Example], noise: float, seed: int = 1) -> list[Prediction]:
    """Calibrated scores, by Bayes of a signal of one in this noise; with more noise they are worse."""
    draw = np.random.default_rng(seed)
    lines = []
    for one in found:
        bad = one.label["verdict"] != "benign"
        seen = (1 if bad else -1) + draw.normal(0, noise)
        score = float(np.clip(1 / (1 + np.exp(-2 * seen / noise**2)), 0.001, 0.999))
        decision = "true_positive" if score >= 0.5 else "benign_expected"
        lines.append(Prediction(id=one.id, task=one.task, score=score, decision=decision))
    return lines


def failed(found: list[Check]) -> set[str]:
    return {check.name for check in found if not check.passed}


def judged(live: list[Prediction], candidate: list[Prediction], found: list[Example], **rules: object) -> set[str]:
    return failed(list(checks(found, live, candidate, Rules(resamples=200, **rules))))  # type: ignore[arg-type]


def test_the_same_passes() -> None:
    found = items()
    assert judged(said(found, 0.6), said(found, 0.6), found) == set()


def test_better_passes_and_worse_does_not() -> None:
    found = items()
    good, poor = said(found, 0.6), said(found, 1.5)
    assert judged(poor, good, found) == set()
    assert {"T1: auc against live", "T1: youden against live"} <= judged(good, poor, found)


def test_a_gain_that_may_be_luck_is_refused() -> None:
    found = items(60)
    one, other = said(found, 1.5, seed=3), said(found, 1.5, seed=4)
    names = judged(one, other, found) | judged(other, one, found)
    assert "T1: auc against live" in names
    assert judged(one, one, found) <= {"T1: calibration error"}


def test_floors_hold_whatever_the_live_one_does() -> None:
    found = items()
    coin = [p.model_copy(update={"score": 0.5, "decision": "true_positive"}) for p in said(found, 0.6)]
    assert "T1: auc floor" in judged(coin, coin, found)
    assert "T1: auc floor" in judged(said(found, 1.2), said(found, 1.2), found, floors={("T1", "auc"): 0.99})


def test_invalid_output_is_refused_even_where_the_live_one_gives_as_much() -> None:
    found = items()
    good = said(found, 0.6)
    broken = [Prediction(id=p.id, task=p.task, abstained=True, error="quarantined") for p in good[:20]] + good[20:]
    assert "T1: invalid output" in judged(good, broken, found)
    assert "T1: invalid output" in judged(broken, broken, found)
    assert "T1: invalid output" not in judged(broken[19:], broken[19:], found[19:])


@pytest.mark.parametrize("key", ["source", "language"])
def test_one_slice_that_falls_is_enough(key: str) -> None:
    found = items(**{key: "large"}) + [
        example("T1", f"b-{n}", label={"verdict": ("malicious", "benign")[n % 2]}, **{key: "small"}) for n in range(40)
    ]
    live, better = said(found, 1.0), said(found, 0.5)
    turned = [p.model_copy(update={"score": 1 - (p.score or 0), "decision": None}) for p in better[N:]]
    names = judged(live, better[:N] + turned, found)
    assert f"T1 {key} small: auc" in names
    assert f"T1 {key} large: auc" not in names


def test_a_slice_of_one_class_is_judged_by_its_rate() -> None:
    found = items() + [example("T1", f"c-{n}", label={"verdict": "benign"}, source="tame") for n in range(40)]
    live = said(found, 0.6)
    noisy = live[:N] + [p.model_copy(update={"decision": "suspicious"}) for p in live[N:]]
    assert "T1 source tame: fpr" in judged(live, noisy, found)


def test_confidence_that_went_astray_is_refused() -> None:
    found = items()
    live = said(found, 0.6)
    sure = [p.model_copy(update={"score": 0.6 + 0.4 * p.score}) for p in live if p.score is not None]
    assert judged(live, sure, found) == {"T1: calibration error"}


def test_too_few_items_judge_nothing() -> None:
    found = items(10)
    assert judged(said(found, 0.5), said(found, 0.5), found) == {"T1: items"}


class TestPairing:
    def test_the_pair_is_drawn_alike(self) -> None:
        """Two runs that differ little have a narrow interval, however wide each one's own is."""
        found = items(80)
        one = said(found, 1.2)
        other = [p.model_copy(update={"score": min(0.999, (p.score or 0) + 0.0001)}) for p in one]
        gain = paired(found, one, other, {"auc"})["auc"]
        assert gain.low is not None
        assert gain.high is not None
        assert gain.high - gain.low < 0.02
        assert (gain.items, gain.bad) == (80, 40)

    def test_less_is_better_of_errors(self) -> None:
        found = items()
        gain = paired(found, said(found, 1.5), said(found, 0.6), {"fpr", "auc"})
        assert gain["fpr"].second < gain["fpr"].first
        assert gain["fpr"].gain == pytest.approx(gain["fpr"].first - gain["fpr"].second)
        assert gain["auc"].gain > 0

    def test_only_what_both_predicted(self) -> None:
        found = items()
        lines = said(found, 0.8)
        assert paired(found, lines[:50], lines[20:], {"auc"})["auc"].items == 30
