"""Whether the files of one series agree on what should be one, and each file with itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from radiolucent.core import Finding, Severity
from radiolucent.dicom import Header

from .limits import broken, named

Headers = tuple[Header, ...]
LETTERS = ("RL", "AP", "FH")
"""Where each LPS axis begins and ends."""


class One(NamedTuple):
    """Something that a series should have one of."""

    code: str
    keyword: str
    words: str
    severity: Severity
    tolerance: float = 0.0
    only: tuple[str, ...] = ()


ONES = (
    One("series.mixed_spacing", "PixelSpacing", "pixel spacings", "block", 1e-3),
    One("series.mixed_rows", "Rows", "numbers of rows", "block"),
    One("series.mixed_columns", "Columns", "numbers of columns", "block"),
    One("series.mixed_kernel", "ConvolutionKernel", "kernels", "warn"),
    One("series.mixed_kvp", "KVP", "tube voltages", "warn", 0.5),
    One("series.mixed_contrast", "ContrastBolusAgent", "contrast agents", "warn"),
    One("series.mixed_thickness", "SliceThickness", "slice thicknesses", "warn", 0.01),
    One("series.mixed_frame_of_reference", "FrameOfReferenceUID", "frames of reference", "block"),
    One("series.mixed_patient_position", "PatientPosition", "patient positions", "warn"),
    One("series.mixed_modality", "Modality", "modalities", "block"),
    One("series.mixed_photometric", "PhotometricInterpretation", "photometric interpretations", "warn"),
    One("series.mixed_representation", "PixelRepresentation", "pixel representations (signed and unsigned)", "warn"),
    One("series.mixed_rescale", "RescaleSlope", "rescale slopes", "warn", 1e-6, ("CT",)),
    One("series.mixed_rescale", "RescaleIntercept", "rescale intercepts", "warn", 1e-6, ("CT",)),
    One("series.mixed_repetition_time", "RepetitionTime", "repetition times", "warn", 1.0, ("MR",)),
)
"""What should be one; where values are absent from some files only, absence counts as a value of its own."""


def mixed(headers: Headers) -> tuple[Finding, ...]:
    """Files that differ from most others of their series in something that should be one."""
    return tuple(finding for one in ONES for finding in _mixed(headers, one))


def _mixed(headers: Headers, one: One) -> tuple[Finding, ...]:
    if one.only and headers[0].word("Modality") not in one.only:
        return ()
    values = [_rounded(header, one) for header in headers]
    count = Counter(values)
    if len(count) < 2:
        return ()
    usual = count.most_common(1)[0][0]
    odd = [header for header, value in zip(headers, values, strict=True) if value != usual]
    says = f"The series mixes {len(count)} {one.words}: {len(odd)} of {len(headers)} files differ from the rest."
    limit = f"one value of {one.keyword}" + (f" within {one.tolerance:g}" if one.tolerance else "")
    return broken(one.code, says, limit, severity=one.severity, value=len(count), unit="values", where=named(odd))


def _rounded(header: Header, one: One) -> tuple[object, ...]:
    numbers = header.numbers(one.keyword) if one.tolerance else ()
    return tuple(round(n / one.tolerance) for n in numbers) if numbers else header.words(one.keyword)


def mixed_patient(headers: Headers) -> tuple[Finding, ...]:
    """One series of two patients."""
    count = Counter(header.patient for header in headers)
    if len(count) < 2:
        return ()
    odd = [header for header in headers if header.patient != count.most_common(1)[0][0]]
    says = f"One series holds files of {len(count)} patients."
    return broken(
        "series.mixed_patient",
        says,
        "one patient",
        severity="block",
        value=len(count),
        unit="patients",
        where=named(odd),
    )


def laterality(headers: Headers) -> tuple[Finding, ...]:
    """A side that two places of the header state differently."""
    odd = [header for header in headers if len(_sides(header)) > 1]
    if not odd:
        return ()
    says = f"{len(odd)} files name both sides: in Laterality, Image Laterality or their descriptions."
    return broken(
        "header.laterality", says, "one side", severity="block", value=len(odd), unit="files", where=named(odd)
    )


def _sides(header: Header) -> set[str]:
    stated = {header.word(word) for word in ("ImageLaterality", "Laterality")} & {"L", "R"}
    described = set(header.sides)  # "left and right" in one description is no contradiction
    return stated | described if stated and len(described) == 1 else stated


def patient_orientation(headers: Headers) -> tuple[Finding, ...]:
    """Letters of Patient Orientation that deny Image Orientation (Patient): one of the two is mirrored or turned."""
    odd = [header for header in headers if _denied(header)]
    if not odd:
        return ()
    says = f"In {len(odd)} files Patient Orientation contradicts Image Orientation (Patient): left and right may be swapped."
    limit = "the same main direction of rows and columns"
    return broken(
        "header.orientation_conflict", says, limit, severity="block", value=len(odd), unit="files", where=named(odd)
    )


def _denied(header: Header) -> bool:
    letters = header.words("PatientOrientation")
    if header.axes is None or len(letters) != 2:
        return False
    return any(
        word and word[0] in "RLAPFH" and word[0] != _main_letter(axis) for word, axis in zip(letters, header.axes)
    )


def _main_letter(axis: np.ndarray) -> str:
    k = int(np.argmax(np.abs(axis)))
    return LETTERS[k][int(axis[k] > 0)]


def detector_spacing(headers: Headers) -> tuple[Finding, ...]:
    """Pixel Spacing of a projection that cannot follow from Imager Pixel Spacing: objects are magnified, never reduced."""
    pairs = [(header, _magnification(header)) for header in headers]
    odd = [(header, times) for header, times in pairs if times is not None]
    if not odd:
        return ()
    worst = max((times for _, times in odd), key=lambda times: abs(times - 1))
    says = f"Pixel Spacing and Imager Pixel Spacing differ {worst:.3g} times, which the stated magnification does not explain."
    limit = "detector over patient spacing between 1 and 2, and within 2 % of the stated magnification"
    return broken("header.detector_spacing", says, limit, value=worst, where=named(header for header, _ in odd))


def _magnification(header: Header) -> float | None:
    """Detector spacing over patient spacing, where that is implausible."""
    patient, detector = header.numbers("PixelSpacing", 2), header.numbers("ImagerPixelSpacing", 2)
    if not patient or not detector or min(*patient, *detector) <= 0:
        return None
    times = detector[0] / patient[0]
    stated = header.number("EstimatedRadiographicMagnificationFactor")
    if stated and stated > 0:
        return times if abs(times / stated - 1) > 0.02 else None
    return None if 0.99 <= times <= 2 else times


CHECKS: tuple[Callable[[Headers], tuple[Finding, ...]], ...] = (
    mixed, mixed_patient, laterality, patient_orientation, detector_spacing,
)  # fmt: skip
"""Agreement, each a function of the headers of one series."""
