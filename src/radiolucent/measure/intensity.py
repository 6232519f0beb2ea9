"""First-order statistics of the grey values within a region, by the definitions of IBSI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, Mask

from .discretise import OutlierSigma, RangeHigh, RangeLow, re_segment
from .region import region

CHUNK = 2**13
"""Values that are summed at once: few enough that a product of them is not shared out among threads."""

IBSI_CODES = {
    "mean": "Q4LE",
    "variance": "ECT3",
    "skewness": "KE2A",
    "excess_kurtosis": "IPH6",
    "median": "Y12H",
    "minimum": "1GSF",
    "percentile_10": "QG58",
    "percentile_90": "8DWT",
    "maximum": "84IY",
    "interquartile_range": "SALO",
    "range": "2OJQ",
    "mean_absolute_deviation": "4FUA",
    "robust_mean_absolute_deviation": "1128",
    "median_absolute_deviation": "N72L",
    "coefficient_of_variation": "7TET",
    "quartile_coefficient_of_dispersion": "9S40",
    "energy": "N8CA",
    "root_mean_square": "5ZWQ",
    "entropy": "TLU2",
    "uniformity": "BJ5W",
}
"""Every statistic by name, with its IBSI code (entropy and uniformity: of the histogram)."""


def intensity(
    image: Image,
    mask: Mask | None = None,
    *,
    label: Annotated[int, Field(ge=1, description="label of the mask to measure")] = 1,
    bins: Annotated[
        int, Field(ge=2, le=65536, description="bins from least to greatest value, for entropy and uniformity")
    ] = 32,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure first-order statistics of the grey values [the image's unit] in a region or the whole picture.

    Definitions and names follow IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`):
    the variance is the population's, the kurtosis is in excess of a normal distribution's, `median_absolute_deviation`
    is the mean distance from the median, percentiles interpolate linearly, entropy is in bits. Skewness and kurtosis
    of a constant region are 0. The two coefficients are left out where they would divide by zero. Range and outlier
    filter say which values count (re-segmentation).
    """
    inside = region(image, mask, label)
    values = image.array.ravel() if inside is None else image.array[inside]
    if (range_low, range_high, outlier_sigma) != (None, None, None):
        kept = np.ones(values.shape, bool)
        re_segment(kept, values, range_low, range_high, outlier_sigma)
        values = values[kept]
    return first_order(values, bins)


def first_order(values: NDArray[Any], bins: int = 32) -> dict[str, float]:
    """The statistics of a flat, non-empty array of values."""
    grey = values.astype(np.float64)
    mean, low, high = float(grey.mean()), float(grey.min()), float(grey.max())
    variance, third, fourth = _moments(grey, mean) if high > low else (0.0, 0.0, 0.0)
    p10, p25, median, p75, p90 = (float(p) for p in np.percentile(values, [10, 25, 50, 75, 90]))
    central = grey[(grey >= p10) & (grey <= p90)]
    energy = float(grey @ grey)
    return {
        "mean": mean,
        "variance": variance,
        "skewness": third / variance**1.5 if variance else 0.0,
        "excess_kurtosis": fourth / variance**2 - 3 if variance else 0.0,
        "median": median,
        "minimum": low,
        "percentile_10": p10,
        "percentile_90": p90,
        "maximum": high,
        "interquartile_range": p75 - p25,
        "range": high - low,
        "mean_absolute_deviation": _deviation(grey, mean),
        "robust_mean_absolute_deviation": _mean_deviation(central),
        "median_absolute_deviation": _deviation(grey, median),
        **_ratio("coefficient_of_variation", variance**0.5, mean),
        **_ratio("quartile_coefficient_of_dispersion", p75 - p25, p75 + p25),
        "energy": energy,
        "root_mean_square": (energy / grey.size) ** 0.5,
        **_histogram(grey, low, high, bins),
    }


def _moments(grey: NDArray[np.float64], mean: float) -> tuple[float, float, float]:
    """Second, third and fourth central moment."""
    sums = np.zeros(3)
    for part in _parts(grey):
        away = part - mean
        square = away * away
        sums += square.sum(), square @ away, square @ square
    second, third, fourth = sums / grey.size
    return float(second), float(third), float(fourth)


def _deviation(grey: NDArray[np.float64], middle: float) -> float:
    return sum(float(np.abs(part - middle).sum()) for part in _parts(grey)) / grey.size


def _parts(grey: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Parts that stay in the processor's cache, and need no array of the region's size beside it."""
    for first in range(0, grey.size, CHUNK):
        yield grey[first : first + CHUNK]


def _mean_deviation(grey: NDArray[np.float64]) -> float:
    """Zero for no value: between the 10th and the 90th percentile of two values there is none."""
    return _deviation(grey, float(grey.mean())) if grey.size else 0.0


def _ratio(name: str, above: float, below: float) -> dict[str, float]:
    return {name: above / below} if below else {}


def _histogram(grey: NDArray[np.float64], low: float, high: float, bins: int) -> dict[str, float]:
    """Entropy [bits] and uniformity of a histogram of `bins` equal bins between the least and the greatest value."""
    width = (high - low) or 1.0
    counts = np.zeros(bins, np.intp)
    for part in _parts(grey):
        level = np.minimum((part - low) * bins / width, bins - 1)
        counts += np.bincount(level.astype(np.intp), minlength=bins)
    share = counts / grey.size
    present = share[share > 0]
    return {"entropy": float(-(present * np.log2(present)).sum()) + 0.0, "uniformity": float((share**2).sum())}
