"""Figures for a predicted number, for one sample or for many weightings of it at once.

`weights` (replicates, n) as in `score`: every figure comes once per replicate, NaN where it is undefined.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .score import ratio

Array = NDArray[Any]

NAMES = ("mae", "rmse", "r2", "pearson", "spearman", "bias", "limit_low", "limit_high")


def number_scores(
    truth: ArrayLike, told: ArrayLike, weights: ArrayLike | None = None
) -> dict[str, NDArray[np.float64]]:
    """Every figure in `NAMES`: errors in the number's own unit, R2 against the mean of the rows, two correlations, and
    bias (told minus truth) with the limits that 95 of 100 differences keep (bias +- 1.96 SD, Bland & Altman 1986,
    doi:10.1016/S0140-6736(86)90837-8).
    """
    y, p = np.asarray(truth, dtype=float), np.asarray(told, dtype=float)
    w = np.ones((1, len(y))) if weights is None else np.atleast_2d(np.asarray(weights, dtype=float))
    total, wrong = w.sum(axis=1), p - y
    squares, bias = w @ wrong**2, ratio(w @ wrong, total)
    spread = np.sqrt(np.maximum(ratio(squares - total * bias**2, total - 1), 0))
    return {
        "mae": ratio(w @ np.abs(wrong), total),
        "rmse": np.sqrt(ratio(squares, total)),
        "r2": 1 - ratio(squares, w @ y**2 - ratio((w @ y) ** 2, total)),
        "pearson": _correlation(np.broadcast_to(y, w.shape), np.broadcast_to(p, w.shape), w),
        "spearman": _correlation(ranks(y, w), ranks(p, w), w),
        "bias": bias,
        "limit_low": bias - 1.959964 * spread,
        "limit_high": bias + 1.959964 * spread,
    }


def ranks(values: ArrayLike, weights: Array) -> NDArray[np.float64]:
    """Middle rank of each value among the weighted rows (replicates, n): a row of weight 2 counts as two of a tie."""
    order = np.argsort(np.asarray(values), kind="stable")
    ordered = np.asarray(values)[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(ordered)) + 1]).astype(np.intp)
    tie = np.cumsum(np.isin(np.arange(len(ordered)), starts)) - 1
    mass = np.add.reduceat(weights[:, order], starts, axis=1)
    middle = np.cumsum(mass, axis=1) - mass / 2 + 0.5
    out = np.empty(weights.shape)
    out[:, order] = middle[:, tie]
    return out


def _correlation(a: Array, b: Array, w: Array) -> NDArray[np.float64]:
    """Weighted correlation of each line of `a` and `b` (replicates, n)."""
    total = w.sum(axis=1)
    a = a - ratio((w * a).sum(axis=1), total)[:, None]
    b = b - ratio((w * b).sum(axis=1), total)[:, None]
    spread = (w * a * a).sum(axis=1) * (w * b * b).sum(axis=1)
    return ratio((w * a * b).sum(axis=1), np.sqrt(spread))
