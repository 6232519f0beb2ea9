"""Memberships sum to 1, the objective falls in every round, and the bias is found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.kernels import fuzzy


def by_definition(values, centres, m):
    """Bezdek's memberships, pixel by pixel."""
    share = np.zeros((len(centres), len(values)))
    for p, value in enumerate(values):
        for i, own in enumerate(centres):
            share[i, p] = 1 / sum((abs(value - own) / abs(value - other)) ** (2 / (m - 1)) for other in centres)
    return share


@pytest.mark.parametrize("m", [1.5, 2.0, 3.0])
def test_memberships_are_those_of_the_definition(m):
    values, centres = np.array([0.5, 1.5, 4.0, 7.3]), np.array([1.0, 3.0, 6.0])
    found = fuzzy.memberships((values - centres[:, None]) ** 2, m)
    np.testing.assert_allclose(found, by_definition(values, centres, m), rtol=1e-9)


def test_a_level_on_a_centre_belongs_to_it_alone():
    np.testing.assert_allclose(fuzzy.memberships(np.array([[0.0], [4.0]]), 2.0)[:, 0], [1, 0], atol=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(1.2, 4), st.integers(2, 5))
def test_memberships_sum_to_one_and_the_objective_falls(seed, m, classes):
    rng = np.random.default_rng(seed)
    values, counts = np.sort(rng.random(60)), rng.integers(1, 9, 60).astype(float)
    found = fuzzy.c_means(values, counts, np.sort(rng.random(classes)), m=m, rounds=30, tolerance=0.0)
    np.testing.assert_allclose(found.memberships.sum(axis=0), 1)
    assert (np.diff(found.course) <= 1e-9 * found.course[0]).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.5, 2.0]), st.floats(0, 3), st.integers(0, 3), st.floats(0, 2))
def test_with_bias_and_neighbours_the_same_holds(seed, m, alpha, degree, stiffness):
    rng = np.random.default_rng(seed)
    values = rng.random((3, 7, 8)) * 100
    found = fuzzy.bias_corrected(
        values, np.array([10.0, 50.0, 90.0]), (2.0, 1.0, 1.0), m=m, alpha=alpha, degree=degree, stiffness=stiffness,
        rounds=15, tolerance=0.0,
    )  # fmt: skip
    np.testing.assert_allclose(found.memberships.sum(axis=0), 1, atol=1e-5)
    assert (np.diff(found.course) <= 1e-5 * found.course[0]).all()
    assert abs(found.bias.mean()) < 1e-6


def test_the_objective_is_the_one_of_the_paper():
    rng = np.random.default_rng(0)
    values, alpha, m = rng.random((5, 6)) * 100, 1.5, 2.0
    found = fuzzy.bias_corrected(
        values,
        np.array([20.0, 70.0]),
        (1.0, 1.0),
        m=m,
        alpha=alpha,
        degree=2,
        stiffness=0.0,
        rounds=400,
        tolerance=1e-12,
    )
    clean, total = values - found.bias, 0.0
    for y, x in np.ndindex(values.shape):
        near = [(y + a, x + b) for a, b in ((-1, 0), (1, 0), (0, -1), (0, 1))]
        near = [q for q in near if 0 <= q[0] < 5 and 0 <= q[1] < 6]
        for share, centre in zip(found.memberships[:, y, x], found.centres, strict=True):
            own = (clean[y, x] - centre) ** 2 + alpha * np.mean([(clean[q] - centre) ** 2 for q in near])
            total += share**m * own
    assert total == pytest.approx(found.course[-1], rel=1e-3)


def test_a_shading_is_found_and_taken_out():
    y, x = np.indices((64, 96))
    truth = ((y // 16 + x // 16) % 2).astype(int)
    shade = 50 * (x / 95 - 0.5)
    values = 40.0 * truth + shade + np.random.default_rng(0).normal(0, 4, truth.shape)
    plain = fuzzy.memberships((values - np.array([[[0.0]], [[40.0]]])) ** 2, 2.0).argmax(axis=0)
    found = fuzzy.bias_corrected(
        values, np.array([0.0, 40.0]), (1.0, 1.0), m=2.0, alpha=1.0, degree=2, stiffness=0.0, rounds=100, tolerance=1e-3
    )
    assert (plain == truth).mean() < 0.95
    assert (found.memberships.argmax(axis=0) == truth).mean() > 0.99
    assert np.corrcoef(found.bias.ravel(), shade.ravel())[0, 1] > 0.99


def test_polynomials_are_fitted_by_weighted_least_squares():
    rng = np.random.default_rng(0)
    weight, target = rng.random((4, 5, 6)), rng.random((4, 5, 6))
    smooth = fuzzy.Smooth((4, 5, 6), 2)
    z, y, x = np.meshgrid(*[np.linspace(-1, 1, n) for n in (4, 5, 6)], indexing="ij")
    terms = np.stack([z**a * y**b * x**c for a in range(3) for b in range(3) for c in range(3) if a + b + c <= 2], -1)
    root = np.sqrt(weight).reshape(-1, 1)
    solved = np.linalg.lstsq(terms.reshape(-1, 10) * root, target.reshape(-1) * root[:, 0], rcond=None)[0]
    found, bent = smooth.fitted(weight, target)
    np.testing.assert_allclose(found, terms @ solved, atol=1e-9)
    assert bent == 0


def test_a_slope_costs_nothing_and_a_bend_its_price():
    y, x = np.meshgrid(np.linspace(-1, 1, 20), np.linspace(-1, 1, 30), indexing="ij")
    stiff = fuzzy.Smooth((1, 20, 30), 3, stiffness=1e6)
    slope, free = stiff.fitted(np.ones((1, 20, 30)), (3 * y - 2 * x)[None])
    bowl, priced = stiff.fitted(np.ones((1, 20, 30)), (y**2 + x**2)[None])
    np.testing.assert_allclose(slope[0], 3 * y - 2 * x, atol=1e-4)
    assert np.ptp(bowl) < 1e-2
    assert priced > free


def test_an_object_in_noise_is_not_taken_for_shading():
    y, x = np.indices((48, 48))
    truth = np.hypot(y - 24, x - 24) < 14
    values = 100.0 * truth + np.random.default_rng(7).normal(0, 100 / 3, truth.shape)

    def dice(stiffness):
        found = fuzzy.bias_corrected(
            values, np.array([0.0, 100.0]), (1.0, 1.0), m=2.0, alpha=1.0, degree=3, stiffness=stiffness, rounds=50,
            tolerance=0.01,
        )  # fmt: skip
        inside = found.memberships[1] > 0.5
        return 2 * (inside & truth).sum() / (inside.sum() + truth.sum())

    assert dice(0.3) > 0.95 > dice(0.0)
