"""What a picture's pixels must be before an operation can work on them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError
from .types import Image


def refuse_colour(image: Image) -> None:
    """Refuse a picture with a colour axis."""
    if image.is_colour:
        raise InputError(
            f"the picture has {image.array.shape[-1]} colour channels and this works on grey values; "
            "give one channel or a grey copy"
        )


def refuse_not_finite(image: Image) -> None:
    """Refuse an empty picture, complex pixels, and NaN or infinite ones (with their count)."""
    array = image.array
    if not array.size:
        raise InputError(f"the picture is empty: its shape is {array.shape}")
    if array.dtype.kind == "c":
        raise InputError("the picture has complex values (a frequency image); this works on real ones")
    if array.dtype.kind == "f" and not _surely_finite(array):
        bad = int(np.count_nonzero(~np.isfinite(array)))
        if bad:
            raise InputError(f"{bad} of {array.size} pixels are NaN or infinite; replace them first (fill_not_finite)")


def refuse_wider(image: Image, name: str, length_mm: float) -> None:
    """Refuse a length that is larger than the picture."""
    steps = zip(image.grid.spatial_axes, image.grid.known_spacing_mm(), strict=True)
    extent = max(image.grid.shape[axis] * step for axis, step in steps)
    if length_mm > extent:
        raise InputError(f"{name}={length_mm:g} mm is larger than the picture, whose longest side is {extent:.4g} mm")


def _surely_finite(array: NDArray[Any]) -> bool:
    """The sum of squares is finite: BLAS takes it at the speed of memory, and it overflows for huge values alone."""
    if array.flags.c_contiguous and array.dtype in (np.float32, np.float64):
        row = array.reshape(-1)
        return bool(np.isfinite(np.vdot(row, row)))
    return bool(np.isfinite(array.sum(dtype=np.float64)))
