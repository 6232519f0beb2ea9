"""Take the mark of site or scanner out of features: ComBat, fitted on training rows only."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, kruskal
from sklearn.base import BaseEstimator

from radiolucent.core import InputError

Numbers = NDArray[np.float64]


class Combat(BaseEstimator):
    """Bring every batch's (site's, scanner's) mean and variance of each feature to a common one.

    Location and scale are shrunk towards the batch's own average over features by empirical Bayes (Johnson et al.
    2007, doi:10.1093/biostatistics/kxj037, parametric priors). `covariates` (age, sex as numbers ...) are what may
    truly differ between batches and is kept. Fit on training rows, transform any rows of the same batches: fitting on
    all rows would leak.
    """

    def __init__(self, *, tolerance: float = 1e-4) -> None:
        self.tolerance = tolerance

    def fit(self, X: Any, y: Any = None, *, batch: Any, covariates: Any = None) -> Self:  # noqa: ARG002 - sklearn's word
        """Learn the common mean and spread, and what each batch adds and stretches."""
        values, batch, kept = _checked(X, batch, covariates)
        self.batches_, code, counts = np.unique(batch, return_inverse=True, return_counts=True)
        if counts.min() < 2:
            raise InputError(f"batch {self.batches_[counts.argmin()]} has one row; at least 2 are needed to harmonise")
        member = np.eye(len(counts))[code]
        design = np.column_stack([member, kept])
        if np.linalg.matrix_rank(design) < design.shape[1]:
            raise InputError("batch and covariates cannot be told apart: a covariate is constant within every batch")
        effects = np.linalg.lstsq(design, values, rcond=None)[0]
        self.mean_ = counts / len(values) @ effects[: len(counts)]
        self.kept_ = effects[len(counts) :]
        self.spread_ = np.sqrt(((values - design @ effects) ** 2).mean(axis=0))
        self.varies_ = self.spread_ > 1e-9 * np.maximum(np.abs(self.mean_), 1e-300)
        standard = self._standard(values, kept)
        parts = [_shrunk(standard[code == number][:, self.varies_], self.tolerance) for number in range(len(counts))]
        self.shift_, self.scale_ = (np.array(part) for part in zip(*parts, strict=True))
        self.n_features_in_ = values.shape[1]
        return self

    def transform(self, X: Any, *, batch: Any, covariates: Any = None) -> Numbers:
        """The rows (n, features) as if all came from one batch; a feature that never varied stays as it is."""
        values, batch, kept = _checked(X, batch, covariates)
        if values.shape[1] != self.n_features_in_ or kept.shape[1] != len(self.kept_):
            raise InputError(
                f"{values.shape[1]} features and {kept.shape[1]} covariates are given, "
                f"{self.n_features_in_} and {len(self.kept_)} were fitted"
            )
        foreign = sorted(set(np.unique(batch)) - set(self.batches_))
        if foreign:
            raise InputError(f"batch {foreign[0]} was not among those fitted ({', '.join(map(str, self.batches_))})")
        code = np.searchsorted(self.batches_, batch)
        seen = self.varies_
        made = values.copy()
        standard = (self._standard(values, kept)[:, seen] - self.shift_[code]) / self.scale_[code]
        made[:, seen] = standard * self.spread_[seen] + (self.mean_ + kept @ self.kept_)[:, seen]
        return made

    def _standard(self, values: Numbers, kept: Numbers) -> Numbers:
        spread = np.where(self.varies_, self.spread_, 1.0)
        standard: Numbers = (values - self.mean_ - kept @ self.kept_) / spread
        return standard


def batch_effect(X: Any, batch: Any) -> tuple[Numbers, Numbers]:
    """Share of each feature's variance between batches (eta squared), and Kruskal-Wallis p after Benjamini-Hochberg."""
    values, batch, _ = _checked(X, batch, None)
    groups = [values[batch == name] for name in np.unique(batch)]
    if len(groups) < 2:
        raise InputError("a batch effect needs at least 2 batches")
    total = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    between = sum(len(group) * (group.mean(axis=0) - values.mean(axis=0)) ** 2 for group in groups)
    p = [kruskal(*(group[:, k] for group in groups)).pvalue if np.ptp(values[:, k]) else 1.0 for k in range(len(total))]
    return np.divide(between, total, out=np.zeros_like(total), where=total > 0), false_discovery_control(p)


def _shrunk(rows: Numbers, tolerance: float) -> tuple[Numbers, Numbers]:
    """A batch's additive and multiplicative effect on every feature, each drawn to their average over features."""
    n = len(rows)
    shift, variance = rows.mean(axis=0), rows.var(axis=0, ddof=1)
    if len(shift) < 2 or not np.ptp(shift) or not np.ptp(variance):
        return shift, np.sqrt(np.where(variance > 0, variance, 1.0))
    middle, tau2 = shift.mean(), shift.var(ddof=1)
    m, s2 = variance.mean(), variance.var(ddof=1)
    a, b = (2 * s2 + m**2) / s2, (m * s2 + m**3) / s2  # of the inverse gamma distribution
    old_shift, old_variance = shift, variance
    for _ in range(1000):
        new_shift = (tau2 * n * shift + old_variance * middle) / (tau2 * n + old_variance)
        new_variance = (((rows - new_shift) ** 2).sum(axis=0) / 2 + b) / (n / 2 + a - 1)
        moved = max(_change(new_shift, old_shift), _change(new_variance, old_variance))
        old_shift, old_variance = new_shift, new_variance
        if moved < tolerance:
            break
    return old_shift, np.sqrt(old_variance)


def _change(new: Numbers, old: Numbers) -> float:
    return float(np.max(np.abs(new - old) / np.maximum(np.abs(old), 1e-12)))


def _checked(X: Any, batch: Any, covariates: Any) -> tuple[Numbers, NDArray[Any], Numbers]:
    values, batch = np.asarray(X, np.float64), np.asarray(batch)
    kept = (
        np.empty((len(values), 0))
        if covariates is None
        else np.asarray(covariates, np.float64).reshape(len(values), -1)
    )
    if values.ndim != 2 or len(batch) != len(values):
        raise InputError(
            f"a table of features (n, features) and n batches are needed, not {values.shape} and {batch.shape}"
        )
    if not np.isfinite(values).all() or not np.isfinite(kept).all():
        raise InputError("features or covariates have gaps (NaN); leave these rows or columns out before harmonising")
    return values, batch, kept
