"""Edges are scikit-image's in a picture, and close around a ball in a volume whatever its spacing."""

import numpy as np
import pytest
from scipy import ndimage
from skimage import data
from skimage.feature import canny as theirs

from radiolucent.kernels.edges import canny, gradients


@pytest.mark.parametrize("sigma", [1.0, 2.0])
@pytest.mark.parametrize(("low", "high"), [(0.1, 0.2), (0.05, 0.5)])
def test_edges_of_a_picture_are_scikit_images(sigma, low, high):
    picture = data.camera()[::3, ::3].astype(float) / 255
    soft = ndimage.gaussian_filter(picture, sigma)
    top = np.hypot(ndimage.sobel(soft, 0), ndimage.sobel(soft, 1)).max()
    expected = theirs(picture, sigma, low * top, high * top, mode="reflect")
    found = canny(picture.astype(np.float32), (1.0, 1.0), sigma, low, high)
    assert (found != expected).sum() <= 2


def test_slopes_are_per_unit_of_length():
    z, _, x = np.indices((8, 9, 10)).astype(np.float32)
    slopes = gradients(6 * z + 2 * x, (3.0, 1.0, 0.5), 0.0)
    for slope, expected in zip(slopes, (2, 0, 4), strict=True):
        np.testing.assert_allclose(slope[1:-1, 1:-1, 1:-1], expected, atol=1e-5)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (3.0, 1.0, 1.0)])
def test_edges_of_a_ball_lie_on_its_surface(spacing):
    z, y, x = (np.indices((48, 48, 48)) - 23.5) * np.reshape((1, 1, 1), (3, 1, 1, 1))
    step = int(spacing[0])
    away = np.sqrt(z**2 + y**2 + x**2)[::step]
    edges = canny((away < 15).astype(np.float32), spacing, 1.5, 0.2, 0.4)
    assert edges.any()
    assert np.abs(away[edges] - 15).max() <= max(spacing)


def test_flat_ground_has_no_edges():
    assert not canny(np.full((9, 9), 3, np.float32), (1.0, 1.0), 1.0, 0.0, 0.0).any()
