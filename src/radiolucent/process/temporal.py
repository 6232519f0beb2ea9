"""Filters along the time of a cine series; space is left alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import smooth


def temporal(
    image: Image,
    *,
    statistic: Annotated[Literal["mean", "median"], Field(description="what is taken of the frames")] = "median",
    frames: Annotated[int, Field(ge=3, le=999, description="how many frames, centred on each; an odd number")] = 3,
) -> Image:
    """Take the mean or median of each pixel over `frames` neighbouring frames of a series; gives float32.

    The series is mirrored beyond its first and last frame (c b a | a b c). Colour by colour.
    """
    refuse_not_finite(image)
    if not image.grid.axes.startswith("t"):
        raise InputError(f"the picture has no frames over time, its axes are {image.grid.axes!r}; give a cine series")
    if frames % 2 == 0:
        raise InputError(f"frames={frames} has no middle; give an odd number, for example {frames + 1}")
    kernel = smooth.mean if statistic == "mean" else smooth.median
    return image.with_array(kernel(image.array, {0: frames}))
