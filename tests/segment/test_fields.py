"""Classes with smooth borders: found through noise, numbered from dark to bright, whatever brightness and contrast."""

import numpy as np
import pytest

from radiolucent.core import Grid, Image
from radiolucent.segment import convex_partition, markov_random_field

EACH = pytest.mark.parametrize(
    "sorted_out",
    [
        lambda image, k: markov_random_field(image, classes=k),
        lambda image, k: markov_random_field(image, classes=k, method="icm"),
        lambda image, k: convex_partition(image, classes=k),
    ],
    ids=["em", "icm", "convex"],
)


def scene(noise=18.0):
    y, x = np.indices((60, 60))
    truth = (np.hypot(y - 30, x - 30) < 24) + 0 + (np.hypot(y - 30, x - 30) < 14) + 1
    values = np.choose(truth, [0, 20.0, 80.0, 150.0]) + np.random.default_rng(0).normal(0, noise, truth.shape)
    return Image(values.astype(np.float32), Grid(truth.shape, "yx", (1.0, 1.0))), truth


@EACH
def test_rings_are_found_through_noise(sorted_out):
    image, truth = scene()
    mask = sorted_out(image, 3)
    assert (mask.array == truth).mean() > 0.96
    assert mask.names[1].startswith("class 1")


@EACH
def test_brightness_and_contrast_do_not_matter(sorted_out):
    image, _ = scene()
    louder = image.with_array(np.asarray(image.array, np.float64) * 5 - 700)
    assert (sorted_out(image, 3).array == sorted_out(louder, 3).array).mean() > 0.99


@EACH
def test_a_constant_picture_is_one_class(sorted_out):
    image = Image(np.full((8, 8), 3.0), Grid((8, 8), "yx", (1.0, 1.0)))
    assert len(np.unique(sorted_out(image, 2).array)) == 1


def test_a_dearer_boundary_is_shorter():
    image, _ = scene(noise=40.0)
    lengths = []
    for smoothness in (0.5, 2.0, 8.0):
        labels = convex_partition(image, classes=2, smoothness=smoothness).array
        lengths.append(sum(np.count_nonzero(np.diff(labels, axis=axis)) for axis in (0, 1)))
    assert lengths == sorted(lengths, reverse=True)
