"""Standardised uptake values of PET, by body weight, where the header states all that they need.

SUV = activity [Bq/ml] x weight [g] / dose [Bq], the dose decayed to the time that the activities are corrected to
(QIBA profile of FDG-PET, appendix G).
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from .variant import clock_s, positive

_LONGEST_S = 24 * 3600


def suv_factor(dataset: Dataset) -> tuple[float | None, str]:
    """What an activity [Bq/ml] is multiplied by, or `None` and the reason, in words."""
    if dataset.get("Units") != "BQML":
        return None, f"its unit is {dataset.get('Units') or 'not stated'}, not BQML"
    corrected = dataset.get("CorrectedImage") or ()
    if not {"ATTN", "DECY"} <= set(corrected if not isinstance(corrected, str) else (corrected,)):
        return None, "it is not corrected for attenuation and decay"
    tracer = next(iter(dataset.get("RadiopharmaceuticalInformationSequence") or ()), Dataset())
    weight, dose, half_life = (
        positive(value)
        for value in (
            dataset.get("PatientWeight"),
            tracer.get("RadionuclideTotalDose"),
            tracer.get("RadionuclideHalfLife"),
        )
    )
    if weight is None or dose is None or half_life is None:
        return None, "the patient's weight, the dose or its half-life is not stated"
    waited_s, why = _waited_s(dataset, tracer)
    if waited_s is None:
        return None, why
    return weight * 1000 / (dose * 2 ** (-waited_s / half_life)), ""


def _waited_s(dataset: Dataset, tracer: Dataset) -> tuple[float | None, str]:
    """Seconds from injection to the moment that activities are corrected to."""
    correction = dataset.get("DecayCorrection")
    if correction == "ADMIN":
        return 0.0, ""
    if correction != "START":
        return None, "it does not say to which moment it is corrected for decay"
    begun = clock_s(dataset.get("SeriesDate"), dataset.get("SeriesTime"))
    acquired = clock_s(dataset.get("AcquisitionDate") or dataset.get("SeriesDate"), dataset.get("AcquisitionTime"))
    if begun is None or (acquired is not None and begun > acquired):
        return None, "the series is dated after its acquisition, so the start of the scan is unknown"
    given = clock_s(None, None, whole=tracer.get("RadiopharmaceuticalStartDateTime"))
    if given is None:
        given = clock_s(dataset.get("SeriesDate"), tracer.get("RadiopharmaceuticalStartTime"))
        if given is not None and given > begun:  # injected before midnight, scanned after
            given -= 24 * 3600
    if given is None or not 0 <= begun - given < _LONGEST_S:
        return None, "the time of injection is not stated, or does not go before the scan"
    return begun - given, ""
