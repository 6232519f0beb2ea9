"""Clusters are scikit-learn's, labels part the picture, and a shading is seen through."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from radiolucent.core import Grid, Image
from radiolucent.segment import bias_corrected_fuzzy_c_means, fuzzy_c_means, gaussian_mixture, k_means

EVERY = pytest.mark.parametrize("sorted_into", [k_means, gaussian_mixture, fuzzy_c_means, bias_corrected_fuzzy_c_means])


def three(noise=12.0, shape=(60, 80)):
    truth = np.sort(np.digitize(np.random.default_rng(1).random(shape), [0.5, 0.8]) + 1, axis=1)
    values = np.choose(truth, [0, 10.0, 80.0, 200.0]) + np.random.default_rng(0).normal(0, noise, shape)
    return Image(values.astype(np.float32), Grid(shape, "yx", (1.0, 1.0))), truth


def ordered(labels, centres):
    return np.argsort(np.argsort(centres))[labels] + 1


@EVERY
def test_three_classes_are_found_and_numbered_from_dark_to_bright(sorted_into):
    image, truth = three()
    flat = {"degree": 0} if sorted_into is bias_corrected_fuzzy_c_means else {}  # here classes lie as a shading would
    mask = sorted_into(image, classes=3, **flat)
    assert (mask.array == truth).mean() > 0.97
    assert sorted(mask.names) == [1, 2, 3]


def test_k_means_is_scikit_learns():
    image, _ = three(noise=30.0)
    fitted = KMeans(3, n_init=5, random_state=0).fit(image.array.reshape(-1, 1))
    expected = ordered(fitted.labels_, fitted.cluster_centers_[:, 0]).reshape(image.array.shape)
    assert (k_means(image, rounds=300).array == expected).mean() > 0.99


def test_a_mixture_is_scikit_learns():
    image, _ = three(noise=30.0)
    values = image.array.reshape(-1, 1)
    fitted = GaussianMixture(3, tol=1e-7, max_iter=1000, n_init=3, random_state=0).fit(values)
    expected = ordered(fitted.predict(values), fitted.means_[:, 0]).reshape(image.array.shape)
    assert (gaussian_mixture(image).array == expected).mean() > 0.99


def test_a_bias_is_seen_through():
    y, x = np.indices((64, 96))
    truth = ((y // 16 + x // 16) % 2).astype(int) + 1
    values = 40.0 * truth + 50 * (x / 95 - 0.5) + np.random.default_rng(0).normal(0, 4, truth.shape)
    image = Image(values.astype(np.float32), Grid(truth.shape, "yx", (1.0, 1.0)))
    assert (fuzzy_c_means(image, classes=2).array == truth).mean() < 0.95
    assert (bias_corrected_fuzzy_c_means(image, classes=2).array == truth).mean() > 0.98


@EVERY
def test_a_constant_picture_is_one_class(sorted_into):
    image = Image(np.full((8, 8), 5.0), Grid((8, 8), "yx", (1.0, 1.0)))
    assert len(np.unique(sorted_into(image).array)) == 1


@EVERY
def test_grey_values_may_be_scaled_and_shifted(sorted_into):
    image, _ = three(noise=25.0)
    turned = image.with_array(image.array * np.float32(4) - 128)
    assert (sorted_into(image).array == sorted_into(turned).array).mean() > 0.999


@EVERY
def test_two_levels_are_told_apart_though_three_classes_are_asked_for(sorted_into):
    values = np.zeros((12, 12), np.float32)
    values[3:6, 3:6] = 10
    found = sorted_into(Image(values, Grid((12, 12), "yx", (1.0, 1.0)))).array
    assert len(np.unique(found[values > 0])) == 1
    assert found[4, 4] > found[0, 0]
