"""What learning sees of a picture: a grey square of bytes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image, InputError
from radiolucent.kernels.grey import to_eight_bit

_LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


def prepare(image: Image, *, size: int) -> NDArray[np.uint8]:
    """The picture as (size, size) bytes.

    Eight bits stay as they are, anything else is windowed between its 0.5th and 99.5th percentile; colour becomes
    luminance; the aspect is kept and the rest is zero; area averages shrink, cubic interpolation enlarges.
    """
    array = image.array
    if len(image.grid.shape) > 2:
        array = np.squeeze(array, tuple(k for k, count in enumerate(image.grid.shape) if count == 1))
    if array.ndim - image.is_colour != 2:
        raise InputError(f"a picture is needed, this image has the axes {image.grid.axes!r} and shape {array.shape}")
    if size < 1 or 0 in array.shape:
        raise InputError(f"a picture of shape {array.shape} cannot become {size} x {size}")
    grey = _bytes(_grey(array, colour=image.is_colour))
    return _in_square(grey, size)


def prepare_frames(image: Image, frames: NDArray[np.intp], *, size: int) -> NDArray[np.uint8]:
    """Some frames of a sequence (axes "tyx" or "zyx") as (k, size, size) bytes, each as `prepare` makes a picture.

    One window serves all of them, so that a sequence does not flicker.
    """
    if len(image.grid.shape) != 3:
        raise InputError(f"a sequence is needed, this image has the axes {image.grid.axes!r}")
    if size < 1 or 0 in image.array.shape:
        raise InputError(f"frames of shape {image.array.shape} cannot become {size} x {size}")
    grey = _bytes(_grey(image.array[frames], colour=image.is_colour))
    return np.stack([_in_square(frame, size) for frame in grey])


def _grey(array: NDArray[Any], *, colour: bool) -> NDArray[Any]:
    if np.iscomplexobj(array):
        array = np.abs(array)
    if not colour:
        return array
    luminance = array[..., :3].astype(np.float32) @ _LUMINANCE
    return np.rint(luminance).astype(np.uint8) if array.dtype == np.uint8 else luminance


def _bytes(grey: NDArray[Any]) -> NDArray[np.uint8]:
    if grey.dtype == np.bool_:
        return grey.astype(np.uint8) * np.uint8(255)
    finite = np.isfinite(grey)
    if not finite.any():
        return np.zeros(grey.shape, np.uint8)
    return to_eight_bit(grey if finite.all() else np.where(finite, grey, grey[finite].min()))


def _in_square(grey: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    rows, columns = grey.shape
    scale = size / max(rows, columns)
    height, width = max(1, round(rows * scale)), max(1, round(columns * scale))
    if (height, width) != grey.shape:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        grey = cv2.resize(np.ascontiguousarray(grey), (width, height), interpolation=how)
    top, left = (size - height) // 2, (size - width) // 2
    square = np.zeros((size, size), np.uint8)
    square[top : top + height, left : left + width] = grey
    return square
