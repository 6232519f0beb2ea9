"""Probabilities that mean what they say, a threshold, and how well both hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit, log_softmax, softmax
from scipy.stats import norm
from sklearn.base import BaseEstimator, TransformerMixin

from radiolucent.core import InputError

from .score import bins_of

Array = NDArray[Any]
TINY = 1e-12


class Calibrator(TransformerMixin, BaseEstimator):
    """Map a classifier's probabilities (n, C) to calibrated ones, fitted on rows the classifier was not fitted on.

    Two classes: Platt's sigmoid of slope * logit(p) + bias with his smoothed targets; the slope is kept positive, so
    ranks and AUC stay. More classes: softmax(slope * log p + bias), temperature scaling with biases. `l2` draws the log
    slope (and, with three or more classes, the biases) to 0, that is to "as it was", which keeps tiny tuning sets sane.
    Platt 1999; Lin et al. doi:10.1007/s10994-007-5018-6; Guo et al. arXiv:1706.04599.
    """

    def __init__(self, *, l2: float = 1.0) -> None:
        self.l2 = l2

    def fit(self, scores: ArrayLike, y: ArrayLike) -> Self:
        """Fit slope and bias to probabilities (n, C) and codes y (n,)."""
        p, y = _probabilities(scores), np.asarray(y, dtype=np.int64)
        if not len(p):
            raise InputError("the calibrator got no rows; tuning rows are needed")
        loss, size = (_platt(p, y), 1) if p.shape[1] == 2 else (_temperature(p, y), p.shape[1])
        penalty = np.array([self.l2] + [0.0 if size == 1 else self.l2] * size)
        found = minimize(lambda x: loss(x) + penalty @ x**2 / 2, np.zeros(1 + size), method="L-BFGS-B")
        self.slope_ = float(np.exp(found.x[0]))
        self.bias_ = np.asarray(found.x[1:], dtype=float)
        self.n_features_in_ = p.shape[1]
        return self

    def transform(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Calibrated probabilities (n, C)."""
        p = _probabilities(scores)
        if p.shape[1] != self.n_features_in_:
            raise InputError(f"the calibrator was fitted on {self.n_features_in_} classes and got {p.shape[1]}")
        if p.shape[1] == 2:
            z = self.slope_ * _log_odds(p) + self.bias_[0]
            return np.column_stack([expit(-z), expit(z)])
        return np.asarray(softmax(self.slope_ * np.log(np.maximum(p, TINY)) + self.bias_, axis=1))

    def to_dict(self) -> dict[str, Any]:
        """Everything fitted, as JSON can hold it."""
        kind = "platt" if self.n_features_in_ == 2 else "temperature"
        return {"kind": kind, "classes": self.n_features_in_, "slope": self.slope_, "bias": self.bias_.tolist()}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        """The calibrator that `to_dict` described."""
        made = cls()
        made.n_features_in_ = int(saved["classes"])
        made.slope_, made.bias_ = float(saved["slope"]), np.asarray(saved["bias"], dtype=float)
        return made


def _probabilities(scores: ArrayLike) -> NDArray[np.float64]:
    p = np.asarray(scores, dtype=float)
    if p.ndim != 2 or p.shape[1] < 2 or not np.isfinite(p).all() or (p < 0).any() or (p > 1).any():
        raise InputError(f"probabilities must be finite, 0 to 1, of shape (rows, classes >= 2); got shape {p.shape}")
    return p


def _log_odds(p: Array) -> Array:
    """Log-odds of class 1. Both columns serve: 1 - p loses digits where p is nearly 1."""
    return np.asarray(np.log(np.maximum(p[:, 1], TINY)) - np.log(np.maximum(p[:, 0], TINY)))


def _platt(p: Array, y: Array) -> Any:
    positives, z = int((y == 1).sum()), _log_odds(p)
    target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (len(y) - positives + 2))
    return lambda x: -float(np.sum(target * log_expit(v := np.exp(x[0]) * z + x[1]) + (1 - target) * log_expit(-v)))


def _temperature(p: Array, y: Array) -> Any:
    z, rows = np.log(np.maximum(p, TINY)), np.arange(len(y))
    return lambda x: -float(log_softmax(np.exp(x[0]) * z + x[1:], axis=1)[rows, y].sum())


def threshold(y: ArrayLike, p: ArrayLike, *, rule: str = "youden") -> float:
    """The threshold t (decide positive where p >= t) that `rule` picks on tuning rows.

    Rules: "youden" (largest sensitivity + specificity), "sensitivity>=0.9" (the highest t that reaches it),
    "specificity>=0.9" (the lowest). Thresholds lie half way between neighbouring scores; ties take the middle one.
    """
    positive, score = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if not positive.any() or positive.all():
        raise InputError(
            f"a threshold needs tuning rows of both classes; {positive.sum()} of {len(positive)} are positive"
        )
    values = np.unique(score)
    cuts = np.concatenate([[values[0]], (values[1:] + values[:-1]) / 2])
    cuts[1:] = np.where(cuts[1:] > values[:-1], cuts[1:], values[1:])  # neighbours one ulp apart have no middle
    sensitivity = 1 - np.searchsorted(np.sort(score[positive]), cuts) / positive.sum()
    specificity = np.searchsorted(np.sort(score[~positive]), cuts) / (~positive).sum()
    if rule == "youden":
        best = np.flatnonzero(np.isclose(sensitivity + specificity, (sensitivity + specificity).max(), atol=1e-12))
        return float(cuts[best[len(best) // 2]])
    asked = re.fullmatch(r"(sensitivity|specificity)\s*>=\s*(0?\.\d+|0|1|1\.0)", rule.strip())
    if not asked:
        raise InputError(f"unknown threshold rule {rule!r}; use youden, sensitivity>=0.9 or specificity>=0.9")
    if asked[1] == "sensitivity":
        return float(cuts[np.flatnonzero(sensitivity >= float(asked[2]) - 1e-12)[-1]])
    enough = np.flatnonzero(specificity >= float(asked[2]) - 1e-12)
    return float(cuts[enough[0]]) if len(enough) else float(np.nextafter(values[-1], np.inf))


def expected_ece(p: ArrayLike, *, bins: int = 10, draws: int = 500, seed: int = 0) -> tuple[float, float]:
    """Mean and 95 % point of the ECE that a perfectly calibrated model with these probabilities shows at this n."""
    p = np.asarray(p, dtype=float)
    if not len(p):
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    bin_ = np.equal.outer(bins_of(p, bins), np.arange(bins)).astype(float)
    found = [np.abs(((rng.random(len(p)) < p) - p) @ bin_).sum() / len(p) for _ in range(draws)]
    return float(np.mean(found)), float(np.quantile(found, 0.95))


def reliability(event: ArrayLike, p: ArrayLike, *, bins: int = 10) -> list[dict[str, float | int]]:
    """Mean probability against observed share in each bin of equal mass, with Wilson's 95 % interval."""
    event, p = np.asarray(event, dtype=float), np.asarray(p, dtype=float)
    bin_ = bins_of(p, bins)
    rows = []
    for b in np.unique(bin_):
        mine = bin_ == b
        low, high = wilson(event[mine].sum(), mine.sum())
        rows.append(
            {
                "mean": float(p[mine].mean()),
                "observed": float(event[mine].mean()),
                "low": low,
                "high": high,
                "n": int(mine.sum()),
            }
        )
    return rows


def wilson(hits: float, n: float, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share (doi:10.1080/01621459.1927.10502953)."""
    z = norm.ppf((1 + level) / 2)
    share, spread = hits / n, z * np.sqrt(hits / n * (1 - hits / n) / n + z**2 / (4 * n**2))
    middle, scale = share + z**2 / (2 * n), 1 + z**2 / n
    return float(max(0, (middle - spread) / scale)), float(min(1, (middle + spread) / scale))
