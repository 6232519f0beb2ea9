"""Growing equals its definition, written out without a heap."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from radiolucent.kernels.growing import grow


def around(p, shape):
    for axis in range(len(shape)):
        for side in (-1, 1):
            q = (*p[:axis], p[axis] + side, *p[axis + 1 :])
            if 0 <= q[axis] < shape[axis]:
                yield q


def near(p, values, labels):
    """Distance to the mean of each region that touches."""
    means = {labels[q]: values[labels == labels[q]].mean(dtype=float) for q in around(p, values.shape) if labels[q] > 0}
    return {label: np.float32(abs(values[p] - mean)) for label, mean in means.items()}


def by_definition(values, seeds):
    """Adams and Bischof's list, kept as a dictionary from pixel to order; equals are judged together."""
    labels, waiting = seeds.copy(), {}

    def wait(p):
        if labels[p] == 0 and p not in waiting and near(p, values, labels):
            waiting[p] = min(near(p, values, labels).values())

    for p in np.ndindex(values.shape):
        wait(p)
    while waiting:
        batch = [p for p, order in waiting.items() if order == min(waiting.values())]
        ranked = {p: near(p, values, labels).items() for p in batch}
        taken = {p: min(ranked[p], key=lambda kv: (kv[1], -(labels == kv[0]).sum(), kv[0]))[0] for p in batch}
        for p, label in taken.items():
            labels[p] = label
            del waiting[p]
        for q in (q for p in batch for q in around(p, values.shape)):
            wait(q)
    return labels


@given(st.integers(0, 2**32 - 1), st.sampled_from([(9,), (6, 7), (3, 4, 4)]), st.integers(2, 3))
def test_it_takes_the_most_alike_pixel_next(seed, shape, classes):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 30, shape).astype(np.float32)
    seeds = np.zeros(shape, np.int32)
    seeds.flat[rng.choice(values.size, classes, replace=False)] = np.arange(1, classes + 1)
    np.testing.assert_array_equal(grow(values, seeds), by_definition(values, seeds))


def test_a_flat_picture_is_shared_out_by_distance():
    seeds = np.zeros((1, 11), np.int32)
    seeds[0, 0], seeds[0, 10] = 1, 2
    found = grow(np.zeros((1, 11)), seeds)[0]
    assert (found[:5] == 1).all()
    assert (found[6:] == 2).all()


def test_without_free_pixels_nothing_happens():
    seeds = np.array([[1, 2], [2, 1]], np.int32)
    np.testing.assert_array_equal(grow(np.arange(4.0).reshape(2, 2), seeds), seeds)
