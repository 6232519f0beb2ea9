"""Mean shift of grey value and place together, on the cells of a coarse grid; 2-D and 3-D, compiled by numba.

Pixels whose value and place (in units of the bandwidths) fall in one cell move as one, from their mean. Cells are a
bandwidth wide and centred on the middle of the picture and of the range, so that a flip turns the cells, too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

Array = NDArray[Any]
MOST_CELLS = 200_000_000


def mean_shift(features: Array, *, rounds: int, tolerance: float = 1e-2) -> NDArray[np.int32]:
    """Labels (n,) from 0 of points whose `features` (n, d), d <= 4, are in units of the bandwidths.

    Each cell climbs to a place of most points by moving to the mean of the points within a distance of 1 (flat kernel),
    taken cell by cell, until it moves by less than `tolerance`. Places are one where no axis is farther apart than 3/2, and the
    value (the first feature) no farther than 1/2, and so on from place to place. Comaniciu and Meer 2002, doi:10.1109/34.1000236.
    """
    middle = (features.min(axis=0) + features.max(axis=0)) / 2
    cell = np.rint(features - middle).astype(np.int64)
    low = cell.min(axis=0) - 2
    shape = cell.max(axis=0) - low + 3
    if np.prod(shape.astype(float)) > MOST_CELLS:
        raise MemoryError(f"{np.prod(shape.astype(float)):.2g} cells")
    steps = np.array([int(np.prod(shape[k + 1 :])) for k in range(len(shape))])
    flat = (cell - low) @ steps
    used, at = np.unique(flat, return_inverse=True)
    count = np.bincount(at).astype(np.float64)
    mean = np.stack([np.bincount(at, column) / count for column in features.T], axis=1)
    index = np.full(int(np.prod(shape)), -1, np.int32)
    index[used] = np.arange(len(used))
    around = np.stack([axis.ravel() for axis in np.meshgrid(*[np.arange(-2, 3)] * len(shape), indexing="ij")], axis=1)
    around = around[(np.maximum(np.abs(around) - 1, 0) ** 2).sum(axis=1) < 1.0001]
    place = _climbed(mean, count, index, middle, low, shape, steps, around @ steps, rounds, tolerance)
    joined = _joined(place)
    return joined[at].astype(np.int32)


@njit(cache=True, nogil=True)
def _climbed(
    mean: Array, count: Array, index: Array, middle: Array, low: Array, shape: Array, steps: Array, around: Array,
    rounds: int, tolerance: float,
) -> Array:  # fmt: skip
    place, d = mean.copy(), mean.shape[1]
    now, after = np.empty(d), np.empty(d)
    for i in range(len(place)):
        now[:] = place[i]
        for _ in range(rounds):
            weight = _near(now, mean, count, index, _cell(now, middle, low, shape, steps), around, after)
            if weight == 0:
                break
            moved = 0.0
            for k in range(d):
                after[k] /= weight
                moved += (after[k] - now[k]) ** 2
                now[k] = after[k]
            if moved < tolerance * tolerance:
                break
        place[i] = now
    return place


@njit(cache=True, nogil=True)
def _near(now: Array, mean: Array, count: Array, index: Array, cell: int, around: Array, total: Array) -> float:
    """Weight, and sum, of the points in the cells whose means lie within 1."""
    weight = 0.0
    total[:] = 0
    for step in around:
        j = index[cell + step] if 0 <= cell + step < len(index) else -1
        if j >= 0:
            far = 0.0
            for k in range(len(now)):
                far += (mean[j, k] - now[k]) ** 2
            if far <= 1:
                weight += count[j]
                for k in range(len(now)):
                    total[k] += count[j] * mean[j, k]
    return weight


@njit(cache=True, nogil=True)
def _cell(place: Array, middle: Array, low: Array, shape: Array, steps: Array) -> int:
    cell = 0
    for k in range(len(place)):
        at = min(max(int(np.rint(place[k] - middle[k])) - low[k], 2), shape[k] - 3)
        cell += at * steps[k]
    return cell


def _joined(place: Array) -> NDArray[np.int64]:
    """Numbers of the groups of places that lie next to one another, from place to place; the value is the first axis."""
    rounded, at = np.unique(np.round(place, 3), axis=0, return_inverse=True)
    scale = np.append(2.0, np.full(place.shape[1] - 1, 1 / 1.5))
    pairs = KDTree(rounded * scale).query_pairs(1.01, p=np.inf, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(rounded),) * 2)
    return np.asarray(connected_components(links, directed=False)[1][at.ravel()], np.int64)
