"""Training of a ranker: one linear judge per label over hashed words of labelled sentences."""

from collections.abc import Sequence

import numpy as np

from secassist.registry.ranker import BUCKETS, Ranker, features
from secassist.training._counting import weighed

STRENGTH = 0.5
"""Inverse of the penalty on weights (scikit-learn's C)."""


def learn(texts: Sequence[str], labels: Sequence[str]) -> Ranker:
    """The ranker of these texts and the label of each; raises ValueError when there are fewer than three labels."""
    from sklearn.svm import LinearSVC

    if len(set(labels)) < 3:
        raise ValueError("a ranker needs texts of at least three labels")
    rows = [features(text) for text in texts]
    values, rarity = weighed([(list(row), list(row.values())) for row in rows], BUCKETS)
    judge = LinearSVC(C=STRENGTH, random_state=0)
    judge.fit(values, list(labels))
    names = tuple(str(name) for name in judge.classes_)
    return Ranker(names, judge.coef_.astype(np.float32), judge.intercept_.astype(np.float32), rarity)
