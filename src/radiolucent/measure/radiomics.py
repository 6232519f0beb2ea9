"""All families of radiomics features of one region in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from radiolucent.core import Finding, Grid, Image, InputError, Mask

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
from .local import RADIUS_MM, local_of
from .morphology import COSTLY, morphology_of
from .morphology import IBSI_CODES as MORPHOLOGY
from .ngldm import IBSI_CODES as NGLDM
from .ngldm import ngldm_of
from .ngtdm import IBSI_CODES as NGTDM
from .ngtdm import ngtdm_of
from .regrid import Interpolation, Rounded, SpacingMm, regridded

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
        description="common: about 120 features, each texture one way; full: every family, each texture by every aggregation"
    ),
]
Neighbours = Annotated[
    Literal["space", "slices"] | None,
    Field(description="resample and look for texture in space or within slices; none: in space, full: both"),
]
Config = Annotated[
    Literal["A", "B", "C", "D", "E"] | None,
    Field(description="one of IBSI's processing configurations of CT instead of all other settings but the label"),
]

CONFIGS: dict[str, dict[str, Any]] = {
    "A": {"neighbours": "slices", "range_low": -500.0, "range_high": 400.0, "bin_width": 25.0},
    "B": {"neighbours": "slices", "spacing_mm": 2.0, "range_low": -500.0, "range_high": 400.0},
    "C": {"spacing_mm": 2.0, "range_low": -1000.0, "range_high": 400.0, "bin_width": 25.0, "ivh_bin_width": 2.5},
    "D": {"spacing_mm": 2.0, "outlier_sigma": 3.0},
    "E": {"spacing_mm": 2.0, "interpolation": "cubic", "range_low": -1000.0, "range_high": 400.0,
          "outlier_sigma": 3.0, "ivh_bins": 1000},
}  # fmt: skip
"""IBSI-1's configurations of the CT phantom: what each sets, beyond the full profile and rounding to whole HU."""


@dataclass(frozen=True)
class Settings:
    """What decides a region's features, once it is read; the fields are the operation's parameters."""

    profile: str = "common"
    neighbours: str | None = None
    spacing_mm: float | None = None
    interpolation: str = "linear"
    rounded: bool = False
    bins: int = 32
    bin_width: float | None = None
    ivh_bins: int | None = None
    ivh_bin_width: float | None = None
    range_low: float | None = None
    range_high: float | None = None
    outlier_sigma: float | None = None

    def of_config(self, name: str) -> Settings:
        """The settings of one of IBSI's configurations; refuses any of one's own beside it."""
        own = [item.name for item in fields(self) if getattr(self, item.name) != item.default]
        if own:
            raise InputError(f"config {name} decides {', '.join(own)} as well; leave config or these out")
        sets: dict[str, Any] = {"profile": "full", "neighbours": "space", "rounded": name != "A"}
        return Settings(**sets | CONFIGS[name])


def radiomics(
    image: Image,
    mask: Mask,
    *,
    profile: Profile = "common",
    label: Label = 1,
    config: Config = None,
    neighbours: Neighbours = None,
    spacing_mm: SpacingMm = None,
    interpolation: Interpolation = "linear",
    rounded: Rounded = False,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    ivh_bins: IvhBins = None,
    ivh_bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
) -> dict[str, float | tuple[Finding, ...]]:
    """Measure the radiomics features of one region by the definitions of IBSI, named `FAMILY_FEATURE`.

    IBSI's chain (Zwanenburg et al. 2020, doi:10.1148/radiol.2020191145; codes in `IBSI_CODES`): image and mask are
    resampled, grey values rounded, the range and the outlier filter decide which voxels count (not the shape), bins
    are of a fixed number or width. A feature that is undefined for this region (one grey value, one voxel) is left
    out, and a finding lists all of these. Shape needs a volume with spacing.
    """
    chosen = Settings(
        profile, neighbours, spacing_mm, interpolation, rounded, bins, bin_width, ivh_bins, ivh_bin_width,
        range_low, range_high, outlier_sigma,
    )  # fmt: skip
    if config is not None:
        chosen = chosen.of_config(config)
    image, mask = placed(image, mask, label, chosen)
    roi = cut_out(image, mask, label, chosen.range_low, chosen.range_high, chosen.outlier_sigma)
    return described(roi, image.grid, chosen)


def placed(image: Image, mask: Mask, label: int, chosen: Settings, margin_mm: float = RADIUS_MM) -> tuple[Image, Mask]:
    """Image and mask as they are, or resampled around the label and `margin_mm` [mm] beyond it."""
    if chosen.spacing_mm is None:
        return image, mask
    return regridded(
        image, mask, label, spacing_mm=chosen.spacing_mm, interpolation=chosen.interpolation,
        rounded=chosen.rounded, in_slices=chosen.neighbours == "slices", margin_mm=margin_mm,
    )  # fmt: skip


def described(roi: Roi, grid: Grid, chosen: Settings) -> dict[str, float | tuple[Finding, ...]]:
    """The features of a re-segmented region, and under `undefined` a finding where some are not defined."""
    levels = discretised(roi, chosen.bins, chosen.bin_width)
    full = chosen.profile == "full"
    found = dict(_untextured(roi, levels, _spacing(grid, full=full), full=full))
    if full:
        found |= {f"ivh_{name}": value for name, value in ivh_of(roi, chosen.ivh_bins, chosen.ivh_bin_width).items()}
    found |= dict(_textured(levels, chosen))
    left_out = [name for name in names(chosen.profile, chosen.neighbours) if name not in found]
    return found | ({"undefined": (_undefined(left_out),)} if left_out else {})


def names(profile: str, neighbours: str | None = None) -> list[str]:
    """Names of the features that a profile gives where all of them are defined."""
    if profile == "full":
        plain = [f"{family}_{name}" for family in FAMILIES if family not in TEXTURES for name in FAMILIES[family]]
        return plain + [
            f"{family}_{name}_{_ending(aggregation)}"
            for family, (_, aggregations) in TEXTURES.items()
            for aggregation in _ways(aggregations, neighbours)
            for name in FAMILIES[family]
        ]
    shape = [f"morphology_{name}" for name in MORPHOLOGY if name not in COSTLY]
    grey = [f"intensity_{name}" for name in FAMILIES["intensity"]] + [f"histogram_{name}" for name in OF_HISTOGRAM]
    return shape + grey + [f"{family}_{name}" for family in COMMON_TEXTURES for name in FAMILIES[family]]


def _spacing(grid: Grid, *, full: bool) -> tuple[float, ...] | None:
    """Spacing [mm] where it is needed: for shape, which a 2-D picture has none of, and for local intensity."""
    return grid.known_spacing_mm() if full or len(grid.spatial_axes) == 3 else None


def responded(roi: Roi, response: Image, chosen: Settings) -> dict[str, float]:
    """The features of grey values and texture of a filter's response, in the voxels that were kept before filtering.

    Bins are of a fixed number, since a response has no scale of its own (IBSI-2, doi:10.1148/radiol.231319).
    """
    around = response.array[(None,) * (3 - response.array.ndim)]
    own = replace(roi, values=around[roi.box], around=around, range_low=None, range_high=None)
    levels = discretised(own, chosen.bins, None)
    found = dict(_untextured(own, levels, None, full=chosen.profile == "full"))
    return found | dict(_textured(levels, chosen))


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


def _textured(levels: Levels, chosen: Settings) -> Iterator[tuple[str, float]]:
    full = chosen.profile == "full"
    for family in TEXTURES if full else COMMON_TEXTURES:
        features, aggregations = TEXTURES[family]
        depth = "2d" if chosen.neighbours == "slices" else "3d"
        default = f"{depth}_average" if aggregations is DIRECTIONAL_CODES else depth
        for aggregation in _ways(aggregations, chosen.neighbours) if full else (default,):
            end = f"_{_ending(aggregation)}" if full else ""
            for name, value in features(levels, aggregation).items():
                yield f"{family}_{name}{end}", value


def _ways(aggregations: Iterable[str], neighbours: str | None) -> list[str]:
    """The aggregations that look for neighbours in space, or within slices."""
    return [way for way in aggregations if neighbours is None or way.startswith("3d") == (neighbours == "space")]


def _ending(aggregation: str) -> str:
    """In names of features a dot would part a case's levels."""
    return aggregation.replace(".", "_")


def _undefined(left_out: list[str]) -> Finding:
    return Finding(f"{len(left_out)} features are undefined here and left out: {', '.join(left_out)}", code="undefined")
