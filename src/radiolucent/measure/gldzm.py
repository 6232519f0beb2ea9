"""Grey level distance zones: how deep in the region connected patches of one grey level lie."""

from __future__ import annotations

from collections.abc import Sequence

from radiolucent.core import Image, Mask

from .aggregate import Matrix, Spatial
from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, cut_out, discretised
from .emphasis import emphases, joined, named
from .zones import over_zones

IBSI_CODES = {
    "small_distance_emphasis": "0GBI",
    "large_distance_emphasis": "MB4I",
    "low_grey_level_zone_emphasis": "S1RA",
    "high_grey_level_zone_emphasis": "K26C",
    "small_distance_low_grey_level_emphasis": "RUVG",
    "small_distance_high_grey_level_emphasis": "DKNJ",
    "large_distance_low_grey_level_emphasis": "A7WM",
    "large_distance_high_grey_level_emphasis": "KLTH",
    "grey_level_non_uniformity": "VFT7",
    "normalised_grey_level_non_uniformity": "7HP3",
    "zone_distance_non_uniformity": "V294",
    "normalised_zone_distance_non_uniformity": "IATH",
    "zone_percentage": "VIWW",
    "grey_level_variance": "QK93",
    "zone_distance_variance": "7WT1",
    "zone_distance_entropy": "GBDU",
}
"""Every feature by name, with its IBSI code."""


def gldzm(
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
    """Measure how far zones of one grey level lie from the region's border [voxels], in a region or the whole picture.

    The 16 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`). A zone
    is one grey level, connected through faces, edges and corners; the entropy is in bits. Distance is in steps
    through faces, counted in the region before re-segmentation; a voxel at the border, or at the picture's, has 1.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    return gldzm_of(discretised(roi, bins, bin_width), aggregation)


def gldzm_of(levels: Levels, aggregation: str) -> dict[str, float]:
    """The features of discretised grey levels."""
    return over_zones(levels, aggregation, _features)


def _features(zones: Sequence[Matrix], voxels: int) -> dict[str, float]:
    level, _, distance = zones
    return named(IBSI_CODES, emphases(*joined(level, distance), voxels))
