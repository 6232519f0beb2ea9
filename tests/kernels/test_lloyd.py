"""Lloyd's rounds end where scikit-learn's do, and never raise the sum of squares."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from radiolucent.kernels.lloyd import k_means


@pytest.mark.parametrize("features", [1, 3])
def test_the_labels_are_scikit_learns_from_the_same_centres(features):
    rng = np.random.default_rng(0)
    points = (rng.normal(size=(3000, features)) + 3 * rng.integers(0, 4, (3000, 1))).astype(np.float32)
    start = np.quantile(points, [0.1, 0.4, 0.6, 0.9], axis=0)
    labels, centres, course = k_means(points, start, rounds=300)
    fitted = KMeans(4, init=start, n_init=1, max_iter=300, algorithm="lloyd").fit(points)
    assert (labels == fitted.labels_).mean() > 0.999
    np.testing.assert_allclose(centres, fitted.cluster_centers_, atol=0.02)
    assert (np.diff(course) <= 1e-6 * course[0]).all()


def test_a_centre_without_points_stays():
    labels, centres, _ = k_means(np.zeros((5, 1)), np.array([[0.0], [9.0]]), rounds=10)
    assert not labels.any()
    assert centres[1, 0] == 9
