"""Smoothing of bare n-D arrays along some of their axes, by the fastest exact route; the result is float32.

OpenCV filters two-dimensional pictures only, but a filter along one axis of an n-D array is a filter along the columns
of its (n, after) views, and along the last two axes a filter of its slices. Where OpenCV lacks a boundary ("wrap") or
a median of that size, scipy does the work, and for the median of three pixels along other axes a selection network.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from . import slabs
from .rank import median_of_three
from .running_median import running_median

Boundary = Literal["reflect", "mirror", "nearest", "constant", "wrap"]
"""What lies beyond the edge: d c b a | a b c d, d c b | a b c d, a a a | a b c d, 0 0 0 | a b c d, b c d | a b c d."""

Array = NDArray[Any]
T = TypeVar("T")
Pass = Callable[[Array, T | None, T | None, Array], None]
"""Filters a two-dimensional view: (source, along its columns, along its rows, into)."""

_DIRECT = tuple(np.dtype(name) for name in ("uint8", "uint16", "int16", "float32"))
"""What OpenCV filters into float32 without a converted copy."""

_BORDERS = {
    "reflect": cv2.BORDER_REFLECT,
    "mirror": cv2.BORDER_REFLECT_101,
    "nearest": cv2.BORDER_REPLICATE,
    "constant": cv2.BORDER_CONSTANT,
}
TRUNCATE = 4.0
COLUMNS = 1 << 17
"""Pixels of the columns that are filtered together."""
MEDIAN_SLAB = 1 << 18
"""Least number of pixels of which the median is taken together: slabs share their margins, so few are better."""
_ONE = np.ones(1, np.float32)


@lru_cache(64)
def gaussian_kernel(sigma: float) -> NDArray[np.float64]:
    """Sampled Gaussian of `sigma` pixels, cut at 4 sigma, with sum 1; not to be written to."""
    radius = int(TRUNCATE * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights /= weights.sum()
    weights.flags.writeable = False
    return weights


def gaussian(
    array: Array, sigmas: Mapping[int, float], boundary: Boundary = "reflect", *, overwrite: bool = False
) -> NDArray[np.float32]:
    """Smooth along each axis of `sigmas` (axis: pixels) with a Gaussian; equals scipy within 1e-6 of the range."""
    kernels = {axis: gaussian_kernel(sigma) for axis, sigma in sigmas.items() if sigma > 0}
    return convolve(array, kernels, boundary, overwrite=overwrite)


def convolve(
    array: Array, kernels: Mapping[int, Array], boundary: Boundary = "reflect", *, overwrite: bool = False
) -> NDArray[np.float32]:
    """Correlate along each axis of `kernels` with a kernel of odd length; an array of float32 may be overwritten."""
    needed = {axis: k.astype(np.float32) for axis, k in kernels.items() if len(k) > 1 or k[0] != 1}
    if boundary == "wrap":
        result = _own(array, overwrite)
        for axis, weights in needed.items():
            ndimage.correlate1d(result, weights, axis, output=result, mode="wrap")
        return result
    border = _BORDERS[boundary]

    def correlate(source: Array, along_y: Array | None, along_x: Array | None, into: Array) -> None:
        x, y = (_ONE if weights is None else weights for weights in (along_x, along_y))
        cv2.sepFilter2D(source, cv2.CV_32F, x, y, into, borderType=border)

    return axis_by_axis(array, needed, correlate, overwrite=overwrite)


def _own(array: Array, overwrite: bool) -> NDArray[np.float32]:
    """The array itself where it may be overwritten, else a copy."""
    return array.astype(np.float32, copy=not overwrite)


def mean(
    array: Array, sizes: Mapping[int, int], boundary: Boundary = "reflect", *, overwrite: bool = False
) -> NDArray[np.float32]:
    """Average over a box with an odd number of pixels along each axis of `sizes` (axis: pixels)."""
    needed = {axis: size for axis, size in sizes.items() if size > 1}
    if boundary == "wrap":
        result = _own(array, overwrite)
        ndimage.uniform_filter(result, list(needed.values()), output=result, mode="wrap", axes=tuple(needed))
        return result
    border = _BORDERS[boundary]

    def average(source: Array, along_y: int | None, along_x: int | None, into: Array) -> None:
        cv2.boxFilter(source, cv2.CV_32F, (along_x or 1, along_y or 1), into, borderType=border)

    return axis_by_axis(array, needed, average, overwrite=overwrite)


def median(array: Array, sizes: Mapping[int, int], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Take the median over a box with an odd number of pixels along each axis of `sizes` (axis: pixels)."""
    box = {axis: size for axis, size in sizes.items() if size > 1}
    if not box:
        return array.astype(np.float32)
    last, widths = [array.ndim - 2, array.ndim - 1], set(box.values())
    if sorted(box) == last and len(widths) == 1 and _opencv_has(array.dtype, max(widths)):
        return _planes(array, widths.pop() // 2, boundary)
    if len(box) > 3:  # a filter along four axes at once is left to scipy
        return ndimage.median_filter(
            array, [box.get(axis, 1) for axis in range(array.ndim)], mode=boundary, output=np.float32
        )
    result = np.empty(array.shape, np.float32)
    margins = [box.get(axis, 1) // 2 for axis in range(array.ndim)]
    for where, wide in slabs.wide(array, margins, _PADS[boundary], max(MEDIAN_SLAB, array.size * 2 // array.itemsize)):
        result[where] = median_of_three(wide, list(box)) if widths == {3} else _boxes(wide, box)
    return result


def _boxes(wide: Array, sizes: Mapping[int, int]) -> NDArray[np.float32]:
    """The median of boxes of any size along up to three axes, which are brought to the end."""
    axes = sorted(sizes)
    to = range(-len(axes), 0)
    moved = np.moveaxis(wide, axes, to)
    lines = (1,) * (3 - len(axes)) + moved.shape[moved.ndim - len(axes) :]
    box = [1] * (3 - len(axes)) + [sizes[axis] for axis in axes]
    result = running_median(np.ascontiguousarray(moved.reshape(-1, *lines)), box)
    inner = result.reshape(*moved.shape[: moved.ndim - len(axes)], *result.shape[4 - len(axes) :])
    return np.moveaxis(inner, to, axes)


def _opencv_has(dtype: np.dtype[Any], size: int) -> bool:
    """OpenCV's median: any size up to 255 on uint8; 3 and 5 on 16 bits and float32."""
    return size < 256 if dtype == np.uint8 else size <= 5 and dtype in (np.uint16, np.int16, np.float32)


def _planes(array: Array, radius: int, boundary: Boundary) -> NDArray[np.float32]:
    """OpenCV's median of each slice, widened first because OpenCV only repeats the edge."""
    slices = array.reshape(-1, *array.shape[-2:])
    result = np.empty(slices.shape, np.float32)
    inner = slice(radius, -radius)
    for one, out in zip(slices, result, strict=True):
        wide = np.ascontiguousarray(np.pad(one, radius, mode=_PADS[boundary]))
        out[...] = cv2.medianBlur(wide, 2 * radius + 1)[inner, inner]
    return result.reshape(array.shape)


_PADS: dict[str, Any] = {
    "reflect": "symmetric",
    "mirror": "reflect",
    "nearest": "edge",
    "constant": "constant",
    "wrap": "wrap",
}


def axis_by_axis(
    array: Array, per_axis: Mapping[int, T], apply: Pass[T], *, overwrite: bool = False
) -> NDArray[np.float32]:
    """Apply to the last two axes at once, slice by slice, and to each other axis as columns of a (n, after) view.

    All passes but the first work in place, a few columns at a time.
    """
    left = dict(per_axis)
    result = np.ascontiguousarray(array, None if array.dtype in _DIRECT else np.float32)
    own = result.dtype == np.float32 and (overwrite or not np.shares_memory(result, array))
    last = array.ndim - 1
    if last in left:
        along_x, along_y = left.pop(last), left.pop(last - 1, None)
        rows = array.shape[last - 1] if along_y is not None else math.prod(array.shape[:last])
        into = result if own else np.empty(array.shape, np.float32)
        for source, out in zip(*(one.reshape(-1, rows, array.shape[last]) for one in (result, into)), strict=True):
            apply(source.copy() if own else source, along_y, along_x, out)
        result, own = into, True
    for axis, value in left.items():
        into = result if own else np.empty(array.shape, np.float32)
        _columns(result, into, axis, value, apply)
        result, own = into, True
    return result if per_axis else _own(array, overwrite)


def _columns(source: Array, into: Array, axis: int, value: T, apply: Pass[T]) -> None:
    """Along another axis than the last; `into` may be the source."""
    shape = (math.prod(source.shape[:axis]), source.shape[axis], -1)
    for one, out in zip(source.reshape(shape), into.reshape(shape), strict=True):
        for run in slabs.runs(one.shape, 1, COLUMNS):
            apply(np.ascontiguousarray(one[run]) if into is not source else one[run].copy(), value, None, out[run])


def odd_size(width_px: float) -> int:
    """The odd number nearest to a width in pixels (the smaller of two alike), at least 1: a box must have a centre."""
    return 2 * max(0, int(np.ceil((width_px - 1) / 2 - 0.5))) + 1
