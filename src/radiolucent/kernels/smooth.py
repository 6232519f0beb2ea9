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
_ONE = np.ones(1, np.float32)


@lru_cache(64)
def gaussian_kernel(sigma: float) -> NDArray[np.float64]:
    """Sampled Gaussian of `sigma` pixels, cut at 4 sigma, with sum 1; not to be written to."""
    radius = int(TRUNCATE * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights /= weights.sum()
    weights.flags.writeable = False
    return weights


def gaussian(array: Array, sigmas: Mapping[int, float], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Smooth along each axis of `sigmas` (axis: pixels) with a Gaussian; equals scipy within 1e-6 of the range."""
    return convolve(array, {axis: gaussian_kernel(sigma) for axis, sigma in sigmas.items() if sigma > 0}, boundary)


def convolve(array: Array, kernels: Mapping[int, Array], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Correlate along each axis of `kernels` with a kernel of odd length."""
    needed = {axis: k.astype(np.float32) for axis, k in kernels.items() if len(k) > 1 or k[0] != 1}
    if boundary == "wrap":
        result = array.astype(np.float32)
        for axis, weights in needed.items():
            result = ndimage.correlate1d(result, weights, axis, mode="wrap")
        return result
    border = _BORDERS[boundary]

    def correlate(source: Array, along_y: Array | None, along_x: Array | None, into: Array) -> None:
        x, y = (_ONE if weights is None else weights for weights in (along_x, along_y))
        cv2.sepFilter2D(source, cv2.CV_32F, x, y, into, borderType=border)

    return axis_by_axis(array, needed, correlate)


def mean(array: Array, sizes: Mapping[int, int], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Average over a box with an odd number of pixels along each axis of `sizes` (axis: pixels)."""
    needed = {axis: size for axis, size in sizes.items() if size > 1}
    if boundary == "wrap":
        return ndimage.uniform_filter(array.astype(np.float32), list(needed.values()), mode="wrap", axes=tuple(needed))
    border = _BORDERS[boundary]

    def average(source: Array, along_y: int | None, along_x: int | None, into: Array) -> None:
        cv2.boxFilter(source, cv2.CV_32F, (along_x or 1, along_y or 1), into, borderType=border)

    return axis_by_axis(array, needed, average)


def median(array: Array, sizes: Mapping[int, int], boundary: Boundary = "reflect") -> NDArray[np.float32]:
    """Take the median over a box with an odd number of pixels along each axis of `sizes` (axis: pixels)."""
    axes = [axis for axis, size in sizes.items() if size > 1]
    widths = {sizes[axis] for axis in axes}
    last = [array.ndim - 2, array.ndim - 1]
    if not axes:
        return array.astype(np.float32)
    if sorted(axes) == last and len(widths) == 1 and _opencv_has(array.dtype, max(widths)):
        return _planes(array, widths.pop() // 2, boundary)
    if widths == {3} and len(axes) <= 3:
        wide = np.pad(array, [(int(axis in axes),) * 2 for axis in range(array.ndim)], mode=_PADS[boundary])
        return median_of_three(wide, axes).astype(np.float32)
    return _boxes(array, {axis: sizes[axis] for axis in axes}, boundary)


def _boxes(array: Array, sizes: Mapping[int, int], boundary: Boundary) -> NDArray[np.float32]:
    """The median of boxes of any size along up to three axes, which are brought to the end."""
    axes = sorted(sizes)[-3:]
    if len(axes) < len(sizes):  # a filter along four axes at once is left to scipy
        box = [sizes.get(axis, 1) for axis in range(array.ndim)]
        return ndimage.median_filter(array, box, mode=boundary).astype(np.float32, copy=False)
    to = range(-len(axes), 0)
    moved = np.moveaxis(array, axes, to)
    sides = (1,) * (3 - len(axes)) + moved.shape[moved.ndim - len(axes) :]
    frames = moved.reshape(-1, *sides)
    box = [1] * (3 - len(axes)) + [sizes[axis] for axis in axes]
    wide = np.pad(frames, [(0, 0), *((size // 2,) * 2 for size in box)], mode=_PADS[boundary])
    result = running_median(np.ascontiguousarray(wide), box).reshape(moved.shape)
    return np.ascontiguousarray(np.moveaxis(result, to, axes))


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


def axis_by_axis(array: Array, per_axis: Mapping[int, T], apply: Pass[T]) -> NDArray[np.float32]:
    """Apply to the last two axes at once, slice by slice, and to each other axis as columns of a (n, after) view."""
    left = dict(per_axis)
    result = np.ascontiguousarray(array, None if array.dtype in _DIRECT else np.float32)
    last = array.ndim - 1
    if last in left:
        along_x, along_y = left.pop(last), left.pop(last - 1, None)
        rows = array.shape[last - 1] if along_y is not None else math.prod(array.shape[:last])
        result = _one_pass(result, (-1, rows, array.shape[last]), along_y, along_x, apply)
    for axis, value in left.items():
        before = math.prod(array.shape[:axis])
        result = _one_pass(result, (before, array.shape[axis], -1), value, None, apply)
    return result if per_axis else array.astype(np.float32)


def _one_pass(
    array: Array, views: tuple[int, int, int], along_y: T | None, along_x: T | None, apply: Pass[T]
) -> NDArray[np.float32]:
    result = np.empty(array.shape, np.float32)
    for source, into in zip(array.reshape(views), result.reshape(views), strict=True):
        apply(source, along_y, along_x, into)
    return result


def odd_size(width_px: float) -> int:
    """The odd number nearest to a width in pixels (the smaller of two alike), at least 1: a box must have a centre."""
    return 2 * max(0, int(np.ceil((width_px - 1) / 2 - 0.5))) + 1
