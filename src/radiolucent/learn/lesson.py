"""What nets learn from, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
