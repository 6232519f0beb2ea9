"""Grey values brought to a common range, turned, or filled in."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite

from .frames import per_frame


def rescale(
    image: Image,
    *,
    low: Annotated[float, Field(ge=-1e9, le=1e9, description="what the lower percentile becomes")] = 0.0,
    high: Annotated[float, Field(ge=-1e9, le=1e9, description="what the upper percentile becomes")] = 1.0,
    low_percentile: Annotated[float, Field(ge=0, le=100, description="lower end of the range that is kept [%]")] = 0.0,
    high_percentile: Annotated[
        float, Field(ge=0, le=100, description="upper end of the range that is kept [%]")
    ] = 100.0,
) -> Image:
    """Stretch the grey values between two percentiles linearly to `low`..`high`; gives float32 in unit "1".

    Values outside the percentiles are cut; 0 and 100 are least and greatest value. A constant picture becomes `low`.
    The percentiles are of the whole picture, over all frames and colours.
    """
    refuse_not_finite(image)
    if low >= high or low_percentile >= high_percentile:
        raise InputError(
            f"the lower end must be below the upper one: got low={low:g}, high={high:g}, "
            f"low_percentile={low_percentile:g}, high_percentile={high_percentile:g}"
        )
    whole = (low_percentile, high_percentile) == (0, 100)
    limits = (
        (image.array.min(), image.array.max())
        if whole
        else np.percentile(image.array, [low_percentile, high_percentile])
    )
    below, above = (float(limit) for limit in limits)
    values = image.array.astype(np.float32)
    values -= np.float32(below)
    values *= np.float32((high - low) / (above - below)) if above > below else np.float32(0)
    values += np.float32(low)
    return image.with_array(np.clip(values, low, high, out=values), unit="1")


def invert(
    image: Image,
    *,
    low: Annotated[
        float | None,
        Field(ge=-1e9, le=1e9, description="what becomes `high` [the image's unit]; none: the least value"),
    ] = None,
    high: Annotated[
        float | None, Field(ge=-1e9, le=1e9, description="what becomes `low` [the image's unit]; none: the greatest")
    ] = None,
) -> Image:
    """Turn bright to dark: each value becomes low + high - value; gives float32.

    For radiographs that came with inverted grey values and without DICOM's word for it; files that say MONOCHROME1 are
    turned when they are read (about the ends of their bits: low=0, high=4095 of 12 bits). Twice gives the picture back.
    """
    refuse_not_finite(image)
    ends = [float(image.array.min()) if low is None else low, float(image.array.max()) if high is None else high]
    values = image.array.astype(np.float32)
    return image.with_array(np.subtract(np.float32(sum(ends)), values, out=values))


def fill_not_finite(
    image: Image,
    *,
    method: Annotated[
        Literal["nearest", "value"], Field(description="the nearest pixel that is finite, or `value` for all")
    ] = "nearest",
    value: Annotated[float, Field(ge=-1e9, le=1e9, description="what `value` puts in [the image's unit]")] = 0.0,
) -> Image:
    """Replace NaN and infinite pixels, which every other operation refuses with their count; gives float32.

    The nearest pixel is taken by distance in mm (in pixels where the spacing is unknown), frame by frame and colour by
    colour. A frame without any finite pixel is refused. `check.not_finite` says how many there are.
    """
    if not image.array.size:
        raise InputError(f"the picture is empty: its shape is {image.array.shape}")
    if image.array.dtype.kind == "c":
        raise InputError("the picture has complex values (a frequency image); this works on real ones")
    if method == "value":
        values = image.array.astype(np.float32)
        values[~np.isfinite(values)] = value
        return image.with_array(values)
    spacing_mm = image.grid.spacing_mm or (1.0,) * len(image.grid.spatial_axes)
    return image.with_array(per_frame(image, lambda frame: _nearest_finite(frame, spacing_mm)))


def _nearest_finite(frame: NDArray[np.float32], spacing_mm: tuple[float, ...]) -> NDArray[np.float32]:
    bad = ~np.isfinite(frame)
    if not bad.any():
        return frame
    if bad.all():
        raise InputError(
            f"none of {frame.size} pixels is finite, so there is nothing to fill with; give method='value'"
        )
    places = ndimage.distance_transform_edt(bad, spacing_mm, return_distances=False, return_indices=True)
    filled: NDArray[np.float32] = frame[tuple(places)]
    return filled
