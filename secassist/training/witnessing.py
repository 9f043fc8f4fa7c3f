"""Training of a witness: logistic regression over hashed n-grams, fields, sentences and fits of what lessons were about."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from secassist.registry import rule_fit
from secassist.registry.witness import (
    BUCKETS,
    FIELD_BUCKETS,
    LIMIT,
    PROSE_BUCKETS,
    Ear,
    Floats,
    Witness,
    facts,
    features,
    fields,
    prose,
    surroundings,
)
from secassist.training._counting import weighed
from secassist.training.lesson import Lesson

STRENGTH = 3.0
"""Inverse of the penalty on weights (scikit-learn's C)."""
TOLERANCE = 1e-3
"""Of liblinear; L-BFGS with the same tolerance of its gradient stops long before the best weights (AUC .894 for .915)."""
HEAVIEST = 3.0
"""Weight of a lesson of the rarest source, at most."""
FIT_SPREAD = 0.03
"""Spread of the traits of rule and event: n-grams and fields are rows of length 1, so this keeps traits from outvoting them."""
FACT_SPREAD = 0.3
"""What a fact counts as: a text's n-grams together make 1; code's facts are few and must be heard among them."""
AROUND_SPREAD = 1.0
"""What a circumstance counts as; more than a fact, since words of a new product must not drown what is known of it."""


def learn(lessons: Sequence[Lesson]) -> Witness:
    """The witness of these lessons; raises ValueError when none is bad or none is harmless."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    told = [one for one in lessons if one.bad is not None and one.wording]
    truths = np.array([bool(one.bad) for one in told])
    if not told or truths.all() or not truths.any():
        raise ValueError(f"{len(told)} lessons with a truth and a wording: bad and harmless ones are needed")
    grams, rare_grams = weighed([features(one.wording) for one in told], BUCKETS)
    named, rare_names = weighed([fields(one.wording) for one in told], FIELD_BUCKETS)
    spoken, rare_words = weighed([prose(one.wording) for one in told], PROSE_BUCKETS)
    fits = _Fits([rule_fit.read(one.wording[:LIMIT]) for one in told])
    said = np.array([facts(one.wording) for one in told], np.float32) * np.float32(FACT_SPREAD)
    around = np.array([surroundings(one.wording) for one in told], np.float32) * np.float32(AROUND_SPREAD)
    judge = LogisticRegression(C=STRENGTH, solver="liblinear", tol=TOLERANCE, random_state=0)
    columns = hstack([grams, named, spoken, csr_matrix(fits.columns), csr_matrix(said), csr_matrix(around)]).tocsr()
    judge.fit(columns, truths, sample_weight=shares(told))
    learned = judge.coef_[0].astype(np.float32)
    ends = np.cumsum([BUCKETS, FIELD_BUCKETS, PROSE_BUCKETS, rule_fit.TRAITS, said.shape[1]])
    on_grams, on_names, on_words, on_fits, on_facts, on_around = np.split(learned, ends)
    return Witness(
        Ear(on_grams, rare_grams),
        float(judge.intercept_[0]),
        Ear(on_names, rare_names),
        fits.learned(on_fits),
        on_facts * np.float32(FACT_SPREAD),
        Ear(on_words, rare_words),
        on_around * np.float32(AROUND_SPREAD) if around.any() else None,
    )


class _Fits:
    """The traits of pairs as columns (pairs, TRAITS), each spread by FIT_SPREAD around 0; all 0 where there is no pair."""

    def __init__(self, pairs: Sequence[rule_fit.Pair | None]) -> None:
        known = [pair for pair in pairs if pair]
        self.rarity = rule_fit.rarities(known)
        self.columns = np.zeros((len(pairs), rule_fit.TRAITS), np.float32)
        self.mean, self.spread = np.zeros(rule_fit.TRAITS, np.float32), np.ones(rule_fit.TRAITS, np.float32)
        if known:
            traits = np.array([pair.traits(self.rarity) for pair in known])
            self.mean, self.spread = traits.mean(axis=0), traits.std(axis=0) + 1e-6
            self.columns[[bool(pair) for pair in pairs]] = (traits - self.mean) / self.spread * FIT_SPREAD

    def learned(self, weights: Floats) -> rule_fit.Fit | None:
        """The fit of these learned weights (TRAITS,); None when no lesson held a rule and an event."""
        if not self.columns.any():
            return None
        return rule_fit.Fit(self.rarity, self.mean, (weights / self.spread * FIT_SPREAD).astype(np.float32))


def shares(lessons: Sequence[Lesson]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Weight of each lesson: the root of how rare its source and truth are, so that no file speaks for all."""
    kinds = Counter((one.source, one.bad) for one in lessons)
    usual = len(lessons) / len(kinds)
    rare = [min(HEAVIEST, (usual / kinds[one.source, one.bad]) ** 0.5) for one in lessons]
    return np.array(rare, dtype=np.float64)
