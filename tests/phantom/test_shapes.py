"""Shapes whose measures are known."""

import numpy as np
import pytest

from radiolucent.phantom import LETTERS, letter, lettered, sphere, tube


def test_a_ball_has_the_volume_of_a_ball_on_any_spacing():
    spacing = (1.0, 0.5, 0.8)
    _, mask = sphere((30, 60, 40), radius_mm=12, spacing_mm=spacing)
    assert mask.array.sum() * np.prod(spacing) == pytest.approx(4 / 3 * np.pi * 12**3, rel=0.02)


@pytest.mark.parametrize("shape", [(20,) * 2, (20,) * 3])
def test_a_ball_lies_where_it_was_put(shape):
    image, mask = sphere(shape, radius_mm=3, centre_mm=[5] + [12] * (len(shape) - 1), inside=7, outside=-1)
    np.testing.assert_allclose([axis.mean() for axis in np.nonzero(mask.array)], [5] + [12] * (len(shape) - 1))
    assert set(np.unique(image.array)) == {-1, 7}


def test_a_tube_is_the_same_in_every_slice():
    _, mask = tube((5, 21, 21), radius_mm=6, along=0)
    assert (mask.array == mask.array[0]).all()
    assert mask.array[0].sum() == pytest.approx(np.pi * 36, rel=0.05)


def test_no_flip_or_turn_of_the_lettered_cube_looks_like_another():
    array = lettered().array
    seen = {
        np.ascontiguousarray(np.flip(np.transpose(array, order), flips)).tobytes()
        for order in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
        for flips in [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
    }
    assert len(seen) == 48


def test_every_letter_is_a_picture():
    pictures = [letter(name).array for name in LETTERS]
    assert len({picture.tobytes() for picture in pictures}) == len(LETTERS)
