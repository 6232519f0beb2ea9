"""How images were made and kept: where that differs between the classes, a model can learn it instead of the disease."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...evaluate.confound import confounding, is_confounder

TELLING = 0.6
"""AUC of a property alone from which on it is worth a remark."""


def properties(reference: str, shape: Sequence[int]) -> dict[str, float]:
    """Height, width and, of an image in a file of its own, the file's size."""
    told = {"image height": float(shape[0]), "image width": float(shape[1])}
    path = Path(reference)
    return told | ({"file size": float(path.stat().st_size)} if path.is_file() else {})


def differences(
    table: pd.DataFrame,
    y: NDArray[np.intp],
    patients: NDArray[np.intp],
    *,
    classes: tuple[str, ...],
    target: str,
    seed: int,
) -> list[dict[str, Any]]:
    """Properties that go with the target, as entries of the leak list; rows that could not be read are left out."""
    known = table.notna().all(axis=1).to_numpy()
    found = []
    for name, column in table[known].items():
        how = confounding(column, y[known], classes=classes, groups=patients[known], target=target, seed=seed)
        if is_confounder(how) and (how["auc_alone"] or 0) >= TELLING:
            found.append(_entry(str(name), how["auc_alone"], int(known.sum()), target))
    return found


def _entry(name: str, auc: float, count: int, target: str) -> dict[str, Any]:
    says = (
        f"{name[0].upper()}{name[1:]} alone tells {target} with an AUC of {auc:.2f}: images that differ in it may have "
        "been made or kept differently, and a model may have learned that instead of the disease."
    )
    return {"kind": "confounder", "severity": "warn", "count": count, "rows": [], "column": name, "says": says}
