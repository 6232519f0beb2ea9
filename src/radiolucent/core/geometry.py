"""Where two grids lie to each other."""

from __future__ import annotations

from itertools import product

import numpy as np

from .types import Grid

TOLERANCE = 0.05
"""How far two corners may lie apart, in voxels: files round their positions and directions to single precision."""


def difference(a: Grid, b: Grid) -> str | None:
    """What tells two grids apart, in words; `None` where nothing known does (an unknown place differs from no place)."""
    if a.shape != b.shape:
        return f"shape {a.shape} is not {b.shape}"
    if a.axes != b.axes:
        return f"axes {a.axes!r} are not {b.axes!r}"
    if a.spacing_mm and b.spacing_mm and not np.allclose(a.spacing_mm, b.spacing_mm, rtol=TOLERANCE / max(a.shape)):
        return f"spacing {a.spacing_mm} mm is not {b.spacing_mm} mm"
    far = _corner_distance_mm(a, b)
    if far is not None and far > TOLERANCE * min(a.spacing_mm or (np.inf,)):
        return f"their corners lie {far:.3g} mm apart"
    return None


def _corner_distance_mm(a: Grid, b: Grid) -> float | None:
    """Largest distance between equal corners [mm], or `None` where a place is unknown."""
    first, second = a.affine, b.affine
    if first is None or second is None:
        return None
    ends = [(0, a.shape[axis] - 1) for axis in a.spatial_axes]
    corners = np.array([(*corner, 1) for corner in product(*ends)], dtype=float)
    return float(np.linalg.norm(corners @ (first - second).T, axis=1).max())
