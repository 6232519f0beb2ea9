"""Points climb to where most points are."""

import numpy as np
import pytest

from radiolucent.kernels.mean_shift import mean_shift


@pytest.mark.parametrize("d", [2, 3, 4])
def test_clouds_apart_are_regions_of_their_own(d):
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(3), 400)
    points = rng.normal(0, 0.25, (1200, d)) + 5.0 * truth[:, None]
    found = mean_shift(points, rounds=100)
    assert all(
        len(np.unique(found[truth == k][np.linalg.norm(points[truth == k] - 5 * k, axis=1) < 0.6])) == 1
        for k in range(3)
    )
    assert len({np.bincount(found[truth == k]).argmax() for k in range(3)}) == 3


def test_turning_all_over_turns_the_regions_over():
    points = np.random.default_rng(1).normal(size=(500, 2)) * 3
    a, b = mean_shift(points, rounds=50), mean_shift(-points, rounds=50)
    assert len(np.unique(np.stack([a, b]), axis=1).T) == len(np.unique(a)) == len(np.unique(b))


def test_too_many_cells_are_refused():
    with pytest.raises(MemoryError):
        mean_shift(np.random.default_rng(0).random((10, 4)) * 1e4, rounds=1)
