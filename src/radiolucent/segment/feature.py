"""Segmentation by grey value."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, Mask
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels.threshold import histogram


def otsu(
    image: Image,
    *,
    bins: Annotated[
        int, Field(ge=2, le=65536, description="bins of the histogram, from least to greatest value")
    ] = 256,
    bright: Annotated[bool, Field(description="label the brighter of the two classes, else the darker")] = True,
) -> Mask:
    """Split grey values in two where the variance between the classes is greatest; label 1 is the foreground.

    One threshold for the whole picture, all its slices and frames. A constant picture has no foreground.
    Otsu 1979, doi:10.1109/TSMC.1979.4310076.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    low, high = float(image.array.min()), float(image.array.max())
    if low == high:
        inside = np.zeros(image.array.shape, bool)
    else:
        above = image.array > _threshold(image.array, low, high, bins)
        inside = above if bright else ~above
    return Mask(inside.astype(np.uint8), image.grid, {1: "bright" if bright else "dark"})


def _threshold(array: NDArray[Any], low: float, high: float, bins: int) -> float:
    """Upper edge of the last bin of the darker class."""
    counts, edges = histogram(array, bins, low, high)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts).astype(float)
    weighted = np.cumsum(counts * middles)
    above = below[-1] - below
    apart = weighted[:-1] / below[:-1] - (weighted[-1] - weighted[:-1]) / above[:-1]
    between = below[:-1] * above[:-1] * apart**2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))
    return float(edges[1:-1][best[len(best) // 2]])
