"""Figures for several labels at once: each on its own, and their mean.

`weights` (replicates, n) as in `score`: every figure comes once per replicate, NaN where it is undefined.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .score import brier, confusion, per_class, ranking

Array = NDArray[Any]

EACH = ("auc", "average_precision", "sensitivity", "specificity", "ppv", "npv", "brier")


def label_scores(
    y: ArrayLike, probabilities: ArrayLike, decided: ArrayLike, weights: ArrayLike | None = None
) -> dict[str, NDArray[np.float64]]:
    """Figures of each label (replicates, labels) from truth, probabilities and decisions, all (n, labels)."""
    truth, p, called = np.asarray(y), np.asarray(probabilities, dtype=float), np.asarray(decided)
    columns = [_one(truth[:, k], p[:, k], called[:, k], weights) for k in range(p.shape[1])]
    return {name: np.stack([column[name] for column in columns], axis=1) for name in EACH}


def _one(y: Array, p: Array, called: Array, weights: ArrayLike | None) -> dict[str, Array]:
    area, precision = ranking(y == 1, p, weights)
    each = per_class(confusion(y, called, 2, weights))
    shares = {name: each[name][:, 1] for name in ("sensitivity", "specificity", "ppv", "npv")}
    both = np.column_stack([1 - p, p])
    return {"auc": area, "average_precision": precision, **shares, "brier": brier(y, both, weights)}
