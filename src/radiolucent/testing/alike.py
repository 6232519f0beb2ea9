"""Whether two results are one, apart from rounding and the numbering of regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core import Case, Image, Keypoints, Mask, Transform

Change = Callable[[NDArray[Any]], NDArray[Any]]


def arrays(value: Any) -> list[NDArray[Any]]:
    """Every array of numbers in a value."""
    if isinstance(value, Image | Mask):
        return [value.array]
    if isinstance(value, Keypoints):
        return [value.points, value.scale, value.angle_deg, value.response, value.descriptors]
    if isinstance(value, Transform):
        return [array for array in (value.matrix, value.displacement_mm) if array is not None]
    if isinstance(value, Case):
        return [array for part in (*value.images.values(), *value.masks.values()) for array in arrays(part)]
    return [np.array(value)] if isinstance(value, float) else []


def changed(value: Any, change: Change) -> Any:
    """An image, a mask or a case after a flip or a swap of axes; spacing and direction follow their axes."""
    if isinstance(value, Case):
        images = {name: changed(part, change) for name, part in value.images.items()}
        return replace(value, images=images, masks={name: changed(part, change) for name, part in value.masks.items()})
    if not isinstance(value, Image | Mask):
        return value
    order = _order(change, value.grid.shape)
    spacing_mm = value.grid.spacing_mm
    grid = replace(
        value.grid,
        shape=tuple(value.grid.shape[axis] for axis in order),
        spacing_mm=None if spacing_mm is None else tuple(spacing_mm[axis] for axis in order),
    )
    return value.with_array(np.ascontiguousarray(change(value.array)), grid=grid)


def unlike(part: Any, other: Any, undo: Change, shape: tuple[int, ...]) -> bool:
    """Whether `other`, from a changed input of `shape`, differs from `part` when the change is undone."""
    if isinstance(part, Mask):
        return not _same_regions(part.array, undo(other.array))
    if isinstance(part, Image):
        back = undo(other.array)
        span = float(np.ptp(np.abs(part.array))) if part.array.size else 0.0
        return back.shape != part.array.shape or not np.allclose(back, part.array, rtol=1e-4, atol=1e-4 * span + 1e-6)
    if isinstance(part, Keypoints):
        return not _same_points(part.points, _undone(other.points, undo, shape))
    if isinstance(part, float):
        return not np.isclose(part, other, rtol=1e-3, atol=1e-6)
    return not isinstance(part, Transform) and part != other


def _order(change: Change, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Where each axis comes from, found out by changing an array of unlike sides."""
    sides = change(np.empty(range(2, 2 + len(shape)))).shape
    return tuple(side - 2 for side in sides)


def _same_regions(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Equal up to the numbers of the labels; background stays background."""
    if a.shape != b.shape or not np.array_equal(a == 0, b == 0):
        return False
    pairs = np.unique(np.stack([a.ravel().astype(np.int64), b.ravel().astype(np.int64)]), axis=1)
    return all(len(np.unique(row)) == pairs.shape[1] for row in pairs)


def _undone(points: NDArray[Any], undo: Change, shape: tuple[int, ...]) -> NDArray[Any]:
    """Points of a changed picture in the axes of the picture before."""
    if not len(points):
        return points
    places = [undo(axis.astype(float)) for axis in np.indices(shape)]
    nearest = np.clip(np.rint(points).astype(int), 0, np.array(shape) - 1)
    size = places[0].shape
    where = {tuple(int(p.flat[i]) for p in places): np.unravel_index(i, size) for i in range(places[0].size)}
    return np.array([where[tuple(point)] for point in nearest.tolist()], dtype=float)


def _same_points(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """As many points, each within a pixel of one of the others."""
    if len(a) != len(b):
        return False
    return not len(a) or bool((np.abs(a[:, None] - b[None]).max(2).min(1) <= 1).all())
