"""Contrast: what a person or a net sees of the grey values."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels import equalise
from radiolucent.kernels.grey import robust_limits

from .frames import per_frame

Preset = Literal["abdomen", "bone", "brain", "liver", "lung", "mediastinum", "stroke", "subdural"]

PRESETS_HU: dict[str, tuple[float, float]] = {
    "abdomen": (50, 400),
    "bone": (400, 1800),
    "brain": (40, 80),
    "liver": (30, 150),
    "lung": (-600, 1500),
    "mediastinum": (50, 350),
    "stroke": (32, 8),
    "subdural": (75, 215),
}
"""Customary CT windows: (center, width) in HU."""

LEAST_TILE = 8


def window(
    image: Image,
    *,
    center: Annotated[
        float | None, Field(ge=-1e9, le=1e9, description="middle of the window [the image's unit]")
    ] = None,
    width: Annotated[float | None, Field(gt=0, description="width of the window [the image's unit]")] = None,
    preset: Annotated[Preset | None, Field(description="customary CT window, in place of center and width")] = None,
) -> Image:
    """Map a window of grey values to 0..1 and cut what lies outside; gives float32 in unit "1".

    (value - center) / width + 1/2, as DICOM's LINEAR_EXACT (PS3.3 C.11.2.1.3.2). With nothing given the window is the
    picture's 0.5 to 99.5 percentile. A preset needs a picture in HU.
    """
    refuse_not_finite(image)
    low, high = _limits(image, center, width, preset)
    return image.with_array(_unit_range(image.array, low, high), unit="1")


def _limits(image: Image, center: float | None, width: float | None, preset: str | None) -> tuple[float, float]:
    if preset is not None:
        if center is not None or width is not None:
            raise InputError(f"preset={preset!r} stands in place of center and width; give one or the other")
        if image.unit != "HU":
            raise InputError(f"preset={preset!r} is in HU and the picture's unit is {image.unit!r}; give center, width")
        center, width = PRESETS_HU[preset]
    if center is None and width is None:
        return robust_limits(image.array)
    if center is None or width is None:
        raise InputError(f"a window has a center and a width; got center={center}, width={width}")
    return center - width / 2, center + width / 2


def _unit_range(array: NDArray[np.generic], low: float, high: float) -> NDArray[np.float32]:
    """Clip (value - low) / (high - low) to 0..1; a constant picture becomes 0."""
    unit = array.astype(np.float32)
    unit -= np.float32(low)
    unit /= np.float32(high - low) or np.float32(1)
    return np.clip(unit, 0, 1, out=unit)


def clahe(
    image: Image,
    *,
    clip: Annotated[float, Field(ge=1, le=1000, description="greatest bin, in multiples of the mean bin")] = 2.0,
    tiles: Annotated[int, Field(ge=1, le=64, description="tiles along each axis of space, at least 8 pixels each")] = 8,
    bins: Annotated[int, Field(ge=2, le=4096, description="bins of the histogram")] = 256,
) -> Image:
    """Even out contrast locally (contrast-limited adaptive histogram equalisation); gives float32 from 0 to 1.

    Histograms of tiles are clipped and cumulated, and each pixel is mapped by those around it, blended linearly: in
    all axes of space at once, frame by frame. The picture's own range is brought to 0..1 first. The bins are joined
    linearly, so the grey values are not quantised. Zuiderveld 1994, Graphics Gems IV, 474-485.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    limits = float(image.array.min()), float(image.array.max())

    def filtered(frame: NDArray[np.float32]) -> NDArray[np.float32]:
        counts = [min(tiles, max(1, size // LEAST_TILE)) for size in frame.shape]
        return equalise.clahe(_unit_range(frame, *limits), counts, clip, bins, overwrite=True)

    return image.with_array(per_frame(image, filtered), unit="1")
