"""Sampling a bare n-D array at other positions along one axis at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from . import slabs

AT_ONCE = 1 << 17
"""Pixels that are sampled together."""

Positions = NDArray[np.floating[Any]]


def centred_positions(size: int, new_size: int, step: float) -> Positions:
    """Where `new_size` samples, `step` old pixels apart, lie when old and new picture share their centre."""
    return (size - 1) / 2 + (np.arange(new_size) - (new_size - 1) / 2) * step


def nearest(array: NDArray[Any], axis: int, positions: Positions) -> NDArray[Any]:
    """The nearest sample; of two equally near the one nearer to the middle, so that a mirrored picture stays one."""
    middle = (array.shape[axis] - 1) / 2
    index = np.rint(positions - 1e-6 * np.sign(positions - middle)).astype(np.intp)
    return np.take(array, np.clip(index, 0, array.shape[axis] - 1), axis)


def by_label(labels: NDArray[Any], sample: Callable[[NDArray[Any]], NDArray[np.float32]]) -> NDArray[Any]:
    """The label with the greatest weight when each is sampled as a picture of 0 and 1; of two alike the smaller."""
    result, most = None, None
    for label in np.unique(labels):
        weight = sample((labels == label).view(np.uint8))
        if result is None or most is None:
            result, most = np.full(weight.shape, label, labels.dtype), weight
            continue
        for run in slabs.runs(weight.shape):
            more = weight[run] > most[run] + np.float32(1e-6)
            result[run][more], most[run][more] = label, weight[run][more]
        del weight  # before the next one is made
    return labels.copy() if result is None else result


def linear(array: NDArray[Any], axis: int, positions: Positions) -> NDArray[np.float32]:
    """Linear interpolation; beyond the outermost samples their values go on."""
    last = array.shape[axis] - 1
    inside = np.clip(positions, 0, last)
    below = np.minimum(inside.astype(np.intp), max(last - 1, 0))
    above = np.minimum(below + 1, last)
    weight = _lying_along(axis, array.ndim, inside - below)
    result = np.empty((*array.shape[:axis], len(positions), *array.shape[axis + 1 :]), np.float32)
    if axis == 0:  # whole rows are taken, so that nothing has to be copied first
        for (rows,) in slabs.runs(result.shape, 0, AT_ONCE):
            _between(array, below[rows], above[rows], weight[rows], 0, result[rows])
        return result
    for run in slabs.beside(array.shape, axis, AT_ONCE):
        _between(array[run], below, above, weight, axis, result[run])
    return result


def _between(
    array: NDArray[Any],
    below: NDArray[np.intp],
    above: NDArray[np.intp],
    weight: NDArray[np.float32],
    axis: int,
    into: NDArray[np.float32],
) -> None:
    lower, upper = (np.take(array, index, axis).astype(np.float32, copy=False) for index in (below, above))
    upper -= lower
    upper *= weight
    np.add(lower, upper, out=into)


def cubic(array: NDArray[np.float32], axis: int, positions: Positions) -> NDArray[np.float32]:
    """Cubic B-spline through the samples, mirrored at the ends; positions beyond them are brought to the end."""
    last = array.shape[axis] - 1
    if last == 0:
        return np.take(array, np.zeros(len(positions), np.intp), axis)
    inside = np.clip(positions, 0, last)
    start = np.floor(inside).astype(np.intp)
    t = inside - start
    taps = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    result = np.empty((*array.shape[:axis], len(positions), *array.shape[axis + 1 :]), np.float32)
    for run in slabs.beside(array.shape, axis, AT_ONCE):
        part, into = array[run], result[run]
        weights = ndimage.spline_filter1d(part, 3, axis, output=np.float64, mode="mirror").astype(np.float32)
        into.fill(0)
        for offset, tap in zip((-1, 0, 1, 2), taps, strict=True):
            into += np.take(weights, _mirrored(start + offset, last), axis) * _lying_along(axis, part.ndim, tap / 6)
    return result


def _mirrored(index: NDArray[np.intp], last: int) -> NDArray[np.intp]:
    folded = np.abs(index) % (2 * last)
    return np.minimum(folded, 2 * last - folded)


def _lying_along(axis: int, ndim: int, weights: Positions) -> NDArray[np.float32]:
    return weights.astype(np.float32).reshape([-1 if a == axis else 1 for a in range(ndim)])
