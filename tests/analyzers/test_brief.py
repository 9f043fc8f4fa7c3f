"""Brief answers: what is surely harmless ends at its decision, everything else is written out."""

import json
from typing import Any

import pytest

from schemas.answers import ANSWERS, least
from secassist.analyzers.base import Driver
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.registry import Calibration
from tests.analyzers.scripts import KEY, NOW, alert, analyzer, answer, odds


class Sure(ScriptedBackend):
    """A backend that is calibrated to close only what is probably harmless by nineteen to one."""

    def calibration(self, analyzer: str) -> Calibration:
        return Calibration(benign_below=0.05)


def script(choice: str, share: float) -> Any:
    """Odds first; words only if the decision is not enough."""

    def answered(request: Request) -> Completion:
        found = odds(choice, request.choices, share)
        if request.enough and request.enough(found, choice):
            return Completion('{"decision":"', "decided", found, choice)
        return Completion(answer("triage", decision=choice), "stop", found, choice)

    return answered


def run(choice: str, share: float, *, brief: bool = True) -> Any:
    driver = Driver(Sure(script(choice, share)), {}, KEY, now=lambda: NOW, brief=brief)
    (made,) = driver.analyze(analyzer("triage"), [alert()])
    return made.verdict


def test_a_surely_harmless_input_gets_its_verdict_without_words() -> None:
    verdict = run("benign_expected", 0.99)
    assert (verdict.disposition, verdict.severity) == ("benign_expected", "info")
    assert verdict.confidence > 0.95
    assert verdict.rationale == "No rule matched. The judgement rests on the cited lines."


@pytest.mark.parametrize(("choice", "share"), [("benign_expected", 0.8), ("true_positive", 0.99), ("suspicious", 0.99)])
def test_everything_else_is_written_out(choice: str, share: float) -> None:
    assert run(choice, share).rationale == "Ordinary work."


def test_it_is_off_unless_asked_for() -> None:
    assert run("benign_expected", 0.99, brief=False).rationale == "Ordinary work."


@pytest.mark.parametrize("name", ["TriageAnswer", "SensitiveAnswer", "ReviewAnswer"])
def test_the_least_answer_is_valid(name: str) -> None:
    for decision in ANSWERS[name].model_json_schema()["properties"]["decision"]["enum"]:
        made = json.loads(least(ANSWERS[name], decision).model_dump_json())
        assert made["decision"] == decision
        assert made["reason"] == ""
