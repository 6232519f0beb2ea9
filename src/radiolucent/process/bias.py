"""Slow changes of brightness that the coil of a scanner makes, taken out."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_colour, refuse_not_finite

OTSU_BINS = 200
LEAST_SIDE = 4
"""Pixels that a side must have after shrinking, so that a cubic spline can be laid along it."""


def n4(
    image: Image,
    mask: Mask | None = None,
    *,
    shrink: Annotated[int, Field(ge=1, le=16, description="every n-th pixel is used to find the field")] = 4,
    control_points: Annotated[
        int, Field(ge=4, le=64, description="control points of the spline along each axis, at the first level")
    ] = 4,
    levels: Annotated[int, Field(ge=1, le=8, description="levels; each halves the distance of the control points")] = 4,
    iterations: Annotated[int, Field(ge=1, le=1000, description="most iterations of each level")] = 50,
    tolerance: Annotated[float, Field(ge=0, lt=1, description="a level ends when the field changes less")] = 0.001,
    give: Annotated[
        Literal["corrected", "field"], Field(description="the picture divided by the field, or the field itself")
    ] = "corrected",
) -> Image:
    """Correct the uneven brightness of an MR picture (N4); gives float32.

    The field is found on every `shrink`-th pixel inside `mask` (all labels; none: what lies above Otsu's threshold), and
    its spline is drawn at every pixel, so no detail is lost. Pixels that are not above 0 do not count for the field. Frame
    by frame; the work is SimpleITK's. Tustison et al. 2010, doi:10.1109/TMI.2010.2046908.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    if image.array.max() <= 0:
        raise InputError(f"N4 takes logarithms and the greatest value is {image.array.max():g}; give values above 0")
    frames = _frames(image)
    inside = None if mask is None else _inside(image, mask)
    result = np.empty(frames.shape, np.float32)
    for frame, into in zip(frames, result, strict=True):
        _put_field(frame, inside, shrink, (control_points, levels, iterations, tolerance), into)
        if give == "corrected":
            np.divide(frame, into, out=into)
    return image.with_array(result.reshape(image.array.shape))


def _frames(image: Image) -> NDArray[np.float32]:
    space = [image.grid.shape[axis] for axis in image.grid.spatial_axes]
    return np.ascontiguousarray(image.array, np.float32).reshape(-1, *space)


def _inside(image: Image, mask: Mask) -> NDArray[np.uint8]:
    apart = difference(image.grid, mask.grid)
    if apart:
        raise InputError(f"the mask does not lie on the picture's grid: {apart}; resample one to the other")
    if not mask.array.any():
        raise InputError("the mask is empty, so there are no pixels to find a field in; give another or none")
    if image.grid.axes.startswith("t"):
        raise InputError("a series over time has no one mask; take frames of it, or give no mask")
    return (mask.array != 0).astype(np.uint8)


def _put_field(
    frame: NDArray[np.float32],
    inside: NDArray[np.uint8] | None,
    shrink: int,
    how: tuple[int, int, int, float],
    into: NDArray[np.float32],
) -> None:
    """1 everywhere where there is nothing to find: a constant frame, or no plane."""
    sides = [size for size in frame.shape if size > 1]
    if len(sides) < 2 or min(sides) < LEAST_SIDE or frame.min() == frame.max():
        into.fill(1)
        return
    steps = [max(1, min(shrink, size // LEAST_SIDE)) for size in sides]
    mask = None if inside is None else inside.reshape(sides)
    _put_exponential(frame.reshape(sides), mask, steps[::-1], how, into.reshape(sides))


def _put_exponential(
    frame: NDArray[np.float32],
    inside: NDArray[np.uint8] | None,
    steps: list[int],
    how: tuple[int, int, int, float],
    into: NDArray[np.float32],
) -> None:
    import SimpleITK as sitk  # noqa: N813  loading it takes half a second, which other filters need not wait for

    picture = sitk.GetImageFromArray(frame)
    found = sitk.OtsuThreshold(picture, 0, 1, OTSU_BINS) if inside is None else sitk.GetImageFromArray(inside)
    control_points, levels, iterations, tolerance = how
    corrector = sitk.N4BiasFieldCorrectionImageFilter()
    corrector.SetMaximumNumberOfIterations([iterations] * levels)
    corrector.SetNumberOfControlPoints([control_points] * frame.ndim)
    corrector.SetConvergenceThreshold(tolerance)
    few = sitk.Shrink(found, steps) * sitk.Cast(sitk.Shrink(picture, steps) > 0, found.GetPixelID())
    if not sitk.GetArrayViewFromImage(few).any():
        raise InputError("after shrinking no pixel above 0 lies in the mask; give a smaller shrink or a larger mask")
    corrector.Execute(sitk.Shrink(picture, steps), few)
    del picture  # the field needs no more than a picture of that size
    logarithm = corrector.GetLogBiasFieldAsImage(found)
    np.exp(sitk.GetArrayViewFromImage(logarithm), out=into, casting="same_kind")
