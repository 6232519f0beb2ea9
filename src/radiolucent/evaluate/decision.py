"""What acting on a model is worth at each threshold probability."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

THRESHOLDS = tuple(i / 100 for i in range(1, 100))


def net_benefit(
    positive: ArrayLike, p: ArrayLike, *, thresholds: tuple[float, ...] = THRESHOLDS
) -> list[dict[str, float]]:
    """Net benefit of the model and of treating all, per row, at each threshold probability t; treating none is 0.

    TP/n - FP/n * t/(1 - t): Vickers & Elkin 2006, doi:10.1177/0272989X06295361. `p` must be calibrated.
    """
    positive, p = np.asarray(positive, dtype=bool), np.asarray(p, dtype=float)
    t = np.asarray(thresholds, dtype=float)
    if not len(p):
        return []
    hits = (len(p[positive]) - np.searchsorted(np.sort(p[positive]), t)) / len(p)
    false = (len(p[~positive]) - np.searchsorted(np.sort(p[~positive]), t)) / len(p)
    odds, share = t / (1 - t), positive.mean()
    model, everybody = hits - false * odds, share - (1 - share) * odds
    return [
        {"threshold": float(a), "model": float(b), "all": float(c)} for a, b, c in zip(t, model, everybody, strict=True)
    ]


def roc(positive: ArrayLike, p: ArrayLike, *, most: int = 200) -> list[list[float]]:
    """Corners [false positive rate, true positive rate] of the ROC curve, thinned to at most `most` points."""
    positive, p = np.asarray(positive, dtype=bool), np.asarray(p, dtype=float)
    if not positive.any() or positive.all():
        return []
    values = np.unique(p)[::-1]
    tpr = 1 - np.searchsorted(np.sort(p[positive]), values) / positive.sum()
    fpr = 1 - np.searchsorted(np.sort(p[~positive]), values) / (~positive).sum()
    points = np.vstack([[0.0, 0.0], np.column_stack([fpr, tpr])])
    keep = np.unique(np.linspace(0, len(points) - 1, min(most, len(points))).round().astype(int))
    return points[keep].tolist()
