"""What a verdict may claim: suspicious where neither a rule nor the probability settles it."""

from dataclasses import replace

import pytest

from schemas import Alert, Disposition, Severity, Verdict
from secassist.analyzers._sure import bounded, opened
from secassist.analyzers.base import Evidenced
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.detectors.base import Signal
from secassist.registry import Calibration
from tests.analyzers.scripts import alert, analyzer, answer, driver, floor_probe, odds, window

KNOWN = Calibration(benign_below=0.2, bad_above=0.5, escalate_above=0.9)
RULE = Signal("sigma:probe", "A probe fired", Severity.LOW, (2,))


def verdict(said: str, score: float, severity: Severity = Severity.HIGH) -> Verdict:
    return Verdict(disposition=Disposition(said), severity=severity, confidence=max(score, 1 - score), score=score)


def reported(severity: Severity | None) -> Evidenced:
    return Evidenced(Alert.model_validate(alert().model_dump(exclude={"id"}) | {"reported_severity": severity}))


@pytest.mark.parametrize(("score", "said"), [(0.54, "suspicious"), (0.79, "suspicious"), (0.9, "true_positive")])
def test_without_a_rule_only_a_high_probability_is_certain(score: float, said: str) -> None:
    bound = bounded(verdict("true_positive", score), Evidenced(alert()), KNOWN)
    assert bound.disposition == said
    assert bound.severity is (Severity.HIGH if said == "true_positive" else Severity.MEDIUM)


def test_a_low_severity_is_not_raised() -> None:
    assert bounded(verdict("suspicious", 0.6, Severity.LOW), Evidenced(alert()), KNOWN).severity is Severity.LOW


def test_a_grave_rule_that_matched_keeps_the_words_of_the_model() -> None:
    said = verdict("true_positive", 0.54)
    grave, mild = (replace(RULE, severity=severity) for severity in (Severity.HIGH, Severity.MEDIUM))
    assert bounded(said, Evidenced(alert(), (grave,)), KNOWN) == said
    assert bounded(said, Evidenced(alert(), (mild,)), KNOWN).disposition is Disposition.SUSPICIOUS


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.CRITICAL])
def test_what_a_product_calls_grave_is_not_closed_while_open(severity: Severity) -> None:
    item, said = reported(severity), verdict("false_positive", 0.3, Severity.LOW)
    bound = bounded(said, item, KNOWN)
    assert (bound.disposition, bound.severity, bound.confidence) == (Disposition.SUSPICIOUS, Severity.MEDIUM, 0.3)
    assert severity in opened(said, bound, item)


@pytest.mark.parametrize(("severity", "score"), [(Severity.HIGH, 0.2), (Severity.MEDIUM, 0.3), (None, 0.3)])
def test_what_may_be_closed_or_is_not_grave_stays_harmless(severity: Severity | None, score: float) -> None:
    said = verdict("false_positive", score)
    assert bounded(said, reported(severity), KNOWN) == said


def test_a_log_window_has_no_product_that_reports() -> None:
    said = verdict("benign_expected", 0.4)
    assert bounded(said, Evidenced(window()), KNOWN) == said


def test_nothing_is_bounded_where_no_threshold_was_measured() -> None:
    said = verdict("true_positive", 0.54)
    assert bounded(said, Evidenced(alert()), Calibration()) == said


class Calibrated(ScriptedBackend):
    """A backend whose thresholds were measured."""

    def calibration(self, analyzer: str) -> Calibration:
        return KNOWN


def _says(request: Request) -> Completion:
    text = answer("triage", decision="true_positive", severity="critical")
    return Completion(text, "stop", odds("true_positive", request.choices, 0.5))


def test_the_driver_bounds_verdicts_and_the_floor_has_the_last_word() -> None:
    (alone,) = driver(Calibrated(_says)).analyze(analyzer("triage"), [alert()])
    (ruled,) = driver(Calibrated(_says), {"sigma": floor_probe()}).analyze(analyzer("triage"), [alert()])
    assert alone.verdict is not None
    assert ruled.verdict is not None
    assert (alone.verdict.disposition, alone.verdict.severity) == (Disposition.SUSPICIOUS, Severity.MEDIUM)
    assert (ruled.verdict.disposition, ruled.verdict.severity) == (Disposition.TRUE_POSITIVE, Severity.CRITICAL)
