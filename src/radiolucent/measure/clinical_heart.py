"""What a ventricle ejects, from its cavity at the end of filling and at the end of contraction."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Finding, InputError, Mask

from .clinical_finding import measured
from .clinical_size import named
from .discretise import Label
from .region import of_label


def ejection_fraction(
    end_diastole: Mask,
    end_systole: Mask,
    *,
    label: Label = 1,
    heart_rate_per_min: Annotated[
        float | None, Field(gt=0, le=400, description="beats a minute, for the cardiac output")
    ] = None,
) -> tuple[Finding, ...]:
    """Measure end-diastolic and end-systolic volume [ml], stroke volume [ml] and ejection fraction [%] of two masks.

    Volumes count voxels (papillary muscles as they are drawn), the stroke volume is their difference, the fraction
    that of the end-diastolic volume; with a heart rate, the cardiac output [l/min]. A heart that is larger at the end of
    systole gets a warning. The two masks may lie on different grids.
    """
    full = _volume_ml(end_diastole, label, "end-diastolic mask")
    empty = _volume_ml(end_systole, label, "end-systolic mask")
    where = named(end_diastole, label)
    told = [
        measured("end_diastolic_volume", "End-diastolic volume", full, "ml", where=where),
        measured("end_systolic_volume", "End-systolic volume", empty, "ml", where=where),
        measured("stroke_volume", "Stroke volume", full - empty, "ml", where=where),
        measured("ejection_fraction", "Ejection fraction", 100 * (full - empty) / full, "%", where=where),
    ]
    if heart_rate_per_min is not None:
        output = (full - empty) * heart_rate_per_min / 1000
        told.append(measured("cardiac_output", "Cardiac output", output, "l/min", where=where))
    if empty > full:
        says = "The ventricle is larger at the end of systole than of diastole: the masks may have been exchanged"
        told.append(Finding(says, code="measure.ejection_fraction.reversed", where=where, severity="warn"))
    return tuple(told)


def _volume_ml(mask: Mask, label: int, what: str) -> float:
    spacing_mm = mask.grid.known_spacing_mm()
    if mask.grid.axes != "zyx":
        raise InputError(
            f"the {what} has axes {mask.grid.axes!r}; an ejection fraction is of two volumes, each one frame"
        )
    return float(np.count_nonzero(of_label(mask, label, what)) * np.prod(spacing_mm)) / 1000
