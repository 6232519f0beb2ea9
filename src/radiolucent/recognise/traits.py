"""What a picture without a header shows of the machine that made it: figures of its background, grain and outline."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image

SIDE = 128
"""Longest side [pixels] at which figures are taken, so that they do not depend on how finely a picture was stored."""
BINS = 64
FEW = 16
"""Sides below this show too little."""
PLANES = 5
LEVELS = 8


@dataclass(frozen=True)
class Traits:
    """Figures of one picture, all between 0 and 1 but `speckle` and `across`.

    `air`: share of the picture in its darkest large mode; `flat_air`: share of that mode that does not vary from sample
    to its neighbours; `rim_air`: share of the border that lies in it; `clipped`: share at the largest value; `speckle`:
    median of local deviation over local mean in what is bright; `fan`: how well the bright part is a sector or
    trapezium that widens downwards; `across`: change from column to column over that from row to row, in what is bright.
    """

    air: float
    flat_air: float
    rim_air: float
    clipped: float
    speckle: float
    fan: float
    across: float


def is_hounsfield(image: Image) -> bool:
    """Whether the values are Hounsfield units, by their unit or by where they lie (air far below 0, whole numbers)."""
    if image.unit == "HU":
        return True
    if image.array.dtype.kind not in "if" or not image.array.size:
        return False
    low, high = float(np.nanmin(image.array)), float(np.nanmax(image.array))
    return low < -500 and low == round(low) and 100 < high < 32_768


def has_few_levels(image: Image) -> bool:
    """Whether there are so few values that it is a mask or a drawing."""
    return len(np.unique(image.array.ravel()[:: max(1, image.array.size // 100_000)])) <= LEVELS


def planes_of(image: Image) -> NDArray[np.float32]:
    """A few planes (n, rows, columns) spread over the image: colour as its mean, what is not finite as the least."""
    array = np.abs(image.array) if image.array.dtype.kind == "c" else image.array
    grey = array.mean(axis=-1, dtype=np.float32) if image.is_colour else array
    stack = grey.reshape(-1, *(1, 1, *grey.shape)[-2:])
    if len(stack) > PLANES:
        stack = stack[np.linspace(len(stack) * 0.2, len(stack) * 0.8 - 1, PLANES).round().astype(int)]
    made = np.asarray(stack, np.float32)
    finite = np.isfinite(made)
    return (
        made if finite.all() else np.where(finite, made, made[finite].min() if finite.any() else 0).astype(np.float32)
    )


def traits_of(image: Image) -> Traits | None:
    """The figures, as medians over a few planes; nothing for a constant picture or one of a few pixels."""
    found = [one for plane in planes_of(image) if (one := _traits(plane)) is not None]
    if not found:
        return None
    return Traits(*(float(np.median([getattr(one, name) for one in found])) for name in Traits.__dataclass_fields__))


def _traits(plane: NDArray[np.float32]) -> Traits | None:
    if min(plane.shape) < FEW:
        return None
    low, high = (float(v) for v in np.percentile(plane, [0.5, 99.5]))
    if high <= low:
        low, high = float(plane.min()), float(plane.max())
    if high <= low:
        return None
    clipped = float(np.mean(plane >= plane.max()))
    grey = _reduced(np.clip((plane - low) / (high - low), 0, 1))
    air, level = _air(grey)
    return Traits(
        air=float(air.mean()),
        flat_air=_flat(grey, air),
        rim_air=float(np.concatenate([air[0], air[-1], air[:, 0], air[:, -1]]).mean()),
        clipped=clipped,
        speckle=_speckle(grey, level),
        fan=_fan(~air),
        across=_across(grey, level),
    )


def _reduced(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    scale = SIDE / max(grey.shape)
    if scale >= 1:
        return grey
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)


def _air(grey: NDArray[np.float32]) -> tuple[NDArray[np.bool_], float]:
    """Samples near the commonest value of the darker third, and that value."""
    counts, edges = np.histogram(grey, BINS, (0, 1))
    mode = int(counts[: BINS // 3].argmax())
    level = float((edges[mode] + edges[mode + 1]) / 2)
    return grey < level + 2 / BINS, level


def _flat(grey: NDArray[np.float32], air: NDArray[np.bool_]) -> float:
    """Share of the air's inner samples that equal their right neighbours (to a grey value in 255)."""
    inner = cv2.erode(air.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    pairs = inner[:, 1:] & inner[:, :-1]
    if not pairs.any():
        return 0.0
    return float((np.abs(np.diff(grey, axis=1))[pairs] < 1 / 255).mean())


def _speckle(grey: NDArray[np.float32], level: float) -> float:
    """Median over what is bright of the local standard deviation over the local mean above the air."""
    above = grey - level
    mean = cv2.blur(above, (5, 5))
    spread = np.sqrt(np.maximum(cv2.blur(above * above, (5, 5)) - mean * mean, 0))
    bright = cv2.erode((mean > 0.1).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return float(np.median(spread[bright] / mean[bright])) if bright.any() else 0.0


def _across(grey: NDArray[np.float32], level: float) -> float:
    bright = cv2.blur(grey - level, (5, 5)) > 0.1
    columns, rows = np.abs(np.diff(grey, axis=1))[bright[:, 1:]], np.abs(np.diff(grey, axis=0))[bright[1:]]
    return float(columns.mean() / rows.mean()) if columns.size and rows.size and rows.mean() > 0 else 1.0


def _fan(shown: NDArray[np.bool_]) -> float:
    """Share of rows, of those with something in them, whose left edge does not go right and right edge not left.

    0 where the edges do not move apart by a tenth of the width: a rectangle is no fan.
    """
    closed = cv2.morphologyEx(shown.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)) > 0
    rows = np.flatnonzero(closed.mean(axis=1) > 0.05)
    if len(rows) < closed.shape[0] // 2:
        return 0.0
    rows = rows[: round(len(rows) * 0.8)]
    left = np.array([np.flatnonzero(closed[row])[0] for row in rows], float)
    right = np.array([np.flatnonzero(closed[row])[-1] for row in rows], float)
    width = closed.shape[1]
    if (right[-1] - left[-1]) - (right[0] - left[0]) < 0.1 * width or left[0] < 0.1 * width or right[0] > 0.9 * width:
        return 0.0
    return float(np.mean((np.diff(left) <= 0) & (np.diff(right) >= 0)))
