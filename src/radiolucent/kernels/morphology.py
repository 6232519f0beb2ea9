"""Grey morphology of bare n-D arrays with boxes, axis by axis; the result is float32."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .smooth import axis_by_axis

Array = NDArray[Any]


def opening(array: Array, sizes: Mapping[int, int]) -> NDArray[np.float32]:
    """The greatest of the least: takes away what is bright and narrower than the box (axis: odd number of pixels)."""
    return _extreme(erosion(array, sizes), sizes, cv2.dilate, overwrite=True)


def closing(array: Array, sizes: Mapping[int, int]) -> NDArray[np.float32]:
    """The least of the greatest: takes away what is dark and narrower than the box."""
    return _extreme(dilation(array, sizes), sizes, cv2.erode, overwrite=True)


def erosion(array: Array, sizes: Mapping[int, int]) -> NDArray[np.float32]:
    """The least value of the box; beyond the edge there is nothing, which is the same as mirroring."""
    return _extreme(array, sizes, cv2.erode)


def dilation(array: Array, sizes: Mapping[int, int]) -> NDArray[np.float32]:
    """The greatest value of the box; beyond the edge there is nothing, which is the same as mirroring."""
    return _extreme(array, sizes, cv2.dilate)


def _extreme(array: Array, sizes: Mapping[int, int], extreme: Any, *, overwrite: bool = False) -> NDArray[np.float32]:
    def along(source: Array, along_y: int | None, along_x: int | None, into: Array) -> None:
        extreme(source, np.ones((along_y or 1, along_x or 1), np.uint8), into)

    single = np.asarray(array, np.float32)
    return axis_by_axis(single, {axis: size for axis, size in sizes.items() if size > 1}, along, overwrite=overwrite)
