"""The median of larger boxes by a histogram that runs along the rows: what leaves is taken out, what comes is put in.

Grey values become numbered levels in order. Where there are more values than levels (floats), a level holds several of
them, and the median is then found among those in the box that share its level, so the result is exact all the same.
Huang, Yang and Tang 1979, doi:10.1109/TASSP.1979.1163188; the second, coarse histogram lets the pointer jump over gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
LEVELS = 1 << 14
"""Levels for floats; integers have one level for each value, at most 2^16."""
BLOCK = 128
"""Levels that count as one in the coarse histogram."""
SAMPLE = 1 << 18
"""Pixels from which the levels of floats are laid out; where they lie changes the speed, never the result."""


def running_median(wide: Array, sizes: Sequence[int]) -> NDArray[np.float32]:
    """The median over boxes of odd `sizes` along the last three axes; `wide` has half a box more on both sides."""
    levels, values, mixed = _levelled(wide)
    shape = [wide.shape[0], *(side - size + 1 for side, size in zip(wide.shape[1:], sizes, strict=True))]
    result = np.empty(shape, np.float32)
    source = wide if mixed.any() else np.zeros((1, 1, 1, 1), wide.dtype)
    _run(levels, source, values, mixed, *sizes, result)
    return result


def _levelled(wide: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The level of each pixel; of each level its least value, and whether it holds several."""
    if wide.dtype.kind in "iub":
        least, most = int(wide.min()), int(wide.max())
        if most - least < 1 << 16:
            values = np.arange(least, most + 1).astype(np.float32)
            levels = wide.astype(np.uint16)  # the differences fit, so what overflows here comes back there
            levels -= np.uint16(least % (1 << 16))
            return levels, values, np.zeros(len(values), bool)
    row = wide.reshape(-1)
    edges = np.unique(row[:: max(1, row.size // SAMPLE)])
    if len(edges) >= LEVELS:
        edges = np.unique(edges[np.linspace(0, len(edges) - 1, LEVELS - 1).astype(int)])
    levels = np.empty(row.size, np.uint16)
    for start in range(0, row.size, SAMPLE):  # in parts, because places come as 64 bits
        levels[start : start + SAMPLE] = np.searchsorted(edges, row[start : start + SAMPLE], side="right")
    low, high = np.full(len(edges) + 1, np.inf), np.full(len(edges) + 1, -np.inf)
    _extremes(levels, row, low, high)
    return levels.reshape(wide.shape), low.astype(np.float32), low < high


@njit(cache=True, nogil=True)
def _extremes(levels, row, low, high):  # type: ignore[no-untyped-def]
    for i in range(len(row)):
        level, value = levels[i], row[i]
        if value < low[level]:
            low[level] = value
        if value > high[level]:
            high[level] = value


@njit(cache=True, nogil=True)
def _run(levels, wide, values, mixed, depth, height, width, result):  # type: ignore[no-untyped-def]
    fine = np.zeros(len(values) + 1, np.int32)
    coarse = np.zeros(len(values) // BLOCK + 1, np.int32)
    box = np.empty(depth * height * width, wide.dtype)
    some = mixed.any()
    for t in range(result.shape[0]):
        for z in range(result.shape[1]):
            for y in range(result.shape[2]):
                rows = levels[t, z : z + depth, y : y + height]
                part = wide[t, z : z + depth, y : y + height] if some else wide[0]
                _row(rows, part, values, mixed, width, fine, coarse, box, result[t, z, y])


@njit(cache=True, nogil=True)
def _row(rows, part, values, mixed, width, fine, coarse, box, result):  # type: ignore[no-untyped-def]
    """Leaves the histograms empty again."""
    half, middle, below, count = len(box) // 2, 0, 0, len(result)
    for x in range(width):
        below += _count(rows, x, 1, fine, coarse, middle)
    for x in range(count):
        middle, below = _moved(fine, coarse, middle, below, half)
        result[x] = values[middle]
        if mixed[middle]:
            end = x + width
            result[x] = _among(rows[:, :, x:end], part[:, :, x:end], middle, half - below, box)
        below += _count(rows, x, -1, fine, coarse, middle)
        if x + width < rows.shape[2]:
            below += _count(rows, x + width, 1, fine, coarse, middle)
    for x in range(count, rows.shape[2]):
        _count(rows, x, -1, fine, coarse, 0)


@njit(cache=True, nogil=True)
def _count(rows, x, sign, fine, coarse, middle):  # type: ignore[no-untyped-def]
    """Put a face of the box in (1) or take it out (-1); how many more lie below the middle."""
    change = 0
    for z in range(rows.shape[0]):
        for y in range(rows.shape[1]):
            level = rows[z, y, x]
            fine[level] += sign
            coarse[level // BLOCK] += sign
            change += level < middle
    return sign * change


@njit(cache=True, nogil=True)
def _moved(fine, coarse, middle, below, half):  # type: ignore[no-untyped-def]
    """The level that has at most half of the box below it, and with its own more than half."""
    while below > half:
        if middle % BLOCK == 0 and below - coarse[middle // BLOCK - 1] > half:
            middle -= BLOCK
            below -= coarse[middle // BLOCK]
        else:
            middle -= 1
            below -= fine[middle]
    while below + fine[middle] <= half:
        if middle % BLOCK == 0 and below + coarse[middle // BLOCK] <= half:
            below += coarse[middle // BLOCK]
            middle += BLOCK
        else:
            below += fine[middle]
            middle += 1
    return middle, below


@njit(cache=True, nogil=True)
def _among(levels, part, middle, place, box):  # type: ignore[no-untyped-def]
    """The value at a place in the order of those that lie on one level."""
    count = 0
    for z in range(part.shape[0]):
        for y in range(part.shape[1]):
            for x in range(part.shape[2]):
                if levels[z, y, x] == middle:
                    _insert(box, count, part[z, y, x])
                    count += 1
    return np.float32(box[place])


@njit(cache=True, nogil=True)
def _insert(box, count, value):  # type: ignore[no-untyped-def]
    """Into the first `count` entries, which are sorted and stay so."""
    k = count
    while k > 0 and box[k - 1] > value:
        box[k] = box[k - 1]
        k -= 1
    box[k] = value
