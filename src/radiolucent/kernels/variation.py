"""Total variation of a bare n-D array of float32, made small."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]


def chambolle(array: Single, ratio: Sequence[float], weight: float, tolerance: float, most_steps: int) -> Single:
    """Minimise |u - array|^2 / 2 + weight * sum |grad u| by Chambolle's dual projection.

    `ratio` scales the difference along each axis (1 for the finest, less for coarser ones). Ends when the energy falls by
    less than `tolerance` of the first one in a step. Chambolle 2004, doi:10.1023/B:JMIV.0000011325.36760.1e.
    """
    n, shape = array.ndim, array.shape
    dual, slopes = np.zeros((n, *shape), np.float32), np.zeros((n, *shape), np.float32)
    step = np.float32(1 / (2 * n))
    now, first, before = array, 0.0, np.inf
    norm, square = np.empty_like(array), np.empty_like(array)
    for index in range(most_steps):
        fall = _divergence(dual, ratio)
        now = array + fall
        norm.fill(0)
        for slope, axis, r in zip(slopes, range(n), ratio, strict=True):
            ahead, behind = _ahead(axis), _behind(axis)
            np.subtract(now[ahead], now[behind], out=slope[behind])
            if r != 1:
                slope *= np.float32(r)
            norm += np.multiply(slope, slope, out=square)
        np.sqrt(norm, out=norm)
        energy = (float(np.vdot(fall, fall)) + weight * float(norm.sum(dtype=np.float64))) / array.size
        if index and abs(before - energy) < tolerance * first:
            break
        first, before = first if index else energy, energy
        norm *= step / np.float32(weight)
        norm += 1
        for slope, part in zip(slopes, dual, strict=True):
            part -= np.multiply(slope, step, out=square)
            part /= norm
    return now


def _divergence(dual: Single, ratio: Sequence[float]) -> Single:
    result = np.zeros(dual.shape[1:], np.float32)
    for axis, r in enumerate(ratio):
        part = dual[axis] if r == 1 else dual[axis] * np.float32(r)
        result -= part
        result[_ahead(axis)] += part[_behind(axis)]
    return result


def _ahead(axis: int) -> tuple[slice, ...]:
    return (slice(None),) * axis + (slice(1, None),)


def _behind(axis: int) -> tuple[slice, ...]:
    return (slice(None),) * axis + (slice(None, -1),)
