"""From which probability a candidate is called real: secrets from one half at the latest, personal data as calibrated."""

import math

import pytest

from schemas import FindingKind, Place, Severity
from secassist.analyzers.sensitive import CHOICES, PLUGIN, lowered, score
from secassist.detectors.base import Candidate
from secassist.registry import Calibration


def candidate(kind: FindingKind) -> Candidate:
    place = Place(path="", start_line=1, end_line=1, start=0, end=4)
    return Candidate(
        kind=kind, rule="r", type="t", message="m", place=place, severity=Severity.LOW, value="abcd", by="secrets"
    )


def odds(real: float) -> dict[str, float]:
    return {choice: real if choice == "real" else (1 - real) / (len(CHOICES) - 1) for choice in CHOICES}


@pytest.mark.parametrize(
    ("kind", "real", "at", "called"),
    [
        (FindingKind.SECRET, 0.6, 0.9, True),
        (FindingKind.SECRET, 0.4, 0.9, False),
        (FindingKind.SECRET, 0.4, 0.3, True),
        (FindingKind.PERSONAL_DATA, 0.6, 0.9, False),
        (FindingKind.PERSONAL_DATA, 0.95, 0.9, True),
    ],
)
def test_what_is_called_real(kind: FindingKind, real: float, at: float, called: bool) -> None:
    calibration = Calibration(bad_above=at)
    known = lowered(calibration, candidate(kind))
    assert (PLUGIN.decide(odds(real), known) == "real") is called
    assert math.isclose(score(odds(real), known), score(odds(real), calibration))
