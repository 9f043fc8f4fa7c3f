"""The benchmark of product alerts: its batches are whole, and its figures are what they are called."""

import json

import numpy as np
import pytest

from benchmarks.alerts.run import BATCHES, Judged, auc, row, rows


@pytest.mark.parametrize("path", sorted(BATCHES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_a_batch_is_whole_and_balanced(path):
    listed = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(listed) >= 100
    for one in listed:
        assert set(one) == {"label", "read", "kind", "lang", "why", "alert"}
        assert one["label"] in (0, 1) and one["lang"] in ("zh", "en") and isinstance(one["alert"], dict)
    assert 0.4 < sum(one["label"] for one in listed) / len(listed) < 0.6


def test_ties_count_half():
    truth = np.array([True, True, False, False])
    assert auc(truth, np.array([2.0, 1.0, 1.0, 0.0])) == 0.875
    assert auc(truth, np.array([1.0, 1.0, 1.0, 1.0])) == 0.5


def judged(attack: bool, score: float, called: str, lang: str = "en") -> Judged:
    return Judged(attack, lang, 1.0, 2.0 if attack else 1.0, score, called)


def test_a_line_counts_what_was_called_what():
    found = [judged(True, 0.9, "true_positive"), judged(True, 0.2, "closed"), judged(False, 0.6, "suspicious")]
    line = row("some", "all", found)
    assert "| 2 | 1 | 0.500 | 1.000 | 0.500 (" in line
    assert line.endswith("| 1 / 0 / 1 | 0 / 1 / 0 |")


def test_languages_are_told_where_a_batch_has_both():
    found = [judged(True, 0.9, "true_positive"), judged(False, 0.1, "closed")]
    assert len(list(rows("some", found))) == 1
    both = [judged(attack, 0.5, "closed", lang) for lang in ("zh", "en") for attack in (True, False) for _ in range(10)]
    assert len(list(rows("some", both))) == 3
