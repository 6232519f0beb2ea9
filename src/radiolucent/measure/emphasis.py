"""What run length, size zone, distance zone and dependence matrices have in common: the same sixteen features."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from .aggregate import Matrix


def emphases(level: Matrix, size: Matrix, count: Matrix, voxels: int) -> list[float]:
    """Sixteen features of `count` elements of one grey `level` and one `size` each, in the order of IBSI.

    Emphasis of small, large; of low, high levels; small low, small high, large low, large high; non-uniformity of
    levels, normalised; of sizes, normalised; elements by voxels; variance of levels, of sizes; entropy [bits].
    """
    i, j, n = (part.astype(np.float64) for part in (level, size, count))
    total = n.sum()
    p = n / total
    i2, j2 = i * i, j * j
    by_level, by_size = np.bincount(level, n), _summed(size, n)
    return [
        *(float(p @ weight) for weight in (1 / j2, j2, 1 / i2, i2, 1 / (i2 * j2), i2 / j2, j2 / i2, i2 * j2)),
        float(by_level @ by_level / total),
        float(by_level @ by_level / total**2),
        float(by_size @ by_size / total),
        float(by_size @ by_size / total**2),
        float(total / voxels),
        float((i - p @ i) ** 2 @ p),
        float((j - p @ j) ** 2 @ p),
        float(-(p @ np.log2(p))) + 0.0,
    ]


def cells(counts: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Level, size and count of a matrix's filled cells; its first row is level 1, its first column size 1."""
    level, size = np.nonzero(counts)
    return level + 1, size + 1, counts[level, size]


def joined(level: Matrix, size: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Level, size and count of single elements, those of one level and size together."""
    pairs, count = np.unique(level.astype(np.int64) << 32 | size, return_counts=True)
    return pairs >> 32, pairs & 0xFFFFFFFF, count


def named(names: Iterable[str], values: list[float]) -> dict[str, float]:
    """The features under a family's own names, which are in the same order."""
    return dict(zip(names, values, strict=True))


def _summed(size: Matrix, count: Matrix) -> NDArray[np.float64]:
    """Elements by size; sizes may be as large as the region, so only those that occur have an entry."""
    _, place = np.unique(size, return_inverse=True)
    return np.bincount(place, count).astype(np.float64, copy=False)
