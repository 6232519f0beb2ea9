"""Grey values by their place in a histogram: of tiles (contrast-limited, adaptive), or of another array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from . import slabs

Single = NDArray[np.float32]


def clahe(
    unit: Single, tiles: Sequence[int], clip: float, bins: int, *, overwrite: bool = False
) -> NDArray[np.float32]:
    """Map each value by the clipped, cumulated histograms of the nearest tiles, blended linearly by distance.

    `tiles` per axis, of which there are at most three; `clip` in multiples of the mean bin count. The histogram's bins
    are joined linearly, so the result is not quantised. Zuiderveld 1994, Graphics Gems IV, 474-485.
    """
    result = unit if overwrite else np.empty_like(unit)
    sides, counts = ((1,) * (3 - unit.ndim) + tuple(one) for one in (unit.shape, tiles))
    edges = [np.round(np.linspace(0, size, count + 1)).astype(int) for size, count in zip(sides, counts, strict=True)]
    curves = np.zeros((*counts, bins + 1), np.float32)
    _curves(_counted(unit.reshape(sides), edges, bins), clip, curves)
    _blended(unit.reshape(sides), curves, *(_between(edge) for edge in edges), result.reshape(sides))
    return result


def _counted(unit: Single, edges: Sequence[NDArray[np.intp]], bins: int) -> NDArray[np.int64]:
    counts = np.zeros((*(len(edge) - 1 for edge in edges), bins), np.int64)
    _count(unit, *(np.repeat(np.arange(len(edge) - 1), np.diff(edge)) for edge in edges), counts)
    return counts


def _curves(counts: NDArray[np.int64], clip: float, curves: Single) -> None:
    """Cumulated share at the bins' edges, from 0 to 1."""
    bins = counts.shape[-1]
    size = counts.sum(axis=-1, keepdims=True)
    limit = clip * size / bins
    over = np.maximum(counts - limit, 0).sum(axis=-1, keepdims=True)
    curves[..., 1:] = np.cumsum(np.minimum(counts, limit) + over / bins, axis=-1) / size


def _between(edges: NDArray[np.intp]) -> tuple[NDArray[np.intp], Single]:
    """Of each index the tiles whose centres lie before and after, and their weights; 1 and 0 where they are one."""
    centres = (edges[:-1] + edges[1:] - 1) / 2
    place = np.arange(edges[-1])
    found = np.searchsorted(centres, place, side="right")
    before, after = np.maximum(found - 1, 0), np.minimum(found, len(centres) - 1)
    apart = np.where(before == after, 1, centres[after] - centres[before])
    weight = np.where(before == after, 0, (place - centres[before]) / apart)
    return np.stack([before, after]), np.stack([1 - weight, weight]).astype(np.float32)


@njit(cache=True, nogil=True)
def _count(unit, z_tiles, y_tiles, x_tiles, counts):  # type: ignore[no-untyped-def]
    bins = counts.shape[3]
    for z in range(unit.shape[0]):
        for y in range(unit.shape[1]):
            row = counts[z_tiles[z], y_tiles[y]]
            for x in range(unit.shape[2]):
                row[x_tiles[x], min(int(unit[z, y, x] * np.float32(bins)), bins - 1)] += 1


@njit(cache=True, nogil=True)
def _blended(unit, curves, z_sides, y_sides, x_sides, result):  # type: ignore[no-untyped-def]
    """Sum over the corner tiles of curve(value) times the product of the weights along each axis, row by row."""
    width, bins = unit.shape[2], curves.shape[3] - 1
    lower, fraction, total = np.empty(width, np.int64), np.empty(width, np.float32), np.empty(width, np.float32)
    for z in range(unit.shape[0]):
        for y in range(unit.shape[1]):
            for x in range(width):
                place = unit[z, y, x] * np.float32(bins)
                lower[x] = min(int(place), bins - 1)
                fraction[x] = place - lower[x]
                total[x] = 0
            for corner in range(4):
                in_z, in_y = corner // 2, corner % 2
                share = z_sides[1][in_z, z] * y_sides[1][in_y, y]
                if share > 0:
                    row = curves[z_sides[0][in_z, z], y_sides[0][in_y, y]]
                    _add_row(row, x_sides[0], x_sides[1], lower, fraction, share, total)
            result[z, y, :] = total


@njit(cache=True, nogil=True)
def _add_row(curves, tiles, weights, lower, fraction, share, total):  # type: ignore[no-untyped-def]
    for x in range(len(total)):
        k, part = lower[x], fraction[x]
        first, second = curves[tiles[0, x]], curves[tiles[1, x]]
        one = first[k] + part * (first[k + 1] - first[k])
        other = second[k] + part * (second[k + 1] - second[k])
        total[x] += share * (weights[0, x] * one + weights[1, x] * other)


def matched(row: NDArray[Any], reference: NDArray[Any]) -> NDArray[np.float32]:
    """Each value becomes that of the reference with the same share of values up to it, linear in between."""
    wanted = np.sort(reference, axis=None)
    if row.dtype.kind in "iu" and row.dtype.itemsize <= 2:
        return _looked_up(row, wanted)
    if row.dtype == np.float32 and row.size < 1 << 32:
        keys = _keys(row)
        _merge_keys(keys, wanted)
        del wanted
        return _put_back(keys)
    order = np.argsort(row)
    ends = np.flatnonzero(np.diff(row[order], append=np.inf)) + 1
    values = np.repeat(_merge(ends, wanted), np.diff(ends, prepend=0))
    result = np.empty(row.size, np.float32)
    result[order] = values
    return result


def _looked_up(row: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.float32]:
    """Short integers have few values: each is counted and looked up."""
    least = int(row.min())
    counts = np.zeros(int(row.max()) - least + 1, np.int64)
    for run in slabs.runs(row.shape):
        counts += np.bincount(row[run].astype(np.int64) - least, minlength=len(counts))
    curve = np.zeros(len(counts), np.float32)
    curve[counts > 0] = _merge(np.cumsum(counts)[counts > 0], wanted)
    return slabs.each(row, lambda part: curve[part.astype(np.int64) - least])


def _keys(row: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Value and place in one number each, sorted: the bits of a float, its sign turned, stand in the order of its value."""
    keys = np.empty(row.size, np.uint64)
    for run in slabs.runs(row.shape):
        part, bits = keys[run], (row[run] + np.float32(0)).view(np.uint32)  # -0 is 0
        part[:] = bits ^ np.where(bits >> 31, np.uint32(0xFFFFFFFF), np.uint32(0x80000000))
        part <<= np.uint64(32)
        part |= np.arange(run[0].start, run[0].stop, dtype=np.uint64)
    keys.sort()
    return keys


@njit(cache=True, nogil=True)
def _first(wanted):  # type: ignore[no-untyped-def]
    """Where the walk through the sorted reference begins: share and value before the run, its begin and end."""
    end = 0
    while end < len(wanted) and wanted[end] == wanted[0]:
        end += 1
    return 0.0, float(wanted[0]), 0, end


@njit(cache=True, nogil=True)
def _next(share, wanted, state):  # type: ignore[no-untyped-def]
    """On to the run of the reference that holds a share; its value, and the state after."""
    share_before, before, begin, end = state
    m = len(wanted)
    while end / m < share and end < m:
        share_before, before, begin = end / m, float(wanted[begin]), end
        while end < m and wanted[end] == wanted[begin]:
            end += 1
    value = float(wanted[begin])
    if begin:
        value = before + (value - before) * (share - share_before) / (end / m - share_before)
    return value, (share_before, before, begin, end)


@njit(cache=True, nogil=True)
def _merge(ends, wanted):  # type: ignore[no-untyped-def]
    """The value of each run of equal values, by the places where the runs end."""
    result, state = np.empty(len(ends), np.float32), _first(wanted)
    for k in range(len(ends)):
        value, state = _next(ends[k] / ends[-1], wanted, state)
        result[k] = value
    return result


@njit(cache=True, nogil=True)
def _merge_keys(keys, wanted):  # type: ignore[no-untyped-def]
    """Put the bits of the value that it becomes in the place of each value."""
    n, start, state = len(keys), 0, _first(wanted)
    while start < n:
        level, stop = keys[start] >> 32, start + 1
        while stop < n and keys[stop] >> 32 == level:
            stop += 1
        value, state = _next(stop / n, wanted, state)
        bits = np.uint64(np.float32(value).view(np.uint32)) << np.uint64(32)
        for i in range(start, stop):
            keys[i] = bits | (keys[i] & np.uint64(0xFFFFFFFF))
        start = stop


@njit(cache=True, nogil=True)
def _put_back(keys):  # type: ignore[no-untyped-def]
    result = np.empty(len(keys), np.float32)
    for key in keys:
        result[key & np.uint64(0xFFFFFFFF)] = np.uint32(key >> np.uint64(32)).view(np.float32)
    return result
