"""What a case may know about its examination, and (apart from it) the identifiers that make its key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydicom.dataset import Dataset

from .groups import ruling
from .variant import b_value, positive

_WORDS = {
    "view": ("ViewPosition",),
    "laterality": ("ImageLaterality", "Laterality"),
    "body_part": ("BodyPartExamined",),
    "sequence": ("ScanningSequence", "PulseSequenceName", "EchoPulseSequence"),
    "phase": ("ContrastBolusAgentPhase",),
    "kernel": ("ConvolutionKernel",),
    "photometric": ("PhotometricInterpretation",),
    "manufacturer": ("Manufacturer",),
}
_GROUPED = {
    "phase": ("ContrastBolusUsageSequence", "ContrastBolusAgentPhase"),
    "kernel": ("CTReconstructionSequence", "ConvolutionKernel"),
    "laterality": ("FrameAnatomySequence", "FrameLaterality"),
}
"""Where enhanced multi-frame files keep what classic ones state at the top."""

_YEARS = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0}


@dataclass(frozen=True)
class Identity:
    """Identifiers as the file states them; they never enter a case, only a keyed hash of them does."""

    patient: str = ""
    study: str = ""
    series: str = ""
    instance: str = ""
    series_number: int = 0


def identity(dataset: Dataset) -> Identity:
    """The identifiers of a file; what it does not state is empty."""
    number = str(dataset.get("SeriesNumber") or "")
    return Identity(
        patient=str(dataset.get("PatientID") or dataset.get("PatientName") or ""),
        study=str(dataset.get("StudyInstanceUID") or ""),
        series=str(dataset.get("SeriesInstanceUID") or ""),
        instance=str(dataset.get("SOPInstanceUID") or ""),
        series_number=int(number) if number.lstrip("-").isdigit() else 0,
    )


def facts(dataset: Dataset) -> dict[str, Any]:
    """Age, sex, view and the like, as far as the file states them."""
    found: dict[str, Any] = {name: _word(dataset, keywords) for name, keywords in _WORDS.items()}
    for name, (group, keyword) in _GROUPED.items():
        found[name] = found.get(name) or _word(ruling(dataset, 0, group), (keyword,))
    found["sex"] = {"M": "M", "F": "F", "O": "O"}.get(str(dataset.get("PatientSex") or "").strip().upper())
    found["age_years"] = _age_years(dataset)
    found["b_value"] = _one_b_value(dataset)
    found["tube_kv"] = positive(dataset.get("KVP"))
    found["contrast"] = True if dataset.get("ContrastBolusAgent") or found["phase"] else None  # silence tells nothing
    return {name: value for name, value in found.items() if value not in (None, "")}


def _one_b_value(dataset: Dataset) -> float | None:
    """The b-value that all frames share."""
    frames = len(dataset.get("PerFrameFunctionalGroupsSequence") or [0])
    values = {b_value(dataset, ruling(dataset, frame, "MRDiffusionSequence")) for frame in range(frames)}
    return values.pop() if len(values) == 1 else None


def _word(dataset: Dataset, keywords: tuple[str, ...]) -> str:
    for keyword in keywords:
        value = dataset.get(keyword)
        if value:
            return str(value) if isinstance(value, str) else "\\".join(str(part) for part in value)
    return ""


def _age_years(dataset: Dataset) -> float | None:
    stated = re.fullmatch(r"(\d{1,3})([DWMY])", str(dataset.get("PatientAge") or "").strip().upper())
    if stated:
        return round(int(stated[1]) * _YEARS[stated[2]], 2)
    born, seen = (_date(dataset.get(word)) for word in ("PatientBirthDate", "StudyDate"))
    if born and seen and born <= seen:
        return float((seen - born).days // 365.25)
    return None


def _date(value: Any) -> date | None:
    text = str(value or "").strip()
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else None
    except ValueError:
        return None
