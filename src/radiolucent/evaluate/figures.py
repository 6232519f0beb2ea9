"""A number with its interval, and plain values that JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

Figure = dict[str, float | None]
NOTHING: Figure = {"value": None, "low": None, "high": None}


def number(value: Any) -> float | None:
    """A float, or None where it is undefined or infinite."""
    return float(value) if value is not None and np.isfinite(value) else None


def figure(
    value: Any, samples: ArrayLike | None = None, *, patients: int = 0, level: float = 0.95, defined: float = 0.95
) -> Figure:
    """The value with the percentile interval of its replicates; no bounds where fewer than 95 % are defined.

    Where a share is 0 or 1 in every replicate the bootstrap says nothing of its error: 20 right of 20 are not surely
    1. Then the far bound is Clopper and Pearson's (doi:10.1093/biomet/26.4.404) for so many `patients`, if given.
    """
    drawn = np.asarray([] if samples is None else samples, dtype=float).ravel()
    finite = drawn[np.isfinite(drawn)]
    if number(value) is None or not len(drawn) or len(finite) < defined * len(drawn):
        return {"value": number(value), "low": None, "high": None}
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    if patients and low == high == value and value in (0, 1):
        reach = 1 - ((1 - level) / 2) ** (1 / patients)
        low, high = max(0.0, value - reach), min(1.0, value + reach)
    return {"value": float(value), "low": float(low), "high": float(high)}


def plain(value: Any) -> Any:
    """Nested values with numpy's scalars and arrays made plain and NaN made None, ready for `json.dumps`."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return number(value) if isinstance(value, float) else value
