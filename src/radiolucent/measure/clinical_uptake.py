"""Uptake in PET: greatest, mean and peak SUV, metabolic volume and glycolysis."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Finding, Image, Mask

from .clinical_finding import measured
from .clinical_size import named
from .discretise import Label, cut_out
from .local import local_of


def uptake(
    image: Image,
    mask: Mask,
    *,
    label: Label = 1,
    threshold_percent: Annotated[
        float | None, Field(ge=0, le=100, description="share of the greatest value from which on volume counts")
    ] = 41.0,
    threshold_suv: Annotated[
        float | None, Field(ge=0, le=1e9, description="SUV from which on volume counts, instead of a share")
    ] = None,
    is_suv: Annotated[bool, Field(description="the picture holds SUV though it does not say so")] = False,
) -> tuple[Finding, ...]:
    """Measure uptake in a region of a PET: SUVmax, SUVmean, SUVpeak [g/ml], metabolic volume [ml], glycolysis [g].

    SUVpeak is the highest mean of a ball of 1 cm³ around any voxel of the region (PERCIST: Wahl et al. 2009,
    doi:10.2967/jnumed.108.057307), and beside it that around the greatest value (local peak). The metabolic volume (MTV)
    counts voxels of the region from a threshold on, by default 41 % of SUVmax (EANM: Boellaard et al. 2015,
    doi:10.1007/s00259-014-2961-x); without either threshold, all. Glycolysis (TLG) is the volume times the mean SUV within
    it. A picture that is not known to be in SUV is measured in its own unit, with a warning.
    """
    spacing_mm = image.grid.known_spacing_mm()
    roi = cut_out(image, mask, label)
    where = named(mask, label)
    grey = roi.grey.astype(np.float64)
    greatest = float(grey.max())
    least, rule = _threshold(greatest, threshold_percent, threshold_suv)
    hot = grey[grey >= least]
    content = float(np.prod(spacing_mm)) / 1000
    peaks = local_of(roi, spacing_mm)
    sure = is_suv or image.unit == "SUV"
    unit = "g/ml" if sure else image.unit
    name = "SUV" if sure else "Uptake "
    because = (rule,)
    flat = len(spacing_mm) < 3
    told = [
        measured("suv_maximum", f"{name}max", greatest, unit, where=where),
        measured("suv_mean", f"{name}mean", float(grey.mean()), unit, where=where),
        measured("suv_peak", f"{name}peak", peaks["global_peak"], unit, where=where, because=("1 cm³, highest",)),
        measured("suv_local_peak", f"{name}peak at the greatest value", peaks["local_peak"], unit, where=where),
    ]
    if not flat:
        volume, mean = hot.size * content, float(hot.mean()) if hot.size else 0.0
        told += [
            measured("metabolic_volume", "Metabolic volume", volume, "ml", where=where, because=because),
            measured("suv_mean_hot", f"{name}mean of it", mean, unit, where=where, because=because),
            measured("glycolysis", "Total lesion glycolysis", volume * mean, "g" if sure else f"{unit}·ml",
                     where=where, because=because),
        ]  # fmt: skip
    if not sure:
        says = f"The picture's unit is {image.unit!r}, not SUV: whether these are uptake values is not known"
        told.append(Finding(says, code="measure.suv.unknown", where=where, severity="warn"))
    return tuple(told)


def _threshold(greatest: float, percent: float | None, suv: float | None) -> tuple[float, str]:
    if suv is not None:
        return suv, f"voxels from {suv:g} on"
    if percent is not None:
        return greatest * percent / 100, f"voxels from {percent:g} % of the greatest value on"
    return -np.inf, "all voxels of the region"
