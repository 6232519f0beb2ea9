"""What a clinical measure is told as: a number with its unit, and the concept by which a DICOM report knows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from radiolucent.core import Finding, Image, InputError, Severity

IsHu = Annotated[bool, Field(description="the picture holds HU though its file does not say so (NIfTI never does)")]

DIGITS = 6
"""Significant digits that are told: what comes after is rounding."""

CONCEPTS = {
    "measure.volume": ("118565006", "SCT", "Volume"),
    "measure.area": ("42798000", "SCT", "Area"),
    "measure.long_axis": ("103339001", "SCT", "Long axis"),
    "measure.short_axis": ("103340004", "SCT", "Short axis"),
    "measure.maximum_diameter": ("L0JK", "IBSI", "Maximum 3D Diameter of a Mesh"),
    "measure.surface": ("C0JK", "IBSI", "Surface Area of Mesh"),
    "measure.mean": ("373098007", "SCT", "Mean"),
    "measure.standard_deviation": ("386136009", "SCT", "Standard Deviation"),
    "measure.median": ("373099004", "SCT", "Median"),
    "measure.minimum": ("255605001", "SCT", "Minimum"),
    "measure.maximum": ("56851009", "SCT", "Maximum"),
    "measure.lesions": ("246206008", "SCT", "Number of lesions"),
    "measure.agatston": ("450360000", "SCT", "Coronary artery calcium score"),
    "measure.calcium_volume": ("122660", "DCM", "Calcium Volume"),
    "measure.suv_maximum": ("56851009", "SCT", "Maximum"),
    "measure.suv_mean": ("373098007", "SCT", "Mean"),
    "measure.suv_peak": ("126031", "DCM", "Peak Value Within ROI"),
    "measure.metabolic_volume": ("126032", "DCM", "Metabolic Volume"),
    "measure.glycolysis": ("126033", "DCM", "Total Lesion Glycolysis"),
    "measure.ejection_fraction": ("70822001", "SCT", "Cardiac ejection fraction"),
    "measure.stroke_volume": ("90096001", "SCT", "Stroke Volume"),
    "measure.end_diastolic_volume": ("18026-5", "LN", "Left Ventricular End Diastolic Volume"),
    "measure.end_systolic_volume": ("18148-7", "LN", "Left Ventricular End Systolic Volume"),
}
"""Code of a finding -> (value, scheme, meaning) in DICOM; a measure that the standard has no word for is not among them."""


def measured(
    code: str,
    name: str,
    value: float,
    unit: str,
    *,
    where: str = "",
    because: Iterable[str] = (),
    interval: tuple[float, float] | None = None,
    severity: Severity = "info",
) -> Finding:
    """A number under `measure.CODE`, rounded to what can be told, in one sentence."""
    told = rounded(value)
    span = None if interval is None else (rounded(interval[0]), rounded(interval[1]))
    between = "" if span is None else f" [{span[0]:.4g}, {span[1]:.4g}]"
    says = f"{name} {told:.4g}{between}{'' if unit in ('', '1') else ' ' + unit}"
    return Finding(
        says=says, code=f"measure.{code}", value=told, unit=unit, interval=span, because=tuple(because), where=where,
        severity=severity,
    )  # fmt: skip


def rounded(value: float) -> float:
    """The value to `DIGITS` significant digits, so that the order in which it was summed is not told."""
    return float(f"{value:.{DIGITS}g}") + 0.0


def in_hu(image: Image, what: str, *, is_hu: bool) -> None:
    """Refuse a picture that is not known to be in Hounsfield units."""
    if image.unit != "HU" and not is_hu:
        raise InputError(
            f"{what} is of Hounsfield units, this picture's unit is {image.unit!r}; if it holds HU, set is_hu"
        )
