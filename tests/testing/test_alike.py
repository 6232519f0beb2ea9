"""Results are one up to rounding and the numbering of regions."""

from functools import partial

import numpy as np
import pytest

from radiolucent.core import Grid, Keypoints, Mask
from radiolucent.testing.alike import changed, unlike
from radiolucent.testing.specimen import specimen

FLIP = partial(np.flip, axis=0)
SWAP = partial(np.swapaxes, axis1=0, axis2=1)


def mask(rows):
    array = np.array(rows)
    return Mask(array, Grid(array.shape, "yx"))


def points(rows):
    rows = np.array(rows, np.float32).reshape(-1, 2)
    ones = np.ones(len(rows))
    return Keypoints(rows, ones, ones, ones, np.ones((len(rows), 4)), "sift")


def test_a_swap_takes_spacing_along():
    image = specimen("anisotropic")
    assert changed(image, SWAP).grid.spacing_mm == (0.7, 3.0, 0.7)
    assert changed(image, SWAP).grid.shape == (24, 9, 22)


@pytest.mark.parametrize(
    ("a", "b", "other"),
    [
        ([[1, 1, 2]], [[2, 2, 1]], False),
        ([[1, 1, 2]], [[1, 1, 1]], True),
        ([[1, 1, 1]], [[1, 1, 2]], True),
        ([[0, 1, 1]], [[1, 0, 0]], True),
    ],
)
def test_regions_are_one_up_to_their_numbers(a, b, other):
    assert unlike(mask(a), mask(b), lambda array: array, (1, 3)) is other


def test_points_move_back_with_the_picture():
    assert not unlike(points([[0, 1], [2, 2]]), points([[4, 1], [2, 2]]), FLIP, (5, 4))
    assert unlike(points([[0, 1]]), points([[0, 1]]), FLIP, (5, 4))
    assert not unlike(points([[0, 3]]), points([[3, 0]]), SWAP, (5, 4))
    assert unlike(points([[0, 3]]), points([]), FLIP, (5, 4))


def test_numbers_may_differ_by_rounding():
    assert not unlike(1.0, 1.0 + 1e-6, FLIP, ())
    assert unlike(1.0, 1.1, FLIP, ())
