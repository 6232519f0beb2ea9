"""Regions that grow from seeds by taking, again and again, the free pixel that is most alike; compiled by numba.

A heap holds the free pixels that touch a region, ordered by how far their value lies from the region's mean. Pixels of
equal order are taken together, and judged by the regions as they were before: so the result does not depend on the
order in which a picture is walked through. Lists of pixels are walked in the order of their place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
FREE, EDGE, WAITING, TAKEN = 0, -1, -2, -3
"""What stands in the label of a pixel that no region has (yet): TAKEN less its label to be, within a batch."""


def grow(values: Array, seeds: Array) -> NDArray[np.int32]:
    """Labels that the `seeds` (> 0) have grown into, over all of an n-D array; face neighbours."""
    wide = np.pad(np.asarray(values, np.float32), 1)
    labels = np.full(wide.shape, EDGE, np.int32)
    inner = (slice(1, -1),) * wide.ndim
    labels[inner] = seeds
    steps = [int(np.prod(wide.shape[axis + 1 :])) for axis in range(wide.ndim)]
    neighbours = np.array([*steps, *(-step for step in steps)], np.int64)
    _grow(wide.reshape(-1), labels.reshape(-1), neighbours, int(np.max(seeds)))
    return np.ascontiguousarray(labels[inner])


@njit(cache=True, nogil=True)
def _grow(values: Array, labels: Array, neighbours: Array, last: int) -> None:
    total, count = np.zeros(last + 1), np.zeros(last + 1)
    for p in range(len(values)):
        if labels[p] > 0:
            total[labels[p]] += values[p]
            count[labels[p]] += 1
    free = np.count_nonzero(labels == FREE)
    key, place, size = np.empty(free, np.float32), np.empty(free, np.int64), 0
    for p in range(len(values)):
        if labels[p] == FREE:
            near = _distance(values, labels, neighbours, total, count, p)
            if near >= 0:
                labels[p] = WAITING
                size = _push(key, place, size, near, p)
    while size:
        size, batch = _pop_equals(key, place, size)
        for p in batch:
            labels[p] = TAKEN - _nearest(values, labels, neighbours, total, count, p)
        for p in batch:
            labels[p] = TAKEN - labels[p]
            total[labels[p]] += values[p]
            count[labels[p]] += 1
        for p in batch:
            size = _queue_free(values, labels, neighbours, total, count, key, place, size, p)


@njit(cache=True, nogil=True)
def _queue_free(
    values: Array, labels: Array, neighbours: Array, total: Array, count: Array, key: Array, place: Array, size: int,
    p: int,
) -> int:  # fmt: skip
    for step in neighbours:
        q = p + step
        if labels[q] == FREE:
            labels[q] = WAITING
            size = _push(key, place, size, _distance(values, labels, neighbours, total, count, q), q)
    return size


@njit(cache=True, nogil=True)
def _pop_equals(key: Array, place: Array, size: int) -> tuple[int, Array]:
    """All places of the least order, gathered behind the heap as it shrinks."""
    first, before = key[0], size
    while size and key[0] == first:
        p = place[0]
        size = _pop(key, place, size)
        place[size] = p
    return size, place[size:before].copy()


@njit(cache=True, nogil=True)
def _distance(values: Array, labels: Array, neighbours: Array, total: Array, count: Array, p: int) -> np.floating[Any]:
    """Least distance of the value from the mean of a region that touches the pixel; -1 where none does."""
    least = np.float32(-1)
    for step in neighbours:
        label = labels[p + step]
        if label > 0:
            far = np.float32(abs(values[p] - total[label] / count[label]))
            if least < 0 or far < least:
                least = far
    return least


@njit(cache=True, nogil=True)
def _nearest(values: Array, labels: Array, neighbours: Array, total: Array, count: Array, p: int) -> int:
    """The touching region with the nearest mean; of equally near ones the larger, then the lower label."""
    best, least = 0, np.float32(0)
    for step in neighbours:
        label = labels[p + step]
        if label > 0 and label != best:
            far = np.float32(abs(values[p] - total[label] / count[label]))
            larger = best > 0 and (count[label] > count[best] or (count[label] == count[best] and label < best))
            if best == 0 or far < least or (far == least and larger):
                best, least = label, far
    return best


@njit(cache=True, nogil=True)
def _push(key: Array, place: Array, size: int, near: float, p: int) -> int:
    k = size
    while k and key[(k - 1) >> 1] > near:
        key[k], place[k] = key[(k - 1) >> 1], place[(k - 1) >> 1]
        k = (k - 1) >> 1
    key[k], place[k] = near, p
    return size + 1


@njit(cache=True, nogil=True)
def _pop(key: Array, place: Array, size: int) -> int:
    size -= 1
    near, p, k = key[size], place[size], 0
    while 2 * k + 1 < size:
        child = 2 * k + 1
        if child + 1 < size and key[child + 1] < key[child]:
            child += 1
        if key[child] >= near:
            break
        key[k], place[k] = key[child], place[child]
        k = child
    key[k], place[k] = near, p
    return size
