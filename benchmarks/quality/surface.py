"""What surface alone reaches: character n-grams and logistic regression on the text that a model would be shown.

Needs the extra [train] (scikit-learn).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from secassist.errors import SourceError
from secassist.evaluation.examples import Example, collect
from secassist.evaluation.metrics import Bools, Floats
from secassist.evaluation.predictions import Prediction
from secassist.evaluation.scorecard import Scorecard
from secassist.evaluation.scoring import score
from secassist.evaluation.subjects import subjects
from secassist.evaluation.truth import truth
from secassist.folds import CALIBRATION, DEVELOPMENT, fold

TASKS: Final = ("T1", "T2", "T3", "T4", "C1")
CHARACTERS: Final = 4_000
"""Beginning of each text that is read; the rest is left out to keep the fit to minutes."""


@dataclass(frozen=True)
class Row:
    """One example as text (at most CHARACTERS of Subject.text) and whether it is bad."""

    example: Example
    text: str
    bad: bool


def rows(examples: Iterable[Example]) -> Iterator[Row]:
    """The examples that have a verdict and can become a subject."""
    for example in examples:
        bad = truth(example).bad
        if bad is None:
            continue
        try:
            text = subjects(example)[0].text
        except SourceError:
            continue
        yield Row(example, text[:CHARACTERS], bad)


def fit_predict(train: Sequence[Row], test: Sequence[Row]) -> Floats:
    """Probability of bad for each test row (n,); 0.5 throughout when `train` has one class only.

    Character 2- to 5-grams inside words, hashed to 2^18 counts, TF-IDF with logarithmic counts, logistic regression
    with balanced classes.
    """
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    labels: Bools = np.array([row.bad for row in train], dtype=np.bool_)
    if not len(test) or labels.all() or not labels.any():
        return np.full(len(test), 0.5)
    counts = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), n_features=2**18, alternate_sign=False, norm=None
    )
    judge = LogisticRegression(C=10.0, class_weight="balanced", solver="liblinear", random_state=0)
    model = make_pipeline(counts, TfidfTransformer(sublinear_tf=True), judge)
    model.fit([row.text for row in train], labels)
    found: Floats = model.predict_proba([row.text for row in test])[:, 1]
    return found


def compare(data: Path, tasks: Sequence[str] = TASKS, folds: Sequence[int] = (DEVELOPMENT,)) -> Scorecard:
    """Scorecard on the groups of these folds, each predicted by a model of the other folds' groups.

    As in `evaluation.split`, rows marked "test" belong to the development fold, and the calibration fold is not trained on,
    so that the figures can stand beside those of an adapter. A group that stands in several folds (through such marks)
    is not trained on when it is scored. A task without a row in these folds (T4 has two groups) is not in the scorecard.
    Raises SourceError when there is no such data.
    """
    examples, rejected = collect(data, tasks)
    predictions: list[Prediction] = []
    for task in tasks:
        known = [(row, _fold(row)) for row in rows(example for example in examples if example.task == task)]
        for out in sorted({part for _, part in known if part in folds}):
            test = [row for row, part in known if part == out]
            shared = {row.example.group for row in test}
            train = [row for row, part in known if part not in (out, CALIBRATION) and row.example.group not in shared]
            predictions += map(_prediction, test, fit_predict(train, test))
    return score(examples, predictions, rejected, {"model": "character n-grams, logistic regression"})


def _fold(row: Row) -> int:
    return DEVELOPMENT if row.example.split == "test" else fold(row.example.group)


def _prediction(row: Row, probability: float) -> Prediction:
    return Prediction(id=row.example.id, task=row.example.task, score=float(probability))
