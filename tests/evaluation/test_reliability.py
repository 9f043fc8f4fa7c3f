"""Reliability: bins that add up to the calibration error, curves of known data, thresholds that keep their promise."""

import json

import numpy as np
import pytest

from secassist.evaluation.metrics import calibration_error
from secassist.evaluation.reliability import (
    area_under_risk,
    bins,
    close_below,
    escalate_above,
    flawless_error,
    risk_coverage,
    summary,
    wilson,
)


def calibrated(count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(3)
    score = draw.beta(0.5, 0.5, count)
    return draw.random(count) < score, score


def test_bins_add_up_to_the_calibration_error() -> None:
    truth, score = calibrated()
    gaps = sum(abs(one.score - one.bad) * one.count for one in bins(truth, score)) / len(score)
    assert gaps == pytest.approx(float(calibration_error(truth, score)[0]))
    assert gaps < 0.03


def test_risk_rises_with_coverage_where_sureness_means_something() -> None:
    truth, score = calibrated()
    coverage, risk = risk_coverage(truth, score)
    assert coverage[-1] == 1.0
    assert risk[-1] == pytest.approx(np.mean((score >= 0.5) != truth))
    assert risk[len(risk) // 4] < risk[len(risk) // 2] < risk[-1]
    assert area_under_risk(truth, score) < risk[-1]


def test_a_known_curve() -> None:
    truth, score = np.array([True, False, True, False]), np.array([0.9, 0.05, 0.4, 0.3])
    coverage, risk = risk_coverage(truth, score)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 0, 0, 0.25])


def test_ties_are_covered_together() -> None:
    coverage, risk = risk_coverage(np.array([True, False]), np.array([0.7, 0.7]))
    assert (coverage.tolist(), risk.tolist()) == ([1.0], [0.5])


def test_what_may_be_closed_holds_few_bad_items_and_what_is_escalated_many() -> None:
    truth, score = calibrated()
    low, high = close_below(truth, score, 0.05), escalate_above(truth, score, 0.9)
    assert 0 < low < 0.5 < high < 1
    assert truth[score <= low].mean() <= 0.05
    assert truth[score >= high].mean() >= 0.9


def test_a_judge_that_knows_nothing_may_close_nothing() -> None:
    draw = np.random.default_rng(1)
    truth, score = draw.random(500) < 0.5, np.full(500, 0.5)
    assert close_below(truth, score, 0.05) == 0.0
    assert escalate_above(truth, score, 0.9) == 1.0


def test_wilson_is_wide_for_few() -> None:
    assert wilson(0, 5, 1.645)[1] > 0.3
    assert wilson(0, 500, 1.645)[1] < 0.01
    assert wilson(0, 0, 1.645) == (0.0, 1.0)


def test_the_summary_is_json_with_every_coverage() -> None:
    truth, score = calibrated()
    found = json.loads(json.dumps(summary(truth, score)))
    assert len(found["risk_coverage"]) == 20
    assert found["risk_coverage"][-1][0] == 1.0
    assert summary(np.empty(0, dtype=bool), np.empty(0))["ece"] is None


def test_a_flawless_judge_of_few_items_shows_an_error_too() -> None:
    scores = np.random.default_rng(5).random(5000)
    few, many = flawless_error(scores[:200]), flawless_error(scores)
    assert few[0] > 3 * many[0] > 0
    assert few[0] < few[1]
    exact = np.random.default_rng(6).random(5000) < scores
    assert float(calibration_error(exact, scores)[0]) < flawless_error(scores)[1] * 1.2
    assert float(calibration_error(~exact, scores)[0]) > many[1]
    assert np.isnan(flawless_error(np.empty(0))[0])
