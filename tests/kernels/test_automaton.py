"""The automaton comes to rest where the strongest path from a seed says, and strengths only rise on the way."""

import heapq

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.kernels.automaton import growcut


def strongest_paths(values, seeds):
    """Greatest product of (1 - difference / range) along a path from any seed: Dijkstra's search."""
    span = values.max() - values.min() or 1
    best, queue = np.zeros(values.shape), [(-1.0, p) for p in zip(*np.nonzero(seeds), strict=True)]
    for _, p in queue:
        best[p] = 1
    heapq.heapify(queue)
    while queue:
        force, p = heapq.heappop(queue)
        for axis in range(values.ndim):
            for side in (-1, 1):
                q = list(p)
                q[axis] += side
                q = tuple(q)
                if 0 <= q[axis] < values.shape[axis]:
                    reached = -force * (1 - abs(values[p] - values[q]) / span)
                    if reached > best[q]:
                        best[q] = reached
                        heapq.heappush(queue, (-reached, q))
    return best


@given(st.integers(0, 2**32 - 1), st.sampled_from([(12,), (7, 9), (4, 5, 4)]))
def test_at_rest_each_strength_is_that_of_the_strongest_path_and_labels_follow_it(seed, shape):
    rng = np.random.default_rng(seed)
    values = rng.random(shape)
    seeds = np.zeros(shape, np.int32)
    seeds.flat[rng.choice(values.size, 3, replace=False)] = [1, 2, 2]
    labels, force, _ = growcut(values, seeds, (seeds > 0).astype(np.float32), 1000)
    np.testing.assert_allclose(force, strongest_paths(values, seeds), atol=1e-5)
    alone = [strongest_paths(values, np.where(seeds == k, k, 0)) for k in (1, 2)]
    clear = np.abs(alone[0] - alone[1]) > 1e-5
    np.testing.assert_array_equal(labels[clear], np.where(alone[0] > alone[1], 1, 2)[clear])


def test_strengths_never_fall_and_seeds_never_change():
    rng = np.random.default_rng(1)
    values = rng.random((20, 20))
    seeds = np.zeros(values.shape, np.int32)
    seeds[3, 3:9], seeds[15, 4] = 1, 2
    before = np.zeros(values.shape, np.float32)
    for generations in range(1, 30):
        labels, force, _ = growcut(values, seeds, (seeds > 0).astype(np.float32), generations)
        assert (force >= before).all()
        np.testing.assert_array_equal(labels[seeds > 0], seeds[seeds > 0])
        before = force


def test_it_says_after_how_many_generations_it_rests():
    seeds = np.zeros((1, 9), np.int32)
    seeds[0, 0] = 1
    assert growcut(np.zeros((1, 9)), seeds, (seeds > 0).astype(np.float32), 100)[2] == 8
