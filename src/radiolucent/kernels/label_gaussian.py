"""Labels sampled at other places by the Gaussian weight that each has there."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, erf, floor, sqrt
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

Array = NDArray[Any]
CUTOFF = 1.0
"""Where the Gaussian, of a deviation of one pixel, ends [pixels]: SimpleITK's choice for labels."""
_REACH = ceil(CUTOFF) + 2


def by_gaussian(labels: Array, matrix: Array, offset: Array, shape: Sequence[int]) -> Array:
    """The label of the greatest weight at index `matrix @ i + offset` for each i of `shape`; of two alike the smaller.

    The weight of a pixel is the Gaussian integrated over it, as in ITK's
    LabelImageGaussianInterpolateImageFunction. Pixels all around which there is one label have that.
    """
    known, codes = np.unique(labels, return_inverse=True)
    codes = codes.reshape((1,) * (3 - labels.ndim) + labels.shape).astype(np.uint16)
    sizes = [2 * _REACH + 1] * 3
    mixed = ndimage.maximum_filter(codes, sizes) != ndimage.minimum_filter(codes, sizes)
    place, start = np.eye(3), np.zeros(3)
    place[3 - labels.ndim :, 3 - labels.ndim :], start[3 - labels.ndim :] = matrix, offset
    result = np.empty((1,) * (3 - len(shape)) + tuple(shape), np.uint16)
    _sample(codes, mixed, place, start, len(known), result)
    return known[result].reshape(shape).astype(labels.dtype, copy=False)


@njit(cache=True, nogil=True)
def _sample(codes, mixed, matrix, offset, count, result):  # type: ignore[no-untyped-def]
    totals = np.zeros(count)
    shares, begin, end = np.zeros((3, 2 * _REACH + 1)), np.zeros(3, np.int64), np.zeros(3, np.int64)
    place, near = np.zeros(3), np.zeros(3, np.int64)
    for index in np.ndindex(result.shape):
        for axis in range(3):
            place[axis] = offset[axis]
            for other in range(3):
                place[axis] += matrix[axis, other] * index[other]
            near[axis] = min(max(floor(place[axis] + 0.5), 0), codes.shape[axis] - 1)
        if not mixed[near[0], near[1], near[2]]:
            result[index] = codes[near[0], near[1], near[2]]
            continue
        for axis in range(3):
            begin[axis], end[axis] = _weigh(place[axis], codes.shape[axis], shares[axis])
        _add(codes, begin, end, shares, totals)
        result[index] = _greatest(totals)


@njit(cache=True, nogil=True)
def _weigh(place, size, shares):  # type: ignore[no-untyped-def]
    """What each pixel from the first to before the end weighs along one axis."""
    begin = max(0, floor(place + 0.5 - CUTOFF))
    end = min(size, ceil(place + 0.5 + CUTOFF))
    last = erf((begin - 0.5 - place) / sqrt(2.0))
    for i in range(begin, end):
        now = erf((i + 0.5 - place) / sqrt(2.0))
        shares[i - begin] = now - last
        last = now
    return begin, end


@njit(cache=True, nogil=True)
def _add(codes, begin, end, shares, totals):  # type: ignore[no-untyped-def]
    totals[:] = 0
    for z in range(begin[0], end[0]):
        for y in range(begin[1], end[1]):
            share = shares[0, z - begin[0]] * shares[1, y - begin[1]]
            for x in range(begin[2], end[2]):
                totals[codes[z, y, x]] += share * shares[2, x - begin[2]]


@njit(cache=True, nogil=True)
def _greatest(totals):  # type: ignore[no-untyped-def]
    best = 0
    for code in range(1, len(totals)):
        if totals[code] > totals[best] * (1 + 1e-12):
            best = code
    return best
