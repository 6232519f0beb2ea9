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
    part = _parts(column, y, groups, seed)
    if part is None:
        return None
    values, told = _ordered(column), np.eye(int(y.max()) + 1)[y]
    found = [float(macro_auc(y[part == k], _expected(values, told, part == k))[0]) for k in np.unique(part)]
    defined = [value for value in found if np.isfinite(value)]
    return float(np.mean(defined)) if defined else None


def explained(
    column: pd.Series, number: ArrayLike, bands: ArrayLike, groups: ArrayLike | None = None, *, seed: int = 0
) -> float | None:
    """Cross-validated share of a number's variance that one metadata column alone explains (R2, 0 at the least).

    The mean of each level is learnt, on folds that spread the number's `bands` evenly; levels and None as in `alone`.
    """
    truth, codes = np.asarray(number, float), np.unique(np.asarray(bands), return_inverse=True)[1].reshape(-1)
    part = _parts(column, codes, groups, seed)
    if part is None:
        return None
    values, said = _ordered(column), np.empty(len(truth))
    for k in np.unique(part):
        said[part == k] = _expected(values, truth[:, None], part == k)[:, 0]
    return float(max(0.0, 1 - np.square(truth - said).sum() / np.square(truth - truth.mean()).sum()))


def _parts(column: pd.Series, y: Array, groups: ArrayLike | None, seed: int) -> Array | None:
    """The patient fold of each row; None where there are too few patients of a class or one value."""
    group = np.arange(len(y)) if groups is None else np.unique(np.asarray(groups).astype(str), return_inverse=True)[1]
    patients = min((len(np.unique(group[y == c])) for c in np.unique(y)), default=0)
    if patients < 2 or len(np.unique(y)) < 2 or column.nunique(dropna=False) < 2:
        return None
    return folds(y, group, n_folds=min(5, patients), seed=seed)


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


def _expected(values: Array, told: Array, out: Array) -> Array:
    """Mean of `told` (n, k) at the level of each held-out row, learnt from the others (shrunk by one pseudo-row)."""
    level, seen = _levels(values, values[~out]), told[~out]
    total = np.zeros((level.max() + 1, told.shape[1]))
    np.add.at(total, level[~out], seen)
    count = np.bincount(level[~out], minlength=len(total))
    return ((total + seen.mean(axis=0)) / (count[:, None] + 1))[level[out]]


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
    number: ArrayLike | None = None,
    target: str = "the target",
    seed: int = 0,
) -> dict[str, Any]:
    """How far one column goes with the target: table, Cramer's V, p (chi-square on one row per patient), AUC alone.

    Numbers are banded for the table (`subgroup.banded`); the AUC uses them as they are. Where the target is a `number`
    whose bands are `y`, the share of its variance that the column explains stands as `r2_alone` in the AUC's place.
    """
    y, values = np.asarray(y), banded(column)
    counts = _table(values, y, len(classes))
    first = np.arange(len(y)) if groups is None else np.unique(np.asarray(groups).astype(str), return_index=True)[1]
    independent = _table(values.iloc[first], y[first], len(classes))
    v, p = cramers_v(counts.to_numpy()), _p(independent.to_numpy())
    auc = alone(column, y, groups, seed=seed) if number is None else None
    r2 = None if number is None else explained(column, number, y, groups, seed=seed)
    name = str(column.name)
    reaches = "" if auc is None else f"; {name} alone reaches an AUC of {auc:.2f}"
    explains = "" if r2 is None else f"; {name} alone explains {100 * r2:.0f} % of its variance"
    return {
        "table": {
            str(value): dict(zip(classes, map(int, row), strict=True))
            for value, row in zip(counts.index, counts.to_numpy(), strict=True)
        },
        "cramers_v": v,
        "p": p,
        "auc_alone": auc,
        **({} if number is None else {"r2_alone": r2}),
        "says": _sentence(name, counts, classes, v, p, reaches + explains, target),
    }


def confounders(
    table: pd.DataFrame | None,
    y: ArrayLike,
    *,
    classes: Sequence[str],
    groups: ArrayLike | None = None,
    number: ArrayLike | None = None,
    target: str = "the target",
    seed: int = 0,
) -> dict[str, Any]:
    """`confounding` of every column of a table."""
    every = {} if table is None else {str(name): table[name] for name in table}
    return {
        name: confounding(column, y, classes=classes, groups=groups, number=number, target=target, seed=seed)
        for name, column in every.items()
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
    single: str,
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
    verdict = "goes with" if related else "goes slightly with" if p < 0.01 else "is not clearly related to"
    strength = f"Cramer's V {v:.2f}, p {'< 0.001' if p < 0.001 else f'= {p:.3f}'}"
    return f"{name} {verdict} {target}: {counts.index[place]} is {shares} ({strength}){single}."
