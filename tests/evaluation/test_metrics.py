"""Each metric against a value computed by hand, against scikit-learn, and against mutants that must be told apart."""

import math

import numpy as np
import pytest
from sklearn import metrics as sk

from secassist.evaluation import metrics as m

T = np.array([1, 1, 1, 0, 0, 0, 0, 1], dtype=bool)
D = np.array([1, 1, 0, 1, 0, 0, 0, 0], dtype=bool)
S = np.array([0.9, 0.6, 0.4, 0.6, 0.1, 0.4, 0.05, 0.2])


def random_case(seed: int, n: int = 200, ties: int = 12) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.random(n) < 0.35
    score = np.clip(np.round((truth * 0.2 + random.random(n)) / 1.2 * ties) / ties, 0, 1)
    return truth, score


def repeated(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.repeat(values, weights.astype(int))


def test_decision_metrics_by_hand():
    # TP 2, FP 1, FN 2, TN 3
    assert m.precision(T, D)[0] == pytest.approx(2 / 3)
    assert m.true_positive_rate(T, D)[0] == pytest.approx(2 / 4)
    assert m.false_positive_rate(T, D)[0] == pytest.approx(1 / 4)
    assert m.f1(T, D)[0] == pytest.approx(4 / 7)
    assert m.youden(T, D)[0] == pytest.approx(1 / 4)


@pytest.mark.parametrize("seed", range(5))
def test_decision_metrics_agree_with_sklearn(seed):
    truth, score = random_case(seed)
    called = score >= 0.5
    assert m.precision(truth, called)[0] == pytest.approx(sk.precision_score(truth, called))
    assert m.true_positive_rate(truth, called)[0] == pytest.approx(sk.recall_score(truth, called))
    assert m.false_positive_rate(truth, called)[0] == pytest.approx(sk.recall_score(~truth, called))
    assert m.f1(truth, called)[0] == pytest.approx(sk.f1_score(truth, called))


def test_undefined_is_nan_and_never_a_figure():
    no, yes = np.zeros(3, dtype=bool), np.ones(3, dtype=bool)
    assert math.isnan(m.precision(yes, no)[0])
    assert math.isnan(m.true_positive_rate(no, yes)[0])
    assert math.isnan(m.false_positive_rate(yes, yes)[0])
    assert math.isnan(m.f1(no, no)[0])
    assert math.isnan(m.auc(yes, np.array([0.1, 0.2, 0.3]))[0])
    assert math.isnan(m.auc(np.zeros(0, dtype=bool), np.zeros(0))[0])
    assert m.f1(yes, no)[0] == 0.0


def test_auc_by_hand_counts_ties_half():
    # pairs (bad, harmless): 0.9 beats 4; 0.6 beats 3, ties 1; 0.4 beats 2, ties 1; 0.2 beats 2
    assert m.auc(T, S)[0] == pytest.approx((4 + 3.5 + 2.5 + 2) / 16)
    assert m.auc(T, np.full(8, 0.3))[0] == 0.5


@pytest.mark.parametrize("seed", range(5))
def test_auc_agrees_with_sklearn_with_and_without_weights(seed):
    truth, score = random_case(seed)
    assert m.auc(truth, score)[0] == pytest.approx(sk.roc_auc_score(truth, score))
    weights = np.random.default_rng(seed).integers(0, 4, size=(3, len(truth))).astype(float)
    expected = [sk.roc_auc_score(truth, score, sample_weight=row) for row in weights]
    assert m.auc(truth, score, weights) == pytest.approx(expected)


def test_auc_mutants_would_fail():
    truth, score = random_case(3)
    right = m.auc(truth, score)[0]
    bad, good = score[truth][:, None], score[~truth][None, :]
    assert right != pytest.approx((bad > good).mean())  # ties dropped
    assert right != pytest.approx((bad >= good).mean())  # ties as wins
    assert right != pytest.approx((bad < good).mean() + 0.5 * (bad == good).mean())  # turned round
    assert right == pytest.approx((bad > good).mean() + 0.5 * (bad == good).mean())


def test_calibration_error_by_hand():
    truth = np.array([1, 0, 1, 1], dtype=bool)
    score = np.array([0.05, 0.06, 0.9, 1.0])
    # bins of width 1/15: the first holds two items, the last but one and the last hold one each
    expected = (abs((0.05 - 1) + (0.06 - 0)) + abs(0.9 - 1) + abs(1.0 - 1)) / 4
    assert m.calibration_error(truth, score)[0] == pytest.approx(expected)
    assert m.calibration_error(truth, score, bins=1)[0] == pytest.approx(abs(score.mean() - truth.mean()))


def test_calibration_error_against_a_loop():
    truth, score = random_case(1, ties=1000)
    total = 0.0
    for k in range(15):
        inside = (score >= k / 15) & ((score < (k + 1) / 15) | (k == 14))
        if inside.any():
            total += inside.sum() * abs(score[inside].mean() - truth[inside].mean())
    assert m.calibration_error(truth, score)[0] == pytest.approx(total / len(score))
    assert m.calibration_error(truth, score)[0] != pytest.approx(np.abs(score - truth).mean())  # one bin per item
    assert m.calibration_error(truth, score, bins=10)[0] != pytest.approx(total / len(score))


def test_perfect_scores_are_calibrated_and_a_constant_is_off_by_its_distance():
    truth = np.array([1, 0, 1, 0], dtype=bool)
    assert m.calibration_error(truth, truth.astype(float))[0] == 0
    assert m.calibration_error(truth, np.full(4, 0.8))[0] == pytest.approx(0.3)


@pytest.mark.parametrize("seed", range(3))
def test_brier(seed):
    truth, score = random_case(seed)
    assert m.brier(truth, score)[0] == pytest.approx(sk.brier_score_loss(truth, score))
    assert m.brier(np.array([True, False]), np.array([0.7, 0.4]))[0] == pytest.approx((0.09 + 0.16) / 2)


@pytest.mark.parametrize(
    "metric", [m.precision, m.true_positive_rate, m.false_positive_rate, m.f1, m.youden, m.auc, m.calibration_error]
)
def test_weights_mean_repetition(metric):
    truth, score = random_case(7)
    second = score if metric in (m.auc, m.calibration_error) else score >= 0.5
    weights = np.random.default_rng(0).integers(0, 3, size=(1, len(truth))).astype(float)
    again = metric(repeated(weights[0], truth), repeated(weights[0], second))[0]
    assert metric(truth, second, weights)[0] == pytest.approx(again)


def test_harmonic():
    assert m.harmonic(np.array([0.5]), np.array([1.0]))[0] == pytest.approx(2 / 3)
    assert m.harmonic(np.array([0.0]), np.array([0.0]))[0] == 0
    assert math.isnan(m.harmonic(np.array([np.nan]), np.array([0.5]))[0])


def test_top_hit_looks_no_further_than_top():
    assert m.top_hit({"a"}, ["a", "b"], 1)
    assert not m.top_hit({"b"}, ["a", "b"], 1)
    assert m.top_hit({"b", "z"}, ["a", "b"], 3)
    assert not m.top_hit({"d"}, ["a", "b", "c", "d"], 3)
    assert not m.top_hit({"a"}, [], 3)


def test_exact_spans():
    truth = [(0, 4), (10, 14), (20, 24)]
    assert m.matched_spans(truth, [(10, 14), (0, 5), (20, 24)], exact=True) == [(1, 0), (2, 2)]
    assert m.matched_spans(truth, [(0, 4), (0, 4)], exact=True) == [(0, 1)]
    assert m.matched_spans([], [(0, 4)], exact=True) == []


def test_overlapping_spans_are_paired_once():
    truth = [(0, 4), (10, 14)]
    assert m.matched_spans(truth, [(0, 100)], exact=False) == [(0, 0)]
    assert len(m.matched_spans([(0, 4)], [(0, 2), (2, 4)], exact=False)) == 1
    assert m.matched_spans(truth, [(4, 10)], exact=False) == []  # touching is not overlapping
    assert m.matched_spans([(0, 10)], [(9, 19)], exact=False) == []  # one character of ten
    assert m.matched_spans([(0, 10)], [(5, 15)], exact=False) == [(0, 0)]  # half of the shorter one


def test_the_largest_overlap_is_paired_first():
    pairs = m.matched_spans([(0, 4), (2, 12)], [(2, 12), (0, 4)], exact=False)
    assert sorted(pairs) == [(0, 1), (1, 0)]


def test_interval_of_a_mean_has_the_textbook_width():
    flags = np.random.default_rng(0).random(400) < 0.3
    low, high = m.intervals({"mean": lambda w: m.mean(flags, w)}, 400)["mean"]
    p = flags.mean()
    width = 2 * 1.96 * math.sqrt(p * (1 - p) / 400)
    assert low < p < high
    assert high - low == pytest.approx(width, rel=0.12)


def test_an_interval_leaves_out_two_and_a_half_percent_on_either_side():
    values = []

    def metric(weights):
        values.extend(m.mean(np.arange(30) ** 3, weights))
        return np.array(values[-len(weights) :])

    low, high = m.intervals({"mean": metric}, 30)["mean"]
    assert (np.array(values) < low).sum() == (np.array(values) > high).sum() == 25


def test_drawing_groups_widens_the_interval_when_they_agree_within():
    flags = np.repeat(np.random.default_rng(0).random(20) < 0.5, 20)
    groups = [str(index) for index in np.repeat(np.arange(20), 20)]
    metric = {"mean": lambda w: m.mean(flags, w)}
    by_item, by_group = m.intervals(metric, 400)["mean"], m.intervals(metric, 400, groups)["mean"]
    assert by_group[1] - by_group[0] > 3 * (by_item[1] - by_item[0])


def test_few_groups_fall_back_to_items():
    flags = np.random.default_rng(0).random(60) < 0.5
    metric = {"mean": lambda w: m.mean(flags, w)}
    assert m.intervals(metric, 60, ["a", "b"] * 30) == m.intervals(metric, 60)


def test_intervals_are_the_same_every_time_and_follow_the_seed():
    truth, score = random_case(2)
    metric = {"auc": lambda w: m.auc(truth, score, w)}
    assert m.intervals(metric, 200) == m.intervals(metric, 200)
    assert m.intervals(metric, 200) != m.intervals(metric, 200, seed=1)


def test_every_block_counts(monkeypatch):
    flags = np.random.default_rng(0).random(50) < 0.5
    rows = []

    def metric(weights):
        rows.append(len(weights))
        assert (weights.sum(axis=1) == 50).all()
        return m.mean(flags, weights)

    monkeypatch.setattr(m, "_BLOCK", 50 * 300)
    m.intervals({"mean": metric}, 50)
    assert rows == [300, 300, 300, 100]


def test_an_interval_of_nothing_is_nan():
    assert all(math.isnan(bound) for bound in m.intervals({"x": lambda w: m.mean([], w)}, 0)["x"])
    truth = np.ones(4, dtype=bool)
    found = m.intervals({"x": lambda w: m.auc(truth, np.arange(4) / 4, w)}, 4)["x"]
    assert all(math.isnan(bound) for bound in found)


def test_groups_must_belong_to_the_items():
    with pytest.raises(ValueError, match="2 groups for 3 items"):
        m.intervals({}, 3, ["a", "b"])
