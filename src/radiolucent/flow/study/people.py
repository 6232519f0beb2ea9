"""Who is in the cohort: what the report tells of inclusion, demographics per fold and missing data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...evaluate.subgroup import banded
from .design import Design


def kinds(groups: pd.DataFrame) -> dict[str, list[str]]:
    """Which columns the metadata baseline takes as numbers, and which as words."""
    numeric = [str(name) for name in groups if pd.api.types.is_numeric_dtype(groups[name])]
    return {"numeric": numeric, "categorical": [str(name) for name in groups if name not in numeric]}


def described(classes: NDArray[np.str_], groups: pd.DataFrame, design: Design, *, skipped: int) -> dict[str, Any]:
    """The `cohort` part of a report: flow of inclusion, counts per value and fold, missing values."""
    n = len(classes)
    flow: list[dict[str, Any]] = [{"label": "rows in the cohort", "n": n}]
    if skipped:
        flow.append({"label": "left out: the image cannot be read", "n": skipped, "out": True})
    flow.append({"label": "images used", "n": n - skipped})
    flow.append({"label": "images tested", "n": len(design.tested)})
    columns = {"target": pd.Series(classes, index=groups.index)} | {str(name): banded(groups[name]) for name in groups}
    return {
        "flow": flow,
        "demographics": [{"column": name, "rows": _counts(values, design)} for name, values in columns.items()],
        "missing": [{"column": str(name), "n": int(groups[name].isna().sum())} for name in groups],
    }


def _counts(values: pd.Series, design: Design) -> list[dict[str, Any]]:
    text = values.astype(str).to_numpy()
    used = design.used
    return [
        {
            "value": value,
            "all": int((used & (text == value)).sum()),
            "folds": [int((test & (text == value)).sum()) for test in design.test[: design.folds]],
        }
        for value in sorted(set(text))
    ]
