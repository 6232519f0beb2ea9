"""Every round lowers the energy, and what comes out is the plain description of the picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.kernels.compete import Energy, compete


def blocks(shape, side):
    index = np.indices(shape) // side
    many = index.reshape(len(shape), -1).max(1) + 1
    return np.ravel_multi_index(tuple(index), tuple(many)) + 1


def scene():
    y, x = np.indices((96, 96))
    truth = 2 * (np.hypot(y - 48, x - 48) < 30) + (x >= 48)
    return 30.0 * truth + np.random.default_rng(0).normal(0, 12, truth.shape), truth


@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([(10, 12), (5, 6, 7)]))
def test_no_round_raises_the_energy(seed, merge, shape):
    rng = np.random.default_rng(seed)
    values, labels = rng.normal(size=shape), rng.integers(1, 5, shape)
    energy = Energy.of((1.0, 2.0, 0.7)[: len(shape)], smoothness=float(rng.uniform(0, 2)), cost=2.0, variance=1e-3)
    fixed = np.zeros(shape, bool)
    course = [energy.total(values, compete(values, labels, fixed, energy, merge=merge, rounds=r)[0]) for r in range(6)]
    assert (np.diff(course) <= 1e-6 * np.abs(course[0])).all()


def test_144_blocks_merge_into_few_regions_and_four_of_these_are_what_is_there():
    values, truth = scene()
    energy = Energy.of((1.0, 1.0), smoothness=1.0, cost=float(np.log(values.size)), variance=1e-2)
    labels, _ = compete(values, blocks(values.shape, 8), np.zeros(values.shape, bool), energy, merge=True, rounds=100)
    assert len(np.unique(labels)) <= 8
    for k in range(4):
        majority = np.bincount(labels[truth == k]).argmax()
        same = 2 * ((labels == majority) & (truth == k)).sum() / ((labels == majority).sum() + (truth == k).sum())
        assert same > 0.9


def test_what_is_fixed_stays_and_a_high_price_of_boundary_leaves_one_region():
    values, _ = scene()
    fixed = np.zeros(values.shape, bool)
    fixed[:2] = True
    start = blocks(values.shape, 12)
    energy = Energy.of((1.0, 1.0), smoothness=1.0, cost=0.0, variance=1e-2)
    np.testing.assert_array_equal(compete(values, start, fixed, energy, merge=False, rounds=50)[0][:2], start[:2])
    dear = Energy.of((1.0, 1.0), smoothness=1000.0, cost=0.0, variance=1e-2)
    assert len(np.unique(compete(values, start, ~fixed, dear, merge=True, rounds=50)[0])) == 1


def test_the_boundary_of_a_disc_costs_its_circumference():
    y, x = np.indices((128, 128))
    disc = (np.hypot(y - 64, x - 64) < 40) + 1
    flat = Energy.of((1.0, 1.0), smoothness=1.0, cost=0.0, variance=1 / (2 * np.pi))
    length = flat.total(np.zeros(disc.shape), disc)
    assert length == pytest.approx(2 * np.pi * 40, rel=0.03)
