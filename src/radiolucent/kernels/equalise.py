"""Grey values by their place in a histogram: of tiles (contrast-limited, adaptive), or of another array."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Float = NDArray[np.floating[Any]]


def clahe(unit: NDArray[np.float32], tiles: Sequence[int], clip: float, bins: int) -> NDArray[np.float32]:
    """Map each value by the clipped, cumulated histograms of the nearest tiles, blended linearly by distance.

    `tiles` per axis; `clip` in multiples of the mean bin count. The histogram's bins are joined linearly, so the result
    is not quantised. Zuiderveld 1994, Graphics Gems IV, 474-485.
    """
    position = unit * np.float32(bins)
    lower = np.minimum(position.astype(np.int16), bins - 1)
    curves = _curves(lower, tiles, clip, bins)
    fraction = position - lower
    result = np.empty(unit.shape, np.float32)
    for blocks in product(*(_blocks(size, count) for size, count in zip(unit.shape, tiles, strict=True))):
        where = tuple(block[0] for block in blocks)
        result[where] = _blended(lower[where], fraction[where], curves, [block[1:] for block in blocks])
    return result


def _curves(lower: NDArray[np.int16], tiles: Sequence[int], clip: float, bins: int) -> NDArray[np.float32]:
    """Cumulated share at the bins' edges, shape (*tiles, bins + 1), from 0 to 1."""
    curves = np.zeros((*tiles, bins + 1), np.float32)
    edges = [np.round(np.linspace(0, size, count + 1)).astype(int) for size, count in zip(lower.shape, tiles)]
    for tile in np.ndindex(*tiles):
        part = lower[tuple(slice(edge[i], edge[i + 1]) for edge, i in zip(edges, tile))]
        counts = np.bincount(part.ravel(), minlength=bins).astype(np.float64)
        limit = clip * part.size / bins
        over = np.maximum(counts - limit, 0).sum()
        counts = np.minimum(counts, limit) + over / bins
        curves[tile][1:] = np.cumsum(counts) / part.size
    return curves


def _blocks(size: int, tiles: int) -> list[tuple[slice, int, int, Float]]:
    """Stretches between neighbouring tile centres: (stretch, tile before, tile after, weight of the tile after)."""
    edges = np.round(np.linspace(0, size, tiles + 1))
    centres = (edges[:-1] + edges[1:] - 1) / 2
    bounds = np.concatenate([[0], np.ceil(centres), [size]]).astype(int)
    found = []
    for index, (start, stop) in enumerate(pairwise(bounds)):
        before, after = max(index - 1, 0), min(index, tiles - 1)
        apart = centres[after] - centres[before]
        weight = (np.arange(start, stop) - centres[before]) / apart if apart else np.zeros(stop - start)
        if stop > start:
            found.append((slice(int(start), int(stop)), before, after, weight.astype(np.float32)))
    return found


def _blended(
    lower: NDArray[np.int16],
    fraction: NDArray[np.float32],
    curves: NDArray[np.float32],
    sides: Sequence[tuple[int, int, Float]],
) -> NDArray[np.float32]:
    """Sum over the block's corner tiles of curve(value) times the product of the weights along each axis."""
    index, total = lower.astype(np.intp), np.zeros(lower.shape, np.float32)
    for corner in product((0, 1), repeat=lower.ndim):
        if any(c and side[0] == side[1] for side, c in zip(sides, corner, strict=True)):
            continue  # beyond the outermost centres there is one tile, not two
        curve = curves[tuple(side[c] for side, c in zip(sides, corner, strict=True))]
        value = np.diff(curve).take(index)
        value *= fraction
        value += curve.take(index)
        for axis, (side, c) in enumerate(zip(sides, corner, strict=True)):
            if side[0] != side[1]:
                weight = side[2] if c else 1 - side[2]
                value *= weight.reshape([-1 if a == axis else 1 for a in range(lower.ndim)])
        total += value
    return total


def matched(row: NDArray[Any], reference: NDArray[Any]) -> NDArray[np.float32]:
    """Each value becomes that of the reference with the same share of values up to it, linear in between."""
    order = np.argsort(
        row, kind="stable" if row.dtype.itemsize < 4 else None
    )  # numpy counts short integers when stable
    result = np.empty(row.size, np.float32)
    _merge(row[order], order, np.sort(reference, axis=None), result)
    return result


@njit(cache=True, nogil=True)
def _merge(ordered, order, wanted, result):  # type: ignore[no-untyped-def]
    """Walk through both sorted rows at once, from one run of equal values to the next."""
    n, m = len(ordered), len(wanted)
    start, share_before, before, begin, end = 0, 0.0, float(wanted[0]), 0, 0
    while end < m and wanted[end] == wanted[0]:
        end += 1
    while start < n:
        stop = start + 1
        while stop < n and ordered[stop] == ordered[start]:
            stop += 1
        share = stop / n
        while end / m < share and end < m:
            share_before, before, begin = end / m, float(wanted[begin]), end
            while end < m and wanted[end] == wanted[begin]:
                end += 1
        value = float(wanted[begin])
        if begin:
            value = before + (value - before) * (share - share_before) / (end / m - share_before)
        for i in range(start, stop):
            result[order[i]] = value
        start = stop
