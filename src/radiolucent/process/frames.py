"""One frame and one colour at a time: what a filter in space sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image


def per_frame(image: Image, filtered: Callable[[NDArray[np.float32]], NDArray[Any]]) -> NDArray[np.float32]:
    """Filter the space of each frame and each colour alone; what is filtered and what comes out is float32."""
    array = np.asarray(image.array, np.float32)
    first = np.moveaxis(array, -1, 0) if image.is_colour else array
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    frames = np.ascontiguousarray(first).reshape(-1, *space)
    if len(frames) == 1:  # the usual case needs no second array to put it into
        return np.ascontiguousarray(filtered(frames[0]), np.float32).reshape(array.shape)
    result = np.empty(frames.shape, np.float32)
    for frame, out in zip(frames, result, strict=True):
        out[...] = filtered(frame)
    whole = result.reshape(first.shape)
    return np.ascontiguousarray(np.moveaxis(whole, 0, -1)) if image.is_colour else whole
