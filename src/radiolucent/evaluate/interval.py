"""Intervals and paired differences: by resampling patients, or DeLong's for one row per patient and one model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, rankdata

from .figures import NOTHING, Figure, figure, number
from .score import macro_auc

Array = NDArray[Any]
CELLS = 2_000_000  # weights held at once: 16 MB of float64


@dataclass(frozen=True)
class Resamples:
    """How often each patient was drawn, `counts` (replicates, patients), and the patient of each row."""

    counts: NDArray[np.uint16]
    patient: NDArray[np.int64]

    def of(self, patient: Array) -> Resamples:
        """The same draws, for other rows of the same patients (numbers as in `patient`)."""
        return Resamples(self.counts, patient)

    def weights(self) -> Iterator[NDArray[np.float64]]:
        """Row weights (some replicates, n), chunk by chunk."""
        step = max(1, CELLS // max(1, len(self.patient)))
        for start in range(0, len(self.counts), step):
            yield self.counts[start : start + step][:, self.patient].astype(float)

    def apply(self, statistic: Callable[[Array], dict[str, Array]]) -> dict[str, Array]:
        """Replicates of each value that `statistic` gives for a matrix of weights."""
        parts = [statistic(w) for w in self.weights()]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def resamples(y: ArrayLike, patients: ArrayLike | None, *, replicates: int = 1000, seed: int = 0) -> Resamples:
    """Draw patients with replacement, as many as there are; without patients each row is its own.

    Drawing is stratified: among patients of one class, separately for each class, and among those with rows of several
    classes. So each replicate keeps the classes and AUC stays defined; intervals are therefore conditional on the
    numbers of patients per class. Whole clusters: Field & Welsh, doi:10.1111/j.1467-9868.2007.00593.x.
    """
    y = np.asarray(y)
    rows = np.arange(len(y)) if patients is None else _as_text(np.asarray(patients))
    patient = np.unique(rows, return_inverse=True)[1].reshape(-1)
    stratum = _strata(y, patient)
    rng = np.random.default_rng(seed)
    counts = np.zeros((replicates, len(stratum)), dtype=np.uint16)
    for name in np.unique(stratum):
        members = np.flatnonzero(stratum == name)
        drawn = rng.integers(0, len(members), (replicates, len(members)))
        flat = drawn + len(members) * np.arange(replicates)[:, None]
        tally = np.bincount(flat.ravel(), minlength=replicates * len(members))
        counts[:, members] = tally.reshape(replicates, len(members))
    return Resamples(counts, patient)


def _as_text(values: Array) -> Array:
    return values.astype(str) if values.dtype == object else values


def _strata(y: Array, patient: Array) -> Array:
    """Class of each patient, -1 for patients whose rows bear several."""
    code = np.unique(y, return_inverse=True)[1].reshape(-1)
    n = int(patient.max()) + 1 if len(patient) else 0
    low, high = np.full(n, np.iinfo(np.int64).max), np.full(n, -1)
    np.minimum.at(low, patient, code)
    np.maximum.at(high, patient, code)
    return np.where(low == high, low, -1)


def difference(a: float | None, b: float | None, samples_a: Array, samples_b: Array) -> tuple[Figure, float | None]:
    """a - b with its interval and two-sided p from paired replicates (same draws for both).

    p = 2 min(#{d <= 0}, #{d >= 0}) + 1 over replicates + 1, at most 1: never smaller than the replicates can show.
    """
    if a is None or b is None:
        return figure(None), None
    drawn = samples_a - samples_b
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return figure(a - b), None
    tail = min(np.sum(drawn <= 0), np.sum(drawn >= 0))
    return figure(a - b, samples_a - samples_b), float(min(1.0, 2 * (tail + 1) / (len(drawn) + 1)))


def auc_figure(
    y: ArrayLike, probabilities: ArrayLike, patients: ArrayLike | None, *, replicates: int = 1000, seed: int = 0
) -> Figure:
    """(Macro) AUC of `probabilities` (n, C) with its patient-clustered interval: for one extra row of a table."""
    y, p = np.asarray(y), np.asarray(probabilities, dtype=float)
    drawn = resamples(y, patients, replicates=replicates, seed=seed).apply(lambda w: {"auc": macro_auc(y, p, w)})
    return figure(macro_auc(y, p)[0], drawn.get("auc"))


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
