"""What the audits of grades, numbers and labels share: figures from replicates, paired differences, figures by fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .figures import Figure, figure, number
from .interval import difference

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Sample:
    """Figures of the sample (one value each) and their replicates, by name."""

    point: Mapping[str, Array]
    drawn: Mapping[str, Array]

    def figures(self) -> dict[str, Figure]:
        """Every figure with its interval."""
        return {name: figure(value[0], self.drawn[name]) for name, value in self.point.items()}


def paired(best: str, samples: Mapping[str, Sample], key: str) -> list[dict[str, Any]]:
    """The figure `key` of `best` less that of every other candidate, on the same draws."""
    found = []
    for name, other in samples.items():
        if name != best:
            values = (number(samples[best].point[key][0]), number(other.point[key][0]))
            gap, p = difference(*values, samples[best].drawn[key], other.drawn[key])
            found.append({"a": best, "b": name, key: gap, "p": p})
    return found


def per_fold(statistic: Callable[[Array], float], fold: Array | None, n: int) -> dict[str, Any]:
    """A figure of each fold's rows, their mean and standard deviation."""
    masks = [np.ones(n, dtype=bool)] if fold is None else [fold == k for k in np.unique(fold)]
    each = [number(statistic(mask)) for mask in masks]
    known = [value for value in each if value is not None]
    return {
        "value": float(np.mean(known)) if known else None,
        "sd": float(np.std(known, ddof=1)) if len(known) > 1 else None,
        "per_fold": each,
    }
