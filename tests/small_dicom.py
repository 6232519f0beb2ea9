"""Small DICOM files, element by element, for tests of what reads them."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid


def dataset(stored: np.ndarray, **elements) -> Dataset:
    """A CT slice (or, with three axes, frames) of `stored` values; `elements` are set last, `None` removes one."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = CTImageStorage, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    made.PatientID, made.PatientName, made.Modality = "P1", "Doe^Jane", "CT"
    made.Rows, made.Columns = stored.shape[-2:]
    made.NumberOfFrames = stored.shape[0] if stored.ndim == 3 else None
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = stored.dtype.itemsize * 8
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(stored.dtype.kind == "i")
    made.PixelData = np.ascontiguousarray(stored).tobytes()
    made["PixelData"].VR = "OW"
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    for keyword in [element.keyword for element in made if element.value is None]:
        delattr(made, keyword)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return made


def write_dicom(path: Path, stored: np.ndarray, **elements) -> Path:
    """`dataset`, written to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset(stored, **elements).save_as(path, enforce_file_format=True)
    return path


def write_series(folder: Path, volume: np.ndarray, *, places, order=None, **elements) -> Path:
    """One file a slice; `places` holds the position of each, `order` the order in which files are named."""
    for name, k in enumerate(order if order is not None else range(len(volume))):
        own = {"ImagePositionPatient": [float(v) for v in places[k]], "InstanceNumber": name + 1}
        own = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "PixelSpacing": [2.0, 3.0], **own, **elements}
        write_dicom(folder / f"{name:03d}.dcm", volume[k], **own)
    return folder
