"""Calibration: read from beside an adapter, refused when damaged, a sigmoid of a line on the logit."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secassist import registry
from secassist.errors import ModelError
from secassist.registry import Calibration
from tests.registry.folders import adapter


def stored(tmp_path: Path, text: str) -> Calibration:
    folder = adapter(tmp_path)
    (folder / "calibration.json").write_text(text, encoding="utf-8")
    return registry.calibration(registry.adapter(str(tmp_path), "triage"))


def test_none_is_the_identity(tmp_path: Path) -> None:
    adapter(tmp_path)
    assert registry.calibration(None) == Calibration()
    assert registry.calibration(registry.adapter(str(tmp_path), "triage")) == Calibration()


def test_it_stands_beside_the_adapter(tmp_path: Path) -> None:
    values = {"slope": 2, "intercept": -0.5, "fit": False, "note": "weak", "bad_above": 0.4, "items": 900}
    assert stored(tmp_path, json.dumps(values)) == Calibration(2, -0.5, False, "weak", 0.5, 0.4)


@pytest.mark.parametrize(
    "text", ["", "[]", "nonsense", '{"slope": "2"}', '{"fit": "false"}', '{"fit": 0}', '{"slope": null}']
)
def test_a_damaged_one_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelError, match=r"calibration\.json"):
        stored(tmp_path, text)


@given(st.floats(0, 1))
def test_the_identity_changes_nothing(probability: float) -> None:
    assert Calibration().probability(probability) == pytest.approx(probability, abs=2e-6)


def test_slope_and_intercept() -> None:
    logit = math.log(0.8 / 0.2)
    expected = 1 / (1 + math.exp(-(0.5 * logit + 1.0)))
    assert Calibration(slope=0.5, intercept=1.0).probability(0.8) == pytest.approx(expected, abs=1e-6)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 5), st.floats(-3, 3))
def test_it_keeps_the_order(one: float, two: float, slope: float, intercept: float) -> None:
    how = Calibration(slope=slope, intercept=intercept)
    low, high = sorted((one, two))
    assert 0 <= how.probability(low) <= how.probability(high) <= 1
