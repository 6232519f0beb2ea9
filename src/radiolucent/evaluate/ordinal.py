"""Figures for grades in an order, where being one grade off is less wrong than being three off.

`weights` (replicates, n) as in `score`: every figure comes once per replicate, NaN where it is undefined.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .score import confusion, ratio

Array = NDArray[Any]

NAMES = ("kappa", "mae", "within_one")


def grade_scores(
    y: ArrayLike, decided: ArrayLike, n_grades: int, weights: ArrayLike | None = None
) -> dict[str, NDArray[np.float64]]:
    """Quadratic weighted kappa, mean absolute error [grades] and share within one grade, of codes 0 ... C - 1."""
    matrix = confusion(y, decided, n_grades, weights)
    gap = np.abs(np.subtract.outer(np.arange(n_grades), np.arange(n_grades)))
    total = matrix.sum(axis=(1, 2))
    return {
        "kappa": quadratic_kappa(matrix),
        "mae": ratio((matrix * gap).sum(axis=(1, 2)), total),
        "within_one": ratio((matrix * (gap <= 1)).sum(axis=(1, 2)), total),
    }


def quadratic_kappa(matrix: Array) -> NDArray[np.float64]:
    """Cohen's kappa with squared distances, of matrices (replicates, true, decided); doi:10.1037/h0026256.

    1 is perfect, 0 what the two margins would give by chance; undefined where all rows fall in one cell of the margins.
    """
    n = matrix.shape[1]
    cost = np.subtract.outer(np.arange(n), np.arange(n)) ** 2
    true, called, total = matrix.sum(axis=2), matrix.sum(axis=1), matrix.sum(axis=(1, 2))
    by_chance = ratio((true[:, :, None] * called[:, None, :] * cost).sum(axis=(1, 2)), total)
    return 1 - ratio((matrix * cost).sum(axis=(1, 2)), by_chance)


def nearest_grade(probabilities: ArrayLike) -> NDArray[np.int64]:
    """Code of the grade nearest to the mean grade under probabilities (n, C): what squared distances ask for."""
    p = np.asarray(probabilities, dtype=float)
    return np.rint(p @ np.arange(p.shape[1])).astype(np.int64)
