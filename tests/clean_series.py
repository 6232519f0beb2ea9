"""Faultless phantom series of five modalities, as datasets; for tests that plant one fault in them."""

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from small_dicom import dataset

MODALITIES = ("CT", "MR", "DX", "US", "PT")
SLICES, SIDE = 9, 64
CLASSES = {
    "CT": "1.2.840.10008.5.1.4.1.1.2",
    "MR": "1.2.840.10008.5.1.4.1.1.4",
    "DX": "1.2.840.10008.5.1.4.1.1.1.1",
    "US": "1.2.840.10008.5.1.4.1.1.6.1",
    "PT": "1.2.840.10008.5.1.4.1.1.128",
}


def body(rng: np.random.Generator, slices: int = SLICES) -> np.ndarray:
    """An ellipsoid of two tissues in air, 0 to 1, with a little noise; edges are blurred as by a real scanner."""
    z, y, x = np.meshgrid(np.linspace(-0.5, 0.5, slices), *[np.linspace(-1, 1, SIDE)] * 2, indexing="ij")
    turn = rng.uniform(-0.2, 0.2)
    u, v = x + turn * y, y - turn * x

    def ball(cx, cy, a, b):
        away = np.sqrt(((u - cx) / a) ** 2 + ((v - cy) / b) ** 2 + (z / 1.2) ** 2)
        return 1 / (1 + np.exp((away - 1) * min(a, b) * SIDE))

    inner = ball(0.2, 0.1, 0.3, 0.25) + ball(-0.25, 0, 0.2, 0.35)
    return np.clip(0.55 * ball(0, 0, 0.75, 0.7) + 0.35 * np.minimum(inner, 1), 0, 1)


def clean(modality: str, rng: np.random.Generator) -> list[Dataset]:
    """One series: nine slices, or one projection or ultrasound picture."""
    single = modality in ("DX", "US")
    volume = body(rng, 1 if single else SLICES)
    stored = _stored(modality, volume, rng)
    start = rng.uniform(-100, 100, 3)
    return [_described(modality, plane, k, start) for k, plane in enumerate(stored)]


def _stored(modality: str, volume: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    noise = rng.normal(0, 1, volume.shape)
    if modality == "CT":
        return np.clip(24 + 1900 * volume + 12 * noise, 0, 4095).astype(np.uint16)
    if modality == "US":
        return np.clip(10 + 200 * volume * np.abs(1 + 0.12 * noise), 0, 250).astype(np.uint8)
    if modality == "MR":
        return np.hypot(40 + 1400 * volume + 12 * noise, 12 * rng.normal(0, 1, volume.shape)).astype(np.uint16)
    return np.clip(200 + 3000 * volume + 25 * noise, 0, 4095).astype(np.uint16)


def _described(modality: str, plane: np.ndarray, k: int, start: np.ndarray) -> Dataset:
    made = dataset(
        plane, Modality=modality, SOPClassUID=CLASSES[modality], SeriesInstanceUID=f"1.2.3.4.{ord(modality[0])}"
    )
    made.InstanceNumber, made.ImageType = k + 1, ["ORIGINAL", "PRIMARY"]
    made.BurnedInAnnotation, made.LossyImageCompression = "NO", "00"
    made.StudyDate = made.SeriesDate = made.AcquisitionDate = made.ContentDate = "20240312"
    made.PatientBirthDate, made.PatientAge, made.PatientSex = "19700101", "054Y", "F"
    made.SpecificCharacterSet = "ISO_IR 100"
    made.WindowCenter, made.WindowWidth = (
        (40, 400) if modality == "CT" else (128, 256) if modality == "US" else (1000, 2000)
    )
    if plane.dtype == np.uint16:
        made.BitsStored, made.HighBit = 12, 11
    if modality in ("CT", "MR", "PT"):
        _place(made, k, start)
    OWN[modality](made)
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    return made


def _place(made: Dataset, k: int, start: np.ndarray) -> None:
    made.ImagePositionPatient = [round(float(v), 3) for v in start + np.array([0, 0, 2.5 * k])]
    made.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    made.PixelSpacing, made.SliceThickness, made.SpacingBetweenSlices = [0.8, 0.8], 2.5, 2.5
    made.FrameOfReferenceUID, made.PatientPosition = "1.2.9", "HFS"
    made.PatientOrientation = ["L", "P"]


def _ct(made: Dataset) -> None:
    made.RescaleSlope, made.RescaleIntercept, made.RescaleType = 1, -1024, "HU"
    made.KVP, made.ConvolutionKernel, made.ContrastBolusAgent = 120, "B30f", "none"


def _mr(made: Dataset) -> None:
    made.EchoTime, made.RepetitionTime = 20, 500


def _dx(made: Dataset) -> None:
    made.ImagerPixelSpacing, made.PixelSpacing = [0.2, 0.2], [0.19, 0.19]
    made.ImageLaterality, made.BodyPartExamined = "L", "KNEE"


def _us(made: Dataset) -> None:
    region = Dataset()
    region.PhysicalDeltaX = region.PhysicalDeltaY = 0.02
    made.SequenceOfUltrasoundRegions = [region]


def _pt(made: Dataset) -> None:
    made.RescaleSlope, made.RescaleIntercept = 1.5, 0
    made.Units, made.DecayCorrection = "BQML", "START"


OWN = {"CT": _ct, "MR": _mr, "DX": _dx, "US": _us, "PT": _pt}


def another_uid(made: Dataset) -> None:
    """Give a dataset an identifier of its own."""
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
