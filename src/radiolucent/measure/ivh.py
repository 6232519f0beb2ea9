"""Intensity-volume histogram: how much of a region is at least so bright."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, Mask

from .discretise import BinWidth, Label, OutlierSigma, RangeHigh, RangeLow, Roi, cut_out

MOST_STEPS = 65_536

IBSI_CODES = {
    "volume_fraction_at_10_percent_intensity": "BC2M",
    "volume_fraction_at_90_percent_intensity": "BC2M",
    "intensity_at_10_percent_volume": "GBPN",
    "intensity_at_90_percent_volume": "GBPN",
    "volume_fraction_difference": "DDTU",
    "intensity_difference": "CNV2",
    "area_under_curve": "9CMM",
}
"""Every feature by name, with its IBSI code (one code for each kind of fraction)."""

IvhBins = Annotated[
    int | None,
    Field(ge=2, le=MOST_STEPS, description="bins from least to greatest value; none: 1000, or whole grey values"),
]


def intensity_volume_histogram(
    image: Image,
    mask: Mask | None = None,
    *,
    label: Label = 1,
    bins: IvhBins = None,
    bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure which fraction of a region, or of the whole picture, has at least which grey value.

    The features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`). Grey values
    that are whole numbers are taken as they are; bins of a width give their centre [the image's unit], a number of
    bins gives the bin's number. All are left out where there is one grey value only.
    """
    return ivh_of(cut_out(image, mask, label, range_low, range_high, outlier_sigma), bins, bin_width)


def ivh_of(roi: Roi, bins: int | None = None, bin_width: float | None = None) -> dict[str, float]:
    """The features of a re-segmented region."""
    values, level = _steps(roi, bins, bin_width)
    if len(values) < 2:
        return {}
    counts = np.bincount(level, minlength=len(values))
    volume = 1 - (np.cumsum(counts) - counts) / counts.sum()
    fraction = (values - values[0]) / (values[-1] - values[0])

    def volume_at(share: float) -> float:
        return float(volume[fraction >= share].max())

    def intensity_at(share: float) -> float:
        low_enough = np.flatnonzero(volume <= share)
        return float(values[low_enough[0]] if len(low_enough) else values[-1])

    return {
        "volume_fraction_at_10_percent_intensity": volume_at(0.1),
        "volume_fraction_at_90_percent_intensity": volume_at(0.9),
        "intensity_at_10_percent_volume": intensity_at(0.1),
        "intensity_at_90_percent_volume": intensity_at(0.9),
        "volume_fraction_difference": volume_at(0.1) - volume_at(0.9),
        "intensity_difference": intensity_at(0.1) - intensity_at(0.9),
        "area_under_curve": float(np.trapezoid(volume, fraction)),
    }


def _steps(roi: Roi, bins: int | None, bin_width: float | None) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The grey value of every step, and the step (from 0) of every voxel."""
    grey = roi.grey.astype(np.float64)
    low, high = float(grey.min()), float(grey.max())
    first = low if roi.range_low is None else roi.range_low
    last = high if roi.range_high is None else roi.range_high
    whole = bins is None and bin_width is None and bool((grey == np.rint(grey)).all())
    if bin_width is None and not (whole and last - first < MOST_STEPS):
        n = bins or 1000
        level = np.minimum(np.floor((grey - low) * n / ((high - low) or 1.0)), n - 1)
        return np.arange(1.0, n + 1 if high > low else 2), level.astype(np.intp)
    width = bin_width or 1.0
    start = np.floor(first) if whole else first
    level = np.floor((grey - start) / width).astype(np.intp)
    n = max(int(level.max()) + 1, int(last - start) + 1 if whole else int(np.ceil((last - start) / width)))
    if n > MOST_STEPS:
        raise InputError(f"bin_width={width:g} gives {n} steps, {MOST_STEPS} are possible; widen the bins")
    steps = np.arange(n, dtype=np.float64) * width + (start if whole else start + width / 2)
    return steps.astype(np.float64, copy=False), level
