"""Calcium in arteries: Agatston's score and the volume, and whether the scan meets the score's conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from radiolucent.core import Case, Finding, Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_colour, refuse_not_finite

from .clinical_finding import IsHu, in_hu, measured
from .clinical_size import axial, named

THRESHOLD_HU = 130
STEPS_HU = (130, 200, 300, 400)
"""A lesion's greatest value counts once from the first on, twice from the second, and so on."""

SLICE_MM = 3.0
TUBE_KV = 120
CLOSE = 0.05
"""Share by which a slice or a voltage may differ and still be the one that is asked for."""


def agatston(
    image: Image,
    mask: Mask,
    case: Case | None = None,
    *,
    least_mm2: Annotated[float, Field(ge=0, le=100, description="smaller parts of a slice do not count [mm²]")] = 1.0,
    is_hu: IsHu = False,
    tube_kv: Annotated[
        float | None, Field(gt=0, le=1000, description="tube voltage [kV], where the case does not know it")
    ] = None,
    no_contrast: Annotated[
        bool, Field(description="it is known that no contrast agent was given; headers seldom say so")
    ] = False,
    to_3_mm: Annotated[bool, Field(description="multiply by slice distance / 3 mm where slices lie otherwise")] = False,
) -> tuple[Finding, ...]:
    """Score the calcium of arteries in a CT by Agatston, for each label of the mask and in all, and its volume [mm³].

    In each axial slice, pixels within the mask of 130 HU and more that touch (also by a corner) are one lesion; it counts
    its area [mm²] times 1 for a greatest value below 200 HU, 2 below 300, 3 below 400, 4 from there on, and nothing below
    `least_mm2` (Agatston et al. 1990, doi:10.1016/0735-1097(90)90282-T). The mask leaves out bone, stents and valves; its
    labels may be arteries. The score's conditions, 3 mm from slice to slice, 120 kV and no contrast agent, are looked
    up in the grid and in the case's facts `tube_kv` and `contrast`: what is not met or not known makes a warning. The
    volume counts the voxels that were scored.
    """
    _check(image, mask, is_hu=is_hu)
    spacing_mm = image.grid.known_spacing_mm()
    across = axial(image.grid) or 0
    gap_mm = spacing_mm[across]
    pixel_mm2 = float(np.prod(spacing_mm)) / gap_mm
    slices, labels = (np.moveaxis(part.array, across, 0) for part in (image, mask))
    facts: dict[str, Any] = {"tube_kv": tube_kv, "contrast": False if no_contrast else None}
    facts |= {} if case is None else dict(case.facts)
    conditions = _conditions(gap_mm, facts, to_3_mm)
    found: list[Finding] = []
    score, pixels = 0.0, 0
    for label in np.unique(labels[labels > 0]).tolist():
        scored = [_slice(hu, own == label, pixel_mm2, least_mm2) for hu, own in zip(slices, labels, strict=True)]
        own, count = sum(one[0] for one in scored), sum(one[1] for one in scored)
        score, pixels = score + own, pixels + count
        found += _told(own * (gap_mm / SLICE_MM if to_3_mm else 1), count * pixel_mm2 * gap_mm, named(mask, label))
    whole = _told(score * (gap_mm / SLICE_MM if to_3_mm else 1), pixels * pixel_mm2 * gap_mm, "all", conditions)
    return (*whole, *(found if len(found) > 2 else ()))


def _check(image: Image, mask: Mask, *, is_hu: bool) -> None:
    refuse_colour(image)
    refuse_not_finite(image)
    if len(image.grid.axes) != 3 or "t" in image.grid.axes:
        raise InputError(f"Agatston's score is of a CT volume; this picture has axes {image.grid.axes!r}")
    in_hu(image, "Agatston's score", is_hu=is_hu)
    differs = difference(image.grid, mask.grid)
    if differs:
        raise InputError(f"image and mask lie on different grids ({differs}); resample one to the other's grid first")
    if not (mask.array > 0).any():
        raise InputError("the mask is empty; it says where calcium of arteries may lie, apart from bone: draw it")


def _slice(hu: NDArray[Any], inside: NDArray[np.bool_], pixel_mm2: float, least_mm2: float) -> tuple[float, int]:
    """Score of one slice, and how many pixels count."""
    dense = inside & (hu >= THRESHOLD_HU)
    if not dense.any():
        return 0.0, 0
    parts, n = ndimage.label(dense, np.ones((3, 3)))
    numbers = np.arange(1, n + 1)
    counts = np.bincount(parts.ravel(), minlength=n + 1)[1:]
    weight = np.searchsorted(STEPS_HU, ndimage.maximum(hu, parts, numbers), side="right")
    counts[counts * pixel_mm2 < least_mm2 * (1 - 1e-9)] = 0
    return float((counts * weight).sum() * pixel_mm2), int(counts.sum())


def _told(score: float, volume_mm3: float, where: str, conditions: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
    because = tuple(finding.says for finding in conditions)
    return (
        measured("agatston", "Agatston score", score, "1", where=where, because=because),
        measured("calcium_volume", "Calcium volume", volume_mm3, "mm³", where=where, because=because),
        *conditions,
    )


def _conditions(gap_mm: float, facts: Mapping[str, Any], to_3_mm: bool) -> tuple[Finding, ...]:
    """A warning for each condition of the score that is not met, or of which nothing is known."""
    kv, contrast = facts.get("tube_kv"), facts.get("contrast")
    said = []
    if abs(gap_mm - SLICE_MM) > CLOSE * SLICE_MM:
        scaled = "; the score is scaled to 3 mm" if to_3_mm else ""
        said.append(f"slices lie {gap_mm:.3g} mm apart, the score is defined for 3 mm{scaled}")
    if kv is None:
        said.append("the tube voltage is not known, the score is defined for 120 kV")
    elif abs(kv - TUBE_KV) > CLOSE * TUBE_KV:
        said.append(f"the tube voltage was {kv:g} kV, the score is defined for 120 kV")
    if contrast is None:
        said.append("whether a contrast agent was given is not known, the score is defined without")
    elif contrast:
        said.append("a contrast agent was given, the score is defined without")
    words = (sentence[0].upper() + sentence[1:] for sentence in said)
    return tuple(Finding(says=says, code="measure.agatston.condition", severity="warn") for says in words)
