"""Training of a witness: logistic regression over hashed n-grams of what lessons were about, each source weighing alike."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from secassist.registry.witness import BUCKETS, Witness, features
from secassist.training.lesson import Lesson

STRENGTH = 3.0
"""Inverse of the penalty on weights (scikit-learn's C)."""
ROUNDS = 60
"""Iterations of L-BFGS; the loss hardly moves after 40."""
HEAVIEST = 3.0
"""Weight of a lesson of the rarest source, at most."""


def learn(lessons: Sequence[Lesson]) -> Witness:
    """The witness of these lessons; raises ValueError when none is bad or none is harmless."""
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression

    told = [one for one in lessons if one.bad is not None and one.wording]
    truths = np.array([bool(one.bad) for one in told])
    if not told or truths.all() or not truths.any():
        raise ValueError(f"{len(told)} lessons with a truth and a wording: bad and harmless ones are needed")
    counts = matrix([one.wording for one in told])
    held = np.bincount(counts.indices, minlength=BUCKETS)
    rarity = (np.log((1 + len(told)) / (1 + held)) + 1).astype(np.float32)
    values = counts @ diags(rarity)
    norms = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)).ravel())
    judge = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-3)
    judge.fit(diags(1 / np.maximum(norms, 1e-9)) @ values, truths, sample_weight=shares(told))
    return Witness(judge.coef_[0].astype(np.float32), rarity, float(judge.intercept_[0]))


def matrix(texts: Sequence[str]) -> Any:
    """Sparse counts, of shape (texts, BUCKETS)."""
    from scipy.sparse import csr_matrix

    rows = [features(text) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places, values = (np.concatenate([row[side] for row in rows]) for side in (0, 1))
    return csr_matrix((values, places, ends), shape=(len(rows), BUCKETS), dtype=np.float32)


def shares(lessons: Sequence[Lesson]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Weight of each lesson: the root of how rare its source and truth are, so that no file speaks for all."""
    kinds = Counter((one.source, one.bad) for one in lessons)
    usual = len(lessons) / len(kinds)
    return np.array([min(HEAVIEST, (usual / kinds[one.source, one.bad]) ** 0.5) for one in lessons])
