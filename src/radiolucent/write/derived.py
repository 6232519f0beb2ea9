"""What the header of a derived series says: who and what it was made from, and what its kind must hold."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.uid import (
    CTImageStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    SecondaryCaptureImageStorage,
)
from pydicom.valuerep import format_number_as_ds

from radiolucent.core import Image, InputError
from radiolucent.dicom import is_dicom, read_header

_CLASSES = {"CT": CTImageStorage, "MR": MRImageStorage, "PT": PositronEmissionTomographyImageStorage}
_KEPT = (
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex", "PatientAge", "PatientWeight",
    "PatientSize", "PatientIdentityRemoved", "DeidentificationMethod", "StudyInstanceUID", "StudyDate", "StudyTime",
    "StudyID", "AccessionNumber", "ReferringPhysicianName", "StudyDescription", "FrameOfReferenceUID",
    "PositionReferenceIndicator", "PatientPosition", "BodyPartExamined", "Laterality",
    "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
)  # fmt: skip
_EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID", "AccessionNumber",
    "ReferringPhysicianName", "PatientPosition", "PositionReferenceIndicator", "Laterality",
)  # fmt: skip
"""What must be there, if only empty."""

_KEPT_OF_SAME = {
    "CT": ("KVP", "ConvolutionKernel", "ContrastBolusAgent", "GantryDetectorTilt"),
    "MR": (
        "ScanningSequence", "SequenceVariant", "ScanOptions", "MRAcquisitionType", "RepetitionTime", "EchoTime",
        "EchoTrainLength", "MagneticFieldStrength", "FlipAngle",
    ),
    "PT": (
        "SeriesDate", "SeriesTime", "AcquisitionDate", "AcquisitionTime", "CountsSource", "SeriesType", "CorrectedImage",
        "DecayCorrection", "CollimatorType", "FrameReferenceTime", "ActualFrameDuration",
        "RadiopharmaceuticalInformationSequence",
    ),
}  # fmt: skip
_REQUIRED: dict[str, dict[str, str | None]] = {
    "CT": {"KVP": None, "AcquisitionNumber": None},
    "MR": {
        "ScanningSequence": "RM", "SequenceVariant": "NONE", "ScanOptions": "", "MRAcquisitionType": "",
        "RepetitionTime": None, "EchoTime": None, "EchoTrainLength": None,
    },
}  # fmt: skip
_UNITS = {"SUV": "GML", "Bq/ml": "BQML", "counts": "CNTS"}

MOST_NAMED = 200
"""So many instances of the source are named in each derived slice."""


def sources_of(like: str | Path | None) -> list[Dataset]:
    """The header of the file, or those of the series of a folder's first file, in their order."""
    if like is None:
        return []
    path = Path(like)
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    headers = [read_header(file) for file in files if file.is_file() and is_dicom(file)]
    if not headers:
        raise InputError(f"{like} is no DICOM file, and holds none; patient and study cannot be taken from it")
    series = headers[0].get("SeriesInstanceUID")
    same = [one for one in headers if one.get("SeriesInstanceUID") == series]
    return sorted(same, key=lambda one: int(one.get("InstanceNumber") or 0)) if len(same) > 1 else headers[:1]


def about(image: Image, source: Dataset, description: str) -> Dataset:
    """All that the slices share: what is kept of the source, and what says that they were derived from it."""
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    same = image.modality == source.get("Modality")
    fits = image.modality in _CLASSES and not image.is_colour and image.grid.affine is not None
    fits = fits and (image.modality != "PT" or same)
    made.SOPClassUID = _CLASSES[image.modality] if fits else SecondaryCaptureImageStorage
    made.Modality = image.modality
    if not fits:
        made.ConversionType, made.PatientOrientation = "WSD", ""
    for keyword in _EMPTY:
        setattr(made, keyword, "")
    for keyword, value in _REQUIRED.get(image.modality, {}).items() if fits else ():
        setattr(made, keyword, value)
    for keyword in (*_KEPT, *(_KEPT_OF_SAME.get(image.modality, ()) if same else ())):
        if keyword in source:
            made[keyword] = source[keyword]
    if "BodyPartExamined" in source and "Laterality" not in source:
        del made.Laterality  # an empty one says that the part is one of a pair
    made.ImageType = ["DERIVED", "SECONDARY", "OTHER"] if image.modality == "MR" else ["DERIVED", "SECONDARY", "AXIAL"]
    made.SeriesNumber = 1000 + int(source.get("SeriesNumber") or 0)
    made.SeriesDescription, made.Manufacturer = description[:64], "radiolucent"
    made.DerivationDescription = "Derived by radiolucent, research software; not for diagnosis"
    return made


def nearest(named: list[Dataset], share: float) -> list[Dataset]:
    """All sources; of a long series those around the same part of it, or the references would outweigh the pixels."""
    first = min(max(0, round(share * len(named)) - MOST_NAMED // 2), max(0, len(named) - MOST_NAMED))
    return named[first : first + MOST_NAMED]


def reference(source: Dataset) -> Dataset:
    """A picture that it was derived from."""
    named = Dataset()
    named.ReferencedSOPClassUID, named.ReferencedSOPInstanceUID = source.SOPClassUID, source.SOPInstanceUID
    return named


def rescale(made: Dataset, image: Image, slope: float, intercept: float) -> None:
    """How stored values become values, and in what unit."""
    if image.is_colour:
        return
    made.RescaleSlope, made.RescaleIntercept = format_number_as_ds(slope), format_number_as_ds(intercept)
    if image.modality == "PT":
        made.Units = _UNITS.get(image.unit, "NONE")
    else:
        made.RescaleType = "HU" if image.unit == "HU" else "US"
