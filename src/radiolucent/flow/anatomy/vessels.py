"""Vessels: where a filter finds tubes surely, grown along them."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from scipy import ndimage
from skimage.filters import apply_hysteresis_threshold

from ...core import Image, Mask
from ...process import frangi
from ...process.vessels import Scales
from .shape import still


def vessels(
    image: Image,
    *,
    sigmas_mm: Scales = (1.0, 2.0, 3.0),
    dark: Annotated[bool, Field(description="vessels are darker than their ground")] = False,
    sure: Annotated[
        float, Field(gt=0, le=1, description="where growing starts: response as a part of its 99.9th percentile")
    ] = 0.5,
    possible: Annotated[
        float, Field(gt=0, le=1, description="how far it grows: response as a part of its 99.9th percentile")
    ] = 0.15,
    smallest_px: Annotated[int, Field(ge=1, le=1_000_000, description="least size of a piece [pixels]")] = 20,
) -> Mask:
    """Find vessels: tubes of radius `sigmas_mm` [mm] by Frangi's filter, grown from where they are sure.

    Ribs, bronchi and edges of organs are tubes to the filter too: limit the picture to the organ where that matters.
    """
    still(image, "vessels")
    response = frangi(image, sigmas_mm=sigmas_mm, dark=dark).array
    top = float(np.percentile(response, 99.9))
    if top <= 0:
        return Mask(np.zeros(image.grid.shape, np.uint8), image.grid, {1: "vessels"})
    grown = apply_hysteresis_threshold(response, min(possible, sure) * top, sure * top)
    labels, count = ndimage.label(grown, np.ones((3,) * grown.ndim))
    kept = np.bincount(labels.ravel(), minlength=count + 1) >= smallest_px
    kept[0] = False
    return Mask(kept[labels].astype(np.uint8), image.grid, {1: "vessels"})
