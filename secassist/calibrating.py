"""Calibration as arithmetic: a raw probability in, a corrected one out."""

import math

from secassist.registry import Calibration

EDGE = 1e-6


def calibrated(probability: float, calibration: Calibration) -> float:
    """sigmoid(slope * logit(p) + intercept) (Platt 1999 on the logit), rounded to 6 places so that it prints stably."""
    bounded = min(1 - EDGE, max(EDGE, probability))
    logit = math.log(bounded / (1 - bounded))
    return round(1 / (1 + math.exp(-(calibration.slope * logit + calibration.intercept))), 6)
