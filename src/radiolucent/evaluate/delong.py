"""DeLong's interval of an AUC and of a difference, for one row per patient and one fitted model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, rankdata

from .figure import NOTHING, Figure, number

Array = NDArray[Any]


def covariance(positive: ArrayLike, scores: ArrayLike) -> tuple[Array, Array]:
    """AUCs (k,) of `scores` (k, n) and their covariance (k, k), in O(n log n).

    Sun & Xu 2014, doi:10.1109/LSP.2014.2337313, for DeLong et al. 1988, doi:10.2307/2531595. Each class needs two rows.
    """
    positive, s = np.asarray(positive, dtype=bool), np.atleast_2d(np.asarray(scores, dtype=float))
    m, n = int(positive.sum()), int((~positive).sum())
    whole = rankdata(s, axis=1)
    pos, neg = whole[:, positive], whole[:, ~positive]
    auc = (pos.sum(axis=1) / m - (m + 1) / 2) / n
    above = (pos - rankdata(s[:, positive], axis=1)) / n
    below = 1 - (neg - rankdata(s[:, ~positive], axis=1)) / m
    return auc, np.atleast_2d(np.cov(above)) / m + np.atleast_2d(np.cov(below)) / n


def delong(positive: ArrayLike, score: ArrayLike, *, level: float = 0.95) -> Figure:
    """AUC with DeLong's normal interval, cut at 0 and 1; no bounds where the estimated variance is zero."""
    if not _enough(positive):
        return dict(NOTHING)
    auc, cov = covariance(positive, score)
    if cov[0, 0] <= 0:
        return {"value": number(auc[0]), "low": None, "high": None}
    reach = norm.ppf((1 + level) / 2) * np.sqrt(cov[0, 0])
    return {"value": float(auc[0]), "low": float(max(0, auc[0] - reach)), "high": float(min(1, auc[0] + reach))}


def delong_difference(positive: ArrayLike, a: ArrayLike, b: ArrayLike, *, level: float = 0.95) -> Figure:
    """AUC of `a` less AUC of `b` on the same rows, with interval and two-sided `p`."""
    if not _enough(positive):
        return {**NOTHING, "p": None}
    auc, cov = covariance(positive, np.stack([np.asarray(a, dtype=float), np.asarray(b, dtype=float)]))
    gap, variance = float(auc[0] - auc[1]), float(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
    if variance <= 1e-15:
        return {"value": gap, "low": None, "high": None, "p": 1.0 if gap == 0 else None}
    se = np.sqrt(variance)
    reach = norm.ppf((1 + level) / 2) * se
    return {"value": gap, "low": gap - reach, "high": gap + reach, "p": float(2 * norm.sf(abs(gap) / se))}


def _enough(positive: ArrayLike) -> bool:
    positive = np.asarray(positive, dtype=bool)
    return 2 <= positive.sum() <= len(positive) - 2
