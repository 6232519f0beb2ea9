"""K-means of many points with few features by Lloyd's rounds, from given centres; compiled by numba."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


def k_means(points: Array, centres: Array, *, rounds: int, tolerance: float = 1e-4) -> tuple[Array, Array, list[float]]:
    """Labels (n,), centres (k, features), and the sum of squared distances before each move of the centres.

    Ends when no label changes, or the centres' squared moves sum to less than `tolerance` mean variances of the features.
    A centre without points stays where it is. Equally near: the lower number.
    """
    points = np.ascontiguousarray(points, np.float32)
    centres = np.array(centres, np.float64)
    labels = np.full(len(points), -1, np.int32)
    enough = tolerance * float(points.var(axis=0, dtype=np.float64).mean())
    course: list[float] = []
    for _ in range(rounds):
        sums, count = np.zeros_like(centres), np.zeros(len(centres))
        changed, far = _assign(points, centres.astype(np.float32), labels, sums, count)
        course.append(far)
        after = np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None], centres)
        moved = float(((after - centres) ** 2).sum())
        centres = after
        if not changed or moved <= enough:
            break
    _assign(points, centres.astype(np.float32), labels, np.zeros_like(centres), np.zeros(len(centres)))
    return labels, centres, course


@njit(cache=True, nogil=True)
def _assign(points: Array, centres: Array, labels: Array, sums: Array, count: Array) -> tuple[int, float]:
    changed, total = 0, 0.0
    for i in range(len(points)):
        best = 0
        least: Any = np.inf
        for k in range(len(centres)):
            far: Any = np.float32(0)
            for f in range(points.shape[1]):
                far += (points[i, f] - centres[k, f]) ** 2
            if far < least:
                best, least = k, far
        changed += labels[i] != best
        labels[i] = best
        total += least
        count[best] += 1
        for f in range(points.shape[1]):
            sums[best, f] += points[i, f]
    return changed, total
