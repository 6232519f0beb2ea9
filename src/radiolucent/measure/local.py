"""Local intensity: the brightest cubic centimetre."""

from __future__ import annotations

import numpy as np

from radiolucent.core import Image, Mask
from radiolucent.kernels.sphere import ball_means

from .discretise import Label, OutlierSigma, RangeHigh, RangeLow, Roi, cut_out

RADIUS_MM = 10 * (3 / (4 * np.pi)) ** (1 / 3)
"""Of a ball of one cubic centimetre."""

SLAB = 8
"""Slices whose balls are summed at once."""

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
    """The features of a re-segmented region, some slices at a time."""
    sides = (*(1.0,) * (3 - len(spacing_mm)), *spacing_mm)
    reach = [int(RADIUS_MM / side) for side in sides]
    greatest = roi.grey.max()
    local, everywhere = -np.inf, -np.inf
    for start in range(0, len(roi.kept), SLAB):
        slab = slice(start, start + SLAB)
        places = np.argwhere(roi.kept[slab])
        if not len(places):
            continue
        first = [part.start for part in roi.box]
        first[0] += start
        low = [max(begin - more, 0) for begin, more in zip(first, reach, strict=True)]
        ends = [first[0] + SLAB, *(part.stop for part in roi.box[1:])]
        near = tuple(slice(begin, end + more) for begin, end, more in zip(low, ends, reach, strict=True))
        places += np.subtract(first, low)
        means = ball_means(roi.around[near], places, sides, RADIUS_MM)
        everywhere = max(everywhere, float(means.max()))
        brightest = roi.values[slab][roi.kept[slab]] == greatest
        if brightest.any():
            local = max(local, float(means[brightest].max()))
    return {"local_peak": local, "global_peak": everywhere}
