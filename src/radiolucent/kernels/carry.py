"""Samples of an array at places given by a linear map, or by one and a shift of every pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Array = NDArray[Any]

HALF = 0.5 + 1e-6
"""An outermost sample stands for so many pixels beyond it."""

AT_ONCE = 2**16
"""Pixels whose places are held at once."""


def carried(
    array: Array, matrix: Array, offset: Array, shape: tuple[int, ...], shift: Array | None, *,
    order: int, outside: float = 0.0,
) -> Array:  # fmt: skip
    """Values (of `array`'s type) of `shape` at index `matrix @ i + offset (+ shift)`; `outside` where there is none.

    Spline `order` 0 takes the nearest sample. The outermost samples go on for half a pixel.
    """
    smooth = ndimage.spline_filter(array, order, output=array.dtype, mode="mirror") if order > 1 else array
    result = np.empty(shape, array.dtype)
    rows = max(1, AT_ONCE // int(np.prod(shape[1:])))
    for first in range(0, shape[0], rows):
        part = slice(first, first + rows)
        index = _index(matrix, offset, result[part].shape, first)
        if shift is not None:
            index += shift[:, part]
        result[part] = _sampled(smooth, index, order, outside)
    return result


def _index(matrix: Array, offset: Array, shape: tuple[int, ...], first: int) -> Array:
    places = np.indices(shape, dtype=np.float64)
    places[0] += first
    return np.einsum("ij,j...->i...", matrix, places) + offset.reshape(-1, *(1,) * len(shape))


def _sampled(array: Array, index: Array, order: int, outside: float) -> Array:
    sides = np.reshape(array.shape, (-1, *(1,) * len(array.shape)))
    there = ((index >= -HALF) & (index <= sides - 1 + HALF)).all(axis=0)
    np.clip(index, 0, sides - 1, out=index)
    values = ndimage.map_coordinates(array, index, order=order, mode="mirror", prefilter=False)
    return np.where(there, values, np.asarray(outside, array.dtype))
