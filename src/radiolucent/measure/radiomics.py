"""All families of radiomics features of one region in one go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from radiolucent.core import Finding, Image, Mask

from .aggregate import DIRECTIONAL_CODES, SPATIAL_CODES
from .discretise import Bins, BinWidth, Label, Levels, OutlierSigma, RangeHigh, RangeLow, Roi, cut_out, discretised
from .glcm import IBSI_CODES as GLCM
from .glcm import glcm_of
from .gldzm import IBSI_CODES as GLDZM
from .gldzm import gldzm_of
from .glrlm import IBSI_CODES as GLRLM
from .glrlm import glrlm_of
from .glszm import IBSI_CODES as GLSZM
from .glszm import glszm_of
from .histogram import IBSI_CODES as HISTOGRAM
from .histogram import histogram_of, information_of
from .intensity import IBSI_CODES as INTENSITY
from .intensity import first_order
from .ivh import IBSI_CODES as IVH
from .ivh import IvhBins, ivh_of
from .local import IBSI_CODES as LOCAL
from .local import local_of
from .morphology import COSTLY, morphology_of
from .morphology import IBSI_CODES as MORPHOLOGY
from .ngldm import IBSI_CODES as NGLDM
from .ngldm import ngldm_of
from .ngtdm import IBSI_CODES as NGTDM
from .ngtdm import ngtdm_of

OF_HISTOGRAM = ("entropy", "uniformity")

FAMILIES = {
    "morphology": MORPHOLOGY,
    "local": LOCAL,
    "intensity": {name: code for name, code in INTENSITY.items() if name not in OF_HISTOGRAM},
    "histogram": HISTOGRAM,
    "ivh": IVH,
    "glcm": GLCM,
    "glrlm": GLRLM,
    "glszm": GLSZM,
    "gldzm": GLDZM,
    "ngtdm": NGTDM,
    "ngldm": NGLDM,
}

IBSI_CODES = {f"{family}_{name}": code for family, codes in FAMILIES.items() for name, code in codes.items()}
"""Every feature by name, with its IBSI code; the full profile appends the aggregation to those of texture."""

TEXTURES = {
    "glcm": (glcm_of, DIRECTIONAL_CODES),
    "glrlm": (glrlm_of, DIRECTIONAL_CODES),
    "glszm": (glszm_of, SPATIAL_CODES),
    "gldzm": (gldzm_of, SPATIAL_CODES),
    "ngtdm": (ngtdm_of, SPATIAL_CODES),
    "ngldm": (ngldm_of, SPATIAL_CODES),
}
"""Families of texture matrices, and the ways to aggregate each."""

COMMON_TEXTURES = ("glcm", "glrlm", "glszm", "ngtdm", "ngldm")

Profile = Annotated[
    Literal["common", "full"],
    Field(
        description="common: about 120 features, texture in space; full: every family, each texture by every aggregation"
    ),
]


def radiomics(
    image: Image,
    mask: Mask,
    *,
    profile: Profile = "common",
    label: Label = 1,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    ivh_bins: IvhBins = None,
    ivh_bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float | tuple[Finding, ...]]:
    """Measure the radiomics features of one region by the definitions of IBSI, named `FAMILY_FEATURE`.

    IBSI's chain from re-segmentation on (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in
    `IBSI_CODES`): the range and the outlier filter decide which voxels count, bins are of a fixed number or width;
    resample before, by `process resample`, to voxels of equal sides. A feature that is undefined for this region
    (one grey value, one voxel) is left out, and a finding lists all of these. Shape needs a volume with spacing.
    """
    roi = cut_out(image, mask, label, range_low, range_high, outlier_sigma)
    levels = discretised(roi, bins, bin_width)
    full = profile == "full"
    found = dict(_untextured(roi, levels, _spacing(image, full=full), full=full))
    if full:
        found |= {f"ivh_{name}": value for name, value in ivh_of(roi, ivh_bins, ivh_bin_width).items()}
    found |= dict(_textured(levels, full=full))
    left_out = [name for name in names(profile) if name not in found]
    return found | ({"undefined": (_undefined(left_out),)} if left_out else {})


def names(profile: str) -> list[str]:
    """Names of the features that a profile gives where all of them are defined."""
    if profile == "full":
        plain = [f"{family}_{name}" for family in FAMILIES if family not in TEXTURES for name in FAMILIES[family]]
        return plain + [
            f"{family}_{name}_{_ending(aggregation)}"
            for family, (_, aggregations) in TEXTURES.items()
            for aggregation in aggregations
            for name in FAMILIES[family]
        ]
    shape = [f"morphology_{name}" for name in MORPHOLOGY if name not in COSTLY]
    grey = [f"intensity_{name}" for name in FAMILIES["intensity"]] + [f"histogram_{name}" for name in OF_HISTOGRAM]
    return shape + grey + [f"{family}_{name}" for family in COMMON_TEXTURES for name in FAMILIES[family]]


def _spacing(image: Image, *, full: bool) -> tuple[float, ...] | None:
    """Spacing [mm] where it is needed: for shape, which a 2-D picture has none of, and for local intensity."""
    return image.grid.known_spacing_mm() if full or len(image.grid.spatial_axes) == 3 else None


def _untextured(
    roi: Roi, levels: Levels, spacing_mm: tuple[float, ...] | None, *, full: bool
) -> Iterator[tuple[str, float]]:
    if spacing_mm is not None and len(spacing_mm) == 3:
        for name, value in morphology_of(roi, spacing_mm, costly=full).items():
            yield f"morphology_{name}", value
    if spacing_mm is not None and full:
        for name, value in local_of(roi, spacing_mm).items():
            yield f"local_{name}", value
    for name, value in first_order(roi.grey).items():
        if name not in OF_HISTOGRAM:
            yield f"intensity_{name}", value
    for name, value in (histogram_of(levels) if full else information_of(levels)).items():
        yield f"histogram_{name}", value


def _textured(levels: Levels, *, full: bool) -> Iterator[tuple[str, float]]:
    for family in TEXTURES if full else COMMON_TEXTURES:
        features, aggregations = TEXTURES[family]
        default = "3d_average" if aggregations is DIRECTIONAL_CODES else "3d"
        for aggregation in aggregations if full else (default,):
            end = f"_{_ending(aggregation)}" if full else ""
            for name, value in features(levels, aggregation).items():
                yield f"{family}_{name}{end}", value


def _ending(aggregation: str) -> str:
    """In names of features a dot would part a case's levels."""
    return aggregation.replace(".", "_")


def _undefined(left_out: list[str]) -> Finding:
    return Finding(f"{len(left_out)} features are undefined here and left out: {', '.join(left_out)}", code="undefined")
