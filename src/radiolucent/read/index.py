"""One file as a record: what its header says of identity, place and settings, without its pixels."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from pydicom.dataset import Dataset

from radiolucent.core import UnreadableError
from radiolucent.dicom import (
    damage_named,
    facts,
    identity,
    is_dicom,
    places,
    read_header,
    variants,
    within_limits,
)
from radiolucent.dicom.mosaic import mosaic_of, tile_places
from radiolucent.dicom.place import frame_times_s
from radiolucent.dicom.scan import Scan, scan
from radiolucent.dicom.values import physical_unit
from radiolucent.dicom.walk import Wanted

from . import archive
from .key import content_key, keyed
from .readers import READERS
from .record import Frame, Record

IDENTITY = ("PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID",
            "AccessionNumber", "InstitutionName", "SeriesNumber", "Modality")  # fmt: skip
FACTS = ("ViewPosition", "ImageLaterality", "Laterality", "BodyPartExamined", "ScanningSequence", "PulseSequenceName",
         "EchoPulseSequence", "ContrastBolusAgentPhase", "ConvolutionKernel", "PhotometricInterpretation",
         "Manufacturer", "PatientSex", "PatientAge", "PatientBirthDate", "StudyDate", "ContrastBolusUsageSequence",
         "CTReconstructionSequence", "FrameAnatomySequence")  # fmt: skip
PLACE = ("PixelSpacing", "ImagerPixelSpacing", "ImageOrientationPatient", "ImagePositionPatient",
         "PixelMeasuresSequence", "PlaneOrientationSequence", "PlanePositionSequence", "SequenceOfUltrasoundRegions",
         "GridFrameOffsetVector", "FrameTimeVector", "FrameTime", "CineRate", "RecommendedDisplayFrameRate",
         "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")  # fmt: skip
VARIANT = ("EchoTime", "InversionTime", "InversionTimes", "EffectiveEchoTime", "TemporalPositionIndex",
           "TemporalPositionIdentifier", "NominalCardiacTriggerDelayTime", "TriggerTime", "FrameReferenceTime",
           "FrameAcquisitionNumber", "AcquisitionNumber", "FrameAcquisitionDateTime", "AcquisitionDateTime",
           "AcquisitionDate", "AcquisitionTime", "InstanceNumber", "ComplexImageComponent", "ImageType",
           "DiffusionBValue", "DiffusionGradientOrientation", "DiffusionGradientDirectionSequence",
           "MRDiffusionSequence", "MREchoSequence", "MRTimingAndRelatedParametersSequence", "MRModifierSequence",
           "MRImageFrameTypeSequence", "FrameContentSequence", "CardiacSynchronizationSequence")  # fmt: skip
PIXELS = ("Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsStored", "RescaleIntercept", "RescaleSlope",
          "RescaleType", "Units", "PixelValueTransformationSequence", "RealWorldValueMappingSequence",
          "LossyImageCompression", "BurnedInAnnotation")  # fmt: skip
SETTINGS = {
    "modality": "Modality", "model": "ManufacturerModelName", "kvp": "KVP", "repetition_ms": "RepetitionTime",
    "flip_deg": "FlipAngle", "field_t": "MagneticFieldStrength", "thickness_mm": "SliceThickness",
    "channels": "SamplesPerPixel", "bits": "BitsStored", "contrast": "ContrastBolusAgent",
    "lossy": "LossyImageCompression", "burned_in": "BurnedInAnnotation",
}  # fmt: skip
"""Columns that repeat an element; the words of the last three become true or false."""

SIEMENS, GENERAL_ELECTRIC = (0x19, "SIEMENS MR HEADER"), (0x43, "GEMS_PARM_01")
WANTED = Wanted(
    tuple(dict.fromkeys((*IDENTITY, *FACTS, *PLACE, *VARIANT, *PIXELS, *SETTINGS.values()))),
    private=((*SIEMENS, 0x0A), (*SIEMENS, 0x0C), (*SIEMENS, 0x0E), (*GENERAL_ELECTRIC, 0x39)),
)
"""Everything of a header that the index, and the splitting of series, look at."""

MASKS = ("SEG", "RTSTRUCT")
MANY_FRAMES, BYTES_A_FRAME = 10_000, 1024
FARTHEST_DAYS = 36525
_YES = {"01": True, "00": False, "YES": True, "NO": False}


def record(path: Path, key: bytes) -> Record | None:
    """The record of an image file, or `None` for one that is no image; `key` turns identifiers into keys.

    Raises `UnreadableError` for an image that cannot be read, with the reason.
    """
    if is_dicom(path):
        return _dicom(path, key)
    try:
        reader = next((reader for reader in READERS[1:] if reader.can_read(path)), None)
    except OSError as error:
        raise UnreadableError(f"{path} cannot be opened: {error.strerror}") from error
    if reader is archive:
        raise UnreadableError(f"{path} is a zip; unpack it, so that its files have places of their own")
    return None if reader is None else _other(path, reader, key)


def _other(path: Path, reader: ModuleType, key: bytes) -> Record | None:
    """The record of a file of any other format, which is an examination of its own."""
    found = reader.outline(path)
    if found.is_mask:
        return None
    times_s = found.grid.times_s
    return Record(
        format=reader.__name__.rpartition(".")[2],
        ids={"case": content_key(found.data, key)},
        about=_there({"channels": found.channels, "bits": found.bits}),
        grid=found.grid,
        duration_s=times_s[-1] - times_s[0] if times_s else None,
    )


def _dicom(path: Path, key: bytes) -> Record | None:
    """The record of a DICOM picture; reports, plans, drawn masks and directories of files are none."""
    found = scan(path, WANTED)
    if not found.get("Rows") or not found.get("Columns") or found.get("Modality") in MASKS:
        return None
    with damage_named(path, "understood"):
        return _understood(path, found, key)


def _understood(path: Path, found: Scan, key: bytes) -> Record:
    source = cast(Dataset, found if found.dataset is None else found.dataset)  # both answer the same questions
    count = int(found.get("NumberOfFrames") or 1)
    if count > MANY_FRAMES:
        within_limits(path, (count,), BYTES_A_FRAME)
    where, shape = places(source, count), (int(found.get("Rows")), int(found.get("Columns")))
    if found.dataset is None and "MOSAIC" in _words(found.get("ImageType")):
        source = read_header(path)
    mosaic = mosaic_of(source) if isinstance(source, Dataset) else None
    if mosaic is not None:
        where, shape = tile_places(where[0], mosaic), (mosaic.rows, mosaic.columns)
    times_s = frame_times_s(source, count)
    return Record(
        format="dicom",
        ids=_keys(found, key),
        about=_about(found, source, key),
        shape=shape,
        frames=tuple(Frame(*pair) for pair in zip(where, variants(source, len(where)), strict=True)),
        series_number=identity(source).series_number,
        unit=physical_unit(source),
        duration_s=times_s[-1] if times_s else None,
        remark="the preamble starts a program (an executable in disguise?)" if found.has_executable else "",
    )


def _keys(found: Scan, key: bytes) -> dict[str, str]:
    ids = identity(cast(Dataset, found))
    stated = {
        "case": f"{ids.patient}\0{ids.study}" if ids.patient or ids.study else "",
        "patient": ids.patient,
        "study": ids.study,
        "series": ids.series,
        "instance": ids.instance,
        "accession": str(found.get("AccessionNumber") or ""),
    }
    return {name: keyed(value, key) if value else "" for name, value in stated.items()}


def _about(found: Scan, source: Dataset, key: bytes) -> dict[str, Any]:
    known = {name: _single(found.get(word)) for name, word in SETTINGS.items()}
    for name in ("lossy", "burned_in"):
        known[name] = _YES.get(str(known[name]).strip().upper())
    site = str(found.get("InstitutionName") or "")
    known |= {"contrast": True if known["contrast"] else None, "site": keyed(site, key) if site else None}
    return _there({**known, **facts(source), "day": _shifted_day(found, key)})


def _shifted_day(found: Scan, key: bytes) -> int | None:
    """The day of the study, moved by a secret number of days that is the patient's own: only differences mean something."""
    text = str(found.get("StudyDate") or "")
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8])).toordinal()
    except ValueError:
        return None
    return day + int(keyed(f"days\0{identity(cast(Dataset, found)).patient}", key), 16) % FARTHEST_DAYS


def _there(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) and value else value


def _words(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value or ""),)
