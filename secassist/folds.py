"""Which fold a labelled group falls into: a stable hash, the same in training, calibration and evaluation."""

import hashlib

DEVELOPMENT = 0
"""The fold that scoreboards of a development run are made on."""
CALIBRATION = 1
"""The fold that temperatures and thresholds are fitted on."""


def fold(group: str, folds: int = 10, salt: str = "") -> int:
    """The fold (0 .. folds-1) of a group; equal groups always fall together."""
    digest = hashlib.sha256(f"{salt}\x00{group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % folds


def held_out(group: str) -> bool:
    """Whether a group may not be trained on, because it is scored or calibrated on."""
    return fold(group) in (DEVELOPMENT, CALIBRATION)
