"""Grey level run lengths: how far one grey level goes on along a line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from radiolucent.core import Image, Mask
from radiolucent.kernels.grey_levels import count_runs

from .aggregate import Directional, Matrix, over_directions
from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, cut_out, discretised
from .emphasis import cells, emphases, named

IBSI_CODES = {
    "short_run_emphasis": "22OV",
    "long_run_emphasis": "W4KF",
    "low_grey_level_run_emphasis": "V3SW",
    "high_grey_level_run_emphasis": "G3QZ",
    "short_run_low_grey_level_emphasis": "HTZT",
    "short_run_high_grey_level_emphasis": "GD3A",
    "long_run_low_grey_level_emphasis": "IVPO",
    "long_run_high_grey_level_emphasis": "3KUM",
    "grey_level_non_uniformity": "R5YN",
    "normalised_grey_level_non_uniformity": "OVBL",
    "run_length_non_uniformity": "W92Y",
    "normalised_run_length_non_uniformity": "IC23",
    "run_percentage": "9ZK5",
    "grey_level_variance": "8CE5",
    "run_length_variance": "SXLW",
    "run_entropy": "HJ9O",
}
"""Every feature by name, with its IBSI code."""


def glrlm(
    image: Image,
    mask: Mask | None = None,
    *,
    aggregation: Directional = "3d_average",
    label: Label = 1,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure how long runs of one grey level are, in a region or the whole picture.

    The 16 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`); lengths
    are in voxels, the entropy in bits.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    return glrlm_of(discretised(roi, bins, bin_width), aggregation)


def glrlm_of(levels: Levels, aggregation: str) -> dict[str, float]:
    """The features of discretised grey levels."""
    return over_directions(levels, aggregation, partial(_runs, levels), _features)


def _runs(levels: Levels, start: int, stop: int, steps: Matrix) -> Iterator[Matrix]:
    for step in steps:
        counts = np.zeros((levels.count, max(levels.padded.shape)), np.int64)
        count_runs(levels.flat, start, stop, int(step), counts)
        yield counts


def _features(counts: Matrix, voxels: int) -> dict[str, float]:
    return named(IBSI_CODES, emphases(*cells(counts), voxels))
