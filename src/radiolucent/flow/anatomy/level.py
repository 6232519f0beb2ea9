"""The connected piece around a point at the level where the step across its rim is greatest."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .shape import Flags, Single

LEVELS = 40
MOST_SHARE = 0.5
"""A piece that takes more of the picture has leaked."""


def best_level(values: Single, point: tuple[int, ...], tone: str) -> Flags:
    """Growing over levels from the point's value, judged by the mean contrast across the rim.

    Bright where the point is above the median of the picture, unless `tone` says. After Hojjatoleslami and Kittler
    1998, doi:10.1109/83.701170.
    """
    is_bright = tone == "bright" or (tone == "auto" and values[point] > np.median(values))
    raised = values if is_bright else -values
    top, bottom = float(raised[point]), float(np.percentile(raised, 2))
    best, greatest, size = np.zeros(values.shape, bool), -np.inf, 0
    best[point] = True
    for level in np.linspace(top, bottom, LEVELS + 1)[1:]:
        labels, _ = ndimage.label(raised >= level)
        piece = labels == labels[point]
        count = int(piece.sum())
        if count > MOST_SHARE * piece.size:
            break
        if count == size:
            continue
        size = count
        step = _step(raised, piece)
        if step > greatest:
            best, greatest = piece, step
    return best


def _step(raised: Single, piece: Flags) -> float:
    within = piece & ~ndimage.binary_erosion(piece, border_value=1)
    beyond = ndimage.binary_dilation(piece) & ~piece
    if not within.any() or not beyond.any():
        return -np.inf
    return float(raised[within].mean() - raised[beyond].mean())
