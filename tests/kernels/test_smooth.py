import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from radiolucent.kernels import smooth

MODES = ("reflect", "mirror", "nearest", "constant", "wrap")
SHAPES = ((17,), (16, 21), (9, 16, 12), (1, 13, 14), (3, 6, 9, 8), (20, 15, 3))


def array(shape: tuple[int, ...], dtype: str = "float32") -> NDArray:
    return (np.random.default_rng(3).normal(0, 400, shape)).astype(dtype)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gaussian_equals_scipy_on_every_axis_and_boundary(shape, mode):
    given = array(shape)
    sigmas = {axis: 0.6 + 0.5 * axis for axis in range(len(shape))}
    ours = smooth.gaussian(given, sigmas, mode)
    theirs = ndimage.gaussian_filter(given.astype(float), list(sigmas.values()), mode=mode)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=1e-6 * np.ptp(given))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_mean_equals_scipy_on_every_axis_and_boundary(shape, mode):
    given = array(shape)
    sizes = {axis: 2 * axis + 1 for axis in range(len(shape))} | {0: 3}
    theirs = ndimage.uniform_filter(given.astype(float), list(sizes.values()), mode=mode)
    np.testing.assert_allclose(smooth.mean(given, sizes, mode), theirs, atol=1e-6 * np.ptp(given))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "float32", "int32"])
@pytest.mark.parametrize("size", [3, 5, 7])
def test_the_median_of_slices_equals_scipy_bit_for_bit(mode, dtype, size):
    given = np.random.default_rng(1).integers(0, 200, (2, 15, 18)).astype(dtype)
    theirs = ndimage.median_filter(given, (1, size, size), mode=mode)
    np.testing.assert_array_equal(smooth.median(given, {0: 1, 1: size, 2: size}, mode), theirs)


def test_a_median_box_in_space_equals_scipy():
    given = array((8, 9, 10))
    theirs = ndimage.median_filter(given, (3, 5, 3), mode="mirror")
    np.testing.assert_array_equal(smooth.median(given, {0: 3, 1: 5, 2: 3}, "mirror"), theirs)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "uint16", "int16", "int32", "float64"])
@pytest.mark.parametrize("spoilt", [lambda a: a, lambda a: a[::-1, :, ::2], np.asfortranarray])
def test_every_type_and_memory_layout_gives_the_same_picture(dtype, spoilt):
    given = spoilt(np.random.default_rng(0).integers(0, 255, (7, 12, 14)).astype(dtype))
    theirs = ndimage.gaussian_filter(given.astype(float), 1.2)
    np.testing.assert_allclose(smooth.gaussian(given, dict.fromkeys(range(3), 1.2)), theirs, atol=3e-4)
    boxed = ndimage.uniform_filter(given.astype(float), 5)
    np.testing.assert_allclose(smooth.mean(given, dict.fromkeys(range(3), 5)), boxed, atol=3e-4)


def test_only_the_axes_that_are_named_are_smoothed():
    given = array((4, 12, 12))
    ours = smooth.gaussian(given, {1: 1.5, 2: 1.5})
    for frame, expected in zip(ours, given, strict=True):
        np.testing.assert_allclose(frame, ndimage.gaussian_filter(expected, 1.5), atol=1e-3)


@pytest.mark.parametrize("filtered", [smooth.gaussian, smooth.mean, smooth.median])
def test_a_filter_that_does_nothing_still_gives_an_array_of_its_own(filtered):
    given = array((6, 6))
    result = filtered(given, {})
    np.testing.assert_array_equal(result, given)
    assert not np.shares_memory(result, given)


@given(st.floats(0.01, 200))
@settings(max_examples=200)
def test_a_box_is_odd_and_as_near_to_its_width_as_an_odd_number_can_be(width):
    size = smooth.odd_size(width)
    assert size % 2 == 1
    assert size >= 1
    assert abs(size - width) <= 1 or width < 1


def test_of_two_odd_numbers_alike_the_smaller_is_taken():
    assert [smooth.odd_size(width) for width in (1, 2, 3, 4, 6)] == [1, 1, 3, 3, 5]


@given(st.integers(1, 30), st.floats(0.2, 6), st.sampled_from(["reflect", "mirror", "nearest", "wrap"]))
@settings(max_examples=40, deadline=None)
def test_smoothing_keeps_a_constant_even_where_the_kernel_is_longer_than_the_picture(length, sigma, mode):
    ours = smooth.gaussian(np.full((length, 5), 7.0, np.float32), {0: sigma, 1: sigma}, mode)
    np.testing.assert_allclose(ours, 7, rtol=1e-5)
