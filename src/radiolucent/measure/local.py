"""Local intensity: the brightest cubic centimetre."""

from __future__ import annotations

import numpy as np

from radiolucent.core import Image, Mask
from radiolucent.kernels.sphere import ball_means

from .discretise import Label, OutlierSigma, RangeHigh, RangeLow, Roi, cut_out

RADIUS_MM = 10 * (3 / (4 * np.pi)) ** (1 / 3)
"""Of a ball of one cubic centimetre."""

IBSI_CODES = {"local_peak": "VJGA", "global_peak": "0F91"}
"""Every feature by name, with its IBSI code."""


def local_intensity(
    image: Image,
    mask: Mask | None = None,
    *,
    label: Label = 1,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure the mean grey value [the image's unit] of a ball of 1 cm³ around the brightest voxel, and the highest.

    By IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`): `local_peak` around the
    region's greatest value (the highest where several are equal), `global_peak` the highest around any of its voxels.
    A ball may reach beyond the region, not beyond the picture; in a 2-D picture it is a disc of the same radius.
    """
    spacing_mm = image.grid.known_spacing_mm()
    return local_of(cut_out(image, mask, label, range_low, range_high, outlier_sigma), spacing_mm)


def local_of(roi: Roi, spacing_mm: tuple[float, ...]) -> dict[str, float]:
    """The features of a re-segmented region."""
    sides = (*(1.0,) * (3 - len(spacing_mm)), *spacing_mm)
    reach = [int(RADIUS_MM / side) for side in sides]
    first = [max(part.start - more, 0) for part, more in zip(roi.box, reach, strict=True)]
    near = tuple(slice(start, part.stop + more) for start, part, more in zip(first, roi.box, reach, strict=True))
    places = np.argwhere(roi.kept) + [part.start - start for part, start in zip(roi.box, first, strict=True)]
    means = ball_means(roi.around[near], places, sides, RADIUS_MM)
    grey = roi.grey
    return {"local_peak": float(means[grey == grey.max()].max()), "global_peak": float(means.max())}
