"""Which 2-D pictures of an image are searched: itself, one slice, or every slice along an axis."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.kernels.grey import robust_limits, within_window

from .region import plane

SliceIndex = Annotated[int | None, Field(ge=0, description="slice or frame of a picture with three axes")]
Along = Annotated[
    Literal["t", "z", "y", "x"] | None,
    Field(description="axis of the slices; without slice_index every slice along it is searched"),
]
Window = Annotated[
    tuple[Annotated[float, Field(ge=-1e9, le=1e9)], ...] | None,
    Field(
        min_length=2,
        max_length=2,
        description="grey values that become 0 and 255; 0.5 and 99.5 percentile if left out (8 bits stay)",
    ),
]


class Slices(NamedTuple):
    """Slices (n, rows, columns), the axis they lie along (`None`: a 2-D picture) and their places along it."""

    pictures: NDArray[Any]
    axis: int | None
    places: range


def slices(image: Image, slice_index: int | None, along: str | None) -> Slices:
    """The slices to work on; an axis or a place that the image has not is refused."""
    if along is None:
        one = plane(image, slice_index)
        start = slice_index or 0
        return Slices(one[np.newaxis], None if image.array.ndim == 2 else 0, range(start, start + 1))
    if image.array.ndim != 3 or along not in image.grid.axes:
        raise InputError(f"there are no slices along {along!r} in a picture with axes {image.grid.axes!r}")
    axis = image.grid.axes.index(along)
    pictures = np.moveaxis(image.array, axis, 0)
    if slice_index is None:
        return Slices(pictures, axis, range(len(pictures)))
    if slice_index >= len(pictures):
        raise InputError(f"slice_index must lie between 0 and {len(pictures) - 1} along {along!r}, not {slice_index}")
    return Slices(pictures[slice_index : slice_index + 1], axis, range(slice_index, slice_index + 1))


def eight_bit(
    pictures: NDArray[Any], window: tuple[float, ...] | None
) -> tuple[NDArray[np.uint8], tuple[float, float] | None]:
    """The pictures in 8 bits and the window (low, high) that did it; 8 bits without a window stay as they are."""
    if window is None and pictures.dtype == np.uint8:
        return pictures, None
    low, high = robust_limits(pictures) if window is None else (window[0], window[1])
    if window is not None and not low < high:
        raise InputError(f"the window must rise from its first to its second value, got {low:g} and {high:g}")
    return within_window(pictures, low, high), (low, high)
