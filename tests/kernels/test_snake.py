"""The elastic line is scikit-image's for the same forces, and a circle keeps being one."""

import numpy as np
import pytest
from scipy import ndimage
from skimage import data
from skimage.segmentation import active_contour

from radiolucent.kernels.snake import snake


def circle(centre, radius, n):
    angle = np.arange(n) * 2 * np.pi / n
    return np.stack([centre[0] + radius * np.sin(angle), centre[1] + radius * np.cos(angle)], axis=1)


@pytest.mark.parametrize("n", [60, 61])
@pytest.mark.parametrize(("alpha", "beta", "gamma"), [(0.015, 1.0, 0.01), (0.1, 0.0, 1.0)])
def test_the_line_is_scikit_images(n, alpha, beta, gamma):
    height = ndimage.gaussian_filter(data.camera()[::4, ::4] / 255.0, 2)
    start = circle((60, 64), 30, n)
    found, _ = snake(height, start, (1.0, 1.0), alpha=alpha, beta=beta, gamma=gamma, rounds=100)
    options = {"w_edge": 0, "w_line": 1, "max_num_iter": 100}
    expected = active_contour(height, start, alpha=alpha, beta=beta, gamma=gamma, **options)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_ring_draws_a_circle_to_itself():
    y, x = np.indices((80, 80))
    height = np.exp(-((np.hypot(y - 40, x - 40) - 20) ** 2) / 18)
    found, taken = snake(height, circle((41, 39), 24, 150), (1.0, 1.0), alpha=0.02, beta=0.5, gamma=0.1, rounds=2000)
    assert taken < 2000
    assert np.abs(np.hypot(*(found - 40).T) - 20).max() < 0.5


def test_thick_rows_count_by_their_length():
    y, x = np.indices((40, 80)) * np.reshape((2.0, 1.0), (2, 1, 1))
    height = np.exp(-((np.hypot(y - 40, x - 40) - 20) ** 2) / 18)
    found, _ = snake(height, circle((41, 39), 24, 150), (2.0, 1.0), alpha=0.02, beta=0.5, gamma=0.1, rounds=2000)
    assert np.abs(np.hypot(*(found - 40).T) - 20).max() < 0.6
