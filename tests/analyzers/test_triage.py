"""Triage: thresholds are calibrated, scores agree with dispositions."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import Disposition
from secassist.analyzers.triage import CHOICES, PLUGIN, score, under_floor
from secassist.backends.base import Completion
from secassist.registry import Calibration
from tests.analyzers.scripts import alert, analyzer, answer, decided, document, driver, odds, window

ODDS = st.lists(st.floats(0.001, 1), min_size=5, max_size=5).map(
    lambda raw: dict(zip(CHOICES, [value / sum(raw) for value in raw], strict=True))
)


@pytest.mark.parametrize("choice", CHOICES)
def test_a_clear_case(choice: str) -> None:
    assert PLUGIN.decide(odds(choice, CHOICES), Calibration()) == choice


@given(ODDS)
@example(odds("not_evaluable", CHOICES))
def test_the_side_follows_the_threshold(given_odds: dict[str, float]) -> None:
    for threshold in (0.2, 0.5, 0.9):
        calibration = Calibration(bad_above=threshold)
        decision = Disposition(PLUGIN.decide(given_odds, calibration))
        if given_odds["not_evaluable"] > 0.5:
            assert decision is Disposition.NOT_EVALUABLE
        else:
            assert decision.is_bad == (score(given_odds, calibration) >= threshold)


@given(ODDS)
def test_a_lower_threshold_never_misses_more(given_odds: dict[str, float]) -> None:
    low, high = (PLUGIN.decide(given_odds, Calibration(bad_above=threshold)) for threshold in (0.3, 0.7))
    assert Disposition(high).is_bad <= Disposition(low).is_bad


def test_the_score_is_the_probability_of_bad_given_that_it_can_be_told() -> None:
    given_odds = dict(zip(CHOICES, (0.3, 0.1, 0.05, 0.05, 0.5), strict=True))
    assert score(given_odds, Calibration()) == pytest.approx(0.8)
    assert score(dict.fromkeys(CHOICES, 0.0), Calibration()) == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("choice", CHOICES)
def test_confidence_is_that_of_the_disposition(choice: str) -> None:
    (analysis,) = driver(lambda r: decided(r, decision=choice)).analyze(analyzer("triage"), [alert()])
    verdict = analysis.verdict
    assert verdict is not None
    assert verdict.score is not None
    assert verdict.disposition == choice
    assert verdict.confidence >= 0.5
    assert (verdict.score >= 0.5) == verdict.disposition.is_bad or choice == "not_evaluable"


def test_without_odds_there_is_no_score() -> None:
    (analysis,) = driver([Completion(answer("triage"), "stop")]).analyze(analyzer("triage"), [alert()])
    assert analysis.verdict is not None
    assert (analysis.verdict.score, analysis.verdict.confidence) == (None, 0.5)


def test_no_floor_changes_nothing() -> None:
    (analysis,) = driver(decided).analyze(analyzer("triage"), [window()])
    assert analysis.verdict is not None
    assert under_floor(analysis.verdict, None) == analysis.verdict


def test_it_reads_alerts_and_logs_only() -> None:
    assert document("x").kind not in analyzer("triage").kinds
    assert {alert().kind, window().kind} == analyzer("triage").kinds
