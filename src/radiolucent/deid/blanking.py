"""Boxes of a file's pixels made black, whatever the encoding; every sample outside them keeps its bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEG2000TransferSyntaxes,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSTransferSyntaxes,
)

from radiolucent.dicom.pixels import KEYWORDS
from radiolucent.kernels.lettering import Box

Array = NDArray[Any]

_METHODS = {
    JPEGBaseline8Bit: "ISO_10918_1",
    JPEGExtended12Bit: "ISO_10918_1",
    JPEGLSTransferSyntaxes[1]: "ISO_14495_1",
    JPEG2000TransferSyntaxes[1]: "ISO_15444_1",
    UID("1.2.840.10008.1.2.4.203"): "ISO_15444_15",
}
"""Transfer syntaxes that may lose something, and the standard that each follows."""


_WORDS = {"OW": 2, "OL": 4, "OF": 4, "OD": 8, "OV": 8}
"""Bytes of a word in values that are kept as bytes."""


def blank(dataset: Dataset, boxes: Sequence[Box], stored: Array) -> None:
    """Make `boxes` black in all frames of `dataset`, in place; `stored` is what `stored_values` decoded from it.

    Little-endian uncompressed samples are changed where they lie. Everything else is left uncompressed (explicit, little
    endian; colour as RGB), and says so where the original was lossy.
    """
    if boxes:
        places = [(slice(None), slice(box.top, box.bottom), slice(box.left, box.right)) for box in boxes]
        fill(dataset, places, black(dataset, stored), stored)


def fill(dataset: Dataset, places: Sequence[Any], value: Any, stored: Array) -> None:
    """As `blank`, with any value at any places (indices, or masks, of frames, rows and columns)."""
    if _is_plain(dataset):
        _patch(dataset, places, value, stored)
    else:
        _replace(dataset, places, value, stored)


def black(dataset: Dataset, stored: Array) -> Any:
    """The sample that shows black: the least value there is (the greatest of MONOCHROME1), the darkest of a palette."""
    photometric = str(dataset.get("PhotometricInterpretation") or "")
    if photometric == "PALETTE COLOR":
        return _darkest(dataset)
    if stored.ndim == 4:
        return np.zeros(stored.shape[-1], stored.dtype)
    least, most = np.fmin.reduce(stored, axis=None), np.fmax.reduce(stored, axis=None)  # samples may be no number
    return most if photometric == "MONOCHROME1" else least


def _darkest(dataset: Dataset) -> int:
    """The first value that the palette maps to its darkest colour."""
    sums: Any = 0
    for colour in ("Red", "Green", "Blue"):
        entries, _, bits = (int(n) for n in dataset[f"{colour}PaletteColorLookupTableDescriptor"].value)
        data = dataset.get(f"{colour}PaletteColorLookupTableData")
        if not data:  # segmented tables: the first entry is as good a guess as another, and stays within the table
            return int(dataset[f"{colour}PaletteColorLookupTableDescriptor"].value[1])
        wide = np.frombuffer(data, "<u2" if len(data) >= 2 * (entries or 65536) or bits == 16 else "u1")
        sums = sums + wide[: entries or 65536].astype(np.int64)
    return int(dataset.RedPaletteColorLookupTableDescriptor[1]) + int(np.argmin(sums))


def _is_plain(dataset: Dataset) -> bool:
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    if syntax.is_encapsulated or not syntax.is_little_endian or syntax.is_deflated:
        return False
    return int(dataset.get("BitsAllocated") or 8) >= 8 and dataset.get("PhotometricInterpretation") != "YBR_FULL_422"


def _word(dataset: Dataset) -> str:
    return next(word for word in KEYWORDS if word in dataset)


def _patch(dataset: Dataset, places: Sequence[Any], value: Any, stored: Array) -> None:
    word = _word(dataset)
    content = bytearray(dataset[word].value)
    colours = stored.shape[3] if stored.ndim == 4 else 1
    separate = colours > 1 and int(dataset.get("PlanarConfiguration") or 0) == 1
    kind = f"<{stored.dtype.kind}{stored.dtype.itemsize}"
    samples = np.frombuffer(content, kind, count=stored.size)
    shape = (len(stored), colours, *stored.shape[1:3]) if separate else (*stored.shape[:3], colours)
    frames = samples.reshape(shape)
    frames = np.moveaxis(frames, 1, -1) if separate else frames
    written = np.asarray(_as_written(dataset, value))
    for place in places:
        frames[place] = written
    dataset[word].value = bytes(content)


def _as_written(dataset: Dataset, value: Any) -> Any:
    """The sample as it stands in the file: YBR instead of RGB, and shifted where High Bit is above Bits Stored - 1."""
    if str(dataset.get("PhotometricInterpretation") or "").startswith("YBR"):
        return [0, *[2 ** (int(dataset.BitsStored) - 1)] * 2]
    high, kept = dataset.get("HighBit"), int(dataset.get("BitsStored") or 0)
    lifted = int(high) + 1 - kept if high is not None and kept else 0
    return value << lifted if lifted > 0 and np.ndim(value) == 0 and "PixelData" in dataset else value


def _replace(dataset: Dataset, places: Sequence[Any], value: Any, stored: Array) -> None:
    values, word = np.array(stored), _word(dataset)
    for place in places:
        values[place] = value
    _mark_loss(dataset)
    single = int(dataset.get("BitsAllocated") or 8) == 1
    content = np.packbits(values.ravel(), bitorder="little").tobytes() if single else _little(values)
    dataset[word].value = content + b"\0" * (len(content) % 2)
    dataset[word].is_undefined_length = False
    if word == "PixelData":
        dataset[word].VR = "OB" if values.dtype.itemsize == 1 else "OW"
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in dataset:
            delattr(dataset, keyword)
    if not single and word == "PixelData":
        dataset.BitsAllocated = 8 * values.dtype.itemsize
        dataset.HighBit = int(dataset.BitsStored) - 1
    if values.ndim == 4:
        dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    if not UID(dataset.file_meta.TransferSyntaxUID).is_little_endian:
        _turn(dataset, {word})
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian


def _turn(dataset: Dataset, done: frozenset[str] | set[str] = frozenset()) -> None:
    """A big-endian data set as a little-endian one: whatever was read as bytes is turned; `done` was before."""
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                _turn(item)
        elif element.VR in _WORDS and element.keyword not in done and element.value:
            size = _WORDS[element.VR]
            element.value = np.frombuffer(element.value, f">u{size}").astype(f"<u{size}").tobytes()
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)


def _little(values: Array) -> bytes:
    return np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))).tobytes()


def _mark_loss(dataset: Dataset) -> None:
    """Pixels that were compressed with loss stay so, though they are stored without."""
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    if syntax not in _METHODS or str(dataset.get("LossyImageCompression") or "") == "00":
        return
    dataset.LossyImageCompression = "01"
    if not dataset.get("LossyImageCompressionMethod"):
        dataset.LossyImageCompressionMethod = _METHODS[syntax]
