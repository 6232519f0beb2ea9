"""Neighbouring grey level dependence: how many neighbours of a voxel are like it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Image, Mask
from radiolucent.kernels.grey_levels import count_dependences

from .aggregate import Matrix, Spatial, moves, over_slabs
from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, cut_out, discretised
from .emphasis import cells, emphases, named

IBSI_CODES = {
    "low_dependence_emphasis": "SODN",
    "high_dependence_emphasis": "IMOQ",
    "low_grey_level_count_emphasis": "TL9H",
    "high_grey_level_count_emphasis": "OAE7",
    "low_dependence_low_grey_level_emphasis": "EQ3F",
    "low_dependence_high_grey_level_emphasis": "JA6D",
    "high_dependence_low_grey_level_emphasis": "NBZI",
    "high_dependence_high_grey_level_emphasis": "9QMG",
    "grey_level_non_uniformity": "FP8K",
    "normalised_grey_level_non_uniformity": "5SPA",
    "dependence_count_non_uniformity": "Z87G",
    "normalised_dependence_count_non_uniformity": "OKJI",
    "dependence_count_percentage": "6XV8",
    "grey_level_variance": "1PFV",
    "dependence_count_variance": "DNX2",
    "dependence_count_entropy": "FCBV",
    "dependence_count_energy": "CAS9",
}
"""Every feature by name, with its IBSI code."""


def ngldm(
    image: Image,
    mask: Mask | None = None,
    *,
    aggregation: Spatial = "3d",
    coarseness: Annotated[int, Field(ge=0, description="most grey levels by which a neighbour may differ")] = 0,
    label: Label = 1,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float]:
    """Measure how many neighbours of a voxel have its grey level, in a region or the whole picture.

    The 17 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`) at a
    Chebyshev distance of 1; a voxel counts as its own neighbour, the entropy is in bits.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    return ngldm_of(discretised(roi, bins, bin_width), aggregation, coarseness)


def ngldm_of(levels: Levels, aggregation: str, coarseness: int = 0) -> dict[str, float]:
    """The features of discretised grey levels."""
    count = partial(_dependences, levels, levels.steps(moves(aggregation)), coarseness)
    return over_slabs(levels, aggregation, count, _features)


def _dependences(levels: Levels, steps: Matrix, coarseness: int, start: int, stop: int) -> Sequence[Matrix]:
    counts = np.zeros((levels.count, len(steps) + 1), np.int64)
    count_dependences(levels.flat, start, stop, steps, coarseness, counts)
    return (counts,)


def _features(table: Sequence[Matrix], voxels: int) -> dict[str, float]:
    level, alike, count = cells(table[0])
    energy = float(((count / count.sum()) ** 2).sum())
    return named(IBSI_CODES, [*emphases(level, alike, count, voxels), energy])
