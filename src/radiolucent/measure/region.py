"""The grey values that a measurement is about: one label of a mask, or the whole picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_colour, refuse_not_finite


def region(image: Image, mask: Mask | None, label: int) -> NDArray[np.bool_] | None:
    """Where `label` lies, or `None` without a mask; refuses a mask of another grid and a label without a pixel."""
    refuse_colour(image)
    refuse_not_finite(image)
    if mask is None:
        return None
    differs = difference(image.grid, mask.grid)
    if differs:
        raise InputError(f"image and mask lie on different grids ({differs}); resample one to the other's grid first")
    return of_label(mask, label)


def of_label(mask: Mask, label: int, what: str = "mask") -> NDArray[np.bool_]:
    """Where `label` lies; refuses a label without a pixel."""
    inside: NDArray[np.bool_] = mask.array == label
    if not inside.any():
        present = sorted(int(value) for value in np.unique(mask.array) if value)
        raise InputError(f"label {label} has no pixel in the {what}; labels present: {present or 'none (it is empty)'}")
    return inside


def plane(image: Image, slice_index: int | None) -> NDArray[Any]:
    """The 2-D picture to work on: the image itself, or slice (or frame) `slice_index` along its first axis."""
    refuse_colour(image)
    array = image.array
    if array.ndim == 2:
        if slice_index is not None:
            raise InputError(f"slice_index={slice_index} was asked of a 2-D picture; leave it out")
        return array
    if array.ndim != 3:
        raise InputError(f"a picture of shape {array.shape} (axes {image.grid.axes!r}) has no single slice to take")
    if slice_index is None and len(array) == 1:
        return array[0]
    if slice_index is None or not 0 <= slice_index < len(array):
        raise InputError(
            f"this works on one slice, and the picture has {len(array)} along {image.grid.axes[0]!r}; "
            f"give slice_index between 0 and {len(array) - 1}" + ("" if slice_index is None else f", not {slice_index}")
        )
    return array[slice_index]
