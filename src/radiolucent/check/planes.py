"""A picture as a stack of grey planes, and which of its pixels belong to the body."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

from radiolucent.core import Grid, Image

MOST_SAMPLES = 4_000_000
"""Of larger volumes every second (third, ...) plane is looked at where a whole picture is judged."""

MOST_MOMENTS = 16
"""Of longer films so many frames are measured: they differ little."""

FEW_LEVELS = 16
"""A picture with no more values than this is a mask or a drawing, whose extremes say nothing."""


def planes(image: Image) -> NDArray[Any]:
    """(n, rows, columns): slices, frames or the one picture; colour as the mean of its channels.

    What is no finite number counts as the least one that is; a check of its own says so.
    """
    array = np.abs(image.array) if image.array.dtype.kind == "c" else image.array
    grey = array.mean(axis=-1, dtype=np.float32) if image.is_colour else array
    if grey.dtype.kind == "f" and not np.isfinite(grey).all():
        finite = np.isfinite(grey)
        grey = np.where(finite, grey, grey[finite].min() if finite.any() else 0)
    return grey.reshape(-1, *(1, 1, *grey.shape)[-2:])


def thinned(stack: NDArray[Any]) -> NDArray[np.float32]:
    """At most so many samples as are needed for figures of the whole, as float32."""
    step = max(1, -(-stack.size // MOST_SAMPLES))
    return np.asarray(stack[::step], np.float32)


def as_grey(image: Image) -> Image:
    """A colour picture as the mean of its channels, any other as it is; of a film that takes longer than most checks."""
    if not image.is_colour:
        return image
    return image.with_array(planes(image).reshape(image.grid.shape))


def moments(image: Image) -> Image:
    """A long film (or volume in time) as a few frames spread evenly over it; any other image as it is."""
    if "t" not in image.grid.axes or image.grid.shape[0] <= MOST_MOMENTS:
        return image
    picked = np.linspace(0, image.grid.shape[0] - 1, MOST_MOMENTS).round().astype(int)
    array = image.array[picked]
    return image.with_array(array, grid=Grid(array.shape[: len(image.grid.shape)], image.grid.axes))


def body(stack: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pixels above Otsu's threshold; none in a constant picture."""
    if not stack.size or stack.min() == stack.max():
        return np.zeros(stack.shape, bool)
    return stack > threshold_otsu(stack)


def span(stack: NDArray[Any]) -> float:
    """From the 1st to the 99th percentile; 0 for a constant picture."""
    low, high = np.percentile(stack, [1, 99]) if stack.size else (0.0, 0.0)
    return float(high) - float(low)


def is_drawing(stack: NDArray[Any]) -> bool:
    """Whether there are so few values that the picture is a mask or a drawing."""
    return len(np.unique(stack.ravel()[:: max(1, stack.size // 100_000)])) <= FEW_LEVELS
