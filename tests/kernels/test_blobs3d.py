"""Blobs in three dimensions: found where they are, described alike however they are turned."""

import numpy as np
import pytest
from scipy import ndimage

from radiolucent.kernels import blobs3d

EVEN = np.ones(3)


def bump(centre, sigma, shape=(32, 34, 36), ratio=EVEN):
    index = np.indices(shape).T * ratio - centre
    return np.exp(-(index**2).sum(-1).T / (2 * sigma**2))


@pytest.mark.parametrize("sigma", [2.0, 3.0])
def test_a_bump_is_found_at_its_place_with_its_width(sigma):
    scales = blobs3d.smoothed(bump((15.3, 17.0, 16.6), sigma), EVEN)
    places, sigmas, strength = blobs3d.blobs(scales, 0.005, None, 1)
    assert places[0] == pytest.approx((15.3, 17.0, 16.6), abs=0.15)
    assert strength[0] > 0.05
    assert sigma / 2 < sigmas[0] < 2 * sigma


def test_coarse_slices_do_not_change_where_and_how_wide_it_is():
    ratio = np.array([2.0, 1.0, 1.0])
    scales = blobs3d.smoothed(bump((16.0, 17.0, 16.6), 3.0, (16, 34, 36), ratio), ratio)
    places, sigmas, _ = blobs3d.blobs(scales, 0.005, None, 1)
    even = blobs3d.blobs(blobs3d.smoothed(bump((16.0, 17.0, 16.6), 3.0), EVEN), 0.005, None, 1)
    assert places[0] * ratio == pytest.approx(even[0][0], abs=0.3)
    assert sigmas[0] == pytest.approx(even[1][0], rel=0.1)


def test_points_lie_inside_and_are_ordered_by_strength():
    volume = bump((10, 10, 10), 2.0) + 0.5 * bump((20, 22, 24), 2.0)
    scales = blobs3d.smoothed(volume, EVEN)
    strength = blobs3d.blobs(scales, 0.005, None, 10)[2]
    assert list(strength) == sorted(strength, reverse=True)
    inside = np.zeros(volume.shape, bool)
    inside[15:] = True
    assert blobs3d.blobs(scales, 0.005, inside, 1)[0][0] == pytest.approx((20, 22, 24), abs=0.5)


def test_the_descriptor_turns_with_the_volume():
    rng = np.random.default_rng(2)
    volume = ndimage.gaussian_filter(rng.normal(size=(41, 41, 41)), 2)
    middle, sigma = np.array([[20.0, 20.0, 20.0]]), np.array([2.4])
    here = blobs3d.describe(blobs3d.smoothed(volume, EVEN), middle, sigma, EVEN)[0].astype(float)
    others = [np.rot90(volume, 1, axes) for axes in ((0, 1), (0, 2), (1, 2))]
    for turned in others:
        there = blobs3d.describe(blobs3d.smoothed(turned, EVEN), middle, sigma, EVEN)[0]
        assert np.corrcoef(here, there)[0, 1] > 0.95
    else_where = blobs3d.describe(blobs3d.smoothed(volume, EVEN), middle + 9, sigma, EVEN)[0]
    assert np.corrcoef(here, else_where)[0, 1] < 0.6


def test_ranks_are_bytes_and_each_occurs_once():
    volume = np.random.default_rng(1).random((20, 20, 20))
    found = blobs3d.describe(blobs3d.smoothed(volume, EVEN), np.array([[10.0, 10, 10]]), np.array([1.5]), EVEN)
    assert found.dtype == np.uint8
    assert sorted(found[0]) == list(range(blobs3d.LENGTH))
