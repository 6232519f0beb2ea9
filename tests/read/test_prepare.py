"""What learning sees: a grey square of bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from radiolucent.core import Grid, Image, InputError
from radiolucent.read import prepare

RNG = np.random.default_rng(0)


def _image(array, axes="yx"):
    return Image(array, Grid(array.shape[: len(axes)], axes))


def test_eight_bit_pictures_of_the_right_size_stay_as_they_are():
    picture = RNG.integers(0, 255, (28, 28)).astype(np.uint8)
    np.testing.assert_array_equal(prepare(_image(picture), size=28), picture)


def test_a_dark_eight_bit_picture_stays_dark():
    assert prepare(_image(np.full((8, 8), 9, np.uint8)), size=8).max() == 9


def test_more_than_eight_bits_are_windowed_between_robust_ends():
    picture = np.linspace(1000, 3000, 10000).reshape(100, 100).astype(np.uint16)
    picture[0, 0] = 65535
    got = prepare(_image(picture), size=100)
    assert (got.min(), got.max()) == (0, 255)
    assert abs(int(got[50, 50]) - 128) <= 2


def test_colour_becomes_luminance():
    picture = np.zeros((4, 4, 3), np.uint8)
    picture[..., 1] = 255
    assert (prepare(_image(picture), size=4) == 150).all()


def test_area_averages_shrink():
    picture = RNG.integers(0, 255, (8, 8)).astype(np.uint8)
    means = picture.reshape(4, 2, 4, 2).mean((1, 3))
    assert np.abs(prepare(_image(picture), size=4) - means).max() <= 0.5


@pytest.mark.parametrize("shape", [(40, 20), (20, 40)])
def test_the_aspect_is_kept_and_the_rest_is_zero(shape):
    got = prepare(_image(np.full(shape, 200, np.uint8)), size=20)
    inner = got[:, 5:15] if shape[0] > shape[1] else got[5:15]
    assert (inner == 200).all()
    assert got.sum() == inner.sum()


@pytest.mark.parametrize("value", [0, 5.5, np.nan, np.inf])
def test_constant_and_empty_values_are_black(value):
    assert prepare(_image(np.full((5, 5), value, np.float32)), size=7).max() == 0


def test_one_slice_is_a_picture_and_a_volume_is_not():
    flat = RNG.integers(0, 255, (1, 8, 8)).astype(np.uint8)
    np.testing.assert_array_equal(prepare(_image(flat, "zyx"), size=8), flat[0])
    with pytest.raises(InputError, match="a picture is needed"):
        prepare(_image(np.zeros((3, 8, 8)), "zyx"), size=8)


@given(
    hnp.arrays(
        st.sampled_from(["u1", "i2", "u2", "f4", "f8"]),
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40),
    ),
    st.integers(1, 32),
)
def test_any_picture_becomes_bytes_of_the_size_asked_and_stays_unchanged(array, size):
    before = array.copy()
    got = prepare(_image(array), size=size)
    assert got.shape == (size, size)
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(array, before)
