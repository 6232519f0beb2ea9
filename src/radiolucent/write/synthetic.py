"""Pictures that were drawn by a model, marked as such wherever they are kept: PNG, DICOM and npz files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from radiolucent.core import InputError
from radiolucent.dicom import read_header

from .uid import uid_of
from .whole import whole_file

MARK = "SYNTHETIC"
SAYS = "SYNTHETIC: drawn by a generative model; it shows no patient and must not be used for diagnosis"
"""What every file says of itself; the same words in every form."""

FORMS = ("png", "dicom", "npz")
SUFFIX = {"png": ".png", "dicom": ".dcm", "npz": ".npz"}


def write_synthetic(
    picture: NDArray[np.uint8], path: str | Path, *, told: Mapping[str, str], overwrite: bool = False
) -> Path:
    """Write one grey picture as PNG or DICOM, by the suffix, with the mark in its metadata.

    `told` says how it was made (model, class, seed ...). PNG: a text chunk `Synthetic` and one for each word of `told`.
    DICOM: secondary capture with Image Type DERIVED\\SECONDARY\\SYNTHETIC (0008,0008), Synthetic Data YES (0008,001C), the
    sentence as Derivation Description (0008,2111), and a patient of that name, so that no list shows it as a person's.
    """
    path = Path(path)
    if picture.ndim != 2 or picture.dtype != np.uint8:
        raise InputError(f"a synthetic picture is kept as grey bytes, this is {picture.dtype} of shape {picture.shape}")
    if path.suffix not in (".png", ".dcm"):
        raise InputError(f"{path.name}: a synthetic picture is written as .png or .dcm, which keep the mark")
    with whole_file(path, overwrite=overwrite) as draft:
        (_write_png if path.suffix == ".png" else _write_dicom)(picture, draft, dict(told))
    return path


def write_synthetic_npz(
    pictures: NDArray[np.uint8],
    labels: NDArray[np.str_],
    path: str | Path,
    *,
    told: Mapping[str, str],
    overwrite: bool = False,
) -> Path:
    """Write all pictures (n, S, S) and their classes as one npz file, with the mark and `told` as the array `synthetic`."""
    with whole_file(path, overwrite=overwrite) as draft, draft.open("wb") as stream:
        mark = json.dumps({"synthetic": True, "says": SAYS, **told})
        np.savez_compressed(stream, images=pictures, labels=labels.astype(str), synthetic=np.array(mark))
    return Path(path)


def is_synthetic(path: str | Path) -> bool:
    """Whether a file of one of these forms bears the mark."""
    path = Path(path)
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as kept:
            return "synthetic" in kept.files
    if path.suffix == ".png":
        with Pillow.open(path) as picture:
            return MARK in str(picture.info.get("Synthetic", ""))
    header = read_header(path)
    return header.get("SyntheticData") == "YES" or MARK in header.get("ImageType", ())


def _write_png(picture: NDArray[np.uint8], path: Path, told: dict[str, str]) -> None:
    info = PngInfo()
    info.add_text("Synthetic", SAYS)
    for word, value in told.items():
        info.add_itxt(word.capitalize(), value)
    Pillow.fromarray(np.ascontiguousarray(picture)).save(path, format="PNG", pnginfo=info)


def _write_dicom(picture: NDArray[np.uint8], path: Path, told: dict[str, str]) -> None:
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.Modality, made.ConversionType = SecondaryCaptureImageStorage, "OT", "SYN"
    made.ImageType, made.SyntheticData = ["DERIVED", "SECONDARY", MARK], "YES"
    made.DerivationDescription = (SAYS + "; " + ", ".join(f"{word} {value}" for word, value in told.items()))[:1024]
    made.PatientName, made.PatientID, made.PatientBirthDate, made.PatientSex = f"{MARK}^NOBODY", MARK, "", ""
    uid = picture.tobytes().hex() + json.dumps(told, sort_keys=True)
    made.SOPInstanceUID, made.SeriesInstanceUID = uid_of(uid, "picture"), uid_of(told.get("model", uid), "series")
    made.StudyInstanceUID = uid_of(told.get("model", uid), "study")
    for keyword in (
        "StudyDate",
        "StudyTime",
        "StudyID",
        "AccessionNumber",
        "ReferringPhysicianName",
        "PatientOrientation",
        "Laterality",
    ):
        setattr(made, keyword, "")
    made.SeriesNumber, made.InstanceNumber, made.SeriesDescription = 1, 1, SAYS[:64]
    made.Manufacturer = "radiolucent"
    made.Rows, made.Columns = picture.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    content = np.ascontiguousarray(picture).tobytes()
    made.PixelData = content + b"\0" * (len(content) % 2)
    made["PixelData"].VR = "OB"
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.save_as(path, enforce_file_format=True)
