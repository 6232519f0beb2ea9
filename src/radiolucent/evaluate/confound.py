"""Columns that know the answer: give-aways and confounders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2_contingency

from .score import macro_auc
from .split import folds
from .subgroup import banded

Array = NDArray[Any]
TOO_GOOD = 0.98  # AUC of one column alone
BINS = 20


def alone(column: pd.Series, y: ArrayLike, groups: ArrayLike | None = None, *, seed: int = 0) -> float | None:
    """Cross-validated (macro) AUC of one metadata column alone: class shares per level, mean over 5 patient folds.

    Numbers are cut at 20 training quantiles; text of many values is ranked in natural order (x2 before x10).
    None where a class has fewer than 2 patients or the column has one value.
    """
    y = np.unique(np.asarray(y), return_inverse=True)[1].reshape(-1)
    group = np.arange(len(y)) if groups is None else np.unique(np.asarray(groups).astype(str), return_inverse=True)[1]
    values = _ordered(column)
    patients = min((len(np.unique(group[y == c])) for c in np.unique(y)), default=0)
    if patients < 2 or len(np.unique(y)) < 2 or column.nunique(dropna=False) < 2:
        return None
    part = folds(y, group, n_folds=min(5, patients), seed=seed)
    found = [_held_out(values, y, part == k) for k in np.unique(part)]
    defined = [value for value in found if np.isfinite(value)]
    return float(np.mean(defined)) if defined else None


def _ordered(column: pd.Series) -> Array:
    """Numbers as they are; text as codes, in natural order."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    text = column.astype("string").fillna("").to_numpy(dtype=str)
    known = sorted(set(text), key=_natural)
    codes = {value: float(i) for i, value in enumerate(known)}
    return np.array([codes[value] for value in text])


def _natural(text: str) -> list[tuple[int, int, str]]:
    parts = re.findall(r"\d{1,18}|\D+", text)
    return [(0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts]


def _held_out(values: Array, y: Array, out: Array) -> float:
    """AUC on held-out rows of class shares learnt per level of the others (shrunk by one pseudo-row)."""
    level = _levels(values, values[~out])
    n_classes = int(y.max()) + 1
    counts = np.zeros((level.max() + 1, n_classes))
    np.add.at(counts, (level[~out], y[~out]), 1)
    prior = counts.sum(axis=0) / counts.sum()
    share = (counts + prior) / (counts.sum(axis=1, keepdims=True) + 1)
    return float(macro_auc(y[out], share[level[out]])[0])


def _levels(values: Array, seen: Array) -> NDArray[np.int64]:
    """Level of each value: itself where there are few, else its quantile among `seen`; missing is a level."""
    known = np.unique(seen[np.isfinite(seen)])
    if len(known) > BINS:
        known = np.unique(np.quantile(known, np.arange(1, BINS) / BINS))
        return np.where(np.isfinite(values), 1 + np.searchsorted(known, values, side="right"), 0)
    at = np.searchsorted(known, values)
    exact = np.isin(values, known)
    return np.where(exact, 1 + at, 0)


def giveaways(
    table: pd.DataFrame, y: ArrayLike, groups: ArrayLike | None = None, *, ignore: Iterable[str] = (), seed: int = 0
) -> dict[str, float]:
    """Columns that give the target away, with their AUC alone (0.98 and more): copies of it, or ids sorted by it.

    Put the target itself and columns that cannot but follow it (the file paths of class folders) into `ignore`.
    """
    found = {str(name): alone(table[name], y, groups, seed=seed) for name in table.columns if name not in set(ignore)}
    return {name: value for name, value in found.items() if value is not None and value >= TOO_GOOD}


def confounding(
    column: pd.Series,
    y: ArrayLike,
    *,
    classes: Sequence[str],
    groups: ArrayLike | None = None,
    target: str = "the target",
    seed: int = 0,
) -> dict[str, Any]:
    """How far one column goes with the target: table, Cramer's V, p (chi-square on one row per patient), AUC alone.

    Numbers are banded for the table (`subgroup.banded`); the AUC uses them as they are.
    """
    y, values = np.asarray(y), banded(column)
    counts = _table(values, y, len(classes))
    first = np.arange(len(y)) if groups is None else np.unique(np.asarray(groups).astype(str), return_index=True)[1]
    independent = _table(values.iloc[first], y[first], len(classes))
    auc, v = alone(column, y, groups, seed=seed), cramers_v(counts.to_numpy())
    p = _p(independent.to_numpy())
    return {
        "table": {
            str(value): dict(zip(classes, map(int, row), strict=True))
            for value, row in zip(counts.index, counts.to_numpy(), strict=True)
        },
        "cramers_v": v,
        "p": p,
        "auc_alone": auc,
        "says": _sentence(str(column.name), counts, classes, v, p, auc, target),
    }


def _table(values: pd.Series, y: Array, n_classes: int) -> pd.DataFrame:
    counts = pd.crosstab(values.to_numpy(), y)
    return counts.reindex(columns=range(n_classes), fill_value=0)


def cramers_v(counts: Array) -> float | None:
    """Cramer's V of a table of counts, 0 (unrelated) to 1 (one tells the other); None for one row or column."""
    counts = _full(counts)
    if min(counts.shape) < 2:
        return None
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return float(np.sqrt(((counts - expected) ** 2 / expected).sum() / counts.sum() / (min(counts.shape) - 1)))


def _full(counts: Array) -> Array:
    counts = counts[counts.sum(axis=1) > 0]
    return counts[:, counts.sum(axis=0) > 0]


def _p(counts: Array) -> float | None:
    counts = _full(counts)
    return float(chi2_contingency(counts, correction=False)[1]) if min(counts.shape) >= 2 else None


def is_confounder(found: dict[str, Any]) -> bool:
    """Related to the target beyond chance (p < 0.01) and noticeably (Cramer's V of 0.1 or more)."""
    return found["p"] is not None and found["p"] < 0.01 and (found["cramers_v"] or 0) >= 0.1


def _sentence(
    name: str,
    counts: pd.DataFrame,
    classes: Sequence[str],
    v: float | None,
    p: float | None,
    auc: float | None,
    target: str,
) -> str:
    if v is None or p is None:
        return f"{name} has one value or one class only, so it cannot be confounded with {target}."
    related = is_confounder({"p": p, "cramers_v": v})
    share = counts.div(counts.sum(axis=0).replace(0, 1), axis=1)
    spread = share.max(axis=1) - share.min(axis=1)
    more = share.iloc[:, -1] - share.iloc[:, 0]  # among equals, the value that the positive class has more of
    place = int((spread + 1e-9 * more).to_numpy().argmax())
    shares = ", ".join(f"{100 * share.to_numpy()[place, k]:.0f} % of {label}" for k, label in enumerate(classes[:4]))
    single = "" if auc is None else f"; {name} alone reaches an AUC of {auc:.2f}"
    verdict = "goes with" if related else "goes slightly with" if p < 0.01 else "is not clearly related to"
    strength = f"Cramer's V {v:.2f}, p {'< 0.001' if p < 0.001 else f'= {p:.3f}'}"
    return f"{name} {verdict} {target}: {counts.index[place]} is {shares} ({strength}){single}."
