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
    for index in range(most_steps):
        fall = _divergence(dual, ratio)
        now = array + fall
        for axis, r in enumerate(ratio):
            inside = slopes[axis][(slice(None),) * axis + (slice(None, -1),)]
            np.multiply(np.diff(now, axis=axis), np.float32(r), out=inside)
        norm = np.sqrt(np.einsum("i...,i...->...", slopes, slopes))
        energy = (float(np.vdot(fall, fall)) + weight * float(norm.sum(dtype=np.float64))) / array.size
        if index and abs(before - energy) < tolerance * first:
            break
        first, before = first if index else energy, energy
        norm *= step / np.float32(weight)
        norm += 1
        slopes *= step
        dual -= slopes
        dual /= norm
        slopes.fill(0)
    return now


def _divergence(dual: Single, ratio: Sequence[float]) -> Single:
    result = np.zeros(dual.shape[1:], np.float32)
    for axis, r in enumerate(ratio):
        part = dual[axis] * np.float32(r)
        result -= part
        ahead, behind = (slice(None),) * axis + (slice(1, None),), (slice(None),) * axis + (slice(None, -1),)
        result[ahead] += part[behind]
    return result
