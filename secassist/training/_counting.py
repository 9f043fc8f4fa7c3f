"""Hashed counts of texts as a sparse matrix, weighed by rarity: what witness and ranker learn from."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float32]]
Row = tuple[Sequence[int] | np.ndarray[Any, Any], Sequence[float] | np.ndarray[Any, Any]]
"""Buckets of a text, and the count of each."""


def weighed(rows: Sequence[Row], buckets: int) -> tuple[Any, Floats]:
    """Rows of length 1, of shape (texts, buckets), and the inverse document frequencies (buckets,) they were weighed by."""
    from scipy.sparse import csr_matrix, diags

    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places, counts = (np.concatenate([np.asarray(row[side]) for row in rows]) for side in (0, 1))
    found = csr_matrix((counts.astype(np.float32), places.astype(np.int64), ends), shape=(len(rows), buckets))
    held = np.bincount(found.indices, minlength=buckets)
    rarity = (np.log((1 + len(rows)) / (1 + held)) + 1).astype(np.float32)
    values = found @ diags(rarity)
    norms = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)).ravel())
    return diags(1 / np.maximum(norms, 1e-9)) @ values, rarity
