"""Image and mask on IBSI's interpolation grid, as far as a region reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.kernels import interpolate

from .local import RADIUS_MM
from .region import region

SpacingMm = Annotated[
    float | None,
    Field(gt=0, description="resample image and mask to voxels of this side first, by IBSI's rules; none: as they are"),
]
Interpolation = Annotated[
    Literal["linear", "cubic"],
    Field(
        description="of the image, with spacing_mm: linear, or a cubic spline; the mask's is linear, cut at one half"
    ),
]
Rounded = Annotated[
    bool, Field(description="round grey values to whole numbers after resampling, as IBSI asks of CT in HU")
]

HALF = 0.5 - 1e-5
"""A voxel of which exactly half is covered belongs to the region, whatever single precision makes of it."""

REACH = 16
"""Voxels beyond the region that a spline sees; what is further away counts for less than 1e-9."""

MOST_VOXELS = 2**31


class Along(NamedTuple):
    """One axis: the part of the old samples that is read, where in it the new ones lie, and the first one's number."""

    part: slice
    positions: NDArray[np.floating[Any]]
    first: int
    size: int


def regridded(
    image: Image,
    mask: Mask,
    label: int,
    *,
    spacing_mm: float,
    interpolation: str = "linear",
    rounded: bool = False,
    in_slices: bool = False,
    margin_mm: float = RADIUS_MM,
) -> tuple[Image, Mask]:
    """Image and mask around one label in voxels of `spacing_mm` [mm], in the plane only if `in_slices`.

    IBSI's grid: ceil(n * old / new) samples along an axis of n, old and new sharing their centre. The image is
    interpolated and, if `rounded`, rounded to whole numbers; the mask is interpolated linearly and holds what reaches
    one half. Both end `margin_mm` beyond the region (as far as local intensity looks). Zwanenburg et al. 2020,
    doi:10.1148/radiol.2020191145.
    """
    inside = region(image, mask, label)
    old = image.grid.known_spacing_mm()
    if inside is None or "t" in image.grid.axes:
        raise InputError(f"radiomics takes a picture or a volume, not axes {image.grid.axes!r}; take one frame first")
    flat = in_slices and len(old) == 3
    new = (old[0], spacing_mm, spacing_mm) if flat else (spacing_mm,) * len(old)
    lines = [_along(axis, inside, was, now, margin_mm) for axis, (was, now) in enumerate(zip(old, new, strict=True))]
    if np.prod([float(len(line.positions)) for line in lines]) > MOST_VOXELS:
        raise InputError(f"spacing_mm={spacing_mm:g} would give more than {MOST_VOXELS:,} voxels; ask for larger ones")
    parts = tuple(line.part for line in lines)
    grid = _grid(image.grid, new, lines)
    values = _sampled(image.array[parts], lines, interpolation)
    if rounded:
        np.rint(values, out=values)
    covered = _sampled(inside[parts], lines, "linear") >= HALF
    if not covered.any():
        raise InputError(f"no voxel of label {label} is left in voxels of {spacing_mm:g} mm; ask for smaller ones")
    return image.with_array(values, grid=grid), mask.with_array((covered * label).astype(mask.array.dtype), grid=grid)


def _along(axis: int, inside: NDArray[np.bool_], was: float, now: float, margin_mm: float) -> Along:
    size, step = inside.shape[axis], now / was
    new_size = max(1, int(np.ceil(size / step - 1e-6)))
    positions = interpolate.centred_positions(size, new_size, step)
    there = np.flatnonzero(inside.any(axis=tuple(other for other in range(inside.ndim) if other != axis)))
    near = np.flatnonzero((positions > there[0] - 1) & (positions < there[-1] + 1))
    middle = int(np.argmin(np.abs(positions - (there[0] + there[-1]) / 2)))
    low, high = (int(near[0]), int(near[-1])) if len(near) else (middle, middle)
    more = int(np.ceil(min(margin_mm / now, new_size)))
    first, last = max(low - more, 0), min(high + more, new_size - 1)
    wanted = positions[first : last + 1]
    start = max(int(np.floor(wanted[0])) - REACH, 0)
    stop = min(int(np.ceil(wanted[-1])) + REACH + 1, size)
    return Along(slice(start, stop), wanted - start, first, new_size)


def _grid(old: Grid, spacing_mm: tuple[float, ...], lines: list[Along]) -> Grid:
    """The part of the new grid that is sampled; its first sample moves in space, the centre of the whole does not."""
    origin = old.origin_mm
    if origin is not None and old.direction is not None:
        first = [(line.part.start + line.positions[0]) * was for line, was in zip(lines, old.known_spacing_mm())]
        x, y, z = np.add(origin, np.array(first) @ np.array(old.direction))
        origin = (float(x), float(y), float(z))
    return replace(old, shape=tuple(len(line.positions) for line in lines), spacing_mm=spacing_mm, origin_mm=origin)


def _sampled(array: NDArray[Any], lines: list[Along], interpolation: str) -> NDArray[np.float32]:
    """Axis by axis, those that shrink most first: the later ones then have less to do."""
    sample = interpolate.linear if interpolation == "linear" else interpolate.cubic
    result = np.array(array, np.float32)
    shrinking = sorted(
        enumerate(lines), key=lambda item: len(item[1].positions) / (item[1].part.stop - item[1].part.start)
    )
    for axis, line in shrinking:
        if len(line.positions) != result.shape[axis] or not np.array_equal(
            line.positions, np.arange(result.shape[axis])
        ):
            result = sample(result, axis, line.positions)
    return result
