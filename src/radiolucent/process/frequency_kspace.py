"""What magnetic resonance does in the space of frequencies (k-space)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from radiolucent.core import Grid, Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import kspace, ringing, spectrum

from .smooth import Edge


def zero_fill(
    image: Image,
    *,
    factor: Annotated[int, Field(ge=1, le=8, description="samples in place of one, along each axis of space")] = 2,
) -> Image:
    """Interpolate by zeros beyond the highest frequency, as scanners do; gives float32 on a finer grid.

    Band-limited (sinc) and periodic; the centre of the picture stays, and so does its mean. Axes of one sample stay.
    """
    refuse_not_finite(image)
    axes = [axis for axis in image.grid.spatial_axes if image.grid.shape[axis] > 1]
    array = image.array
    for axis in axes if factor > 1 else ():
        array = kspace.finer(array, axis, factor)
    return image.with_array(array.astype(np.float32, copy=array is image.array), grid=_finer(image.grid, axes, factor))


def _finer(grid: Grid, axes: list[int], factor: int) -> Grid:
    """The grid whose first sample lies within the first pixel that there was, so that the borders stay."""
    factors = [factor if axis in axes else 1 for axis in range(len(grid.shape))]
    spatial = [factors[axis] for axis in grid.spatial_axes]
    shape = tuple(size * more for size, more in zip(grid.shape, factors, strict=True))
    if grid.spacing_mm is None:
        return replace(grid, shape=shape)
    origin_mm = grid.origin_mm
    if grid.affine is not None:
        first = grid.affine[:3] @ [*((1 / more - 1) / 2 for more in spatial), 1]
        origin_mm = (float(first[0]), float(first[1]), float(first[2]))
    spacing_mm = tuple(step / more for step, more in zip(grid.spacing_mm, spatial, strict=True))
    return replace(grid, shape=shape, spacing_mm=spacing_mm, origin_mm=origin_mm)


def undersample(
    image: Image,
    *,
    factor: Annotated[int, Field(ge=1, le=16, description="one line of this many is kept")] = 2,
    centre: Annotated[
        float, Field(ge=0, le=1, description="fraction of the lines, about frequency 0, that are all kept")
    ] = 0.1,
    along: Annotated[Literal["x", "y", "z"], Field(description="axis of the phase encoding")] = "y",
    random_seed: Annotated[
        int | None,
        Field(
            ge=0, le=2**32 - 1, description="lines are left out by chance, drawn with this seed; none: every n-th stays"
        ),
    ] = None,
) -> Image:
    """Show what fewer phase-encoding lines make of a picture: ghosts or a noise-like blur; gives float32.

    The missing lines are zeros. A line and its mirror are kept or left out together, so the picture stays real.
    """
    refuse_not_finite(image)
    if along not in image.grid.axes:
        raise InputError(f"along={along!r} is not among the picture's axes {image.grid.axes!r}")
    axis = image.grid.axes.index(along)
    kept = kspace.lines(image.grid.shape[axis], factor, centre, random_seed)
    return image.with_array(kspace.with_lines(image.array, axis, kept))


def suppress_ringing(
    image: Image,
    *,
    fraction: Annotated[
        float, Field(gt=0, le=1, description="part of the frequencies along each axis that fades out")
    ] = 0.5,
    boundary: Edge = "reflect",
) -> Image:
    """Suppress Gibbs ringing beside sharp edges by a Tukey window over the frequencies; gives float32.

    The window is 1 up to `1 - fraction` of the highest frequency of each axis of space and falls as a cosine to 0 at
    it; the mean stays. Costs sharpness: at 0.5 an edge becomes about a third wider.
    """
    refuse_not_finite(image)
    axes = image.grid.spatial_axes
    filtered = spectrum.even(image.array, axes, lambda frequencies: kspace.tukey(frequencies, fraction), boundary)
    return image.with_array(filtered)


def unring(
    image: Image,
    *,
    along: Annotated[
        Literal["xy", "x", "y", "xyz"], Field(description="axes of the encoding: in the plane, one, or all three")
    ] = "xy",
) -> Image:
    """Take out Gibbs ringing and keep edges sharp, by shifts of less than a pixel; gives float32.

    Each pixel is taken from the shift, up to half a pixel, at which its neighbours (1 to 3 pixels to one side) vary
    least: there the ringing is sampled where it crosses zero. Periodic; for pictures that were not interpolated after
    the Fourier transform. Frame by frame. Kellner et al. 2016, doi:10.1002/mrm.26054.
    """
    refuse_not_finite(image)
    names = [name for name in along if name in image.grid.axes]
    if not names:
        raise InputError(f"along={along!r} names none of the picture's axes {image.grid.axes!r}")
    axes = [image.grid.axes.index(name) for name in names]
    return image.with_array(ringing.unring(image.array, [axis for axis in axes if image.grid.shape[axis] > 1]))
