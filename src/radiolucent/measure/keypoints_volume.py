"""Points of interest of a volume, found and described in space instead of slice by slice."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Image, InputError, Keypoints, Mask
from radiolucent.kernels import blobs3d
from radiolucent.kernels.grey import robust_limits

from .keypoints import Label
from .region import region
from .slices import Window


def sift_3d(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: Annotated[int, Field(ge=1, le=100_000, description="keep at most this many, by contrast")] = 500,
    contrast: Annotated[
        float, Field(ge=0, le=1, description="least contrast of a point, as a share of the window; lower finds more")
    ] = 0.005,
    window: Window = None,
    label: Label = 1,
) -> Keypoints:
    """Find blobs of a volume with 216 descriptor values that turn with it in space, strongest first.

    Extrema of the difference of Gaussians in space and scale; the descriptor is a histogram of gradients (27 cells, 8
    directions) in the frame of the two directions that rule around the point, as ranks (SIFT-Rank: Toews & Wells 2013,
    doi:10.1016/j.media.2012.11.002). Grey values count between the 0.5 and 99.5 percentile, or within `window`. `scale` is
    the Gaussian's sigma in pixels of the finest axis, spacing makes coarser axes even; `angle_deg` is 0, for a turn in space
    is no single angle. Takes about thirty times the volume's memory (float32).
    """
    inside = region(image, mask, label)
    if image.grid.axes != "zyx":
        raise InputError(f"sift_3d takes a volume, this picture has axes {image.grid.axes!r}; `sift` searches slices")
    spacing = np.array(image.grid.spacing_mm or (1.0, 1.0, 1.0))
    ratio = spacing / spacing.min()
    low, high = robust_limits(image.array) if window is None else (window[0], window[1])
    if window is not None and not low < high:
        raise InputError(f"the window must rise from its first to its second value, got {low:g} and {high:g}")
    volume = np.clip((image.array.astype(np.float32) - low) / ((high - low) or 1.0), 0, 1)
    scales = blobs3d.smoothed(volume, ratio)
    places, sigmas, strength = blobs3d.blobs(scales, contrast, inside, max_points)
    described = blobs3d.describe(scales, places, sigmas, ratio)
    return Keypoints(
        points=places.astype(np.float32),
        scale=sigmas.astype(np.float32),
        angle_deg=np.zeros(len(places), np.float32),
        response=strength.astype(np.float32),
        descriptors=described,
        kind="sift_3d",
        spacing_mm=image.grid.spacing_mm,
        window=(float(low), float(high)),
    )
