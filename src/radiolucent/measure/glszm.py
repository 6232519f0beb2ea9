"""Grey level size zones: how large connected patches of one grey level are."""

from __future__ import annotations

from collections.abc import Sequence

from radiolucent.core import Image, Mask

from .aggregate import Matrix, Spatial
from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, cut_out, discretised
from .emphasis import emphases, joined, named
from .zones import over_zones

IBSI_CODES = {
    "small_zone_emphasis": "5QRC",
    "large_zone_emphasis": "48P8",
    "low_grey_level_zone_emphasis": "XMSY",
    "high_grey_level_zone_emphasis": "5GN9",
    "small_zone_low_grey_level_emphasis": "5RAI",
    "small_zone_high_grey_level_emphasis": "HW1V",
    "large_zone_low_grey_level_emphasis": "YH51",
    "large_zone_high_grey_level_emphasis": "J17V",
    "grey_level_non_uniformity": "JNSA",
    "normalised_grey_level_non_uniformity": "Y1RO",
    "zone_size_non_uniformity": "4JP3",
    "normalised_zone_size_non_uniformity": "VB3A",
    "zone_percentage": "P30P",
    "grey_level_variance": "BYLV",
    "zone_size_variance": "3NSA",
    "zone_size_entropy": "GU8N",
}
"""Every feature by name, with its IBSI code."""


def glszm(
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
    """Measure how large zones of one grey level are [voxels], in a region or the whole picture.

    The 16 features of IBSI (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`). A zone
    is one grey level, connected through faces, edges and corners; the entropy is in bits.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    return glszm_of(discretised(roi, bins, bin_width), aggregation)


def glszm_of(levels: Levels, aggregation: str) -> dict[str, float]:
    """The features of discretised grey levels."""
    return over_zones(levels, aggregation, _features)


def _features(zones: Sequence[Matrix], voxels: int) -> dict[str, float]:
    level, size, _ = zones
    return named(IBSI_CODES, emphases(*joined(level, size), voxels))
