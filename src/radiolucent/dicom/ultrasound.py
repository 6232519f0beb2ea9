"""Ultrasound regions: one picture may hold a B-mode sector, a Doppler spectrum and more, each with its own scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

_CENTIMETRES = 3
_IN_THE_PLANE = (1,)
_TYPES = {
    1: "B-mode", 2: "colour flow", 3: "pulsed wave Doppler", 4: "continuous wave Doppler", 5: "Doppler mean trace",
    6: "Doppler mode trace", 7: "Doppler maximum trace", 8: "volume trace", 10: "electrocardiogram", 18: "grey scale",
}  # fmt: skip


@dataclass(frozen=True)
class Region:
    """A part of the picture: what it shows, (top, left, bottom, right) [pixels], and its scale where it is a length."""

    shows: str
    box: tuple[int, int, int, int]
    spacing_mm: tuple[float, float] | None


def ultrasound_regions(dataset: Dataset) -> tuple[Region, ...]:
    """The regions that the file states, in its order."""
    return tuple(_region(item) for item in dataset.get("SequenceOfUltrasoundRegions") or ())


def common_spacing_mm(regions: tuple[Region, ...]) -> tuple[float, float] | None:
    """The spacing of all regions whose sides are lengths, or `None` where they differ or there is none."""
    known = [region.spacing_mm for region in regions if region.spacing_mm is not None]
    if not known or not np.allclose(known, known[0], rtol=1e-4):
        return None
    return known[0]


def said(regions: tuple[Region, ...]) -> str:
    """All regions in a sentence."""
    words = []
    for region in regions:
        scale = "" if region.spacing_mm is None else f", {region.spacing_mm[0]:.4g} x {region.spacing_mm[1]:.4g} mm"
        top, left, bottom, right = region.box
        words.append(f"{region.shows} (rows {top} to {bottom}, columns {left} to {right}{scale})")
    return "The picture holds " + "; ".join(words) + "."


def _region(item: Dataset) -> Region:
    edges = ("RegionLocationMinY0", "RegionLocationMinX0", "RegionLocationMaxY1", "RegionLocationMaxX1")
    top, left, bottom, right = (int(item.get(edge) or 0) for edge in edges)
    units = (item.get("PhysicalUnitsYDirection"), item.get("PhysicalUnitsXDirection"))
    spacing = None
    if item.get("RegionSpatialFormat") in _IN_THE_PLANE and units == (_CENTIMETRES, _CENTIMETRES):
        down, across = (abs(_number(item.get(f"PhysicalDelta{axis}"))) * 10 for axis in "YX")
        spacing = (down, across) if down > 0 and across > 0 else None
    return Region(_TYPES.get(item.get("RegionDataType") or 0, "another region"), (top, left, bottom, right), spacing)


def _number(value: Any) -> float:
    return float(value) if value is not None and np.isfinite(float(value)) else 0.0
