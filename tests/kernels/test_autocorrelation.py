import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from radiolucent.kernels.autocorrelation import moran_and_geary


@pytest.mark.parametrize("shape", [(5, 7, 6), (1, 9, 8), (4, 3, 1)])
def test_the_transforms_give_the_sums_over_all_pairs(shape):
    random = np.random.default_rng(1)
    values, inside = random.gamma(2, 50, shape), random.random(shape) < 0.7
    spacing = (3.0, 0.8, 1.1)
    x = values[inside]
    away = squareform(pdist(np.argwhere(inside) * spacing))
    w = np.divide(1, away, out=np.zeros_like(away), where=away > 0)
    d, n = x - x.mean(), len(x)
    moran = n / w.sum() * (d @ w @ d) / (d @ d)
    geary = (n - 1) / (2 * w.sum()) * (w * np.subtract.outer(x, x) ** 2).sum() / (d @ d)
    assert moran_and_geary(values, inside, spacing) == pytest.approx((moran, geary), abs=1e-4)


def test_one_grey_value_has_no_spread():
    assert moran_and_geary(np.ones((3, 3, 3)), np.ones((3, 3, 3), bool), (1.0, 1.0, 1.0)) is None
