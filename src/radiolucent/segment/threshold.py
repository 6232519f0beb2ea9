"""Segmentation by thresholds: one for the whole picture by the rule that is asked for, several, or one for each place."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.pixels import refuse_colour, refuse_not_finite, refuse_wider
from radiolucent.kernels import smooth
from radiolucent.kernels import threshold as rules

from .frames import Labels, Single, labelled, narrow
from .learning import named_classes

Bright = Annotated[bool, Field(description="label the brighter of the two classes, else the darker")]
Bins = Annotated[int, Field(ge=2, le=65536, description="bins of the histogram, from least to greatest value")]
RULES = {"yen": rules.yen, "triangle": rules.triangle, "isodata": rules.isodata, "minimum": rules.minimum}


def threshold(
    image: Image,
    *,
    method: Annotated[
        Literal["li", "yen", "triangle", "isodata", "minimum"],
        Field(description="rule: least cross entropy, correlation, longest tail, means' middle, valley of two peaks"),
    ] = "li",
    bins: Bins = 256,
    bright: Bright = True,
) -> Mask:
    """Split grey values in two by one threshold, found from the histogram by the rule that `method` names.

    One threshold for the whole picture, all its slices and frames; label 1 is the foreground, and a constant picture
    has none. li: doi:10.1016/S0167-8655(98)00057-9 (on 16 times the bins); yen: doi:10.1109/83.366472; triangle:
    doi:10.1177/25.7.70454; isodata: Ridler and Calvard 1978; minimum: doi:10.1111/j.1749-6632.1965.tb11715.x. `otsu` and
    `multi_otsu` stand by themselves.
    """
    found = _histogram(image, bins * 16 if method == "li" else bins)
    names = {1: "bright" if bright else "dark"}
    if found is None:
        return Mask(np.zeros(image.grid.shape, np.uint8), image.grid, names)
    counts, middles = found
    if method == "li":
        level = rules.li(counts, middles, (middles[1] - middles[0]) / 2)
    else:
        try:
            level = RULES[method](counts, middles)
        except RuntimeError as error:
            raise InputError("the histogram has no two peaks with a valley between; use another method") from error
    above = image.array > level
    return Mask((above if bright else ~above).astype(np.uint8), image.grid, names)


def multi_otsu(
    image: Image,
    *,
    classes: Annotated[int, Field(ge=2, le=16, description="how many classes; numbered from dark to bright")] = 3,
    bins: Annotated[int, Field(ge=2, le=1024, description="bins of the histogram, from least to greatest value")] = 256,
) -> Mask:
    """Split grey values into `classes` where the variance between them is greatest; every pixel gets a label.

    The thresholds are the best of all for the histogram (also called k-means of grey values), one set for the whole
    picture with its slices and frames. A constant picture is one class. Liao, Chen and Chung 2001.
    """
    found = _histogram(image, bins)
    if found is None:
        return named_classes(image, np.ones(image.grid.shape, np.int64), classes)
    labels = np.digitize(image.array, rules.several(*found, classes), right=True)
    return named_classes(image, labels + 1, classes)


def sauvola(
    image: Image,
    *,
    width_mm: Annotated[float, Field(gt=0, description="side of the box around each pixel [mm]")] = 15.0,
    k: Annotated[
        float, Field(ge=0, le=1, description="how far below the mean flat ground is cut; more, less found")
    ] = 0.2,
    bright: Annotated[
        bool, Field(description="find what is brighter than its surroundings, else what is darker")
    ] = True,
) -> Mask:
    """Label what stands out from its surroundings, by a threshold of its own at each pixel.

    With grey values of the frame scaled to 0..1 (turned round for bright objects), a pixel is found below
    mean (1 + k (deviation / 0.5 - 1)) of the box around it. Objects wider than the box come out hollow.
    Sauvola and Pietikäinen 2000, doi:10.1016/S0031-3203(99)00055-2.
    """
    spacing = image.grid.known_spacing_mm()
    refuse_wider(image, "width_mm", width_mm)
    sizes = {axis: smooth.odd_size(width_mm / step) for axis, step in enumerate(spacing)}

    def found(_frame: int, values: Single) -> Labels:
        span = float(np.ptp(values))
        if not span:
            return np.zeros(values.shape, np.int32)
        grey = ((values - values.min()) / np.float32(span)).astype(np.float32)
        grey = 1 - grey if bright else grey
        mean = smooth.mean(grey, sizes, "mirror")
        square = smooth.mean((grey - np.float32(0.5)) ** 2, sizes, "mirror")
        deviation = np.sqrt(np.maximum(square - (mean - np.float32(0.5)) ** 2, 0))
        return np.asarray(grey < mean * (1 + k * (deviation / 0.5 - 1)), np.int32)

    return Mask(narrow(labelled(image, found)), image.grid, {1: "bright" if bright else "dark"})


def _histogram(image: Image, bins: int) -> tuple[NDArray[np.int64], NDArray[Any]] | None:
    """Counts, and middles of the bins; `None` for a constant picture."""
    refuse_colour(image)
    refuse_not_finite(image)
    low, high = float(image.array.min()), float(image.array.max())
    if low == high:
        return None
    counts, edges = rules.histogram(image.array, bins, low, high)
    return counts, (edges[1:] + edges[:-1]) / 2
