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
from radiolucent.kernels import interpolate, slabs
from radiolucent.kernels.label_gaussian import by_gaussian

from .resample import Labels

SPLINE_MARGIN = 12
"""Samples that are repeated beyond the edge, so that the spline's coefficients there have settled."""

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

    def sampled(frame: NDArray[np.float32], into: NDArray[np.float32]) -> None:
        if order == 1:
            _sample(frame, affine, order, outside, into)
            return
        wide = np.pad(frame, SPLINE_MARGIN, mode="edge")
        wide = ndimage.spline_filter(wide, 3, output=np.float32, mode="nearest")
        _sample(wide, (affine[0], affine[1] + SPLINE_MARGIN), order, outside, into, margin=SPLINE_MARGIN)

    return image.with_array(_in_space(image, sampled, shape), grid=grid)


def resample_mask_like(mask: Mask, reference: Image, *, interpolation: Labels = "nearest") -> Mask:
    """Take for each pixel of `reference` the label nearest to it, 0 where the mask does not reach.

    Linear and Gaussian leave smooth borders smooth, as in `resample_mask`.
    """
    grid = _grid_of(reference.grid, mask.grid)
    affine = _between(mask.grid, reference.grid)
    if affine is None:
        return mask.with_array(mask.array, grid=grid)
    if mask.grid.axes.startswith("t"):
        raise InputError("the mask has frames over time; take one frame of it, its axes are " + repr(mask.grid.axes))
    labels = mask.array.astype(np.uint8) if mask.array.dtype == bool else mask.array

    def sampled(one: NDArray[Any]) -> NDArray[Any]:
        into = np.empty(grid.shape, labels.dtype if interpolation == "nearest" else np.float32)
        _sample(one, affine, 0 if interpolation == "nearest" else 1, None, into)
        return into

    if interpolation == "gaussian":
        values = by_gaussian(labels, *affine, grid.shape)
    else:
        values = sampled(labels) if interpolation == "nearest" else interpolate.by_label(labels, sampled)
    for run in slabs.runs(grid.shape):
        values[run][~_reached(_from(affine, run), values[run].shape, mask.grid.shape)] = 0
    return mask.with_array(values, grid=grid)


def _sample(
    array: NDArray[Any], affine: Affine, order: int, outside: float | None, into: NDArray[Any], *, margin: int = 0
) -> None:
    """Fill `into` slab by slab; `outside` goes where the array does not reach, without it the outermost samples go on.

    An array for the third order holds the spline's coefficients, with so many samples more on all sides.
    """
    for run in slabs.runs(into.shape):
        matrix, offset = _from(affine, run)
        shape = into[run].shape
        ndimage.affine_transform(
            array, matrix, offset, shape, output=into[run], order=order, mode="nearest", prefilter=False
        )
        if outside is not None:
            sizes = tuple(size - 2 * margin for size in array.shape)
            into[run][~_reached((matrix, offset - margin), shape, sizes)] = outside


def _from(affine: Affine, run: tuple[slice, ...]) -> Affine:
    """The map of a slab of the first axis."""
    matrix, offset = affine
    return matrix, offset + matrix[:, 0] * run[0].start


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
    image: Image, sampled: Callable[[NDArray[np.float32], NDArray[np.float32]], None], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """As `per_frame`, for frames that change their shape."""
    first = np.moveaxis(image.array, -1, 0) if image.is_colour else image.array
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    frames = np.asarray(first, np.float32).reshape(-1, *space)
    before = first.shape[: first.ndim - len(space)]
    result = np.empty((len(frames), *shape), np.float32)
    for frame, into in zip(frames, result, strict=True):
        sampled(frame, into)
    whole = result.reshape(*before, *shape)
    return np.ascontiguousarray(np.moveaxis(whole, 0, -1)) if image.is_colour else whole
