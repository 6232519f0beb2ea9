"""Seeds for methods that need them: drawn at random inside a reference and around it, or from one given point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..core import Grid, InputError, Mask

GROUND, OBJECT = 1, 2
ERODED = 0.25
"""Clicks fall where the reference is at least this part of its greatest depth."""

GROUND_POINTS = 8


@dataclass(frozen=True)
class Seeds:
    """The click [index], the mask of the click's neighbourhood, and both classes as labels 1 (ground) and 2 (object)."""

    click: tuple[int, ...]
    near: Mask
    both: Mask


def drawn(reference: NDArray[np.bool_], grid: Grid, *, seed: int) -> Seeds:
    """A click at random in the eroded reference with what lies around it, and eight points in the ground.

    The reference is eroded by a quarter of its greatest depth; as deep reaches the object's seed around the click, and
    ground lies at least as far outside.
    """
    if not reference.any() or reference.all():
        raise InputError("no seeds can be drawn: the reference has no inside, or no outside")
    rng, steps = np.random.default_rng(seed), grid.spacing_mm or (1.0,) * len(grid.shape)
    depth = ndimage.distance_transform_edt(np.pad(reference, 1), sampling=steps)[(slice(1, -1),) * reference.ndim]
    reach = ERODED * float(depth.max())
    click = _any_of(depth >= reach, rng, 1)[0]
    near = _around(reference.shape, [click], steps, max(reach, 1e-9)) & reference
    away = ndimage.distance_transform_edt(~reference, sampling=steps)
    far = away >= min(max(reach, 2 * min(steps)), float(away.max()))
    ground = _around(reference.shape, _any_of(far, rng, GROUND_POINTS), steps, 2 * min(steps)) & far
    return _seeds(click, near, ground, grid)


def given(click: tuple[int, ...], grid: Grid) -> Seeds:
    """A click with two pixels around it; the ground is the frame of each slice."""
    if len(click) != len(grid.shape) or any(not 0 <= c < n for c, n in zip(click, grid.shape)):
        raise InputError(f"the click {click} lies outside the picture of shape {grid.shape}")
    near = _around(grid.shape, [np.array(click)], (1.0,) * len(click), 2.0)
    frame = np.ones(grid.shape, bool)
    frame[..., 1:-1, 1:-1] = False
    return _seeds(np.array(click), near, frame & ~near, grid)


def _seeds(click: NDArray[np.int64], near: NDArray[np.bool_], ground: NDArray[np.bool_], grid: Grid) -> Seeds:
    both = np.where(near, OBJECT, np.where(ground, GROUND, 0)).astype(np.uint8)
    named = Mask(both, grid, {GROUND: "ground", OBJECT: "object"})
    return Seeds(tuple(int(k) for k in click), Mask(near.astype(np.uint8), grid, {1: "object"}), named)


def _any_of(flags: NDArray[np.bool_], rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    places = np.argwhere(flags)
    return places[rng.integers(0, len(places), count)]


def _around(
    shape: tuple[int, ...], points: NDArray[np.int64] | list[NDArray[np.int64]], steps: tuple[float, ...], reach: float
) -> NDArray[np.bool_]:
    marked = np.ones(shape, bool)
    for point in points:
        marked[tuple(point)] = False
    return np.asarray(ndimage.distance_transform_edt(marked, sampling=steps) <= reach)
