"""Pixels are drawn evenly over labels and count for those that they stand for."""

import numpy as np
import pytest

from radiolucent.core import InputError
from radiolucent.learn import model
from radiolucent.learn.pixels import drawn, fitted


def picture(seed=0):
    labels = np.zeros((40, 50), np.uint8)
    labels[10:20, 10:20], labels[30, 30] = 1, 7
    noise = np.random.default_rng(seed).normal(0, 0.3, (*labels.shape, 2))
    return (labels[..., None] + noise).astype(np.float32), labels


def test_rare_labels_are_drawn_whole_and_weights_tell_how_many_each_stands_for():
    features, labels = picture()
    found = drawn(features, labels, most=90, seed=(0, 1))
    assert {k: int((found.labels == k).sum()) for k in (0, 1, 7)} == {0: 30, 1: 30, 7: 1}
    for label in (0, 1, 7):
        assert found.weights[found.labels == label].sum() == pytest.approx((labels == label).sum())
    again = drawn(features, labels, most=90, seed=(0, 1))
    np.testing.assert_array_equal(found.features, again.features)


def test_a_forest_learns_them_and_is_saved_without_pickle(tmp_path):
    samples = [drawn(*picture(k), most=600, seed=(0, k)) for k in range(3)]
    forest = fitted(samples, trees=20, seed=0)
    model.save(tmp_path / "m", estimator=forest, manifest={"what": "pixels"})
    features, labels = picture(9)
    rows = features.reshape(-1, 2)
    found = model.load(tmp_path / "m").estimator.predict(rows)
    np.testing.assert_array_equal(found, forest.predict(rows))
    assert (found == labels.ravel()).mean() > 0.97


def test_one_label_alone_is_refused():
    features, labels = picture()
    with pytest.raises(InputError, match="two labels or more"):
        fitted([drawn(features, labels * 0, most=50, seed=(0,))], trees=2, seed=0)
