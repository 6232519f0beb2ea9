"""The grey values that a measurement is about: one label of a mask, or the whole picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image, InputError, Mask


def region(image: Image, mask: Mask | None, label: int) -> NDArray[np.bool_] | None:
    """Where `label` lies, or `None` without a mask; refuses a mask of another grid and a label without a pixel."""
    refuse_colour(image)
    refuse_not_finite(image)
    if mask is None:
        return None
    if mask.grid.shape != image.grid.shape or mask.grid.axes != image.grid.axes:
        raise InputError(
            f"the mask has shape {mask.grid.shape} (axes {mask.grid.axes!r}) and the image {image.grid.shape} "
            f"(axes {image.grid.axes!r}); resample one to the other's grid first"
        )
    refuse_other_place(image, mask)
    inside = mask.array == label
    if not inside.any():
        present = sorted(int(value) for value in np.unique(mask.array) if value)
        raise InputError(f"label {label} has no pixel in the mask; labels present: {present or 'none (it is empty)'}")
    return inside


def refuse_other_place(image: Image, mask: Mask) -> None:
    """Refuse a mask whose corners lie more than a tenth of a pixel from the image's, where both places are known."""
    one, other = image.grid.affine, mask.grid.affine
    if one is None or other is None or image.grid.spacing_mm is None:
        return
    corner = np.array([*(image.grid.shape[axis] - 1 for axis in image.grid.spatial_axes), 1.0])
    first = np.array([*np.zeros(len(corner) - 1), 1.0])
    apart = max(float(np.linalg.norm((one - other) @ point)) for point in (first, corner))
    if apart > 0.1 * min(image.grid.spacing_mm):
        raise InputError(
            f"mask and image lie on different grids: their corners are {apart:.3g} mm apart; "
            "resample one to the other's grid first"
        )


def refuse_colour(image: Image) -> None:
    if image.is_colour:
        raise InputError(
            f"the picture has {image.array.shape[-1]} colour channels and this works on grey values; "
            "give one channel or a grey copy"
        )


def refuse_not_finite(image: Image) -> None:
    """Refuse NaN and infinite pixels, with their count."""
    if image.array.dtype.kind in "fc" and not np.isfinite(image.array.sum(dtype=np.float64)):
        bad = int(np.count_nonzero(~np.isfinite(image.array)))
        raise InputError(f"{bad} of {image.array.size} pixels are NaN or infinite; replace them before measuring")


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
