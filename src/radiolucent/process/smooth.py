"""Smoothing; every length is in millimetres, so anisotropic voxels are smoothed alike along each axis."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from radiolucent.core import Image
from radiolucent.kernels import smooth
from radiolucent.kernels.smooth import Boundary

from .lengths import box_in_pixels, in_pixels

Edge = Annotated[
    Boundary,
    Field(
        description="beyond the edge: dcba|abcd (reflect), dcb|abcd (mirror), aaa|abcd (nearest), 0, bcd|abcd (wrap)"
    ),
]
Width = Annotated[float, Field(gt=0, description="side of the box [mm], brought to an odd number of pixels")]


def gaussian(
    image: Image,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="standard deviation [mm]")] = 1.0,
    boundary: Edge = "reflect",
) -> Image:
    """Smooth with a Gaussian of standard deviation `sigma_mm` [mm], cut at 4 sigma; gives float32.

    Acts along the axes of space, frame by frame and colour by colour. Equals `scipy.ndimage.gaussian_filter` within
    1e-6 of the picture's range.
    """
    sigmas = in_pixels(image, "sigma_mm", sigma_mm)
    return image.with_array(smooth.gaussian(image.array, sigmas, boundary))


def mean(image: Image, *, width_mm: Width = 3.0, boundary: Edge = "reflect") -> Image:
    """Average over a box of side `width_mm` [mm]; gives float32.

    Along each axis of space the box has the odd number of pixels nearest to the width (of two alike the smaller), at
    least one: a box of even width would shift the picture by half a pixel. Frame by frame, colour by colour.
    """
    return image.with_array(smooth.mean(image.array, box_in_pixels(image, "width_mm", width_mm), boundary))


def median(image: Image, *, width_mm: Width = 3.0, boundary: Edge = "reflect") -> Image:
    """Take the median over a box of side `width_mm` [mm]; gives float32.

    The box has an odd number of pixels along each axis of space, as in `mean`. Frame by frame, colour by colour.
    """
    return image.with_array(smooth.median(image.array, box_in_pixels(image, "width_mm", width_mm), boundary))
