"""A picture or mask carried by a transform that was found before."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from radiolucent.core import Image, InputError, Mask, Transform
from radiolucent.core.carry import between, inverse
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels.carry import carried

Inverse = Annotated[
    bool, Field(description="go the way back, from the fixed grid to the moving one (not of a displacement field)")
]


def apply_transform(
    image: Image,
    transform: Transform,
    *,
    back: Inverse = False,
    interpolation: Annotated[
        Literal["linear", "cubic"], Field(description="linear, or a cubic B-spline through the samples")
    ] = "linear",
    outside: Annotated[
        float, Field(ge=-1e9, le=1e9, description="value where the picture does not reach; -1000 for air in CT")
    ] = 0.0,
) -> Image:
    """Carry a picture by a transform onto its fixed grid, as the moving picture was; gives float32.

    For a picture that shares its space with the one that was registered (a second sequence, a PET beside its CT). The
    picture may lie on another grid where places in space (LPS, mm) are known, otherwise on the moving grid itself.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    way = inverse(transform) if back else transform
    array = np.ascontiguousarray(image.array, np.float32)
    order = 1 if interpolation == "linear" else 3
    made = carried(array, *between(way.fixed, image.grid, way), order=order, outside=outside)
    return image.with_array(made, grid=way.fixed)


def apply_transform_mask(mask: Mask, transform: Transform, *, back: Inverse = False) -> Mask:
    """Carry a mask by a transform onto its fixed grid: the label nearest to each pixel's place, 0 where there is none."""
    if "t" in mask.grid.axes:
        raise InputError(f"the mask has frames over time (axes {mask.grid.axes!r}); take one frame of it")
    way = inverse(transform) if back else transform
    labels = mask.array.astype(np.uint8) if mask.array.dtype == bool else mask.array
    return mask.with_array(carried(labels, *between(way.fixed, mask.grid, way), order=0), grid=way.fixed)
