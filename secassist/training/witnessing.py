"""Training of a witness: logistic regression over hashed n-grams and fields of what lessons were about."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from secassist.registry.witness import BUCKETS, FIELD_BUCKETS, Ear, Witness, features, fields
from secassist.training._counting import weighed
from secassist.training.lesson import Lesson

STRENGTH = 3.0
"""Inverse of the penalty on weights (scikit-learn's C)."""
TOLERANCE = 1e-3
"""Of liblinear; L-BFGS with the same tolerance of its gradient stops long before the best weights (AUC .894 for .915)."""
HEAVIEST = 3.0
"""Weight of a lesson of the rarest source, at most."""
OURS, SHARE = "written", 0.3
"""The source of scenarios written by us, and its lessons' share of a weight: their wording is ours, not the field's."""


def learn(lessons: Sequence[Lesson]) -> Witness:
    """The witness of these lessons; raises ValueError when none is bad or none is harmless."""
    from scipy.sparse import hstack
    from sklearn.linear_model import LogisticRegression

    told = [one for one in lessons if one.bad is not None and one.wording]
    truths = np.array([bool(one.bad) for one in told])
    if not told or truths.all() or not truths.any():
        raise ValueError(f"{len(told)} lessons with a truth and a wording: bad and harmless ones are needed")
    grams, rare_grams = weighed([features(one.wording) for one in told], BUCKETS)
    named, rare_names = weighed([fields(one.wording) for one in told], FIELD_BUCKETS)
    judge = LogisticRegression(C=STRENGTH, solver="liblinear", tol=TOLERANCE, random_state=0)
    judge.fit(hstack([grams, named]).tocsr(), truths, sample_weight=shares(told))
    learned = judge.coef_[0].astype(np.float32)
    ears = Ear(learned[:BUCKETS], rare_grams), Ear(learned[BUCKETS:], rare_names)
    return Witness(ears[0], float(judge.intercept_[0]), ears[1])


def shares(lessons: Sequence[Lesson]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Weight of each lesson: the root of how rare its source and truth are, so that no file speaks for all."""
    kinds = Counter((one.source, one.bad) for one in lessons)
    usual = len(lessons) / len(kinds)
    rare = [min(HEAVIEST, (usual / kinds[one.source, one.bad]) ** 0.5) for one in lessons]
    parts = [SHARE if one.source == OURS else 1.0 for one in lessons]
    return np.array(rare, dtype=np.float64) * np.array(parts, dtype=np.float64)
