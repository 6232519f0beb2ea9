"""Write one picture as a DICOM file."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    generate_uid,
)

from radiolucent.core import InputError

_CLASSES = {"DX": DigitalXRayImageStorageForPresentation, "CR": ComputedRadiographyImageStorage}


@dataclass(frozen=True)
class Radiograph:
    """What the header of a projection radiograph says; `uids` are the seeds of its identifiers, so equal seeds give
    equal files."""

    patient: str
    study: str
    instance: str
    spacing_mm: tuple[float, float]
    sex: str = ""
    age_years: int | None = None
    view: str = ""
    body_part: str = ""
    manufacturer: str = ""
    modality: Literal["DX", "CR"] = "DX"
    bits: int = 12
    monochrome1: bool = False


def encode_radiograph(stored: NDArray[Any], path: str | Path, about: Radiograph) -> Path:
    """Write unsigned `stored` values (rows, columns), as they shall stand in the file, with a header that is complete.

    The file appears whole or not at all.
    """
    if stored.ndim != 2 or stored.dtype.kind != "u" or int(stored.max(initial=0)) >= 2**about.bits:
        raise InputError(f"a radiograph is two-dimensional, unsigned and below 2^{about.bits}; got {stored.dtype}")
    dataset = _identified(about)
    _describe(dataset, about)
    _fill(dataset, stored, about)
    return _save(dataset, Path(path))


def _identified(about: Radiograph) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = _CLASSES[about.modality]
    dataset.SOPInstanceUID = _uid(about.patient, about.study, about.instance)
    dataset.StudyInstanceUID = _uid(about.patient, about.study)
    dataset.SeriesInstanceUID = _uid(about.patient, about.study, "series")
    dataset.PatientID = about.patient
    dataset.PatientName = about.patient
    dataset.PatientSex = about.sex
    dataset.PatientBirthDate = ""
    if about.age_years is not None:
        dataset.PatientAge = f"{about.age_years:03d}Y"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def _uid(*seeds: str) -> str:
    return generate_uid(prefix="2.25.", entropy_srcs=["radiolucent", *seeds])


def _describe(dataset: Dataset, about: Radiograph) -> None:
    for keyword in ("StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID", "Laterality"):
        setattr(dataset, keyword, "")
    dataset.Modality = about.modality
    dataset.Manufacturer = about.manufacturer
    dataset.BodyPartExamined = about.body_part
    dataset.ViewPosition = about.view
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    dataset.PatientOrientation = ["L", "F"]
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.BurnedInAnnotation = "NO"
    dataset.ImagerPixelSpacing = [f"{value:.6g}" for value in about.spacing_mm]
    if about.modality == "DX":
        dataset.PresentationIntentType = "FOR PRESENTATION"
        dataset.PixelIntensityRelationship = "LOG"
        dataset.PixelIntensityRelationshipSign = -1 if about.monochrome1 else 1
        dataset.LossyImageCompression = "00"


def _fill(dataset: Dataset, stored: NDArray[Any], about: Radiograph) -> None:
    dataset.Rows, dataset.Columns = stored.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME1" if about.monochrome1 else "MONOCHROME2"
    dataset.PresentationLUTShape = "INVERSE" if about.monochrome1 else "IDENTITY"
    dataset.BitsAllocated = 16
    dataset.BitsStored = about.bits
    dataset.HighBit = about.bits - 1
    dataset.PixelRepresentation = 0
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.PixelData = np.ascontiguousarray(stored.astype("<u2")).tobytes()
    dataset["PixelData"].VR = "OW"


def _save(dataset: Dataset, path: Path) -> Path:
    descriptor, name = tempfile.mkstemp(suffix=path.suffix, dir=path.parent)
    os.close(descriptor)
    try:
        dataset.save_as(name, enforce_file_format=True)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
