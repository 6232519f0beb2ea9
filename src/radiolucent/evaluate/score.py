"""Figures of merit, for one sample or for many weightings of it at once.

`weights` has shape (replicates, n) (or (n,)); every function gives one value per replicate, NaN where it is undefined.
Without weights there is one replicate in which each row counts once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

NAMES = [
    "auc",
    "average_precision",
    "sensitivity",
    "specificity",
    "ppv",
    "npv",
    "f1",
    "mcc",
    "accuracy",
    "balanced_accuracy",
    "brier",
    "ece",
]


def scores(
    y: ArrayLike, probabilities: ArrayLike, decided: ArrayLike, weights: ArrayLike | None = None
) -> dict[str, Array]:
    """Every figure in `NAMES` for `probabilities` (n, C) and decisions (n,), codes 0 ... C - 1.

    Two classes: class 1 is the positive one. More: macro averages over one-versus-rest, undefined where a class is.
    """
    return detailed(y, probabilities, decided, weights)[0]


def detailed(
    y: ArrayLike, probabilities: ArrayLike, decided: ArrayLike, weights: ArrayLike | None = None
) -> tuple[dict[str, Array], dict[str, Array]]:
    """`scores`, and AUC, sensitivity and PPV of each class, shape (replicates, C), from one pass."""
    y, p, decided = np.asarray(y), np.asarray(probabilities, dtype=float), np.asarray(decided)
    w = _weights(weights, len(y))
    ranked = np.array([ranking(y == c, p[:, c], w) for c in _positives(p.shape[1])])
    matrix = confusion(y, decided, p.shape[1], w)
    found = {
        "auc": ranked[:, 0].mean(axis=0),
        "average_precision": ranked[:, 1].mean(axis=0),
        **from_confusion(matrix),
        "brier": brier(y, p, w),
        "ece": ece(*confidence(y, p), weights=w),
    }
    each = per_class(matrix)
    aucs = np.broadcast_to(ranked[:, 0].T, (len(w), p.shape[1]))  # of two classes both have the same
    return {name: found[name] for name in NAMES}, {"auc": aucs, "sensitivity": each["sensitivity"], "ppv": each["ppv"]}


def _positives(n_classes: int) -> list[int]:
    return [1] if n_classes == 2 else list(range(n_classes))


def _weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    return np.ones((1, n)) if weights is None else np.atleast_2d(np.asarray(weights, dtype=float))


def ratio(above: ArrayLike, below: ArrayLike) -> Array:
    """Quotient; NaN, without a warning, where the divisor is zero."""
    above, below = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)


def ranking(positive: ArrayLike, score: ArrayLike, weights: ArrayLike | None = None) -> tuple[Array, Array]:
    """Area under the ROC curve (ties count half) and average precision (step-wise, as scikit-learn's).

    One sort serves all replicates: O(n log n + replicates * n).
    """
    positive, score = np.asarray(positive, dtype=bool), np.asarray(score, dtype=float)
    w = _weights(weights, len(score))
    if not len(score):
        return np.full(len(w), np.nan), np.full(len(w), np.nan)
    order = np.argsort(score, kind="stable")
    w = w[:, order]
    pos, neg = w * positive[order], w * ~positive[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(score[order])) + 1])
    if len(starts) < len(order):
        pos, neg = np.add.reduceat(pos, starts, axis=1), np.add.reduceat(neg, starts, axis=1)
    below_neg, below_pos = np.cumsum(neg, axis=1), np.cumsum(pos, axis=1)
    n_pos, n_neg = below_pos[:, -1].copy(), below_neg[:, -1].copy()
    auc = ratio(((below_neg - neg / 2) * pos).sum(axis=1), n_pos * n_neg)
    hit = n_pos[:, None] - below_pos + pos
    called = hit + n_neg[:, None] - below_neg + neg
    precision = np.divide(hit, called, out=np.zeros_like(hit), where=called > 0)
    return auc, ratio((precision * pos).sum(axis=1), n_pos)


def auc(positive: ArrayLike, score: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """Area under the ROC curve: chance that a positive scores above a negative, ties half."""
    return ranking(positive, score, weights)[0]


def macro_auc(y: ArrayLike, probabilities: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """AUC of the positive class (two classes), or mean of the one-versus-rest AUCs."""
    y, p = np.asarray(y), np.asarray(probabilities, dtype=float)
    return np.mean([auc(y == c, p[:, c], weights) for c in _positives(p.shape[1])], axis=0)


def confusion(y: ArrayLike, decided: ArrayLike, n_classes: int, weights: ArrayLike | None = None) -> Array:
    """Weighted counts, shape (replicates, true, decided)."""
    cell = np.asarray(y, dtype=np.int64) * n_classes + np.asarray(decided, dtype=np.int64)
    one_hot = np.equal.outer(cell, np.arange(n_classes**2)).astype(float)
    return (_weights(weights, len(cell)) @ one_hot).reshape(-1, n_classes, n_classes)


def from_confusion(matrix: Array) -> dict[str, Array]:
    """What a confusion matrix (replicates, C, C) tells: of class 1 where C = 2, else macro averages."""
    each = per_class(matrix)
    right = np.trace(matrix, axis1=1, axis2=2)
    chosen = [1] if matrix.shape[1] == 2 else slice(None)
    macro = {name: value[:, chosen].mean(axis=1) for name, value in each.items()}
    return {
        **macro,
        "mcc": _mcc(matrix, right),
        "accuracy": ratio(right, matrix.sum(axis=(1, 2))),
        "balanced_accuracy": each["sensitivity"].mean(axis=1),
    }


def per_class(matrix: Array) -> dict[str, Array]:
    """Sensitivity, specificity, PPV, NPV and F1 of each class against the rest, shape (replicates, C)."""
    hit = np.diagonal(matrix, axis1=1, axis2=2)
    true, called = matrix.sum(axis=2), matrix.sum(axis=1)
    total = matrix.sum(axis=(1, 2))[:, None]
    clear = total - true - called + hit
    return {
        "sensitivity": ratio(hit, true),
        "specificity": ratio(clear, total - true),
        "ppv": ratio(hit, called),
        "npv": ratio(clear, total - called),
        "f1": ratio(2 * hit, true + called),
    }


def _mcc(matrix: Array, right: Array) -> Array:
    """Matthews' coefficient in Gorodkin's form (doi:10.1016/j.compbiolchem.2004.09.006)."""
    true, called, total = matrix.sum(axis=2), matrix.sum(axis=1), matrix.sum(axis=(1, 2))
    above = right * total - (true * called).sum(axis=1)
    spread = (total**2 - (true**2).sum(axis=1)) * (total**2 - (called**2).sum(axis=1))
    return ratio(above, np.sqrt(np.maximum(spread, 0)))


def brier(y: ArrayLike, probabilities: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """Mean squared error: of the positive class's probability (0-1), or summed over three or more classes (0-2)."""
    y, p = np.asarray(y), np.asarray(probabilities, dtype=float)
    wrong = np.equal.outer(y, np.arange(p.shape[1])) - p
    error = wrong[:, 1] ** 2 if p.shape[1] == 2 else (wrong**2).sum(axis=1)
    w = _weights(weights, len(y))
    return ratio(w @ error, w.sum(axis=1))


def confidence(y: ArrayLike, probabilities: ArrayLike) -> tuple[Array, Array]:
    """What calibration is judged on: (event, its probability); class 1, or "the most probable class is right"."""
    y, p = np.asarray(y), np.asarray(probabilities, dtype=float)
    if p.shape[1] == 2:
        return y == 1, p[:, 1]
    return y == p.argmax(axis=1), p.max(axis=1)


def bins_of(p: ArrayLike, bins: int = 10) -> NDArray[np.int64]:
    """Bin of each probability: `bins` of equal mass; equal probabilities share a bin, so there may be fewer."""
    p = np.asarray(p, dtype=float)
    if not len(p):
        return np.zeros(0, dtype=np.int64)
    edges = np.unique(np.quantile(p, np.arange(1, bins) / bins, method="inverted_cdf"))
    return np.unique(np.searchsorted(edges, p, side="left"), return_inverse=True)[1]


def ece(event: ArrayLike, p: ArrayLike, *, bins: int = 10, weights: ArrayLike | None = None) -> Array:
    """Expected calibration error over bins of equal mass (doi:10.1609/aaai.v29i1.9602), bins fixed over replicates.

    It is biased upwards, the more the fewer rows there are: read it beside `calibrate.expected_ece`.
    """
    event, p = np.asarray(event, dtype=float), np.asarray(p, dtype=float)
    w, bin_ = _weights(weights, len(p)), bins_of(p, bins)
    excess = np.equal.outer(bin_, np.arange(bins)) * (event - p)[:, None]
    return ratio(np.abs(w @ excess).sum(axis=1), w.sum(axis=1))
