"""First-order statistics of discretised grey levels, and where their histogram is steepest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image, Mask

from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, cut_out, discretised
from .intensity import first_order

IBSI_CODES = {
    "mean": "X6K6",
    "variance": "CH89",
    "skewness": "88K1",
    "excess_kurtosis": "C3I7",
    "median": "WIFQ",
    "minimum": "1PR8",
    "percentile_10": "GPMT",
    "percentile_90": "OZ0C",
    "maximum": "3NCY",
    "mode": "AMMC",
    "interquartile_range": "WR0O",
    "range": "5Z3W",
    "mean_absolute_deviation": "D2ZX",
    "robust_mean_absolute_deviation": "WRZB",
    "median_absolute_deviation": "4RNL",
    "coefficient_of_variation": "CWYJ",
    "quartile_coefficient_of_dispersion": "SLWD",
    "entropy": "TLU2",
    "uniformity": "BJ5W",
    "maximum_gradient": "12CE",
    "maximum_gradient_level": "8E6O",
    "minimum_gradient": "VQB3",
    "minimum_gradient_level": "RHQZ",
}
"""Every feature by name, with its IBSI code."""


def intensity_histogram(
    image: Image,
    mask: Mask | None = None,
    *,
    label: Label = 1,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure statistics of the discretised grey levels [1, 2 ...] of a region or the whole picture.

    The 23 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`). Of equally
    frequent modes the one nearest to the mean counts. Gradients are those of the counts from bin to bin; they are
    left out where there is one bin only.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    return histogram_of(discretised(roi, bins, bin_width))


def histogram_of(levels: Levels) -> dict[str, float]:
    """The features of discretised grey levels."""
    counts = _counts(levels)
    found = first_order(levels.present) | information_of(levels)
    found |= {"mode": _mode(counts, found["mean"]), **(_gradients(counts) if len(counts) > 1 else {})}
    return {name: found[name] for name in IBSI_CODES if name in found}


def information_of(levels: Levels) -> dict[str, float]:
    """Entropy [bits] and uniformity of the levels."""
    counts = _counts(levels)
    share = counts[counts > 0] / counts.sum()
    return {"entropy": float(-(share @ np.log2(share))) + 0.0, "uniformity": float(share @ share)}


def _counts(levels: Levels) -> NDArray[np.intp]:
    return np.bincount(levels.present, minlength=levels.count + 1)[1:]


def _mode(counts: NDArray[np.intp], mean: float) -> float:
    modes = np.flatnonzero(counts == counts.max()) + 1
    return float(modes[np.argmin(np.abs(modes - mean))])


def _gradients(counts: NDArray[np.intp]) -> dict[str, float]:
    """Central differences of the counts, one-sided at both ends."""
    slope = np.gradient(counts.astype(np.float64))
    return {
        "maximum_gradient": float(slope.max()),
        "maximum_gradient_level": float(np.argmax(slope) + 1),
        "minimum_gradient": float(slope.min()),
        "minimum_gradient_level": float(np.argmin(slope) + 1),
    }
