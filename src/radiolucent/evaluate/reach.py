"""How far a predicted number may be off: an interval that holds so many of the cases it has not seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Reach:
    """Half the width of the interval around each prediction, in the number's unit; it should hold `level` of new cases.

    Split conformal prediction: the width is that of the errors on rows the model was not fitted on, so it holds whatever
    the model is, as long as new cases are like these rows. Lei et al. 2018, doi:10.1080/01621459.2017.1307116.
    """

    half: float
    level: float = 0.95

    @classmethod
    def fit(cls, told: ArrayLike, truth: ArrayLike, *, level: float = 0.95) -> Self:
        """From predictions and truth of tuning rows (n,); with fewer than 19 rows (for 0.95) it is the largest error."""
        errors = np.sort(np.abs(np.asarray(told, dtype=float).ravel() - np.asarray(truth, dtype=float).ravel()))
        rank = math.ceil((len(errors) + 1) * level)
        return cls(float(errors[min(rank, len(errors)) - 1]), level)

    def transform(self, told: ArrayLike) -> NDArray[np.float64]:
        """Predictions with their interval, (n, 3): value, low, high."""
        value = np.asarray(told, dtype=float).ravel()
        return np.column_stack([value, value - self.half, value + self.half])

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "reach", "half": self.half, "level": self.level}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        return cls(float(saved["half"]), float(saved["level"]))
