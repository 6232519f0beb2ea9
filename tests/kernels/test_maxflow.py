"""The cut is the optimum, its value the flow: against all labellings of small pictures, and SciPy's flow on larger ones."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from radiolucent.kernels.maxflow import least_cut


def energies(labellings, to_source, to_sink, arcs):
    """Energy of each labelling (m, *shape): 1 stays with the source and pays the arc to the sink."""
    space = tuple(range(1, labellings.ndim))
    total = (labellings * to_sink + (1 - labellings) * to_source).sum(axis=space)
    for axis in range(labellings.ndim - 1):
        between = np.abs(np.diff(labellings, axis=axis + 1))
        total = total + (between * np.take(arcs[axis], range(arcs.shape[axis + 1] - 1), axis=axis)).sum(axis=space)
    return total


def all_labellings(shape):
    return np.array(list(product((0, 1), repeat=int(np.prod(shape))))).reshape(-1, *shape)


@pytest.mark.parametrize("smoothness", [0.0, 0.5, 1.0, 2.0, 5.0])
def test_every_binary_picture_of_3_by_3_is_restored_at_the_optimum(smoothness):
    every = all_labellings((3, 3))
    arcs = np.full((2, 3, 3), smoothness)
    for picture in every:
        to_source, to_sink = 3.0 * picture, 2.0 * (1 - picture)
        inside, value = least_cut(to_source, to_sink, arcs)
        best = energies(every, to_source, to_sink, arcs).min()
        assert value == best == energies(inside[None].astype(int), to_source, to_sink, arcs)[0]


@given(st.integers(0, 2**32 - 1), st.sampled_from([(4, 4), (2, 2, 3), (9,), (1, 5)]))
def test_random_capacities_give_flow_cut_and_optimum_alike(seed, shape):
    rng = np.random.default_rng(seed)
    to_source, to_sink = rng.integers(0, 9, (2, *shape)).astype(float)
    arcs = rng.integers(0, 6, (len(shape), *shape)).astype(float)
    inside, value = least_cut(to_source, to_sink, arcs)
    assert value == energies(inside[None].astype(int), to_source, to_sink, arcs)[0]
    assert value == energies(all_labellings(shape), to_source, to_sink, arcs).min()


def by_scipy(to_source, to_sink, arcs):
    number = np.arange(to_source.size).reshape(to_source.shape)
    source, sink = number.size, number.size + 1
    rows, columns, caps = [], [], []
    for axis in range(number.ndim):
        a, b = np.moveaxis(number, axis, 0)[:-1].ravel(), np.moveaxis(number, axis, 0)[1:].ravel()
        weight = np.moveaxis(arcs[axis], axis, 0)[:-1].ravel()
        rows += [a, b]
        columns += [b, a]
        caps += [weight, weight]
    rows += [np.full(number.size, source), number.ravel()]
    columns += [number.ravel(), np.full(number.size, sink)]
    caps += [to_source.ravel(), to_sink.ravel()]
    n = number.size + 2
    graph = coo_array((np.concatenate(caps).astype(np.int32), (np.concatenate(rows), np.concatenate(columns))), (n, n))
    return maximum_flow(graph.tocsr(), source, sink).flow_value


@pytest.mark.parametrize("shape", [(24, 31), (9, 10, 11)])
def test_the_flow_is_that_of_scipy_on_pictures_with_structure(shape):
    rng = np.random.default_rng(5)
    ball = sum((i - n / 2) ** 2 for i, n in zip(np.indices(shape), shape, strict=True)) < (min(shape) / 3) ** 2
    to_source = rng.integers(0, 40, shape) + 30.0 * ball
    to_sink = rng.integers(0, 40, shape) + 30.0 * ~ball
    arcs = rng.integers(0, 25, (len(shape), *shape)).astype(float)
    inside, value = least_cut(to_source, to_sink, arcs)
    assert value == by_scipy(to_source, to_sink, arcs)
    assert value == energies(inside[None].astype(int), to_source, to_sink, arcs)[0]


def test_without_arcs_each_pixel_follows_its_own_terminal():
    to_source, to_sink = np.array([[3.0, 1.0, 2.0]]), np.array([[1.0, 3.0, 2.0]])
    inside, value = least_cut(to_source, to_sink, np.zeros((2, 1, 3)))
    assert inside.tolist() == [[True, False, False]]
    assert value == 4
