"""What nets learn from, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets

from radiolucent.core import InputError


@dataclass(frozen=True, eq=False)
class Lesson:
    """What nets learn from: pictures uint8 (n, size, size, c), what is wanted of each (n, outputs), and its weight."""

    pictures: NDArray[np.uint8]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    table: NDArray[np.float32] | None = None

    def rows(self, chosen: NDArray[Any]) -> Lesson:
        """Some of the rows."""
        table = None if self.table is None else self.table[chosen]
        return Lesson(self.pictures[chosen], self.targets[chosen], self.weights[chosen], table)


def coded(y: NDArray[Any], what: str) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The classes in `y` (n,) in sorted order, and the number of each row's; `what` the rows are, for the error."""
    check_classification_targets(y)
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise InputError(f"all {len(y)} {what} bear the label {classes[0]!r}; a classifier needs two classes")
    return classes, codes


def row_weights(codes: NDArray[Any], class_weight: str | None) -> NDArray[np.float32]:
    """Weight of each row: 1, or so that classes weigh alike; rows of several labels all weigh 1."""
    if class_weight not in (None, "balanced"):
        raise InputError(f"class_weight must be None or 'balanced', got {class_weight!r}")
    if class_weight is None or codes.ndim == 2:
        return np.ones(len(codes), np.float32)
    counts = np.bincount(codes)
    return (len(codes) / (len(counts) * counts[codes])).astype(np.float32)
