import numpy as np
import pytest
from scipy import ndimage

from radiolucent.kernels import interpolate

GIVEN = np.random.default_rng(0).normal(0, 10, (7, 9, 8)).astype(np.float32)
POSITIONS = np.array([0.0, 0.3, 1.5, 2.0, 4.75, 5.9])


def expected(axis: int, order: int):
    places = [np.arange(size, dtype=float) for size in GIVEN.shape]
    places[axis] = POSITIONS
    return ndimage.map_coordinates(GIVEN.astype(float), np.meshgrid(*places, indexing="ij"), order=order, mode="mirror")


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_linear_interpolation_equals_scipy(axis):
    np.testing.assert_allclose(interpolate.linear(GIVEN, axis, POSITIONS), expected(axis, 1), atol=1e-5)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_cubic_interpolation_equals_scipy(axis):
    """scipy interpolates the other axes too, at whole positions, where a spline gives the samples back."""
    np.testing.assert_allclose(interpolate.cubic(GIVEN, axis, POSITIONS), expected(axis, 3), atol=1e-4)


@pytest.mark.parametrize("sample", [interpolate.nearest, interpolate.linear, interpolate.cubic])
def test_whole_positions_give_the_samples_back(sample):
    np.testing.assert_allclose(sample(GIVEN, 1, np.arange(9.0)), GIVEN, atol=1e-4)


@pytest.mark.parametrize("sample", [interpolate.nearest, interpolate.linear, interpolate.cubic])
def test_beyond_the_ends_the_outermost_samples_go_on(sample):
    result = sample(GIVEN, 0, np.array([-3.0, 9.0]))
    np.testing.assert_allclose(result, GIVEN[[0, -1]], atol=1e-4)


@pytest.mark.parametrize("sample", [interpolate.nearest, interpolate.linear, interpolate.cubic])
def test_a_single_sample_is_repeated(sample):
    assert (sample(np.full((1, 2), 3.0, np.float32), 0, np.array([-0.4, 0.4])) == 3).all()


def test_the_nearest_of_two_is_the_one_nearer_to_the_middle_so_that_mirroring_commutes():
    line = np.arange(8)
    half = interpolate.centred_positions(8, 4, 2.0)
    np.testing.assert_array_equal(interpolate.nearest(line, 0, half), [1, 3, 4, 6])
    np.testing.assert_array_equal(interpolate.nearest(line[::-1], 0, half)[::-1], interpolate.nearest(line, 0, half))
