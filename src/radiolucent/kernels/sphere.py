"""Means of a volume in balls around chosen voxels, from sums along its rows; compiled by numba."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


def ball_means(volume: Array, places: Array, spacing: tuple[float, ...], radius: float) -> Array:
    """Mean of `volume` (z, y, x) within `radius` of each of the `places` (n, 3); what is outside does not count."""
    sums = np.zeros((*volume.shape[:2], volume.shape[2] + 1))
    np.cumsum(volume, axis=2, dtype=np.float64, out=sums[:, :, 1:])
    return _means(sums, places, _rows(spacing, radius))


def _rows(spacing: tuple[float, ...], radius: float) -> Array:
    """Rows of a ball (n, 3): offset along z and y, and how far it reaches along x, in voxels."""
    deep, high = (int(radius / side) for side in spacing[:2])
    z, y = np.mgrid[-deep : deep + 1, -high : high + 1]
    left = radius**2 - (z * spacing[0]) ** 2 - (y * spacing[1]) ** 2
    inside = left >= 0
    reach = np.floor(np.sqrt(left[inside]) / spacing[2] + 1e-9)
    return np.column_stack([z[inside], y[inside], reach]).astype(np.int64)


@njit(cache=True, nogil=True)
def _means(sums: Array, places: Array, rows: Array) -> Array:
    means = np.empty(len(places))
    depth, height, width = sums.shape[0], sums.shape[1], sums.shape[2] - 1
    for n in range(len(places)):
        total, count = 0.0, 0
        for row in rows:
            z, y = places[n, 0] + row[0], places[n, 1] + row[1]
            if 0 <= z < depth and 0 <= y < height:
                low, high = max(places[n, 2] - row[2], 0), min(places[n, 2] + row[2] + 1, width)
                total += sums[z, y, high] - sums[z, y, low]
                count += high - low
        means[n] = total / count
    return means
