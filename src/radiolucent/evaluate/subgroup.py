"""The same figures for every group of patients, gaps between groups, and which groups are too small to judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from .figures import Figure, figure, number
from .interval import Resamples
from .score import confusion, macro_auc, per_class

Array = NDArray[Any]

UNKNOWN = "unknown"
AGES = (("0-17", 18), ("18-39", 40), ("40-59", 60), ("60-79", 80), ("80+", 121))
FEW_EVENTS, FEW_PATIENTS = 20, 10
FIGURES = ("auc", "tpr", "fpr")

Measured = Callable[[Array], tuple[dict[str, Any], Mapping[str, Array]]]
"""From the mask of a group's rows to its facts (with its `flag`) and figures, and the replicates behind the figures."""


def bands(age_years: ArrayLike) -> NDArray[np.object_]:
    """Age bands 0-17, 18-39, 40-59, 60-79, 80+; missing, negative or beyond 120 years is "unknown"."""
    age = np.asarray(age_years, dtype=float)
    known = np.isfinite(age) & (age >= 0) & (age <= 120)
    names = np.array([name for name, _ in AGES], dtype=object)
    band = np.searchsorted([below for _, below in AGES], np.where(known, age, 0), side="right")
    return np.where(known, names[np.minimum(band, len(names) - 1)], UNKNOWN)


def banded(column: pd.Series, *, levels: int = 4, most_values: int = 8) -> pd.Series:
    """Group names of a column: ages in age bands, other numbers of many values in quantile bands, the rest as text."""
    numbers = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numbers and str(column.name).lower().startswith("age"):
        return pd.Series(bands(column.to_numpy(dtype=float, na_value=np.nan)), index=column.index, name=column.name)
    if numbers and column.nunique() > most_values:
        return _quantile_bands(column, levels)
    text = column.map(_text, na_action="ignore").astype(object)
    return text.where(column.notna(), UNKNOWN).replace("", UNKNOWN)


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _quantile_bands(column: pd.Series, levels: int) -> pd.Series:
    values = column.to_numpy(dtype=float, na_value=np.nan)
    edges = np.unique(np.nanquantile(values, np.arange(levels + 1) / levels))
    band = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, max(0, len(edges) - 2))
    spans = [f"{low:g}-{high:g}" for low, high in pairwise(edges)]
    names = np.array(spans or [f"{edges[0]:g}"])
    return pd.Series(
        np.where(np.isfinite(values), names[band], UNKNOWN), index=column.index, name=column.name, dtype=object
    )


def rates(y: Array, probabilities: Array, decided: Array, weights: ArrayLike | None = None) -> dict[str, Array]:
    """AUC, true and false positive rate per replicate; of three or more classes the macro averages."""
    each = per_class(confusion(y, decided, probabilities.shape[1], weights))
    chosen = [1] if probabilities.shape[1] == 2 else slice(None)
    return {
        "auc": macro_auc(y, probabilities, weights),
        "tpr": each["sensitivity"][:, chosen].mean(axis=1),
        "fpr": 1 - each["specificity"][:, chosen].mean(axis=1),
    }


def subgroups(
    y: ArrayLike, probabilities: ArrayLike, decided: ArrayLike, column: pd.Series, drawn: Resamples
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Per value of one column n, patients, positives, prevalence, AUC, TPR, FPR and a flag; gaps between values.

    A group is flagged, and left out of the gaps, with fewer than 20 positives or negatives (of several classes: rows of
    any class) or fewer than 10 patients. A gap is the largest difference between two unflagged groups; its interval is
    that of this pair on the same patient draws, so it does not allow for the search over pairs.
    """
    y, p, decided = np.asarray(y), np.asarray(probabilities, dtype=float), np.asarray(decided)
    return by_value(column, partial(class_group, y, p, decided, drawn), FIGURES)


def by_value(column: pd.Series, measured: Measured, figures: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `measured` finds in the rows of each value of a column, and the gaps of `figures` between unflagged groups."""
    names = banded(column).to_numpy(dtype=str)
    groups: dict[str, Any] = {}
    samples: dict[str, Mapping[str, Array]] = {}
    for name in _in_order(np.unique(names)):
        groups[name], samples[name] = measured(names == name)
    fair = [name for name in groups if groups[name]["flag"] is None and name != UNKNOWN]
    return groups, {key: found for key in figures if (found := _gap(key, fair, groups, samples)) is not None}


def by_column(table: pd.DataFrame | None, measured: Measured, figures: Sequence[str]) -> dict[str, Any]:
    """`groups` and `gaps` of metrics.json: those of `by_value` for every column of a table."""
    found = {} if table is None else {str(name): by_value(table[name], measured, figures) for name in table}
    return {
        "groups": {name: groups for name, (groups, _) in found.items()},
        "gaps": {name: gaps for name, (_, gaps) in found.items()},
    }


def class_group(
    y: Array, p: Array, decided: Array, drawn: Resamples, mine: Array
) -> tuple[dict[str, Any], Mapping[str, Array]]:
    """Facts, rates and their replicates of the rows `mine`."""
    y, p, decided, drawn = y[mine], p[mine], decided[mine], drawn.of(drawn.patient[mine])
    samples = drawn.apply(lambda w: rates(y, p, decided, w))
    facts = _facts(y, p.shape[1], len(np.unique(drawn.patient)))
    of_class = [len(np.unique(drawn.patient[y == c])) for c in range(p.shape[1])]
    behind = {"auc": min(of_class), "tpr": of_class[1] if len(of_class) == 2 else min(of_class)}
    behind["fpr"] = of_class[0] if len(of_class) == 2 else min(of_class)
    found = {key: figure(value[0], samples[key], patients=behind[key]) for key, value in rates(y, p, decided).items()}
    return {**facts, **found}, samples


def _in_order(names: Array) -> list[str]:
    """Names of groups: bands by their number, words by the alphabet, unknown last."""

    def key(name: str) -> tuple[bool, float, str]:
        head = name.split("-")[0].rstrip("+")
        return name == UNKNOWN, float(head) if head.replace(".", "", 1).isdecimal() else np.inf, name

    return sorted(map(str, names), key=key)


def _facts(y: Array, n_classes: int, patients: int) -> dict[str, Any]:
    counts = np.bincount(y, minlength=n_classes)
    binary = n_classes == 2
    return {
        "n": len(y),
        "patients": patients,
        "positives": int(counts[1]) if binary else None,
        "prevalence": number(counts[1] / len(y)) if binary else None,
        "flag": flag(counts, patients, binary=binary),
    }


def flag(class_counts: Array, patients: int, *, binary: bool) -> str | None:
    """Why a group is too small to judge, or None."""
    if binary and class_counts[1] < FEW_EVENTS:
        return f"only {class_counts[1]} positive(s); fewer than {FEW_EVENTS}"
    if binary and class_counts[0] < FEW_EVENTS:
        return f"only {class_counts[0]} negative(s); fewer than {FEW_EVENTS}"
    if class_counts.min() < FEW_EVENTS:
        return f"only {class_counts.min()} rows of the rarest class; fewer than {FEW_EVENTS}"
    return f"only {patients} patient(s); fewer than {FEW_PATIENTS}" if patients < FEW_PATIENTS else None


def _gap(key: str, fair: list[str], groups: dict[str, Any], samples: Mapping[str, Any]) -> dict[str, Any] | None:
    """The largest difference of a figure between two fair groups, on the same draws; None with fewer than two."""
    known = [name for name in fair if groups[name][key]["value"] is not None]
    if len(known) < 2:
        return None
    high = max(known, key=lambda name: groups[name][key]["value"])
    low = min(known, key=lambda name: groups[name][key]["value"])
    found: Figure = figure(
        groups[high][key]["value"] - groups[low][key]["value"], samples[high][key] - samples[low][key]
    )
    return {**found, "between": [high, low]}
