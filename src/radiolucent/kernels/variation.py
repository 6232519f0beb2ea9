"""Total variation of a bare n-D array of float32, made small."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from . import slabs

Single = NDArray[np.float32]


def chambolle(array: Single, ratio: Sequence[float], weight: float, tolerance: float, most_steps: int) -> Single:
    """Minimise |u - array|^2 / 2 + weight * sum |grad u| by Chambolle's dual projection.

    `ratio` scales the difference along each axis (1 for the finest, less for coarser ones). Ends when the energy falls by
    less than `tolerance` of the first one in a step. Chambolle 2004, doi:10.1023/B:JMIV.0000011325.36760.1e. The dual has
    as many arrays as there are axes; a step goes over it slab by slab, in place.
    """
    dual = [np.zeros_like(array) for _ in range(array.ndim)]
    now, first, before = np.empty_like(array), 0.0, np.inf
    for index in range(most_steps):
        energy = _step(array, dual, now, [np.float32(r) for r in ratio], weight) / array.size
        if index and abs(before - energy) < tolerance * first:
            break
        first, before = first if index else energy, energy
    return now


def _step(array: Single, dual: list[Single], now: Single, ratio: Sequence[np.float32], weight: float) -> float:
    """Put the picture of the dual into `now`, then bring the dual on; the energy before. A slab needs one index more."""
    step, energy, count = np.float32(1 / (2 * array.ndim)), 0.0, array.shape[0]
    fall = None
    for slab in slabs.slabs(count, slabs.thickness(array.shape)):
        start, end = slab.keep.start, slab.keep.stop
        if fall is None:
            fall = _divergence(dual, slice(0, end), ratio)
            np.add(array[:end], fall, out=now[:end])
        if end < count:  # the next slab before this one's dual changes
            ahead = slice(end, min(2 * end - start, count))
            next_fall = _divergence(dual, ahead, ratio)
            np.add(array[ahead], next_fall, out=now[ahead])
        slopes = [_slope(now, slab.keep, axis, r) for axis, r in enumerate(ratio)]
        norm = slopes[0] * slopes[0]
        square = np.empty_like(norm)
        for slope in slopes[1:]:
            norm += np.multiply(slope, slope, out=square)
        np.sqrt(norm, out=norm)
        energy += float(np.vdot(fall, fall)) + weight * float(norm.sum(dtype=np.float64))
        norm *= step / np.float32(weight)
        norm += 1
        for slope, whole in zip(slopes, dual, strict=True):
            part = whole[slab.keep]
            part -= np.multiply(slope, step, out=square)
            part /= norm
        fall = next_fall if end < count else None
    return energy


def _slope(now: Single, keep: slice, axis: int, r: np.float32) -> Single:
    """The difference to the next pixel along an axis, 0 at the last one."""
    slope = np.empty_like(now[keep])
    if axis:
        part = now[keep]
        np.subtract(part[_ahead(axis)], part[_behind(axis)], out=slope[_behind(axis)])
        slope[(slice(None),) * axis + (slice(-1, None),)] = 0
    else:
        after = now[keep.start + 1 : keep.stop + 1]
        np.subtract(after, now[keep.start : keep.start + len(after)], out=slope[: len(after)])
        slope[len(after) :] = 0
    if r != 1:
        slope *= r
    return slope


def _divergence(dual: list[Single], keep: slice, ratio: Sequence[np.float32]) -> Single:
    """Of a slab."""
    result = np.zeros_like(dual[0][keep])
    for axis, r in enumerate(ratio):
        start = max(0, keep.start - 1) if axis == 0 else keep.start
        part = dual[axis][start : keep.stop]
        part = part if r == 1 else part * r
        result -= part[keep.start - start :]
        if axis:
            result[_ahead(axis)] += part[_behind(axis)]
        else:
            result[1 - (keep.start - start) :] += part[:-1]
    return result


def _ahead(axis: int) -> tuple[slice, ...]:
    return (slice(None),) * axis + (slice(1, None),)


def _behind(axis: int) -> tuple[slice, ...]:
    return (slice(None),) * axis + (slice(None, -1),)
