"""A part of a picture, or a frame around it; the pixels that stay keep their places in space."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_not_finite

Margin = Annotated[float, Field(ge=0, le=1e5, description="how much further on each side [mm]")]


def crop(image: Image, mask: Mask, *, margin_mm: Margin = 0.0) -> Image:
    """Keep the box around all labels of `mask` and `margin_mm` [mm] more; the pixels and their places stay."""
    apart = difference(image.grid, mask.grid)
    if apart:
        raise InputError(f"the mask does not lie on the picture's grid: {apart}; resample one to the other")
    labelled = mask.array != 0
    if not labelled.any():
        raise InputError("the mask is empty, so there is no box around it; give a mask with a label in it")
    others = [tuple(other for other in range(labelled.ndim) if other != axis) for axis in range(labelled.ndim)]
    where = [np.flatnonzero(labelled.any(axis=rest)) for rest in others]
    low, high = (np.array([line[end] for line in where]) for end in (0, -1))
    high += 1
    for axis, more in _margins(image.grid, margin_mm).items():
        low[axis], high[axis] = max(0, low[axis] - more), min(image.grid.shape[axis], high[axis] + more)
    box = {axis: (int(low[axis]), int(high[axis])) for axis in image.grid.spatial_axes}
    inside = tuple(slice(*box[axis]) if axis in box else slice(None) for axis in range(len(image.grid.shape)))
    return image.with_array(image.array[inside], grid=placed(image.grid, box))


def pad(
    image: Image,
    *,
    margin_mm: Margin = 10.0,
    fill: Annotated[
        Literal["least", "edge", "reflect", "zero"],
        Field(description="what the frame holds: the least value, the outermost pixels, the picture mirrored, or 0"),
    ] = "least",
) -> Image:
    """Put a frame of `margin_mm` [mm], in whole pixels, around the picture along each axis of space."""
    refuse_not_finite(image)
    more = _margins(image.grid, margin_mm)
    widths = [(more.get(axis, 0),) * 2 for axis in range(image.array.ndim)]
    if fill in ("edge", "reflect"):
        wide = np.pad(image.array, widths, mode="edge" if fill == "edge" else "symmetric")
    else:
        wide = np.pad(image.array, widths, constant_values=image.array.min() if fill == "least" else 0)
    box = {axis: (-width, image.grid.shape[axis] + width) for axis, width in more.items()}
    return image.with_array(wide, grid=placed(image.grid, box))


def crop_border(
    image: Image,
    *,
    tolerance: Annotated[
        float,
        Field(
            ge=0, lt=1, description="how far border values may lie apart, as a share of the 1 to 99 percentile range"
        ),
    ] = 0.05,
    share: Annotated[float, Field(gt=0, le=1, description="share of a line that must be border")] = 0.98,
) -> Image:
    """Cut off even borders of a radiograph (collimation, film edge): rows and columns that hold one value only.

    From each side inwards, a line goes while `share` of it lies within `tolerance` of the median of the outermost
    line. In the last two axes of space, the same for all frames. A picture that is border all over stays as it is.
    """
    refuse_not_finite(image)
    low, high = np.percentile(image.array, [1, 99])
    apart = tolerance * float(high - low)
    plane = image.grid.spatial_axes[-2:]
    box = {}
    for axis in plane:
        lines = np.moveaxis(image.array, axis, 0).reshape(image.grid.shape[axis], -1)
        box[axis] = (_even(lines, apart, share), len(lines) - _even(lines[::-1], apart, share))
    if any(start >= stop for start, stop in box.values()):
        return image.with_array(image.array)
    inside = tuple(slice(*box[axis]) if axis in box else slice(None) for axis in range(len(image.grid.shape)))
    return image.with_array(image.array[inside], grid=placed(image.grid, box))


def _even(lines: NDArray[np.generic], apart: float, share: float) -> int:
    """How many lines at the beginning are border."""
    level = float(np.median(lines[0]))
    for index, line in enumerate(lines):
        if (np.abs(line.astype(np.float64) - level) <= apart).mean() < share:
            return index
    return len(lines)


def placed(grid: Grid, box: dict[int, tuple[int, int]]) -> Grid:
    """The grid of the pixels from low to below high along each axis of `box`; low may be negative."""
    shape = tuple(box[axis][1] - box[axis][0] if axis in box else size for axis, size in enumerate(grid.shape))
    if grid.origin_mm is None or grid.direction is None:
        return replace(grid, shape=shape)
    place = np.array(grid.origin_mm)
    for axis, along, step in zip(grid.spatial_axes, grid.direction, grid.known_spacing_mm(), strict=True):
        place += np.multiply(along, step * box.get(axis, (0, 0))[0])
    return replace(grid, shape=shape, origin_mm=(float(place[0]), float(place[1]), float(place[2])))


def _margins(grid: Grid, margin_mm: float) -> dict[int, int]:
    """Pixels, rounded up, along each axis of space."""
    steps = zip(grid.spatial_axes, grid.known_spacing_mm(), strict=True)
    return {axis: int(np.ceil(margin_mm / step - 1e-6)) for axis, step in steps}
