"""The audit of predicted numbers: the parts of metrics.json that need no images and no model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from radiolucent.core import InputError

from .audit_parts import Sample, paired, per_fold
from .figures import figure, plain
from .interval import Resamples, resamples
from .regression import number_scores
from .score import ratio
from .subgroup import FEW_PATIENTS, by_column

Array = NDArray[Any]
SHOWN = 1000
"""Points kept for the drawings."""
FIGURES = ("mae", "bias")
"""What is told of each group."""


def audit_number(
    truth: ArrayLike,
    told: Mapping[str, ArrayLike],
    *,
    strata: ArrayLike,
    patients: ArrayLike | None = None,
    folds: ArrayLike | None = None,
    groups: pd.DataFrame | None = None,
    best: str,
    seed: int = 0,
    replicates: int = 1000,
) -> dict[str, Any]:
    """Errors in the number's own unit, correlations, bias with limits of agreement, and coverage, for each candidate.

    `told` are arrays (n, 3): value, low, high. Patients are drawn within `strata` (bands of the number). Differences are
    of the mean absolute error, `best` minus the other: below 0 the best is nearer. `groups` gives error and bias by
    value, and the error expected of saying the other folds' mean to everyone is `without_skill`.
    """
    y, band = np.asarray(truth, dtype=float), np.asarray(strata)
    said = {name: np.asarray(p, dtype=float) for name, p in told.items()}
    for name, p in said.items():
        if p.shape != (len(y), 3) or not np.isfinite(p).all():
            raise InputError(
                f"candidate {name}: {p.shape} finite numbers are needed as ({len(y)}, 3): value, low, high"
            )
    drawn = resamples(band, patients, replicates=replicates, seed=seed)
    fold = None if folds is None else np.asarray(folds)
    samples = {name: _sample(y, p, drawn) for name, p in said.items()}
    candidates = {
        name: {
            **samples[name].figures(),
            "reach": float((said[name][:, 2] - said[name][:, 1]).mean() / 2),
            "mae_fold_mean": per_fold(partial(_error, y, said[name]), fold, len(y)),
            "curves": {"points": _points(y, said[name][:, 0], seed)},
        }
        for name in said
    }
    return dict(
        plain(
            {
                "candidates": candidates,
                "differences": paired(best, samples, "mae"),
                "without_skill": {"mae": _without_skill(y, fold)},
                **by_column(groups, partial(_group, y, said[best], drawn), FIGURES),
                "twin_free": None,
            }
        )
    )


def _sample(y: Array, p: Array, drawn: Resamples) -> Sample:
    inside = (y >= p[:, 1]) & (y <= p[:, 2])

    def statistic(w: Array) -> dict[str, Array]:
        return {**number_scores(y, p[:, 0], w), "coverage": ratio(w @ inside, w.sum(axis=1))}

    return Sample(statistic(np.ones((1, len(y)))), drawn.apply(statistic))


def _error(y: Array, p: Array, rows: Array) -> float:
    return float(np.abs(p[rows, 0] - y[rows]).mean())


def _without_skill(y: Array, fold: Array | None) -> float:
    """Mean absolute error of the mean: of the other folds', or, in one part, of its own rows."""
    if fold is None:
        return float(np.abs(y - y.mean()).mean())
    return float(np.mean([np.abs(value - y[fold != k].mean()) for value, k in zip(y, fold, strict=True)]))


def _points(y: Array, told: Array, seed: int) -> Array:
    rows = np.arange(len(y))
    if len(rows) > SHOWN:
        rows = np.sort(np.random.default_rng(seed).choice(rows, SHOWN, replace=False))
    return np.round(np.column_stack([y[rows], told[rows]]), 6)


def _group(y: Array, p: Array, drawn: Resamples, mine: Array) -> tuple[dict[str, Any], Mapping[str, Array]]:
    sample = _sample(y[mine], p[mine], drawn.of(drawn.patient[mine]))
    patients = len(np.unique(drawn.patient[mine]))
    flag = f"only {patients} patient(s); fewer than {FEW_PATIENTS}" if patients < FEW_PATIENTS else None
    told = {key: figure(sample.point[key][0], sample.drawn[key]) for key in FIGURES}
    return {"n": int(mine.sum()), "patients": patients, "flag": flag, **told}, sample.drawn
