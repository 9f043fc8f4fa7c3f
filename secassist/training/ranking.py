"""Training of a ranker: one linear judge per label over hashed words of labelled sentences."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from secassist.registry.ranker import BUCKETS, Ranker, features

STRENGTH = 0.5
"""Inverse of the penalty on weights (scikit-learn's C)."""


def learn(texts: Sequence[str], labels: Sequence[str]) -> Ranker:
    """The ranker of these texts and the label of each; raises ValueError when there are fewer than three labels."""
    from scipy.sparse import diags
    from sklearn.svm import LinearSVC

    if len(set(labels)) < 3:
        raise ValueError("a ranker needs texts of at least three labels")
    counts = matrix(texts)
    held = np.bincount(counts.indices, minlength=BUCKETS)
    rarity = (np.log((1 + len(texts)) / (1 + held)) + 1).astype(np.float32)
    values = counts @ diags(rarity)
    norms = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)).ravel())
    judge = LinearSVC(C=STRENGTH, random_state=0)
    judge.fit(diags(1 / np.maximum(norms, 1e-9)) @ values, list(labels))
    names = tuple(str(name) for name in judge.classes_)
    return Ranker(names, judge.coef_.astype(np.float32), judge.intercept_.astype(np.float32), rarity)


def matrix(texts: Sequence[str]) -> Any:
    """Sparse counts, of shape (texts, BUCKETS)."""
    from scipy.sparse import csr_matrix

    rows = [features(text) for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    places = np.array([place for row in rows for place in row], dtype=np.int64)
    values = np.array([value for row in rows for value in row.values()], dtype=np.float32)
    return csr_matrix((values, places, ends), shape=(len(rows), BUCKETS))
