"""An inner part of the training patients, to see while training when to stop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupShuffleSplit, StratifiedGroupKFold

from radiolucent.core import InputError

from .heads import Head, Number, Ordinal

PARTS = 5
"""One of so many parts of the patients is held out."""


def held_out(y: NDArray[Any], groups: ArrayLike, *, seed: int) -> NDArray[np.bool_]:
    """Rows of a fifth of the groups (patients), classes spread evenly; every group is whole on one side."""
    group = np.asarray(groups)
    if group.shape != (len(y),):
        raise InputError(f"there are {len(y)} rows but groups of shape {group.shape}; give the patient of every row")
    if len(np.unique(group)) < 2 * PARTS:
        raise InputError(f"{len(np.unique(group))} patients are too few to stop early; leave patience out, or get more")
    held = np.zeros(len(y), bool)
    if y.ndim == 1 and y.dtype.kind in "iu":
        splits = StratifiedGroupKFold(PARTS, shuffle=True, random_state=seed).split(y, y, group)
    else:
        splits = GroupShuffleSplit(1, test_size=1 / PARTS, random_state=seed).split(y, groups=group)
    held[next(iter(splits))[1]] = True
    return held


def held_figure(head: Head, targets: NDArray[np.float32], told: NDArray[np.float64]) -> float | None:
    """Mean AUC over what was to be told (each class, each grade to be above, each label), or mean absolute error."""
    if isinstance(head, Number):
        return float(np.abs(head.told(targets) - told).mean())
    p = 1 - np.cumsum(told, axis=1)[:, :-1] if isinstance(head, Ordinal) else told
    known = [k for k in range(targets.shape[1]) if 0 < targets[:, k].mean() < 1]
    if not known:
        return None
    return float(np.mean([roc_auc_score(targets[:, k] > 0.5, p[:, k]) for k in known]))
