"""What grades in an order add to the audit of classes: kappa, error in grades, and their paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .audit_parts import Sample, paired, per_fold
from .figures import plain
from .interval import resamples
from .ordinal import grade_scores, nearest_grade
from .score import confusion


def audit_grades(
    y: ArrayLike,
    probabilities: Mapping[str, ArrayLike],
    *,
    grades: Sequence[str],
    patients: ArrayLike | None = None,
    folds: ArrayLike | None = None,
    best: str,
    seed: int = 0,
    replicates: int = 1000,
) -> dict[str, Any]:
    """Figures of each candidate under `candidates`, to be laid over those of `audit`, and `differences` of kappa.

    `y` are codes 0 ... C - 1 of `grades` in order, `probabilities` arrays (n, C); decided is the grade nearest to the
    mean. `confusion` is of these decisions.
    """
    code, n = np.asarray(y), len(grades)
    drawn = resamples(code, patients, replicates=replicates, seed=seed)
    fold = None if folds is None else np.asarray(folds)
    candidates: dict[str, Any] = {}
    samples: dict[str, Sample] = {}
    for name, p in probabilities.items():
        called = nearest_grade(p)
        point = grade_scores(code, called, n)
        samples[name] = Sample(point, drawn.apply(partial(grade_scores, code, called, n)))
        each = per_fold(partial(_kappa, code, called, n), fold, len(code))
        candidates[name] = {
            **samples[name].figures(),
            "confusion": confusion(code, called, n)[0].astype(int),
            "kappa_fold_mean": each,
        }
    return dict(plain({"candidates": candidates, "differences": paired(best, samples, "kappa")}))


def _kappa(code: NDArray[np.int64], called: NDArray[np.int64], n: int, rows: NDArray[np.bool_]) -> float:
    return float(grade_scores(code[rows], called[rows], n)["kappa"][0])
