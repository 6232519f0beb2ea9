"""Calibration keeps ranks, finds the truth, stays sane on a handful of rows, and survives saving."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit, softmax
from scipy.stats import binomtest
from sklearn.base import clone

from radiolucent.core import InputError
from radiolucent.evaluate import Calibrator, ece, expected_ece, reliability, scores, threshold, wilson
from radiolucent.evaluate.score import auc


def two(p):
    return np.column_stack([1 - p, p])


def overconfident(n, seed=0):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(n) * 1.5
    return two(expit(3 * z - 1)), (rng.random(n) < expit(z)).astype(int)


def test_platts_slope_and_bias_undo_overconfidence():
    p, y = overconfident(20_000)
    fitted = Calibrator().fit(p, y)
    assert fitted.slope_ == pytest.approx(1 / 3, abs=0.02)
    assert fitted.bias_[0] == pytest.approx(1 / 3, abs=0.04)
    after = fitted.transform(p)
    assert ece(y, after[:, 1])[0] < 0.02 < 0.1 < ece(y, p[:, 1])[0]
    np.testing.assert_allclose(after.sum(axis=1), 1)


def test_without_penalty_it_is_platts_fit_with_his_smoothed_targets():
    p, y = overconfident(60, seed=2)
    high, low = (y.sum() + 1) / (y.sum() + 2), 1 / ((y == 0).sum() + 2)
    target, z = np.where(y == 1, high, low), logit(p[:, 1])

    def loss(x):
        q = expit(x[0] * z + x[1])
        return -np.sum(target * np.log(q) + (1 - target) * np.log(1 - q))

    slope, bias = minimize(loss, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}).x
    fitted = Calibrator(l2=0).fit(p, y)
    assert fitted.slope_ == pytest.approx(slope, rel=1e-3)
    assert fitted.bias_[0] == pytest.approx(bias, abs=1e-3)


@given(
    rows=st.lists(st.tuples(st.integers(1, 999), st.integers(0, 1)), min_size=1, max_size=40),
    others=st.lists(st.integers(1, 999), min_size=2, max_size=40),
)
@settings(max_examples=25, deadline=None)
def test_ranks_and_auc_stay_whatever_the_tuning_rows(rows, others):
    p, y = np.array([r[0] for r in rows]) / 1000, np.array([r[1] for r in rows])
    other = np.array(others) / 1000
    after = Calibrator().fit(two(p), y).transform(two(other))[:, 1]
    assert np.isfinite(after).all()
    assert np.array_equal(np.sign(np.subtract.outer(after, after)), np.sign(np.subtract.outer(other, other)))
    label = np.arange(len(other)) % 2
    assert auc(label, after) == pytest.approx(auc(label, other))


def test_reversed_tuning_rows_flatten_the_slope_but_do_not_turn_it():
    p, y = overconfident(500)
    fitted = Calibrator().fit(p, 1 - y)
    assert 0 < fitted.slope_ < 0.1


@pytest.mark.parametrize("y", [[0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1]])
def test_four_tuning_rows_give_no_certainty(y):
    p = two(np.array([1e-9, 1 - 1e-9, 1e-6, 1 - 1e-6]))
    after = Calibrator().fit(p, y).transform(two(np.array([0.3, 0.7])))
    assert (after > 0.02).all()
    assert (after < 0.98).all()


def test_temperature_and_biases_undo_overconfidence_of_four_classes():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((8000, 4))
    y = np.array([rng.choice(4, p=row) for row in softmax(z, axis=1)])
    p = softmax(2.5 * z + [0.5, 0, -0.5, 0], axis=1)
    fitted = Calibrator().fit(p, y)
    assert fitted.slope_ == pytest.approx(0.4, abs=0.02)
    assert fitted.bias_ == pytest.approx([-0.2, 0, 0.2, 0], abs=0.1)
    after = fitted.transform(p)
    before, then = scores(y, p, p.argmax(1)), scores(y, after, after.argmax(1))
    assert then["ece"][0] < 0.03 < 0.1 < before["ece"][0]
    assert then["brier"][0] < before["brier"][0]
    np.testing.assert_allclose(after.sum(axis=1), 1)


def test_three_rows_of_five_classes_leave_probabilities_nearly_as_they_were():
    p = softmax(np.random.default_rng(0).standard_normal((3, 5)), axis=1)
    after = Calibrator().fit(p, [0, 1, 1]).transform(p)
    assert np.abs(after - p).max() < 0.35
    assert (after > 0.001).all()


@pytest.mark.parametrize("n_classes", [2, 3])
def test_a_saved_calibrator_gives_the_same_probabilities(n_classes):
    rng = np.random.default_rng(0)
    p = softmax(rng.standard_normal((50, n_classes)), axis=1)
    fitted = clone(Calibrator(l2=0.5)).fit(p, rng.integers(0, n_classes, 50))
    again = Calibrator.from_dict(json.loads(json.dumps(fitted.to_dict())))
    assert np.array_equal(fitted.transform(p), again.transform(p))


@pytest.mark.parametrize("p", [[0.1, 0.9], [[0.5], [0.5]], [[np.nan, 1.0]], [[-0.1, 1.1]]])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(InputError, match="probabilities must be"):
        Calibrator().fit(p, [0] * len(p))


def test_another_number_of_classes_and_no_rows_are_refused():
    with pytest.raises(InputError, match="no rows"):
        Calibrator().fit(np.zeros((0, 2)), [])
    with pytest.raises(InputError, match="2 classes and got 3"):
        Calibrator().fit(two(np.array([0.2, 0.8])), [0, 1]).transform(np.full((1, 3), 1 / 3))


def test_youdens_threshold_lies_between_the_classes_and_in_the_middle_of_the_gap():
    assert threshold([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]) == pytest.approx(0.5)
    assert threshold([0, 1, 0, 1, 1], [0.1, 0.3, 0.4, 0.6, 0.9]) == pytest.approx(0.5, abs=0.3)


def rates(y, p, t):
    return np.mean(p[y == 1] >= t), np.mean(p[y == 0] < t)


@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 30)), min_size=1, max_size=40), asked=st.integers(1, 100)
)
@settings(max_examples=80, deadline=None)
def test_a_threshold_keeps_its_rule_on_the_rows_it_was_chosen_on(rows, asked):
    y = np.array([0, 1] + [r[0] for r in rows])
    p = np.array([3, 4] + [r[1] for r in rows]) / 30
    candidates = np.concatenate([np.unique(p), [2.0]])
    best = max(sum(rates(y, p, t)) for t in candidates)
    assert sum(rates(y, p, threshold(y, p))) == pytest.approx(best)
    t = threshold(y, p, rule=f"sensitivity>={asked / 100}")
    assert rates(y, p, t)[0] >= asked / 100 - 1e-9
    assert rates(y, p, t)[1] == max(rates(y, p, c)[1] for c in candidates if rates(y, p, c)[0] >= asked / 100 - 1e-9)
    t = threshold(y, p, rule=f"specificity >= {asked / 100}")
    assert rates(y, p, t)[1] >= asked / 100 - 1e-9
    assert rates(y, p, t)[0] == max(rates(y, p, c)[0] for c in candidates if rates(y, p, c)[1] >= asked / 100 - 1e-9)


def test_neighbouring_floats_are_still_told_apart():
    low = 0.5
    high = np.nextafter(low, 1)
    assert threshold([0, 1], [low, high]) == high


@pytest.mark.parametrize(
    ("y", "rule", "says"), [([1, 1], "youden", "2 of 2 are positive"), ([0, 1], "best", "unknown")]
)
def test_a_threshold_that_cannot_be_chosen_is_refused(y, rule, says):
    with pytest.raises(InputError, match=says):
        threshold(y, [0.2, 0.6], rule=rule)


def test_a_perfectly_calibrated_model_shows_the_expected_error():
    rng = np.random.default_rng(0)
    p = rng.random(300)
    mean, high = expected_ece(p)
    seen = [ece(rng.random(300) < p, p)[0] for _ in range(400)]
    assert mean == pytest.approx(np.mean(seen), rel=0.05)
    assert np.mean(np.array(seen) > high) == pytest.approx(0.05, abs=0.035)


def test_the_expected_error_falls_with_the_root_of_n():
    p = np.random.default_rng(1).random(6400)
    assert expected_ece(p[:400])[0] / expected_ece(p)[0] == pytest.approx(4, rel=0.15)


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (3, 10), (10, 10), (81, 263)])
def test_wilsons_interval_equals_scipys(hits, n):
    theirs = binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(hits, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_reliability_bins_hold_all_rows_and_bracket_the_observed_share():
    p, y = overconfident(777)
    bins = reliability(y, p[:, 1])
    assert sum(b["n"] for b in bins) == 777
    assert all(b["low"] <= b["observed"] <= b["high"] for b in bins)
    assert [b["mean"] for b in bins] == sorted(b["mean"] for b in bins)
    assert sum(b["n"] * abs(b["mean"] - b["observed"]) for b in bins) / 777 == pytest.approx(ece(y, p[:, 1])[0])
