import numpy as np
import pytest
from scipy import ndimage

from radiolucent.kernels import running_median, smooth

BOXES = {
    (9, 14, 15): {0: 5, 1: 3, 2: 7},
    (20, 21): {0: 9, 1: 7},
    (3, 12, 13): {1: 7, 2: 7},
    (12, 13, 3): {0: 7, 1: 5},
    (1, 9, 5): {0: 5, 1: 5, 2: 5},
    (30,): {0: 5},
}


def pictures(shape, dtype):
    """Noise, few grey values, and one with outliers."""
    random = np.random.default_rng(0)
    noise = random.normal(100, 30, shape).clip(0, 250)
    return [
        v.astype(dtype) for v in (noise, np.round(noise / 40) * 40, np.where(random.random(shape) < 0.02, 250, noise))
    ]


@pytest.mark.parametrize("shape", BOXES)
@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float32", "float64"])
def test_larger_boxes_equal_scipy_at_every_boundary(shape, dtype):
    box = [BOXES[shape].get(axis, 1) for axis in range(len(shape))]
    for array in pictures(shape, dtype):
        for mode in ("reflect", "mirror", "nearest", "constant", "wrap"):
            ours = smooth.median(array, BOXES[shape], mode)
            np.testing.assert_array_equal(ours, ndimage.median_filter(array, box, mode=mode).astype(np.float32))


@pytest.mark.parametrize("levels", [2, 7, 300])
def test_values_that_share_a_level_are_told_apart(monkeypatch, levels):
    monkeypatch.setattr(running_median, "LEVELS", levels)
    array = np.random.default_rng(1).normal(size=(8, 9, 10))
    ours = smooth.median(array, dict.fromkeys(range(3), 5))
    np.testing.assert_array_equal(ours, ndimage.median_filter(array, 5).astype(np.float32))


def test_negative_and_wide_integers_keep_their_order():
    array = np.random.default_rng(2).integers(-(2**31), 2**31 - 1, (15, 16)).astype(np.int32)
    ours = smooth.median(array, {0: 7, 1: 7})
    np.testing.assert_array_equal(ours, ndimage.median_filter(array, 7).astype(np.float32))
