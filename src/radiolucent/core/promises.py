"""What every operation promises, and the record of one that cannot keep a promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Promise = Literal[
    "input_unchanged",
    "same_grid",
    "finite",
    "same_twice",
    "flips",
    "swaps",
    "2-D",
    "3-D",
    "anisotropic",
    "one_slice",
    "constant",
    "empty_mask",
    "no_spacing",
]


@dataclass(frozen=True)
class Waiver:
    """One operation (by its function's name, or `stage.name`) does not keep one promise, and why."""

    op: str
    promise: Promise
    reason: str
