"""Morphological contours move as scikit-image's do, and stop early only where they would not move any more."""

import numpy as np
import pytest
from scipy import ndimage
from skimage import data
from skimage.segmentation import inverse_gaussian_gradient
from skimage.segmentation import morphological_geodesic_active_contour as theirs

from radiolucent.kernels.geodesic import evolve


def within(shape, rim):
    inside = np.zeros(shape, np.int8)
    inside[tuple(slice(rim, -rim) for _ in shape)] = 1
    return inside


@pytest.mark.parametrize("balloon", [-1.0, 0.0, 1.0, 2.0])
@pytest.mark.parametrize("rounds", [6, 60])
def test_a_contour_in_a_picture_is_scikit_images(balloon, rounds):
    edge = inverse_gaussian_gradient(data.camera()[::4, ::4] / 255.0, sigma=2)
    start = within(edge.shape, 12)
    found, _ = evolve(edge, start, balloon=balloon, threshold=0.6, smoothing=1, rounds=rounds)
    expected = theirs(edge, rounds, start, smoothing=1, threshold=0.6, balloon=balloon)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("balloon", [-1.0, 0.0, 1.0])
def test_a_contour_in_a_volume_is_scikit_images(balloon):
    edge = ndimage.gaussian_filter(np.random.default_rng(0).random((13, 14, 15)), 1)
    edge = (edge - edge.min()) / np.ptp(edge)
    start = within(edge.shape, 3)
    found, _ = evolve(edge, start, balloon=balloon, threshold=0.3, smoothing=2, rounds=4)
    np.testing.assert_array_equal(found, theirs(edge, 4, start, smoothing=2, threshold=0.3, balloon=balloon))


@pytest.mark.parametrize("rounds", [200, 201])
def test_what_repeats_itself_is_known_without_going_on(rounds):
    y, x = np.indices((40, 40))
    edge = 1 - np.exp(-((np.hypot(y - 20, x - 20) - 10) ** 2) / 8)
    found, taken = evolve(edge, within(edge.shape, 4), balloon=-1.0, threshold=0.6, smoothing=1, rounds=rounds)
    assert taken < rounds
    expected = theirs(edge, 200, within(edge.shape, 4), smoothing=1, threshold=0.6, balloon=-1)
    if rounds % 2 == 0:
        np.testing.assert_array_equal(found, expected)
    assert abs(int(found.sum()) - int(expected.sum())) < 0.1 * expected.sum()
