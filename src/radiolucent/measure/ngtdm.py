"""Neighbourhood grey tone differences: how much voxels differ from the mean around them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from radiolucent.core import Image, Mask
from radiolucent.kernels.grey_levels import sum_tone_differences

from .aggregate import Matrix, Spatial, moves, over_slabs
from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, cut_out, discretised

IBSI_CODES = {
    "coarseness": "QCDE",
    "contrast": "65HE",
    "busyness": "NQ30",
    "complexity": "HDEZ",
    "strength": "1X9X",
}
"""Every feature by name, with its IBSI code."""


def ngtdm(
    image: Image,
    mask: Mask | None = None,
    *,
    aggregation: Spatial = "3d",
    label: Label = 1,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure how voxels differ from the mean of their neighbours, in a region or the whole picture.

    The 5 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`) at a
    Chebyshev distance of 1; neighbours outside the region do not count. Left out where they would divide by zero:
    coarseness and strength of a region without a difference, contrast and busyness of one with one grey level.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    return ngtdm_of(discretised(roi, bins, bin_width), aggregation)


def ngtdm_of(levels: Levels, aggregation: str) -> dict[str, float]:
    """The features of discretised grey levels."""
    count = partial(_differences, levels, levels.steps(moves(aggregation)))
    return over_slabs(levels, aggregation, count, _features)


def _differences(levels: Levels, steps: Matrix, start: int, stop: int) -> Sequence[Matrix]:
    counts, differences = np.zeros(levels.count, np.int64), np.zeros(levels.count)
    sum_tone_differences(levels.flat, start, stop, steps, counts, differences)
    return counts, differences


def _features(table: Sequence[Matrix], _voxels: int) -> dict[str, float]:
    level = np.flatnonzero(table[0])
    n, s = table[0][level].astype(np.float64), table[1][level]
    total, kinds = n.sum(), len(level)
    if not kinds:
        return {}
    i, p = level + 1.0, n / total
    weighted, differing = float(p @ s), float(s.sum())
    apart = np.abs(i[:, None] - i)
    both = p[:, None] + p
    found = {"complexity": float((apart * (p * s + (p * s)[:, None]) / both).sum() / total)}
    if weighted > 0:
        found |= {"coarseness": 1 / weighted, "strength": float((both * apart**2).sum()) / differing}
    if kinds > 1:
        found["contrast"] = float(p @ apart**2 @ p) / (kinds * (kinds - 1)) * differing / float(total)
    swing = float(np.abs((i * p)[:, None] - i * p).sum())
    return found | ({"busyness": weighted / swing} if swing > 0 else {})
