"""A picture or mask on the grid of another picture, however the two lie to each other in space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import interpolate

from .resample import Labels

Affine = tuple[NDArray[np.float64], NDArray[np.float64]]


def resample_like(
    image: Image,
    reference: Image,
    *,
    interpolation: Annotated[
        Literal["linear", "cubic"], Field(description="linear, or a cubic B-spline through the samples")
    ] = "linear",
    outside: Annotated[
        float,
        Field(ge=-1e9, le=1e9, description="value where the picture does not reach [its unit]; -1000 for air in CT"),
    ] = 0.0,
) -> Image:
    """Sample the picture at the places of `reference`'s pixels, however the two lie to each other; gives float32.

    Both need a place in space (LPS, mm), unless they lie on one grid already. A place counts as reached up to half a
    pixel beyond the outermost samples, whose values go on there. Frames over time stay. Masks: `resample_mask_like`.
    """
    refuse_not_finite(image)
    grid = _grid_of(reference.grid, image.grid)
    affine = _between(image.grid, reference.grid)
    if affine is None:
        return image.with_array(image.array.astype(np.float32), grid=grid)
    order = 1 if interpolation == "linear" else 3
    shape = tuple(reference.grid.shape[axis] for axis in reference.grid.spatial_axes)
    inside = _reached(affine, shape, tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes))

    def sampled(frame: NDArray[np.float32]) -> NDArray[Any]:
        values = ndimage.affine_transform(frame, *affine, shape, order=order, mode="nearest")
        return np.where(inside, values, np.float32(outside))

    return image.with_array(_in_space(image, sampled, shape), grid=grid)


def resample_mask_like(mask: Mask, reference: Image, *, interpolation: Labels = "nearest") -> Mask:
    """Take for each pixel of `reference` the label nearest to it, 0 where the mask does not reach.

    Linear samples each label as a picture of its own and takes the greatest, which leaves smooth borders smooth.
    """
    grid = _grid_of(reference.grid, mask.grid)
    affine = _between(mask.grid, reference.grid)
    if affine is None:
        return mask.with_array(mask.array, grid=grid)
    if mask.grid.axes.startswith("t"):
        raise InputError("the mask has frames over time; take one frame of it, its axes are " + repr(mask.grid.axes))
    labels = mask.array.astype(np.uint8) if mask.array.dtype == bool else mask.array

    def sampled(one: NDArray[Any]) -> NDArray[Any]:
        order = 0 if interpolation == "nearest" else 1
        return ndimage.affine_transform(one, *affine, grid.shape, order=order, mode="nearest")

    values = sampled(labels) if interpolation == "nearest" else interpolate.by_label(labels, sampled)
    return mask.with_array(
        np.where(_reached(affine, grid.shape, mask.grid.shape), values, 0).astype(labels.dtype), grid=grid
    )


def _grid_of(reference: Grid, grid: Grid) -> Grid:
    """The reference's space with the picture's own time."""
    space = reference.axes.removeprefix("t")
    if len(space) != len(grid.spatial_axes):
        raise InputError(
            f"the picture has axes {grid.axes!r} and the reference {reference.axes!r}; both need as many in space"
        )
    shape = tuple(reference.shape[axis] for axis in reference.spatial_axes)
    timed = grid.axes.startswith("t")
    return replace(
        reference,
        axes=("t" if timed else "") + space,
        shape=((grid.shape[0],) if timed else ()) + shape,
        times_s=grid.times_s,
    )


def _between(grid: Grid, reference: Grid) -> Affine | None:
    """Matrix and offset from the reference's index to the picture's; `None` where the two grids are one."""
    own, other = _space(grid), _space(reference)
    if difference(own, other) is None:
        return None
    first, second = own.affine, other.affine
    if first is None or second is None:
        lacking = "picture" if first is None else "reference"
        raise InputError(f"the {lacking} has no place in space, so nothing says how the two lie; resize or register it")
    found, *_ = np.linalg.lstsq(
        first[:3, :-1], np.column_stack([second[:3, :-1], second[:3, -1] - first[:3, -1]]), rcond=None
    )
    ends = np.array(other.shape)
    off = first[:3, :-1] @ found - np.column_stack([second[:3, :-1], second[:3, -1] - first[:3, -1]])
    if np.abs(off @ np.r_[ends, 1]).max() > 1e-3 * min(own.known_spacing_mm()):
        raise InputError("the picture and the reference lie in different planes; take slices of one plane, or volumes")
    return found[:, :-1].astype(np.float64), found[:, -1].astype(np.float64)


def _space(grid: Grid) -> Grid:
    shape = tuple(grid.shape[axis] for axis in grid.spatial_axes)
    return replace(grid, shape=shape, axes=grid.axes.removeprefix("t"), times_s=None)


def _reached(affine: Affine, shape: tuple[int, ...], sizes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where the reference's pixels lie within the picture, half a pixel around its outermost samples included."""
    matrix, offset = affine
    inside = np.ones(shape, bool)
    for row, start, size in zip(matrix, offset, sizes, strict=True):
        place = sum(
            (
                step * np.arange(n).reshape([-1 if a == axis else 1 for a in range(len(shape))])
                for axis, (step, n) in enumerate(zip(row, shape))
            ),
            np.float64(start),
        )
        inside &= (place >= -0.5 - 1e-6) & (place <= size - 0.5 + 1e-6)
    return inside


def _in_space(
    image: Image, sampled: Callable[[NDArray[np.float32]], NDArray[Any]], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """As `per_frame`, for frames that change their shape."""
    first = np.moveaxis(image.array, -1, 0) if image.is_colour else image.array
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    frames = np.asarray(first, np.float32).reshape(-1, *space)
    before = first.shape[: first.ndim - len(space)]
    result = np.stack([sampled(frame) for frame in frames]).astype(np.float32).reshape(*before, *shape)
    return np.ascontiguousarray(np.moveaxis(result, 0, -1)) if image.is_colour else result
