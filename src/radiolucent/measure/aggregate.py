"""How the matrices of slices and directions become one set of features: the aggregation methods of IBSI."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from math import fsum
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from .discretise import Levels

Matrix = NDArray[Any]

Directional = Annotated[
    Literal["2d_average", "2d_merged", "2.5d_average", "2.5d_merged", "3d_average", "3d_merged"],
    Field(
        description="neighbours in the slice or in space; features averaged over directions, or directions merged "
        "into one matrix first; 2d: every slice on its own, then averaged"
    ),
]
Spatial = Annotated[
    Literal["2d", "2.5d", "3d"],
    Field(description="2d: every slice on its own, then averaged; 2.5d: slices merged into one matrix; 3d: in space"),
]

DIRECTIONAL_CODES = {
    "2d_average": "BTW3",
    "2d_merged": "SUJT",
    "2.5d_average": "JJUI",
    "2.5d_merged": "ZW7Z",
    "3d_average": "ITBB",
    "3d_merged": "IAZD",
}
"""IBSI's code for each aggregation of co-occurrence and run length matrices."""

SPATIAL_CODES = {"2d": "8QNN", "2.5d": "62GR", "3d": "KOBO"}
"""IBSI's code for each aggregation of the other texture matrices."""


def moves(aggregation: str, *, half: bool = False) -> NDArray[np.intp]:
    """Moves (n, 3) to the 8 neighbours in the slice or the 26 in space; `half`: one of each opposite pair."""
    around = [move for move in product((-1, 0, 1), repeat=3) if aggregation.startswith("3d") or move[0] == 0]
    return np.array([move for move in around if (move > (0, 0, 0) if half else any(move))])


def edges(aggregation: str) -> NDArray[np.intp]:
    """Moves to the voxels that share a face (an edge, in the slice)."""
    return np.eye(3, dtype=np.intp)[0 if aggregation.startswith("3d") else 1 :]


def over_directions(
    levels: Levels,
    aggregation: str,
    count: Callable[[int, int, Matrix], Iterable[Matrix]],
    features: Callable[[Matrix, int], dict[str, float]],
) -> dict[str, float]:
    """Features of the matrices that `count(start, stop, steps)` gives, one for each step, merged or averaged.

    `features` takes a matrix and the number of voxels that it was counted over.
    """
    steps = levels.steps(moves(aggregation, half=True))
    found = []
    for start, stop, voxels in levels.slabs(by_slice=aggregation.startswith("2d")):
        matrices = count(start, stop, steps)
        if aggregation.endswith("merged"):
            found.append(features(np.asarray(sum(matrices)), voxels * len(steps)))
        else:
            found += [features(matrix, voxels) for matrix in matrices]
    return average(found)


def over_slabs(
    levels: Levels,
    aggregation: str,
    count: Callable[[int, int], Sequence[Matrix]],
    features: Callable[[Sequence[Matrix], int], dict[str, float]],
) -> dict[str, float]:
    """Features of what `count(start, stop)` gives for the slices or for the whole, averaged over slices."""
    slabs = levels.slabs(by_slice=aggregation == "2d")
    return average([features(count(start, stop), voxels) for start, stop, voxels in slabs])


def average(found: Iterable[dict[str, float]]) -> dict[str, float]:
    """Mean of every feature over the matrices for which it is defined."""
    sums: dict[str, list[float]] = {}
    for one in found:
        for name, value in one.items():
            sums.setdefault(name, []).append(value)
    return {name: fsum(values) / len(values) for name, values in sums.items()}
