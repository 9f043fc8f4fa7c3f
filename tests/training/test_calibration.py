"""Calibration: slope and intercept that undo a known distortion, and a judge that is none is marked unfit."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from schemas.answers import TriageAnswer, grammar
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.registry import Calibration, Weights, calibration
from secassist.templates import Prompt
from secassist.training.calibration import CHOICES, calibrate, fit, spoken_like, write
from secassist.training.lesson import Lesson


def sample(slope: float, count: int = 4000) -> tuple[list[float], list[bool]]:
    chance = np.random.default_rng(1)
    logits = chance.normal(0, 1.5, count)
    truths = chance.random(count) < 1 / (1 + np.exp(-(slope * logits + 0.5)))
    return list(1 / (1 + np.exp(-logits))), [bool(t) for t in truths]


def test_a_known_distortion_is_found() -> None:
    fitted = fit(*sample(2.0))
    assert fitted.calibration.slope == pytest.approx(2.0, rel=0.1)
    assert fitted.calibration.intercept == pytest.approx(0.5, abs=0.12)
    assert fitted.calibration.fit
    assert fitted.ece_after < fitted.ece_before


@pytest.mark.parametrize("sure", [6.0, 14.0])
def test_odds_that_are_far_too_sure_and_often_wrong_are_brought_back(sure: float) -> None:
    """A judge trained for long says nearly 0 or nearly 1: Newton's method, unguarded, left with a slope of 10^18."""
    draw = np.random.default_rng(3)
    truths = draw.random(700) < 0.6
    said = np.where(draw.random(700) < 0.8, truths, ~truths)
    logits = np.where(said, sure, -sure) + draw.normal(0, 1.5, 700)
    fitted = fit(list(1 / (1 + np.exp(-logits))), list(truths))
    assert 0 < fitted.calibration.slope < 1
    assert fitted.ece_after < 0.05 < fitted.ece_before


def test_classes_that_do_not_overlap_leave_a_finite_slope() -> None:
    fitted = fit([0.1, 0.2, 0.3, 0.7, 0.8, 0.9], [False] * 3 + [True] * 3)
    assert math.isfinite(fitted.calibration.slope) and math.isfinite(fitted.calibration.intercept)


def test_a_coin_is_unfit() -> None:
    scores, truths = sample(2.0)
    chance = np.random.default_rng(2)
    assert not fit(scores, [bool(t) for t in chance.permutation(truths)]).calibration.fit


def test_one_class_cannot_be_calibrated() -> None:
    with pytest.raises(ValueError, match="bad and harmless"):
        fit([0.1, 0.2], [True, True])


def test_the_formula_is_sigmoid_of_a_line_on_the_logit() -> None:
    found = Calibration(slope=0.5, intercept=1.0).probability(0.8)
    assert found == pytest.approx(1 / (1 + math.exp(-(0.5 * math.log(4) + 1.0))), abs=1e-6)
    assert 0 < Calibration().probability(0.0) < Calibration().probability(1.0) < 1


def test_figures_are_stored_beside_the_adapter(tmp_path: Path) -> None:
    fitted = fit(*sample(1.0))
    write(fitted, tmp_path)
    stored = json.loads((tmp_path / "calibration.json").read_text())
    assert stored["slope"] == fitted.calibration.slope
    assert stored["figures"]["count"] == 4000


def test_the_goal_decides_the_threshold() -> None:
    """Where most are bad, a threshold for F1 lets nearly all of them through; Youden's cuts between the classes."""
    draw = np.random.default_rng(0)
    truths = [True] * 180 + [False] * 20
    scores = [*np.clip(draw.normal(0.6, 0.2, 180), 0.01, 0.99), *np.clip(draw.normal(0.4, 0.2, 20), 0.01, 0.99)]
    youden, f1 = (fit(scores, truths, goal=goal).calibration.bad_above for goal in ("youden", "f1"))
    assert f1 < youden


def test_where_cuts_cannot_be_told_apart_an_attack_is_rather_caught() -> None:
    """And the more items there are, the less is given away for it."""

    def given_away(count: int) -> float:
        scores, truths = sample(1.0, count)
        youden, caught = (fit(scores, truths, goal=goal).calibration.bad_above for goal in ("youden", "caught"))
        return youden - caught

    assert given_away(200) > given_away(20_000) > 0


def taught(reason: str, number: int) -> Lesson:
    answer = {"decision": "real", "severity": "high", "reason": reason}
    prompt = Prompt(system="", user=f"item {number}")
    return Lesson(analyzer="sensitive", prompt=prompt, answer=json.dumps(answer), source="s", group="g", bad=True)


def likeness_of(said: dict[str, str]) -> float | None:
    lessons = [taught("the value fits a live key", number) for number in range(3)]
    return spoken_like(ScriptedBackend(lambda _request: json.dumps(said)), "sensitive", lessons)


def test_likeness_is_that_of_reasons_with_the_taught_decision() -> None:
    said = {"decision": "real", "severity": "high", "reason": "the value fits a live key"}
    assert likeness_of(said) == 1.0
    assert likeness_of(said | {"reason": "the value is no key"}) == pytest.approx(2 * 3 / (5 + 6))
    assert likeness_of(said | {"reason": ""}) == 0.0
    assert likeness_of(said | {"decision": "test"}) is None


def test_an_adapter_that_says_too_little_is_marked_and_may_write_no_reason(tmp_path: Path) -> None:
    kinds = [(1, True), (2, False)] * 4
    lessons = [taught("the value fits a live key", n).model_copy(update={"bad": bad}) for n, bad in kinds]

    def says(reason: str) -> bool:
        answer = json.dumps({"decision": "real", "severity": "high", "reason": reason})

        def one(request: Request) -> Completion:
            real = 0.7 if "item 1" in request.prompt.user else 0.4
            odds = {name: real if name == "real" else (1 - real) / 5 for name in CHOICES["sensitive"]}
            return Completion(text=answer, finish="stop", choices=odds)

        calibrate(ScriptedBackend(one), "sensitive", lessons, tmp_path)
        return calibration(Weights("sensitive", tmp_path, "")).speaks

    assert says("the value fits a live key")
    assert not says("mice and men")
    silent = grammar(TriageAnswer, lines=3, speaks=False)["properties"]["reason"]
    assert silent["enum"] == [""]
