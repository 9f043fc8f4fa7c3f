"""Which part of the labelled data an example belongs to; the hash is the one training uses, so neither sees the other's."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from secassist.evaluation.examples import Example
from secassist.folds import CALIBRATION, DEVELOPMENT, fold


class Part(StrEnum):
    """What an example may be used for."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    DEVELOPMENT = "development"


def part(example: Example, salt: str = "") -> Part:
    """Fold 0 and every row marked `split == "test"` is development, fold 1 calibration, the rest training."""
    if example.split == "test":
        return Part.DEVELOPMENT
    found = fold(example.group, salt=salt)
    if found == DEVELOPMENT:
        return Part.DEVELOPMENT
    return Part.CALIBRATION if found == CALIBRATION else Part.TRAIN


def only(examples: Iterable[Example], wanted: Part, salt: str = "") -> Iterator[Example]:
    """Those of one part, in the order they came."""
    return (example for example in examples if part(example, salt) is wanted)
