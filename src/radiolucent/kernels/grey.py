"""Grey values of any type brought to 8 bits by a stated window, never by truncation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDEST = 1e38
"""A wider range would overflow in single precision."""


def robust_limits(values: NDArray[Any], low: float = 0.5, high: float = 99.5) -> tuple[float, float]:
    """The `low` and `high` percentiles; the full range where these coincide (a few bright dots on a flat ground)."""
    below, above = np.percentile(values, [low, high])
    if below == above:
        below, above = values.min(), values.max()
    return float(below), float(above)


def to_eight_bit(array: NDArray[Any], low: float = 0.5, high: float = 99.5) -> NDArray[np.uint8]:
    """Map the `low`..`high` percentiles to 0..255, clipped; uint8 stays as it is and a constant picture becomes 0.

    The window can be undone up to rounding: grey = below + code / 255 * (above - below), see `robust_limits`.
    """
    if array.dtype == np.uint8:
        return array
    return within_window(array, *robust_limits(array, low, high))


def within_window(array: NDArray[Any], below: float, above: float) -> NDArray[np.uint8]:
    """Map `below`..`above` to 0..255, clipped; where the two are one everything becomes 0."""
    if below == above:
        return np.zeros(array.shape, np.uint8)
    wide = array.dtype == np.float64 or above - below > WIDEST
    values: NDArray[Any] = array.astype(np.float64 if wide else np.float32)
    unit = (values - values.dtype.type(below)) * values.dtype.type(255 / (above - below))
    return np.rint(np.clip(unit, 0, 255)).astype(np.uint8)
