"""Body, bone and air by grey value, shape and place."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from scipy import ndimage
from skimage.filters import apply_hysteresis_threshold, threshold_li

from ...core import Image, Mask
from .shape import AssumeHu, Flags, Single, eroded, filled, in_hounsfield, largest, opened, steps_of, still

AIR_HU = -300.0


def body(
    image: Image,
    *,
    threshold: Annotated[
        float | None,
        Field(
            ge=-1e6, le=1e6, description="least value of the body [the image's unit]; none: -300 HU, else measured (Li)"
        ),
    ] = None,
) -> Mask:
    """Find the body: the largest piece brighter than air, without the table, with all that it encloses.

    In CT brighter than -300 HU; elsewhere than the threshold of least cross-entropy (Li and Tam 1998,
    doi:10.1016/S0167-8655(98)00057-9). Thin parts (three pixels) are cut before the largest piece is chosen, holes are filled
    in the volume and in the planes across each axis.
    """
    values = still(image, "body")
    return Mask(within_body(values, image, threshold).astype(np.uint8), image.grid, {1: "body"})


def bone(
    image: Image,
    *,
    least_hu: Annotated[float, Field(ge=-1000, le=4000, description="least value of bone at its rim [HU]")] = 150.0,
    core_hu: Annotated[float, Field(ge=-1000, le=4000, description="a piece of bone reaches this value [HU]")] = 300.0,
    smallest_px: Annotated[int, Field(ge=1, le=1_000_000, description="least size of a piece [pixels]")] = 20,
    assume_hu: AssumeHu = False,
) -> Mask:
    """Find bone in CT: pieces above `least_hu` that somewhere reach `core_hu`, with enclosed marrow.

    Contrast agent and metal are as bright and are found too.
    """
    values = in_hounsfield(image, "bone", assume_hu=assume_hu)
    found = apply_hysteresis_threshold(values, min(least_hu, core_hu), core_hu)
    labels, count = ndimage.label(found)
    large = np.bincount(labels.ravel(), minlength=count + 1) >= smallest_px
    large[0] = False
    return Mask(np.asarray(filled(large[labels]), np.uint8), image.grid, {1: "bone"})


def air(
    image: Image,
    *,
    most_hu: Annotated[float, Field(ge=-1024, le=0, description="greatest value of air and lung [HU]")] = -400.0,
    assume_hu: AssumeHu = False,
) -> Mask:
    """Find air in CT: label 1 inside the body (lungs, airways, bowel), label 2 around it."""
    values = in_hounsfield(image, "air", assume_hu=assume_hu)
    inside = within_body(values, image, AIR_HU)
    labels = np.where(values <= most_hu, np.where(inside, 1, 2), 0)
    return Mask(labels.astype(np.uint8), image.grid, {1: "air inside the body", 2: "air around the body"})


def within_body(values: Single, image: Image, threshold: float | None) -> Flags:
    """Flags of the body; empty where nothing is brighter than the threshold."""
    if threshold is None:
        threshold = AIR_HU if image.unit == "HU" else measured(values)
    return bright_body(values, threshold, steps_of(image))


def bright_body(values: Single, threshold: float, steps: tuple[float, ...]) -> Flags:
    """The largest thick piece brighter than the threshold, with all that it encloses."""
    bright = values > threshold
    core = largest(eroded(filled(bright), 1.5 * min(steps), steps))
    if not core.any():
        core = largest(bright)
    near = ndimage.binary_dilation(core, iterations=3) & bright
    return filled(opened(near | core, 1.0 * min(steps), steps) | core)


def measured(values: Single) -> float:
    """Threshold of least cross-entropy; the value itself where all are equal."""
    low, high = float(values.min()), float(values.max())
    return float(threshold_li(values, tolerance=(high - low) / 1000)) if high > low else high
