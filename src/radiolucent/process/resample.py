"""Another spacing for the same place in space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Grid, Image, InputError, Mask
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import interpolate, smooth
from radiolucent.kernels.label_gaussian import by_gaussian

Length = Annotated[float, Field(gt=0)]
Spacing = Annotated[
    Length | Annotated[tuple[Length, ...], Field(min_length=1, max_length=3)],
    Field(description="new spacing [mm]: one for all axes, or one per axis (z, y, x)"),
]

Labels = Annotated[
    Literal["nearest", "linear", "gaussian"],
    Field(description="the nearest label, or that of the greatest weight: linear, or of a Gaussian of one pixel"),
]

Pixels = Annotated[int, Field(ge=1, le=65536)]

MOST_PIXELS = 2**31
"""More than 8 GiB of float32 is taken for a mistake in the spacing."""


def resample(
    image: Image,
    *,
    spacing_mm: Spacing = 1.0,
    interpolation: Annotated[
        Literal["linear", "cubic"], Field(description="linear, or a cubic B-spline through the samples")
    ] = "linear",
    antialias: Annotated[
        bool, Field(description="smooth first along axes that become coarser: sigma (factor - 1) / 2 pixels")
    ] = False,
) -> Image:
    """Sample the picture at `spacing_mm` [mm] without moving it in space; gives float32.

    An axis of n pixels gets round(n * old / new) pixels, at least one. Old and new picture share their centre, so the
    origin moves by up to half a pixel; directions stay. Beyond the outermost samples their values go on. A cubic may
    overshoot. Masks are resampled by `resample_mask`.
    """
    refuse_not_finite(image)
    grid, steps = _resampled(image.grid, spacing_mm)
    array = np.ascontiguousarray(image.array, np.float32)
    if antialias:
        array = smooth.gaussian(array, {axis: (step - 1) / 2 for axis, step in steps.items() if step > 1})
    sample = interpolate.linear if interpolation == "linear" else interpolate.cubic
    return image.with_array(_sampled(array, grid, steps, sample), grid=grid)


def resample_mask(mask: Mask, *, spacing_mm: Spacing = 1.0, interpolation: Labels = "nearest") -> Mask:
    """Sample the labels at `spacing_mm` [mm], onto the grid that `resample` gives an image.

    Linear samples each label as a picture of its own and takes the greatest, which leaves smooth borders smooth; the
    Gaussian, one pixel wide, also takes steps out of them and loses what is thinner. ITK's label interpolations.
    """
    grid, steps = _resampled(mask.grid, spacing_mm)
    if interpolation == "gaussian":
        return mask.with_array(_by_gaussian(mask, grid, steps), grid=grid)
    if interpolation == "nearest":
        return mask.with_array(_sampled(mask.array, grid, steps, interpolate.nearest), grid=grid)

    def sampled(one: NDArray[np.uint8]) -> NDArray[np.float32]:
        return _sampled(one, grid, steps, interpolate.linear)

    return mask.with_array(interpolate.by_label(mask.array, sampled), grid=grid)


def _by_gaussian(mask: Mask, grid: Grid, steps: dict[int, float]) -> NDArray[Any]:
    """Frame by frame where there is time."""
    sizes, new = ([one.shape[axis] for axis in one.spatial_axes] for one in (mask.grid, grid))
    step = np.array([steps[axis] for axis in grid.spatial_axes])
    first = (np.array(sizes) - 1) / 2 - (np.array(new) - 1) / 2 * step
    if len(grid.shape) == len(sizes):
        return by_gaussian(mask.array, np.diag(step), first, new)
    return np.stack([by_gaussian(frame, np.diag(step), first, new) for frame in mask.array])


def resize(
    image: Image,
    *,
    size_px: Annotated[
        Pixels | Annotated[tuple[Pixels, ...], Field(min_length=1, max_length=3)],
        Field(description="new number of pixels: one for all axes, or one per axis (z, y, x)"),
    ] = 64,
    interpolation: Annotated[
        Literal["linear", "cubic"], Field(description="linear, or a cubic B-spline through the samples")
    ] = "linear",
    antialias: Annotated[
        bool, Field(description="smooth first along axes that become coarser: sigma (factor - 1) / 2 pixels")
    ] = True,
) -> Image:
    """Give the picture `size_px` pixels along each axis of space for the same field of view; gives float32.

    The spacing changes with it, axis by axis, and stays unknown where it is. Old and new picture share their outer
    edges. Frames over time and colours stay.
    """
    refuse_not_finite(image)
    grid, steps = _resized(image.grid, size_px)
    array = np.ascontiguousarray(image.array, np.float32)
    if antialias:
        array = smooth.gaussian(array, {axis: (step - 1) / 2 for axis, step in steps.items() if step > 1})
    sample = interpolate.linear if interpolation == "linear" else interpolate.cubic
    return image.with_array(_sampled(array, grid, steps, sample), grid=grid)


def _resized(grid: Grid, size_px: int | tuple[int, ...]) -> tuple[Grid, dict[int, float]]:
    axes = grid.spatial_axes
    given = (size_px,) if isinstance(size_px, int) else tuple(size_px)
    sizes = given * len(axes) if len(given) == 1 else given
    if len(sizes) != len(axes):
        raise InputError(f"size_px has {len(sizes)} entries and the picture {len(axes)} axes in space; give 1 or that")
    shape = list(grid.shape)
    for axis, size in zip(axes, sizes, strict=True):
        shape[axis] = size
    if np.prod(shape, dtype=float) > MOST_PIXELS:
        raise InputError(f"size_px={sizes} would give a picture of {tuple(shape)}, more than {MOST_PIXELS:,} pixels")
    steps = {axis: grid.shape[axis] / shape[axis] for axis in axes}
    if grid.spacing_mm is None:
        return replace(grid, shape=tuple(shape)), steps
    spacing_mm = tuple(old * steps[axis] for axis, old in zip(axes, grid.spacing_mm, strict=True))
    return replace(grid, shape=tuple(shape), spacing_mm=spacing_mm, origin_mm=_moved(grid, shape, spacing_mm)), steps


def _resampled(grid: Grid, spacing_mm: float | tuple[float, ...]) -> tuple[Grid, dict[int, float]]:
    """The new grid, and its spacing in old pixels for each axis of space."""
    old, axes = grid.known_spacing_mm(), grid.spatial_axes
    given = (spacing_mm,) if isinstance(spacing_mm, int | float) else tuple(spacing_mm)
    new = given * len(old) if len(given) == 1 else given
    if len(new) != len(old):
        raise InputError(f"spacing_mm has {len(new)} entries and the picture {len(old)} axes in space; give 1 or that")
    shape = list(grid.shape)
    for axis, was, wanted in zip(axes, old, new, strict=True):
        shape[axis] = max(1, int(np.floor(grid.shape[axis] * was / wanted + 0.5)))
    if np.prod(shape, dtype=float) > MOST_PIXELS:
        raise InputError(f"spacing_mm={new} would give a picture of {tuple(shape)}, more than {MOST_PIXELS:,} pixels")
    steps = {axis: wanted / was for axis, was, wanted in zip(axes, old, new, strict=True)}
    return replace(grid, shape=tuple(shape), spacing_mm=new, origin_mm=_moved(grid, shape, new)), steps


def _moved(grid: Grid, shape: list[int], spacing_mm: tuple[float, ...]) -> tuple[float, float, float] | None:
    """Where the first sample lies when the centre of the picture stays."""
    if grid.origin_mm is None or grid.direction is None:
        return grid.origin_mm
    place = np.array(grid.origin_mm)
    steps = zip(grid.spatial_axes, grid.known_spacing_mm(), spacing_mm, grid.direction, strict=True)
    for axis, was, now, along in steps:
        place += np.multiply(along, ((grid.shape[axis] - 1) * was - (shape[axis] - 1) * now) / 2)
    return (float(place[0]), float(place[1]), float(place[2]))


def _sampled(array: NDArray[Any], grid: Grid, steps: dict[int, float], sample: Callable[..., Any]) -> NDArray[Any]:
    """Axis by axis, those that shrink first: the later ones then have less to do."""
    for axis, step in sorted(steps.items(), key=lambda item: -item[1]):
        size, new_size = array.shape[axis], grid.shape[axis]
        if step != 1 or size != new_size:
            array = sample(array, axis, interpolate.centred_positions(size, new_size, step))
    return array
