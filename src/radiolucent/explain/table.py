"""Which columns of a table a prediction rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shap
from numpy.typing import NDArray
from sklearn.inspection import permutation_importance as permuted

from radiolucent.core import InputError

Predict = Callable[[Any], NDArray[Any]]


def shapley(
    predict: Predict, background: NDArray[Any], rows: NDArray[Any], *, seed: int, rounds: int = 4
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shapley values of each column for each row, and the mean prediction on the background.

    `predict` gives one number per row (n,) of a numeric table; `background` (m, F) is what a column is replaced by when
    it is left out. The values (n, F) plus the base (n,) add up to the prediction exactly; `rounds` is the number of
    permutations, each walked forth and back (permutation explainer of shap, arXiv:1705.07874).
    """
    background, rows = np.asarray(background, np.float64), np.asarray(rows, np.float64)
    if background.ndim != 2 or rows.ndim != 2 or background.shape[1] != rows.shape[1]:
        raise InputError(f"background and rows must be tables of equal width, got {background.shape}, {rows.shape}")
    masker = shap.maskers.Independent(background, max_samples=len(background))
    explainer = shap.explainers.Permutation(predict, masker, seed=seed)
    told = explainer(rows, max_evals=rounds * (2 * rows.shape[1] + 1), silent=True)
    return np.asarray(told.values, np.float64), np.broadcast_to(told.base_values, len(rows)).astype(np.float64)


def permutation_importance(
    estimator: Any, table: Any, y: Any, *, seed: int, names: Sequence[str], repeats: int = 5, scoring: str = "roc_auc"
) -> pd.DataFrame:
    """Fall of the score when one column is shuffled: name, mean and sd over `repeats`, most important first."""
    told = permuted(estimator, table, y, scoring=scoring, n_repeats=repeats, random_state=seed)
    if len(names) != len(told.importances_mean):
        raise InputError(f"{len(names)} names were given for {len(told.importances_mean)} columns")
    frame = pd.DataFrame({"name": list(names), "mean": told.importances_mean, "sd": told.importances_std})
    return frame.sort_values("mean", ascending=False, kind="stable", ignore_index=True)
