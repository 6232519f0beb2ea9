"""Smoothing of bare n-D arrays along some of their axes, by the fastest exact route; the result is float32.

OpenCV filters two-dimensional pictures only, but a filter along one axis of an n-D array is a filter along the rows of
the (before, n) view when the axis is the last, and along the columns of each (n, after) view otherwise. Where OpenCV
lacks a boundary ("wrap") or a median of that size, scipy does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Boundary = Literal["reflect", "mirror", "nearest", "constant", "wrap"]
"""What lies beyond the edge: d c b a | a b c d, d c b | a b c d, a a a | a b c d, 0 0 0 | a b c d, b c d | a b c d."""

Array = NDArray[Any]
Line = Callable[[Array, bool, Array], None]

_BORDERS = {
    "reflect": cv2.BORDER_REFLECT,
    "mirror": cv2.BORDER_REFLECT_101,
    "nearest": cv2.BORDER_REPLICATE,
    "constant": cv2.BORDER_CONSTANT,
}
TRUNCATE = 4.0
_ONE = np.ones(1, np.float32)


def gaussian_kernel(sigma: float) -> NDArray[np.float64]:
    """Sampled Gaussian of `sigma` pixels, cut at 4 sigma, with sum 1."""
    radius = int(TRUNCATE * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return weights / weights.sum()


def gaussian(array: Array, sigmas: Mapping[int, float], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Smooth along each axis of `sigmas` (axis: pixels) with a Gaussian; equals scipy within 1e-6 of the range."""
    return convolve(array, {axis: gaussian_kernel(sigma) for axis, sigma in sigmas.items() if sigma > 0}, boundary)


def convolve(array: Array, kernels: Mapping[int, Array], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Correlate along each axis of `kernels` with a kernel of odd length."""
    result = np.ascontiguousarray(array, np.float32)
    for axis, weights in kernels.items():
        if len(weights) == 1 and weights[0] == 1:
            continue
        if boundary == "wrap":
            result = ndimage.correlate1d(result, weights, axis, mode="wrap")
        else:
            result = _along(result, axis, _correlation(weights, _BORDERS[boundary]))
    return _own(result, array)


def mean(array: Array, sizes: Mapping[int, int], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Average over a box with an odd number of pixels along each axis of `sizes` (axis: pixels)."""
    result = np.ascontiguousarray(array, np.float32)
    for axis, size in sizes.items():
        if size == 1:
            continue
        if boundary == "wrap":
            result = ndimage.uniform_filter1d(result, size, axis, mode="wrap")
        else:
            result = _along(result, axis, _box(size, _BORDERS[boundary]))
    return _own(result, array)


def median(array: Array, sizes: Mapping[int, int], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Take the median over a box with an odd number of pixels along each axis of `sizes` (axis: pixels)."""
    axes = [axis for axis, size in sizes.items() if size > 1]
    widths = {sizes[axis] for axis in axes}
    last = [array.ndim - 2, array.ndim - 1]
    if not axes:
        return _own(np.ascontiguousarray(array, np.float32), array)
    if sorted(axes) == last and len(widths) == 1 and _opencv_has(array.dtype, max(widths)):
        return _planes(array, widths.pop() // 2, boundary)
    box = [sizes.get(axis, 1) for axis in range(array.ndim)]
    return ndimage.median_filter(array, box, mode=boundary).astype(np.float32, copy=False)


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


def _along(array: Array, axis: int, line: Line) -> NDArray[np.float32]:
    """Apply `line(source, rows, into)` to two-dimensional views that hold `axis` as their rows or their columns."""
    before, length = int(np.prod(array.shape[:axis])), array.shape[axis]
    after = int(np.prod(array.shape[axis + 1 :]))
    result = np.empty(array.shape, np.float32)
    if after == 1:
        line(array.reshape(before, length), True, result.reshape(before, length))
        return result
    views = zip(array.reshape(before, length, after), result.reshape(before, length, after), strict=True)
    for source, into in views:
        line(source, False, into)
    return result


def _correlation(kernel: Array, border: int) -> Line:
    weights = kernel.astype(np.float32)

    def line(source: Array, rows: bool, into: Array) -> None:
        horizontal, vertical = (weights, _ONE) if rows else (_ONE, weights)
        cv2.sepFilter2D(source, cv2.CV_32F, horizontal, vertical, into, borderType=border)

    return line


def _box(size: int, border: int) -> Line:
    def line(source: Array, rows: bool, into: Array) -> None:
        cv2.boxFilter(source, cv2.CV_32F, (size, 1) if rows else (1, size), into, borderType=border)

    return line


def _own(result: Array, array: Array) -> NDArray[np.float32]:
    """A float32 array that shares no memory with the caller's."""
    return result.copy() if np.shares_memory(result, array) else result


def odd_size(width_px: float) -> int:
    """The odd number nearest to a width in pixels (the smaller of two alike), at least 1: a box must have a centre."""
    return 2 * max(0, int(np.ceil((width_px - 1) / 2 - 0.5))) + 1
