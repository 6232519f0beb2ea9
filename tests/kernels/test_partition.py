"""Shares stay shares, and for two classes the threshold is the optimum that the least cut finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.kernels.maxflow import least_cut
from radiolucent.kernels.partition import shares


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_shares_are_not_negative_and_sum_to_one(seed, classes):
    u = shares(np.random.default_rng(seed).random((classes, 6, 7)), (0.3, 0.3), rounds=20)
    assert (u >= -1e-6).all()
    np.testing.assert_allclose(u.sum(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize("shape", [(20, 22), (8, 9, 10)])
def test_two_classes_end_at_the_energy_of_the_least_cut(shape):
    rng = np.random.default_rng(2)
    truth = np.indices(shape)[0] >= shape[0] // 2
    cost = np.stack([truth + rng.normal(0, 0.7, shape), 1 - truth + rng.normal(0, 0.7, shape)])
    cost -= cost.min(axis=0)
    weights = (0.4,) * len(shape)
    arcs = np.full((len(shape), *shape), 0.4)
    _, best = least_cut(cost[1], cost[0], arcs)
    label = shares(cost, weights, rounds=5000, tolerance=1e-7).argmax(axis=0)
    boundary = sum(0.4 * np.count_nonzero(np.diff(label, axis=axis)) for axis in range(len(shape)))
    assert np.take_along_axis(cost, label[None], axis=0).sum() + boundary == pytest.approx(best, rel=2e-3)


def test_without_a_price_of_boundary_each_pixel_takes_its_cheapest_class():
    cost = np.random.default_rng(0).random((4, 12, 12))
    np.testing.assert_array_equal(shares(cost, (0.0, 0.0), rounds=2000).argmax(axis=0), cost.argmin(axis=0))
