"""Thresholds of a histogram: where each rule of the literature parts grey values. Takes counts and the bins' middles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from skimage.filters import threshold_isodata, threshold_minimum, threshold_yen

Array = NDArray[Any]


def histogram(array: Array, bins: int, low: float, high: float) -> tuple[NDArray[np.int64], Array]:
    """Counts and edges of even bins from the least to the greatest value: numpy's, in one pass over the pixels."""
    edges = np.linspace(low, high, bins + 1, dtype=array.dtype if array.dtype.kind == "f" else np.float64)
    return _counted(np.ascontiguousarray(array).reshape(-1), edges, bins / (high - low)), edges


@njit(cache=True, nogil=True)
def _counted(values: Array, edges: Array, scale: float) -> Array:
    """As numpy counts: a value at an edge belongs to the bin above it, the greatest to the last bin."""
    last, low = len(edges) - 2, edges[0]
    counts = np.zeros(last + 1, np.int64)
    for value in values:
        at = min(max(int((value - low) * scale), 0), last)
        if value < edges[at]:
            at -= 1
        elif at < last and value >= edges[at + 1]:
            at += 1
        counts[at] += 1
    return counts


def several(counts: Array, middles: Array, classes: int) -> NDArray[np.float64]:
    """The classes - 1 thresholds that make the variance between the classes greatest: Otsu's rule, exactly.

    By dynamic programming over the bins in use, in their number squared times classes. Of equal ones the lowest.
    """
    middles, counts = middles[counts > 0], counts[counts > 0].astype(np.float64)
    n = len(middles)
    if n <= classes:
        return np.asarray(middles[:-1][-(classes - 1) :], np.float64)
    weight, total = (np.append(0, np.cumsum(part)) for part in (counts, counts * middles))
    size = weight[None, 1:] - weight[:-1, None]
    worth = np.where(size > 0, (total[None, 1:] - total[:-1, None]) ** 2 / np.where(size > 0, size, 1), -np.inf)
    best, came = worth[0], []
    for _ in range(classes - 1):
        joined = np.full((n, n), -np.inf)
        joined[1:] = best[:-1, None] + worth[1:]
        came.append(joined.argmax(axis=0))
        best = joined.max(axis=0)
    cuts, end = [], n - 1
    for first in reversed(came):
        end = int(first[end]) - 1
        cuts.append(end)
    return np.asarray(middles[cuts[::-1]], np.float64)


def li(counts: Array, middles: Array, tolerance: float) -> float:
    """The least cross entropy between picture and classes, by iteration from the mean; Li and Tam 1998."""
    ground = middles[0]
    grey, counts = middles - ground, counts.astype(np.float64)
    now, after = -2 * tolerance, float(counts @ grey / counts.sum())
    while abs(after - now) > tolerance:
        now, above = after, grey > after
        bright = counts[above] @ grey[above] / counts[above].sum()
        dark = counts[~above] @ grey[~above] / counts[~above].sum()
        if dark == 0:
            break
        after = float((dark - bright) / (np.log(dark) - np.log(bright)))
    return after + float(ground)


def triangle(counts: Array, middles: Array) -> float:
    """The bin farthest below the line from the peak to the end of the longer tail; Zack, Rogers and Latt 1977."""
    used = np.flatnonzero(counts)
    peak, low, high = int(np.argmax(counts)), int(used[0]), int(used[-1])
    turned = peak - low < high - peak
    if turned:
        counts, peak, low = counts[::-1], len(counts) - 1 - peak, len(counts) - 1 - high
    width = peak - low
    below = counts[peak] * np.arange(width) - width * counts[low:peak].astype(np.float64)
    at = low + int(np.argmax(below)) if width else peak
    return float(middles[len(counts) - 1 - at if turned else at])


def yen(counts: Array, middles: Array) -> float:
    """The greatest correlation criterion; Yen, Chang and Chang 1995, doi:10.1109/83.366472."""
    return float(threshold_yen(hist=(counts, middles)))


def isodata(counts: Array, middles: Array) -> float:
    """The lowest level midway between the means of what is below and above; Ridler and Calvard 1978."""
    return float(threshold_isodata(hist=(counts, middles)))


def minimum(counts: Array, middles: Array) -> float:
    """The valley between two peaks, once smoothing leaves two; Prewitt and Mendelsohn 1966. RuntimeError without two."""
    return float(threshold_minimum(hist=(counts, middles)))
