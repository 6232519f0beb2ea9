"""Walkers arrive as the exact solution of the Dirichlet problem says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.kernels.walk import arrivals


def by_solving(weights, seeds):
    """Each free pixel is the mean of its neighbours by the weights: a dense linear system."""
    number = np.arange(seeds.size).reshape(seeds.shape)
    laplace = np.zeros((seeds.size, seeds.size))
    for axis, weight in enumerate(weights):
        n = seeds.shape[axis] - 1
        a, b = np.take(number, range(n), axis=axis).ravel(), np.take(number, range(1, n + 1), axis=axis).ravel()
        w = np.take(weight, range(n), axis=axis).ravel()
        np.add.at(laplace, (a, a), w)
        np.add.at(laplace, (b, b), w)
        np.add.at(laplace, (a, b), -w)
        np.add.at(laplace, (b, a), -w)
    free = seeds.ravel() == 0
    result = np.stack([(seeds.ravel() == k).astype(float) for k in range(1, seeds.max() + 1)])
    for row in result:
        row[free] = np.linalg.solve(laplace[np.ix_(free, free)], -laplace[np.ix_(free, ~free)] @ row[~free])
    return result.reshape(-1, *seeds.shape)


@given(st.integers(0, 2**32 - 1), st.sampled_from([(9,), (6, 7), (3, 4, 5)]), st.integers(2, 4))
def test_probabilities_solve_the_system_and_sum_to_one(seed, shape, classes):
    rng = np.random.default_rng(seed)
    weights = np.exp(-rng.uniform(0, 12, (len(shape), *shape)))
    seeds = np.zeros(shape, np.int64)
    seeds.flat[rng.choice(seeds.size, classes, replace=False)] = np.arange(1, classes + 1)
    found = arrivals(weights, seeds, tolerance=1e-12)
    np.testing.assert_allclose(found, by_solving(weights, seeds), atol=1e-5)
    np.testing.assert_allclose(found.sum(axis=0), 1)


def test_on_even_ground_the_chance_falls_in_a_line_between_two_seeds():
    seeds = np.array([1, 0, 0, 0, 2])
    assert arrivals(np.ones((1, 5)), seeds)[0] == pytest.approx([1, 0.75, 0.5, 0.25, 0])
