"""Upright axes: to the head, the back and the left."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid, Image, InputError, Mask


def reorient(image: Image) -> Image:
    """Turn and flip the axes so that (z, y, x) grow to the head, the back and the left (LPS), as far as they are near.

    No pixel is interpolated: an oblique picture stays oblique, with each axis within 55 degrees of its name. The place
    in space stays.
    """
    order, flips, grid = _upright(image.grid)
    return image.with_array(_turned(image.array, image.grid, order, flips), grid=grid)


def reorient_mask(mask: Mask) -> Mask:
    """Turn and flip the axes of a mask as `reorient` does those of its picture."""
    order, flips, grid = _upright(mask.grid)
    return mask.with_array(_turned(mask.array, mask.grid, order, flips), grid=grid)


def _upright(grid: Grid) -> tuple[list[int], list[bool], Grid]:
    """Which axis of space comes where, whether it is flipped, and the grid after that."""
    if grid.direction is None:
        raise InputError("the picture's directions in space are not known, so nothing says where its head is")
    along = np.array(grid.direction)[:, ::-1]  # S, P, L: what z, y, x shall grow to
    n = len(along)
    chosen = max(
        ((axes, ends) for axes in permutations(range(n)) for ends in _rising(n)),
        key=lambda choice: sum(abs(along[axis, end]) for axis, end in zip(*choice, strict=True)),
    )
    order, ends = list(chosen[0]), chosen[1]
    flips = [bool(along[axis, end] < 0) for axis, end in zip(order, ends, strict=True)]
    spacing_mm, direction = grid.spacing_mm, grid.direction
    axes = grid.spatial_axes
    shape = [*grid.shape[: axes[0]], *(grid.shape[axes[axis]] for axis in order)]
    turned = replace(
        grid,
        axes=grid.axes[: axes[0]] + "".join("zyx"[end] for end in ends),
        shape=tuple(shape),
        spacing_mm=None if spacing_mm is None else tuple(spacing_mm[axis] for axis in order),
        direction=tuple(_along(direction[axis], flip) for axis, flip in zip(order, flips, strict=True)),
        origin_mm=_corner(grid, [axis for axis, flip in zip(order, flips, strict=True) if flip]),
    )
    return order, flips, turned


def _along(direction: tuple[float, float, float], flip: bool) -> tuple[float, float, float]:
    x, y, z = direction
    return (-x, -y, -z) if flip else direction


def _rising(n: int) -> list[tuple[int, ...]]:
    """Which of S, P and L the axes go to, in that order."""
    return [ends for ends in permutations(range(3), n) if list(ends) == sorted(ends)]


def _corner(grid: Grid, flipped: list[int]) -> tuple[float, float, float] | None:
    """Where the first pixel lies after flips."""
    if grid.origin_mm is None or grid.direction is None:
        return grid.origin_mm
    place = np.array(grid.origin_mm)
    for axis in flipped:
        far = (grid.shape[grid.spatial_axes[axis]] - 1) * grid.known_spacing_mm()[axis]
        place += np.multiply(grid.direction[axis], far)
    return (float(place[0]), float(place[1]), float(place[2]))


def _turned(array: NDArray[Any], grid: Grid, order: list[int], flips: list[bool]) -> NDArray[Any]:
    first = grid.spatial_axes[0]
    rest = range(first + len(order), array.ndim)
    result = array.transpose([*range(first), *(first + axis for axis in order), *rest])
    return np.ascontiguousarray(np.flip(result, tuple(first + place for place, flip in enumerate(flips) if flip)))
