"""Every figure equals scikit-learn's, weighted or not, two classes or more, ties or none; undefined is NaN."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from radiolucent.evaluate.score import NAMES, auc, bins_of, brier, confidence, detailed, ece, macro_auc, ranking, scores


def sample(n=200, n_classes=2, *, seed=0, ties=False):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, n_classes, n)
    z = rng.standard_normal((n, n_classes)) + 0.8 * np.equal.outer(y, np.arange(n_classes))
    p = np.exp(np.round(z) if ties else z)
    return y, p / p.sum(axis=1, keepdims=True), rng.integers(0, 4, n).astype(float)


def expected_binary(y, p, decided, w):
    (tn, fp), (fn, _) = metrics.confusion_matrix(y, decided, sample_weight=w)
    return {
        "auc": metrics.roc_auc_score(y, p, sample_weight=w),
        "average_precision": metrics.average_precision_score(y, p, sample_weight=w),
        "sensitivity": metrics.recall_score(y, decided, sample_weight=w),
        "specificity": tn / (tn + fp),
        "ppv": metrics.precision_score(y, decided, sample_weight=w),
        "npv": tn / (tn + fn),
        "f1": metrics.f1_score(y, decided, sample_weight=w),
        "mcc": metrics.matthews_corrcoef(y, decided, sample_weight=w),
        "accuracy": metrics.accuracy_score(y, decided, sample_weight=w),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, decided, sample_weight=w),
        "brier": metrics.brier_score_loss(y, p, sample_weight=w),
    }


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weighted", [False, True])
def test_figures_of_two_classes_equal_scikit_learns(seed, ties, weighted):
    y, p, w = sample(seed=seed, ties=ties)
    w = w if weighted else np.ones(len(y))
    decided = (p[:, 1] >= 0.4).astype(int)
    found = scores(y, p, decided, w)
    for name, value in expected_binary(y, p[:, 1], decided, w).items():
        assert found[name] == pytest.approx([value], abs=1e-12), name


@pytest.mark.parametrize("seed", range(3))
def test_figures_of_four_classes_equal_scikit_learns_macro_averages(seed):
    y, p, w = sample(300, 4, seed=seed, ties=seed == 1)
    decided = p.argmax(axis=1)
    found, each = detailed(y, p, decided, w)
    one_hot = np.equal.outer(y, np.arange(4)).astype(int)
    assert found["auc"] == pytest.approx([metrics.roc_auc_score(one_hot, p, average="macro", sample_weight=w)])
    assert found["average_precision"] == pytest.approx([metrics.average_precision_score(one_hot, p, sample_weight=w)])
    for name, function in (
        ("sensitivity", metrics.recall_score),
        ("ppv", metrics.precision_score),
        ("f1", metrics.f1_score),
    ):
        assert found[name] == pytest.approx([function(y, decided, average="macro", sample_weight=w)])
    assert found["mcc"] == pytest.approx([metrics.matthews_corrcoef(y, decided, sample_weight=w)])
    assert found["accuracy"] == pytest.approx([metrics.accuracy_score(y, decided, sample_weight=w)])
    assert found["balanced_accuracy"] == pytest.approx([metrics.balanced_accuracy_score(y, decided, sample_weight=w)])
    assert found["brier"] == pytest.approx([np.average(((one_hot - p) ** 2).sum(axis=1), weights=w)])
    specificity = [np.average(decided[y != c] != c, weights=w[y != c]) for c in range(4)]
    npv = [np.average(y[decided != c] != c, weights=w[decided != c]) for c in range(4)]
    assert found["specificity"] == pytest.approx([np.mean(specificity)])
    assert found["npv"] == pytest.approx([np.mean(npv)])
    assert each["auc"][0] == pytest.approx([metrics.roc_auc_score(y == c, p[:, c], sample_weight=w) for c in range(4)])


def test_many_replicates_equal_one_by_one():
    y, p, _ = sample(80, 3, seed=5, ties=True)
    w = np.random.default_rng(0).integers(0, 3, (20, 80))
    together = scores(y, p, p.argmax(axis=1), w)
    for k in range(20):
        alone = scores(y, p, p.argmax(axis=1), w[k])
        assert all(together[name][k] == pytest.approx(alone[name][0], nan_ok=True) for name in NAMES)


def test_a_weight_counts_as_so_many_copies_of_the_row():
    y, p, w = sample(60, seed=3, ties=True)
    copies = np.repeat(np.arange(60), w.astype(int))
    assert ranking(y == 1, p[:, 1], w)[0] == pytest.approx(auc(y[copies] == 1, p[copies, 1]))
    assert ranking(y == 1, p[:, 1], w)[1] == pytest.approx(ranking(y[copies] == 1, p[copies, 1])[1])


SCORES = st.lists(st.tuples(st.booleans(), st.integers(-20, 20)), min_size=2, max_size=60)


@given(rows=SCORES)
@settings(max_examples=80, deadline=None)
def test_auc_and_average_precision_do_not_change_under_a_rising_map(rows):
    y, s = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], dtype=float)
    np.testing.assert_allclose(ranking(y, s), ranking(y, np.exp(s / 7) * 3 - 5), equal_nan=True)


@given(rows=SCORES)
@settings(max_examples=80, deadline=None)
def test_auc_is_the_share_of_pairs_in_right_order(rows):
    y, s = np.array([r[0] for r in rows]), np.array([r[1] for r in rows], dtype=float)
    gaps = np.subtract.outer(s[y], s[~y])
    wanted = np.mean((gaps > 0) + (gaps == 0) / 2) if gaps.size else np.nan
    assert auc(y, s)[0] == pytest.approx(wanted, nan_ok=True)
    assert auc(~y, -s)[0] == pytest.approx(wanted, nan_ok=True)


def test_a_constant_score_has_auc_one_half_and_the_prevalence_as_average_precision():
    auc_, precision = ranking([True, False, False, False], [0.3] * 4)
    assert auc_ == [0.5]
    assert precision == [0.25]


def test_one_class_gives_undefined_figures_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = scores(np.zeros(5, int), np.tile([0.7, 0.3], (5, 1)), np.zeros(5, int))
    assert {name for name in NAMES if np.isnan(found[name][0])} == {
        *("auc", "average_precision", "sensitivity", "ppv", "f1", "mcc", "balanced_accuracy")
    }
    assert found["npv"] == found["specificity"] == found["accuracy"] == [1.0]


def test_no_rows_at_all_are_undefined_too():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = scores(np.zeros(0, int), np.zeros((0, 2)), np.zeros(0, int))
    assert all(np.isnan(found[name]).all() for name in NAMES)


def test_calibration_error_by_hand():
    event = np.array([0, 1, 1, 1])
    p = np.array([0.2, 0.4, 0.6, 0.9])
    assert ece(event, p, bins=2) == pytest.approx([(abs(0.5 - 0.3) + abs(1 - 0.75)) / 2])
    assert ece(event, p, bins=1) == pytest.approx([0.75 - 0.525])


def test_bins_hold_equal_shares_and_never_part_equal_probabilities():
    assert np.bincount(bins_of(np.random.default_rng(0).random(1000))).tolist() == [100] * 10
    tied = np.repeat([0.1, 0.5, 0.9], [500, 300, 200])
    assert np.bincount(bins_of(tied)).tolist() == [500, 300, 200]
    assert bins_of(np.full(7, 0.3)).tolist() == [0] * 7
    assert len(bins_of([])) == 0


def test_confidence_is_of_class_one_or_of_the_most_probable_class():
    event, p = confidence([0, 1], [[0.8, 0.2], [0.3, 0.7]])
    assert (event.tolist(), p.tolist()) == ([False, True], [0.2, 0.7])
    event, p = confidence([0, 1], [[0.5, 0.3, 0.2], [0.6, 0.3, 0.1]])
    assert (event.tolist(), p.tolist()) == ([True, False], [0.5, 0.6])


def test_brier_of_certainty_is_nought_and_of_certain_error_one_or_two():
    assert brier([0, 1], np.eye(2)) == [0]
    assert brier([1, 0], np.eye(2)) == [1]
    assert brier([1, 2, 0], np.eye(3)) == [2]


def test_macro_auc_of_two_classes_is_that_of_the_positive_one():
    y, p, _ = sample()
    assert macro_auc(y, p) == pytest.approx([metrics.roc_auc_score(y, p[:, 1])])
