"""Intervals cover, clusters widen them, DeLong agrees with the published example and with brute force."""

import warnings

import numpy as np
import pytest

from radiolucent.evaluate import auc_figure, delong, delong_difference, difference, macro_auc, resamples
from radiolucent.evaluate.interval import covariance
from radiolucent.evaluate.score import auc


def two(p):
    return np.column_stack([1 - p, p])


# 109 CT readings, definitely normal (1) to definitely abnormal (5): Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747
READINGS = np.concatenate(
    [np.repeat(np.arange(1, 6), [33, 6, 6, 11, 2]), np.repeat(np.arange(1, 6), [3, 2, 2, 11, 33])]
)
ABNORMAL = np.repeat([False, True], [58, 51])


def test_delong_gives_the_published_interval_of_hanley_and_mcneils_readings():
    """Stata's manual, [R] roctab, on the same table: area 0.8932, standard error 0.0307, 0.83295 to 0.95339."""
    area, variance = covariance(ABNORMAL, READINGS)
    assert area[0] == pytest.approx(0.8932, abs=5e-5)
    assert np.sqrt(variance[0, 0]) == pytest.approx(0.0307, abs=5e-5)
    found = delong(ABNORMAL, READINGS)
    assert (found["low"], found["high"]) == pytest.approx((0.83295, 0.95339), abs=5e-6)


def by_structural_components(y, scores):
    """DeLong's covariance by its definition, over all pairs."""
    kernels = []
    for s in scores:
        gaps = np.subtract.outer(s[y], s[~y])
        kernels.append((gaps > 0) + (gaps == 0) / 2)
    above, below = [k.mean(axis=1) for k in kernels], [k.mean(axis=0) for k in kernels]
    return np.cov(above) / y.sum() + np.cov(below) / (~y).sum()


@pytest.mark.parametrize("seed", range(5))
def test_the_fast_covariance_equals_delongs_definition_with_ties_too(seed):
    rng = np.random.default_rng(seed)
    y = rng.random(70) < 0.4
    scores = np.round(rng.standard_normal((3, 70)) + y, seed % 3)
    area, found = covariance(y, scores)
    assert area == pytest.approx([auc(y, s)[0] for s in scores])
    np.testing.assert_allclose(found, by_structural_components(y, scores), atol=1e-14)
    gap = delong_difference(y, scores[0], scores[1])
    se = np.sqrt(found[0, 0] + found[1, 1] - 2 * found[0, 1])
    assert gap["value"] == pytest.approx(area[0] - area[1])
    assert gap["high"] - gap["low"] == pytest.approx(2 * 1.959964 * se, rel=1e-6)


def test_a_score_does_not_differ_from_itself():
    found = delong_difference(ABNORMAL, READINGS, READINGS)
    assert found["value"] == 0
    assert found["p"] == 1


def test_what_delong_cannot_say_is_none():
    assert delong([True, False, False], [3, 1, 2]) == {"value": None, "low": None, "high": None}
    assert delong([True, True, False, False], [3, 4, 1, 2]) == {"value": 1.0, "low": None, "high": None}
    assert delong_difference([True, False], [1, 2], [2, 1])["p"] is None


def test_the_bootstrap_agrees_with_delong_where_each_patient_has_one_row():
    rng = np.random.default_rng(4)
    y = np.repeat([0, 1], 200)
    p = 1 / (1 + np.exp(-(y + rng.standard_normal(400))))
    ours, theirs = auc_figure(y, two(p), None, replicates=2000), delong(y == 1, p)
    assert ours["value"] == pytest.approx(theirs["value"])
    assert (ours["low"], ours["high"]) == pytest.approx((theirs["low"], theirs["high"]), abs=0.006)


def clustered(rng, n_patients=60, images=5):
    """Patients whose images share most of their noise."""
    y = np.repeat(np.arange(n_patients) % 2, images)
    z = np.repeat(rng.standard_normal(n_patients), images) + 0.3 * rng.standard_normal(len(y)) + y
    return y, two(1 / (1 + np.exp(-z))), np.repeat(np.arange(n_patients), images)


def test_the_interval_covers_the_truth_when_a_patient_has_many_images():
    rng = np.random.default_rng(0)
    truth = macro_auc(*clustered(rng, 4000, 5)[:2])[0]
    clusters = rows = 0
    for k in range(150):
        y, p, patients = clustered(rng)
        own = auc_figure(y, p, patients, replicates=300, seed=k)
        naive = auc_figure(y, p, None, replicates=300, seed=k)
        clusters += own["low"] <= truth <= own["high"]
        rows += naive["low"] <= truth <= naive["high"]
    assert 0.88 <= clusters / 150 <= 0.99
    assert rows / 150 < 0.8  # what resampling images instead of patients would claim


def test_every_replicate_keeps_the_patients_of_each_class():
    y = np.array([0, 0, 0, 1, 1, 0, 1, 0, 1])
    patients = np.array(["a", "a", "b", "c", "d", "e", "e", "f", "f"])
    drawn = resamples(y, patients, replicates=200, seed=1)
    assert (drawn.counts[:, :2].sum(axis=1) == 2).all()
    assert (drawn.counts[:, 2:4].sum(axis=1) == 2).all()
    assert (drawn.counts[:, 4:].sum(axis=1) == 2).all()
    assert np.isclose(drawn.counts.mean(), 1)
    assert drawn.counts[:, 0].std() > 0


def test_all_rows_of_a_patient_weigh_the_same():
    y, _, patients = clustered(np.random.default_rng(0), 10, 3)
    weights = np.concatenate(list(resamples(y, patients, replicates=50).weights()))
    assert weights.shape == (50, 30)
    assert (weights.reshape(50, 10, 3) == weights.reshape(50, 10, 3)[:, :, :1]).all()


def test_chunks_of_replicates_give_the_same_as_one(monkeypatch):
    y, p, patients = clustered(np.random.default_rng(0))
    whole = auc_figure(y, p, patients, replicates=100)
    monkeypatch.setattr("radiolucent.evaluate.interval.CELLS", 1000)
    assert auc_figure(y, p, patients, replicates=100) == whole


def test_a_seed_gives_the_same_interval_again():
    y, p, patients = clustered(np.random.default_rng(0))
    assert auc_figure(y, p, patients, replicates=50, seed=3) == auc_figure(y, p, patients, replicates=50, seed=3)
    assert auc_figure(y, p, patients, replicates=50, seed=3) != auc_figure(y, p, patients, replicates=50, seed=4)


def test_one_class_has_no_auc_and_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = auc_figure(np.zeros(4, int), two(np.arange(4) / 4), None, replicates=10)
    assert found == {"value": None, "low": None, "high": None}


def test_a_clear_difference_has_the_smallest_p_that_the_replicates_can_show():
    gap, p = difference(0.9, 0.6, np.full(999, 0.9), np.linspace(0.5, 0.7, 999))
    assert gap["value"] == pytest.approx(0.3)
    assert p == pytest.approx(2 / 1000)


def test_no_difference_has_p_one():
    samples = np.random.default_rng(0).random(99)
    gap, p = difference(0.5, 0.5, samples, samples)
    assert p == 1
    assert gap == {"value": 0, "low": 0, "high": 0}


def test_an_undefined_side_makes_the_difference_undefined():
    assert difference(None, 0.5, np.zeros(3), np.zeros(3)) == ({"value": None, "low": None, "high": None}, None)
    assert difference(0.7, 0.5, np.full(3, np.nan), np.zeros(3))[1] is None


def test_p_values_of_equal_models_are_spread_evenly():
    rng = np.random.default_rng(1)
    small = 0
    for k in range(120):
        y = np.repeat([0, 1], 60)
        drawn = resamples(y, None, replicates=200, seed=k)
        a, b = (two(1 / (1 + np.exp(-(y + rng.standard_normal(120))))) for _ in range(2))
        found = drawn.apply(lambda w, y=y, a=a, b=b: {"a": macro_auc(y, a, w), "b": macro_auc(y, b, w)})
        small += difference(macro_auc(y, a)[0], macro_auc(y, b)[0], found["a"], found["b"])[1] < 0.05
    assert small / 120 < 0.12
