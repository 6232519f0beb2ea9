"""Hidden fields: the mixture's likelihood rises, settling lowers the energy, and noise is voted away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.mixture import GaussianMixture

from radiolucent.kernels import markov


def three(noise=20.0, shape=(60, 60)):
    truth = np.repeat(np.arange(3), shape[0] // 3)[:, None] + np.zeros(shape[1], int)
    return 60.0 * truth + np.random.default_rng(0).normal(0, noise, truth.shape), truth


def test_the_likelihood_of_the_mixture_rises_and_it_ends_where_scikit_learn_does():
    values, _ = three()
    found, course = markov.mixture(values, 3, 1e-6)
    assert (np.diff(course) >= -1e-6 * abs(course[0])).all()
    theirs = GaussianMixture(3, tol=1e-6, max_iter=500, random_state=0).fit(values.reshape(-1, 1))
    np.testing.assert_allclose(found.mean, np.sort(theirs.means_[:, 0]), atol=2)
    np.testing.assert_allclose(np.sort(found.variance), np.sort(theirs.covariances_[:, 0, 0]), rtol=0.15)


@given(st.integers(0, 2**32 - 1), st.floats(0, 3))
def test_settling_never_raises_the_energy(seed, smoothness):
    rng = np.random.default_rng(seed)
    cost, labels = rng.random((3, 7, 8)), rng.integers(0, 3, (7, 8))
    faces = (smoothness, smoothness / 2)
    course = [markov.energy(cost, markov.settled(cost, labels, faces, rounds=r), faces) for r in range(5)]
    assert (np.diff(course) <= 1e-4).all()


def test_the_price_of_a_class_is_its_unlike_faces():
    labels = np.array([[0, 1], [1, 1]])
    price = markov.disagreement(labels, 2, (1.0, 10.0))
    assert price[0].tolist() == [[11, 1], [10, 11]]
    assert price[1].tolist() == [[0, 10], [1, 0]]


def test_neighbours_vote_noise_away():
    values, truth = three(noise=30.0)
    alone, _ = markov.start(values, 3, 1e-6)
    together, found = markov.expectation_maximisation(values, 3, (1.0, 1.0), least=1e-6, rounds=30)
    assert (together == truth).mean() > (alone == truth).mean() + 0.1
    assert (together == truth).mean() > 0.97
    assert found.mean == pytest.approx([0, 60, 120], abs=3)
