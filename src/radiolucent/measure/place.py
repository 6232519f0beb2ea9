"""From pixels of two grids to their places: LPS millimetres where a grid has a place, its own millimetres otherwise.

A grid without a place begins at (0, 0, 0) with x along its last axis. Two grids that both have no spacing are related in
pixels; if only one has it, the error names the remedy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid
from radiolucent.core.carry import spacings

Matrix = NDArray[np.float64]


def lifted(matrix: NDArray[Any], fixed: Grid, moving: Grid) -> Matrix:
    """A map (3, 3) of x, y in pixels of two 2-D grids as the map (4, 4) of places."""
    here, there = (np.diag([s[1], s[0], 1.0]) for s in spacings(fixed, moving))
    return in_space(there @ matrix @ np.linalg.inv(here), fixed, moving)


def in_space(matrix: NDArray[Any], fixed: Grid, moving: Grid) -> Matrix:
    """A map (3, 3) of x, y in mm of two 2-D grids as the map (4, 4) of places."""
    flat = np.eye(4)
    flat[np.ix_([0, 1, 3], [0, 1, 3])] = matrix
    return frame(moving) @ flat @ np.linalg.inv(frame(fixed))


def frame(grid: Grid) -> Matrix:
    """Matrix (4, 4) from mm along x, y (and the normal) of a 2-D grid to places; the identity without a place."""
    if grid.origin_mm is None or grid.direction is None:
        return np.eye(4)
    down, right = np.array(grid.direction)
    matrix = np.eye(4)
    matrix[:3] = np.column_stack([right, down, np.cross(right, down), grid.origin_mm])
    return matrix
