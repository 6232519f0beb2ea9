import cv2
import numpy as np
import pytest

from radiolucent.kernels.bilateral import bilateral
from radiolucent.kernels.neighbours import within


def by_definition(array, spacing_mm, sigma_mm, sigma_value):
    offsets = list(within(2 * sigma_mm, spacing_mm))
    reach = np.abs([offset for offset, _ in offsets]).max(axis=0)
    wide = np.pad(array.astype(float), [(r, r) for r in reach], mode="symmetric")
    total, weights = np.zeros(array.shape), np.zeros(array.shape)
    for offset, distance_mm in offsets:
        other = wide[tuple(slice(r + o, r + o + size) for r, o, size in zip(reach, offset, array.shape, strict=True))]
        weight = np.exp(-(distance_mm**2) / 2 / sigma_mm**2 - (other - array) ** 2 / 2 / sigma_value**2)
        total += weight * other
        weights += weight
    return total / weights


@pytest.mark.parametrize("shape", [(15,), (14, 15), (7, 8, 9), (1, 6, 5)])
@pytest.mark.parametrize("sigma_value", [0.5, 40.0, 1e4])
def test_it_is_the_weighted_mean_of_the_definition(shape, sigma_value):
    array = np.random.default_rng(0).normal(1000, 50, shape).astype(np.float32)
    spacing_mm = (2.0, 1.0, 0.8)[-len(shape) :]
    ours = bilateral(array, spacing_mm, 1.3, sigma_value)
    np.testing.assert_allclose(ours, by_definition(array, spacing_mm, 1.3, sigma_value), rtol=2e-7, atol=5e-4)


@pytest.mark.parametrize("shape", [(64, 64), (33, 47)])
def test_it_is_that_of_opencv(shape):
    array = np.random.default_rng(1).normal(1000, 200, shape).astype(np.float32)
    theirs = cv2.bilateralFilter(array, 5, 300.0, 1.0, borderType=cv2.BORDER_REFLECT)
    np.testing.assert_allclose(bilateral(array, (1.0, 1.0), 1.0, 300.0), theirs, atol=0.01)


def test_a_constant_stays_to_the_bit():
    array = np.full((9, 9), 1234.567, np.float32)
    np.testing.assert_array_equal(bilateral(array, (1.0, 1.0), 2.0, 3.0), array)
