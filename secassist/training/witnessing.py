"""Training of a witness: logistic regression over hashed n-grams of what lessons were about, each source weighing alike."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from secassist.registry.witness import BUCKETS, Witness, features
from secassist.training._counting import weighed
from secassist.training.lesson import Lesson

STRENGTH = 3.0
"""Inverse of the penalty on weights (scikit-learn's C)."""
ROUNDS = 60
"""Iterations of L-BFGS; the loss hardly moves after 40."""
HEAVIEST = 3.0
"""Weight of a lesson of the rarest source, at most."""


def learn(lessons: Sequence[Lesson]) -> Witness:
    """The witness of these lessons; raises ValueError when none is bad or none is harmless."""
    from sklearn.linear_model import LogisticRegression

    told = [one for one in lessons if one.bad is not None and one.wording]
    truths = np.array([bool(one.bad) for one in told])
    if not told or truths.all() or not truths.any():
        raise ValueError(f"{len(told)} lessons with a truth and a wording: bad and harmless ones are needed")
    values, rarity = weighed([features(one.wording) for one in told], BUCKETS)
    judge = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-3)
    judge.fit(values, truths, sample_weight=shares(told))
    return Witness(judge.coef_[0].astype(np.float32), rarity, float(judge.intercept_[0]))


def shares(lessons: Sequence[Lesson]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Weight of each lesson: the root of how rare its source and truth are, so that no file speaks for all."""
    kinds = Counter((one.source, one.bad) for one in lessons)
    usual = len(lessons) / len(kinds)
    return np.array([min(HEAVIEST, (usual / kinds[one.source, one.bad]) ** 0.5) for one in lessons])
