"""Images as DICOM: a derived series that keeps patient, study and frame of reference, with identifiers of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGExtended12Bit, MRImageStorage
from pydicom.valuerep import format_number_as_ds

from radiolucent.core import Grid, Image, InputError, fingerprint
from radiolucent.dicom import read_dataset, stored_values
from radiolucent.dicom.encapsulate import SYNTAXES, check_codec, encapsulate

from .derived import about, nearest, reference, rescale, sources_of
from .uid import uid_of

_LOSSY = {JPEGExtended12Bit, *(syntax.lossy for syntax in SYNTAXES.values() if syntax.lossy)}


def write_series(
    image: Image,
    folder: str | Path,
    *,
    like: str | Path | None = None,
    description: str = "radiolucent",
    codec: str | None = None,
    ratio: float | None = None,
) -> tuple[Path, ...]:
    """Write one file a slice into `folder`, which exists, and give their paths.

    `like` is a DICOM file of the examination that the image was made from, or a folder: then the series of its first file
    is named as the source, instance by instance. Whole numbers of 16 bits are kept as they are, others as 16 bits with
    slope and intercept. Raises `InputError` for what a series cannot hold: a film or volume without a place, sheared
    planes, values that are not finite. Moments in time follow each other as temporal positions, with their times.

    `codec` compresses each slice (see `radiolucent.dicom.encapsulate`), without loss or, with `ratio`, to at least that
    ratio of stored to coded size; loss is marked, and what lost nothing is read back and compared.
    """
    if codec is not None:
        check_codec(codec, ratio)
    sources = sources_of(like)
    source = sources[0] if sources else Dataset()
    flat, grid = _checked(image)
    stored, slope, intercept = _stored(flat) if ratio is None else _unsigned(flat, 12 if codec == "jpeg" else 16)
    common = about(image, source, description)
    named = [reference(one) for one in sources if one.get("SOPInstanceUID") and one.get("SOPClassUID")]
    uid = f"{source.get('SeriesInstanceUID', '')} {fingerprint([image])}"
    if codec is not None:
        uid += f" {codec} {ratio}"
    common.SeriesInstanceUID = uid_of(uid, "series")
    if not common.get("StudyInstanceUID"):
        common.StudyInstanceUID = uid_of(uid, "study")
    if grid.affine is not None and not common.get("FrameOfReferenceUID"):
        common.FrameOfReferenceUID = uid_of(uid, "frame")
    rescale(common, image, slope, intercept)
    paths = []
    for k, values in enumerate(stored):
        dataset = Dataset()
        dataset.update(common)
        dataset.SOPInstanceUID, dataset.InstanceNumber = uid_of(uid, str(k)), k + 1
        moment, slice_ = divmod(k, grid.shape[grid.axes.index("z")] if "z" in grid.axes else 1)
        _place(dataset, grid, slice_)
        _in_time(dataset, grid, moment)
        if near := nearest(named, k / len(stored)):
            dataset.SourceImageSequence = near
        _fill(dataset, values)
        path = Path(folder) / f"{k + 1:05d}.dcm"
        paths.append(_saved(dataset, path) if codec is None else _coded(dataset, values, path, codec, ratio))
    return tuple(paths)


def _checked(image: Image) -> tuple[NDArray[Any], Grid]:
    """(slices, rows, columns[, colour]) and the grid, if a series can hold them."""
    grid, array = image.grid, image.array
    if np.iscomplexobj(array) or ("t" in grid.axes and grid.affine is None):
        raise InputError(
            "a DICOM series is written of real values, and of moments in time only if they have a place; take them apart"
        )
    if image.is_colour and (array.dtype != np.uint8 or array.shape[-1] != 3):
        raise InputError(f"DICOM keeps colour as three bytes, this picture has {array.dtype} x {array.shape[-1]}")
    if "z" in grid.axes and grid.affine is None:
        raise InputError("a volume without a place cannot be written as DICOM, for its slices would lie nowhere")
    if grid.direction is not None and abs(np.dot(grid.direction[-2], grid.direction[-1])) > 1e-3:
        raise InputError("rows and columns of this image are not perpendicular; resample it first")
    if not np.all(np.isfinite(array)):
        raise InputError("the image holds values that are not finite, which DICOM cannot keep; fill them first")
    flat = 2 + image.is_colour
    return array.reshape(-1, *array.shape[-flat:]), grid


def _stored(array: NDArray[Any]) -> tuple[NDArray[Any], float, float]:
    if array.dtype.kind == "b" or array.dtype == np.uint8:
        return array.astype(np.uint8), 1.0, 0.0
    low, high = float(array.min()), float(array.max())
    if array.dtype.kind in "iu":
        for kind in (np.int16, np.uint16):
            if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
                return array.astype(kind), 1.0, 0.0
    slope = float(format_number_as_ds((high - low) / 65535)) if high > low else 1.0
    intercept = float(format_number_as_ds(low))
    return np.clip(np.rint((array - intercept) / slope), 0, 65535).astype(np.uint16), slope, intercept


def _unsigned(array: NDArray[Any], bits: int) -> tuple[NDArray[Any], float, float]:
    """As stored, from 0 on: what is lost shall not turn the sign, and JPEG knows none."""
    low, high = float(array.min()), float(array.max())
    if array.dtype == np.uint8:
        return array, 1.0, 0.0
    if array.dtype.kind in "biu" and high - min(low, 0) < 2**16:
        low = min(low, 0)
        return (array.astype(np.int64) - int(low)).astype(np.uint16), 1.0, low
    slope = float(format_number_as_ds((high - low) / (2**bits - 1))) if high > low else 1.0
    intercept = float(format_number_as_ds(low))
    return np.clip(np.rint((array - intercept) / slope), 0, 2**bits - 1).astype(np.uint16), slope, intercept


def _place(dataset: Dataset, grid: Grid, k: int) -> None:
    if grid.spacing_mm is not None:
        dataset.PixelSpacing = [format_number_as_ds(value) for value in grid.spacing_mm[-2:]]
    if grid.affine is None or grid.direction is None or grid.spacing_mm is None:
        return
    volume = "z" in grid.axes
    position = (grid.affine @ ([k, 0, 0, 1] if volume else [0, 0, 1]))[:3]
    down, right = grid.direction[-2:]
    dataset.ImagePositionPatient = [format_number_as_ds(float(value)) for value in position]
    dataset.ImageOrientationPatient = [format_number_as_ds(float(value)) for value in (*right, *down)]
    if volume:
        gap = abs(float(np.dot(grid.affine[:3, 0], np.cross(right, down))))
        dataset.SliceThickness = format_number_as_ds(gap)
        if dataset.SOPClassUID == MRImageStorage:
            dataset.SpacingBetweenSlices = format_number_as_ds(gap)
    else:
        dataset.SliceThickness = None


def _in_time(dataset: Dataset, grid: Grid, moment: int) -> None:
    """Which of how many moments, and when [ms from the first]."""
    if "t" not in grid.axes:
        return
    dataset.TemporalPositionIdentifier, dataset.NumberOfTemporalPositions = moment + 1, grid.shape[0]
    if grid.times_s is not None:
        dataset.FrameReferenceTime = format_number_as_ds(1000 * (grid.times_s[moment] - grid.times_s[0]))


def _fill(dataset: Dataset, values: NDArray[Any]) -> None:
    dataset.Rows, dataset.Columns = values.shape[:2]
    bits = values.dtype.itemsize * 8
    dataset.SamplesPerPixel = 3 if values.ndim == 3 else 1
    dataset.PhotometricInterpretation = "RGB" if values.ndim == 3 else "MONOCHROME2"
    if values.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits, bits - 1
    dataset.PixelRepresentation = int(values.dtype.kind == "i")
    content = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))).tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    dataset["PixelData"].VR = "OB" if bits == 8 else "OW"


def _coded(dataset: Dataset, values: NDArray[Any], path: Path, codec: str, ratio: float | None) -> Path:
    """Compressed, written, read back: what is not marked as lossy must be bit for bit what it was."""
    dataset.file_meta = FileMetaDataset()
    encapsulate(dataset, values, codec=codec, ratio=ratio)
    _saved(dataset, path)
    written = read_dataset(path)
    back = stored_values(path, written)[0]
    lossy = written.file_meta.TransferSyntaxUID in _LOSSY
    if back.shape != values.shape or not (lossy or np.array_equal(back, values)):
        raise InputError(f"{path.name}: what {codec} wrote does not read back as it was; write with another codec")
    return path


def _saved(dataset: Dataset, path: Path) -> Path:
    if "file_meta" not in dataset.__dict__:
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(path, enforce_file_format=True)
    return path
