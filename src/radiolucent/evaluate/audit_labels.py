"""The audit of several labels at once: each label on its own, and their mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from radiolucent.core import InputError

from .audit_parts import Sample, paired, per_fold
from .figures import figure, plain
from .interval import Resamples, resamples
from .labels import EACH, label_scores
from .subgroup import FEW_EVENTS, by_column

Array = NDArray[Any]


def audit_labels(
    truth: ArrayLike,
    probabilities: Mapping[str, ArrayLike],
    *,
    labels: Sequence[str],
    strata: ArrayLike,
    thresholds: Mapping[str, ArrayLike],
    patients: ArrayLike | None = None,
    folds: ArrayLike | None = None,
    groups: pd.DataFrame | None = None,
    best: str,
    seed: int = 0,
    replicates: int = 1000,
) -> dict[str, Any]:
    """Figures of each label and their mean over labels (macro) for every candidate, with patient-clustered intervals.

    `truth`, `probabilities` and `thresholds` are arrays (n, labels), the thresholds from tuning rows. Patients are drawn
    within `strata`. Differences are of the mean AUC.
    """
    y, band = np.asarray(truth), np.asarray(strata)
    said = {name: np.asarray(p, dtype=float) for name, p in probabilities.items()}
    for name, p in said.items():
        if p.shape != y.shape or not np.isfinite(p).all() or (p < 0).any() or (p > 1).any():
            raise InputError(
                f"candidate {name}: probabilities from 0 to 1 of shape {y.shape} are needed, got {p.shape}"
            )
    called = {name: p >= np.asarray(thresholds[name]) for name, p in said.items()}
    drawn = resamples(band, patients, replicates=replicates, seed=seed)
    fold = None if folds is None else np.asarray(folds)
    samples, candidates = {}, {}
    for name, p in said.items():
        samples[name], each = _sample(y, p, called[name], drawn)
        candidates[name] = {
            **samples[name].figures(),
            "per_label": {
                label: {
                    "n": int(y[:, k].sum()),
                    "patients": len(np.unique(drawn.patient[y[:, k] == 1])),
                    "threshold": float(np.mean(np.asarray(thresholds[name])[:, k])),
                    **{key: figure(value[0][0, k], value[1][:, k]) for key, value in each.items()},
                }
                for k, label in enumerate(labels)
            },
            "auc_fold_mean": per_fold(partial(_macro, y, p), fold, len(y)),
        }
    told = {"candidates": candidates, "differences": paired(best, samples, "auc"), "twin_free": None}
    return dict(plain(told | by_column(groups, partial(_group, y, said[best], called[best], drawn), ("auc",))))


def _macro(y: Array, p: Array, rows: Array) -> float:
    return float(np.mean(label_scores(y[rows], p[rows], p[rows] >= 0.5)["auc"]))


def _sample(y: Array, p: Array, called: Array, drawn: Resamples) -> tuple[Sample, dict[str, tuple[Array, Array]]]:
    """Means over the labels with their replicates, and (value, replicates) of each label."""
    point, replicates = label_scores(y, p, called), drawn.apply(lambda w: label_scores(y, p, called, w))
    means = Sample({key: point[key].mean(axis=1) for key in EACH}, {key: replicates[key].mean(axis=1) for key in EACH})
    return means, {key: (point[key], replicates[key]) for key in EACH}


def _group(
    y: Array, p: Array, called: Array, drawn: Resamples, mine: Array
) -> tuple[dict[str, Any], Mapping[str, Array]]:
    sample, _ = _sample(y[mine], p[mine], called[mine], drawn.of(drawn.patient[mine]))
    fewest = int(np.minimum(y[mine].sum(axis=0), (1 - y[mine]).sum(axis=0)).min())
    few = f"only {fewest} rows with or without some label; fewer than {FEW_EVENTS}"
    told = {
        "n": int(mine.sum()),
        "patients": len(np.unique(drawn.patient[mine])),
        "flag": few if fewest < FEW_EVENTS else None,
        "auc": figure(sample.point["auc"][0], sample.drawn["auc"]),
    }
    return told, sample.drawn
