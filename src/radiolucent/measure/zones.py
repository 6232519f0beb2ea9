"""Zones: connected voxels of one grey level, their size and how deep they lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from radiolucent.kernels.grey_levels import city_block, find_zones

from .aggregate import Matrix, edges, moves, over_slabs
from .discretise import Levels


def over_zones(
    levels: Levels, aggregation: str, features: Callable[[Sequence[Matrix], int], dict[str, float]]
) -> dict[str, float]:
    """Features of (level, size, distance) of the zones of every slice, or of all slices, or in space."""
    flat = levels.flat.copy()
    distance = city_block(levels.shape.reshape(-1), levels.steps(edges(aggregation)))
    count = partial(_zones, flat, distance, levels.steps(moves(aggregation)))
    return over_slabs(levels, aggregation, count, features)


def _zones(flat: Matrix, distance: Matrix, steps: Matrix, start: int, stop: int) -> Sequence[Matrix]:
    voxels = np.count_nonzero(flat[start:stop])
    table, stack = np.empty((voxels, 3), np.int32), np.empty(voxels, np.int32 if flat.size < 2**31 else np.int64)
    return tuple(table[: find_zones(flat, start, stop, steps, distance, table, stack)].T)
