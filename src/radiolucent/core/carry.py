"""Where a Transform takes the pixels of one grid on another grid.

A grid without a place begins at (0, 0, 0), x along its last axis. Two grids that both have no spacing are related in
pixels; if only one has it, the error names the remedy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .errors import InputError
from .geometry import difference
from .types import Grid, Transform

Matrix = NDArray[np.float64]

AXES = {"z": (0.0, 0.0, 1.0), "y": (0.0, 1.0, 0.0), "x": (1.0, 0.0, 0.0)}


def spacings(fixed: Grid, moving: Grid) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Spacing of both [mm], or ones (pixels) where neither has one."""
    if fixed.spacing_mm is None and moving.spacing_mm is None:
        return (1.0,) * len(fixed.spatial_axes), (1.0,) * len(moving.spatial_axes)
    return fixed.known_spacing_mm(), moving.known_spacing_mm()


def between(
    to: Grid, source: Grid, transform: Transform
) -> tuple[Matrix, Matrix, tuple[int, ...], NDArray[np.float64] | None]:
    """Matrix and offset from an index of grid `to` to one of `source`, the shape, and what is added [pixels] (n, ...).

    The transform maps places of `to` to places of `source`.
    """
    if len(to.spatial_axes) != len(to.axes) or len(source.axes) != len(to.axes):
        raise InputError(f"a transform relates two pictures or two volumes, not axes {to.axes!r} and {source.axes!r}")
    _check_place(to, transform.fixed, "result")
    _check_place(source, transform.moving, "picture")
    here_mm, there_mm = spacings(to, source)
    here, there = _places(to, here_mm), _places(source, there_mm)
    back: Matrix = np.linalg.pinv(there[:3, :-1]).astype(np.float64)
    carried = (here if transform.matrix is None else transform.matrix @ here)[:3]
    carried = back @ np.column_stack([carried[:, :-1], carried[:, -1] - there[:3, -1]])
    return carried[:, :-1], carried[:, -1], to.shape, _added(to, transform, back)


def inverse(transform: Transform) -> Transform:
    """The way back, of a transform that is a matrix."""
    if transform.matrix is None:
        raise InputError("a displacement field has no way back; register the other way round")
    return Transform(transform.moving, transform.fixed, np.linalg.inv(transform.matrix).astype(np.float64))


def _added(to: Grid, transform: Transform, back: Matrix) -> NDArray[np.float64] | None:
    if transform.displacement_mm is None:
        return None
    apart = difference(to, transform.fixed)
    if apart:
        raise InputError(f"a displacement field gives a picture on its own grid only ({apart})")
    moved: NDArray[np.float64] = np.moveaxis(transform.displacement_mm @ back.T, -1, 0)
    return moved


def _check_place(grid: Grid, known: Grid, what: str) -> None:
    """A place in space can be told from any grid; without one only the grid of the registration will do."""
    if grid.affine is not None and known.affine is not None:
        return
    apart = difference(grid, known)
    if apart:
        raise InputError(
            f"the {what} has no place in space, or the transform knows none, and its grid is not the one that was "
            f"registered: {apart}"
        )


def _places(grid: Grid, spacing_mm: tuple[float, ...]) -> Matrix:
    """Matrix (4, n + 1) from an index to its place."""
    directions = grid.direction or tuple(AXES[axis] for axis in grid.axes)
    origin = grid.origin_mm or (0.0, 0.0, 0.0)
    steps = [np.multiply(d, s) for d, s in zip(directions, spacing_mm, strict=True)]
    return np.vstack([np.column_stack([*steps, origin]), np.eye(len(steps) + 1)[-1:]])
