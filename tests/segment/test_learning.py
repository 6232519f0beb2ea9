"""Units that compete find the classes of grey values that are there, and agree with k-means where theory says so."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from radiolucent.core import Grid, Image
from radiolucent.segment import hopfield, self_organising_map


def three(noise=6.0, shape=(60, 60)):
    truth = np.digitize(np.random.default_rng(1).random(shape), [0.5, 0.8]) + 1
    truth = np.sort(truth, axis=1)
    values = np.choose(truth, [0, 10.0, 80.0, 200.0]) + np.random.default_rng(0).normal(0, noise, shape)
    return Image(values.astype(np.float32), Grid(shape, "yx", (1.0, 1.0))), truth


@pytest.mark.parametrize("sorted_into", [hopfield, self_organising_map])
def test_three_classes_are_found_and_numbered_from_dark_to_bright(sorted_into):
    image, truth = three()
    mask = sorted_into(image, classes=3)
    assert (mask.array == truth).mean() > 0.97
    assert sorted(mask.names) == [1, 2, 3]


def test_the_network_of_equally_wide_classes_is_k_means():
    image, _ = three(noise=10.0)
    found = hopfield(image, classes=3, bins=4096).array
    fitted = KMeans(3, n_init=3, random_state=0).fit(image.array.reshape(-1, 1))
    order = np.argsort(np.argsort(fitted.cluster_centers_[:, 0]))
    assert (found.ravel() == order[fitted.labels_] + 1).mean() > 0.99


def test_a_map_of_one_scale_ends_near_the_centres_of_k_means():
    image, _ = three(noise=10.0)
    found = self_organising_map(image, classes=3, scales=1, epochs=60).array
    fitted = KMeans(3, n_init=3, random_state=0).fit(image.array.reshape(-1, 1))
    order = np.argsort(np.argsort(fitted.cluster_centers_[:, 0]))
    assert (found.ravel() == order[fitted.labels_] + 1).mean() > 0.99


def test_wider_features_bridge_noise():
    y, x = np.indices((64, 64))
    truth = (np.hypot(y - 32, x - 32) < 18) + 1
    values = truth * 40 + np.random.default_rng(0).normal(0, 25, truth.shape)
    image = Image(values.astype(np.float32), Grid(truth.shape, "yx", (1.0, 1.0)))
    right = [(self_organising_map(image, classes=2, scales=k).array == truth).mean() for k in (1, 3)]
    assert right[1] > right[0] + 0.1


@pytest.mark.parametrize("sorted_into", [hopfield, self_organising_map])
def test_a_constant_picture_is_one_class(sorted_into):
    image = Image(np.full((8, 8), 5.0), Grid((8, 8), "yx", (1.0, 1.0)))
    assert len(np.unique(sorted_into(image).array)) == 1
