from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from radiolucent.kernels import rank, smooth

BOXES = [axes for count in (1, 2, 3) for axes in combinations(range(4), count)]


def widened(array, axes, mode="symmetric"):
    return np.pad(array, [(int(axis in axes),) * 2 for axis in range(array.ndim)], mode=mode)


@pytest.mark.parametrize("axes", BOXES)
@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64"])
def test_the_median_of_three_equals_scipy_bit_for_bit_along_every_choice_of_axes(axes, dtype):
    array = np.random.default_rng(0).normal(120, 40, (5, 6, 7, 8)).astype(dtype)
    box = [3 if axis in axes else 1 for axis in range(4)]
    np.testing.assert_array_equal(rank.median_of_three(widened(array, axes), axes), ndimage.median_filter(array, box))


def test_rows_that_meet_leave_no_seam(monkeypatch):
    monkeypatch.setattr(rank, "ROW_BYTES", 64)
    array = np.random.default_rng(1).integers(-900, 900, (9, 21, 17)).astype(np.int16)
    ours = rank.median_of_three(widened(array, (0, 1, 2)), (0, 1, 2))
    np.testing.assert_array_equal(ours, ndimage.median_filter(array, 3))


@given(st.lists(st.integers(0, 26), min_size=27, max_size=27), st.permutations(range(27)))
@settings(max_examples=300, deadline=None)
def test_the_network_finds_the_middle_of_every_order_with_and_without_ties(values, order):
    for numbers in (values, order):
        box = np.reshape(numbers, (3, 3, 3)).astype(np.int16)
        assert rank.median_of_three(box, (0, 1, 2)).item() == np.median(numbers)


@pytest.mark.parametrize("mode", ["reflect", "mirror", "nearest", "constant", "wrap"])
@pytest.mark.parametrize("shape", [(6, 7, 8), (1, 9, 8), (5, 1, 1), (12, 11, 3)])
def test_every_boundary_is_that_of_scipy(mode, shape):
    array = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    ours = smooth.median(array, dict.fromkeys(range(3), 3), mode)
    np.testing.assert_array_equal(ours, ndimage.median_filter(array, 3, mode=mode))
