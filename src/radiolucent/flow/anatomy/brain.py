"""The brain in MR of the head: the thick bright piece within the head."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from ...core import Image, Mask
from .regions import measured
from .shape import Flags, closed, dilated, filled, largest, still


def brain(
    image: Image,
    *,
    bridge_mm: Annotated[
        float, Field(gt=0, le=30, description="greatest width of what joins brain and scalp, cut by erosion [mm]")
    ] = 6.0,
    close_mm: Annotated[
        float, Field(ge=0, le=30, description="sulci narrower than this belong to the brain [mm]")
    ] = 8.0,
) -> Mask:
    """Find the brain in MR of a head (T1 or FLAIR): bright, thick, and parted from the scalp by a dark skull.

    What lies between 0.6 and 1.8 times the median of the inner head is eroded until its largest piece does not
    reach within `bridge_mm` of the head's surface; that piece is widened again, sulci are closed, holes filled. A rough mask
    for normalisation and coarse volumes; look at it before it is used for more.
    """
    spacing = image.grid.known_spacing_mm()
    values = still(image, "brain")
    head = filled(largest(values > measured(values) * 0.5)) if np.ptp(values) else np.zeros(values.shape, bool)
    if not head.any():
        return Mask(np.zeros(values.shape, np.uint8), image.grid, {1: "brain"})
    depth = _depth(head, spacing)
    deep = float(np.median(values[depth > 0.5 * depth.max()]))
    bright = (values > 0.6 * deep) & (values < 1.8 * deep) & head
    core, radius = _core(bright, depth, bridge_mm, spacing)
    near = dilated(core, radius, spacing) & (bright | (depth > 2 * bridge_mm))
    found = filled(closed(near, close_mm / 2, spacing)) & head
    return Mask(largest(found).astype(np.uint8), image.grid, {1: "brain"})


def _depth(head: Flags, spacing: tuple[float, ...]) -> NDArray[np.float64]:
    """Distance to the head's surface [mm]; the head goes on beyond the picture."""
    if head.all():
        return np.ones(head.shape)
    return np.asarray(ndimage.distance_transform_edt(head, sampling=spacing))


def _core(
    bright: Flags, depth: NDArray[np.float64], bridge_mm: float, spacing: tuple[float, ...]
) -> tuple[Flags, float]:
    """The largest piece of the eroded bright part, eroded as little as lets it keep off the head's surface."""
    inner = ndimage.distance_transform_edt(bright, sampling=spacing)
    kept, radius = largest(bright), 0.0
    for radius in np.linspace(0.0, bridge_mm / 2, 7):
        thick = inner > radius
        if not thick.any():
            break
        kept = largest(thick)
        if float(np.quantile(depth[kept], 0.02)) > bridge_mm:
            break
    return kept, float(radius)
