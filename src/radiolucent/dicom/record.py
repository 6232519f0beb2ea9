"""What one file's header says about its picture, as a plain frozen record that checks can be written against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.charset import python_encoding
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import UID, JPEGTransferSyntaxes

from radiolucent.core.frozen import FrozenMap

from .header import damage_named, read_dataset

KEYWORDS = (
    "Modality", "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID",
    "SeriesNumber", "InstanceNumber", "AcquisitionNumber", "EchoNumbers", "TemporalPositionIdentifier", "ImageType",
    "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated",
    "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue", "PixelPaddingRangeLimit",
    "SmallestImagePixelValue", "LargestImagePixelValue", "PixelSpacing", "ImagerPixelSpacing",
    "EstimatedRadiographicMagnificationFactor", "ImagePositionPatient", "ImageOrientationPatient",
    "PatientOrientation", "PatientPosition", "SliceThickness", "SpacingBetweenSlices", "GantryDetectorTilt",
    "ImageLaterality", "Laterality", "BodyPartExamined", "ViewPosition", "ConvolutionKernel", "KVP",
    "ContrastBolusAgent", "EchoTime", "RepetitionTime", "RescaleSlope", "RescaleIntercept", "RescaleType",
    "WindowCenter", "WindowWidth", "LossyImageCompression", "LossyImageCompressionRatio", "BurnedInAnnotation",
    "ConversionType", "PatientAge", "PatientSex", "PatientBirthDate", "StudyDate", "SeriesDate", "AcquisitionDate",
    "ContentDate", "Units", "DecayCorrection", "ModalityLUTSequence", "SequenceOfUltrasoundRegions",
    "PerFrameFunctionalGroupsSequence",
)  # fmt: skip
"""What a record keeps, by the standard's own words; names, identifiers of people and free text are not among it."""

SIDES = {"LEFT": "L", "RIGHT": "R", "LT": "L", "RT": "R"}
"""Words of a description that name a side."""

TEXT_VRS = ("SH", "LO", "ST", "LT", "PN", "UC", "UT")
_LOSSY = {*JPEGTransferSyntaxes[:2], UID("1.2.840.10008.1.2.4.81"), UID("1.2.840.10008.1.2.4.91")}
_LOSSY |= {UID("1.2.840.10008.1.2.4.203")}


@dataclass(frozen=True)
class Header:
    """One file: `values` by keyword (numbers, words, tuples of them), and what can be seen of the file itself.

    `patient` and `pixels` are hashes, `sides` the sides that its descriptions name, `charset` what is wrong with its
    text, `bytes_there` and `bytes_promised` the length of uncompressed pixels (`None` where compressed or absent).
    """

    file: str
    values: Mapping[str, Any] = field(default_factory=dict)
    syntax: str = ""
    patient: str = ""
    pixels: str = ""
    sides: tuple[str, ...] = ()
    charset: str = ""
    has_executable: bool = False
    bytes_there: int | None = None
    bytes_promised: int | None = None

    def word(self, keyword: str) -> str:
        """The value as one word in capitals; empty where it is absent."""
        value = self.values.get(keyword)
        value = value[0] if isinstance(value, tuple) and value else value
        return "" if value is None or isinstance(value, tuple) else str(value).strip().upper()

    def words(self, keyword: str) -> tuple[str, ...]:
        """All values as words in capitals."""
        value = self.values.get(keyword)
        many = value if isinstance(value, tuple) else () if value is None else (value,)
        return tuple(str(item).strip().upper() for item in many)

    def number(self, keyword: str) -> float | None:
        """The (first) value as a finite number, or `None`."""
        found = self.numbers(keyword)
        return found[0] if found else None

    def numbers(self, keyword: str, count: int | None = None) -> tuple[float, ...]:
        """All values as finite numbers; none where one is not, or where there are not `count` of them."""
        value = self.values.get(keyword)
        many = value if isinstance(value, tuple) else () if value is None else (value,)
        try:
            numbers = tuple(float(item) for item in many)
        except (TypeError, ValueError):
            return ()
        return numbers if all(map(isfinite, numbers)) and count in (None, len(numbers)) else ()

    @cached_property
    def position_mm(self) -> NDArray[np.float64] | None:
        """Centre of the first pixel (LPS), where it is stated."""
        found = self.numbers("ImagePositionPatient", 3)
        return np.array(found) if found else None

    @cached_property
    def axes(self) -> NDArray[np.float64] | None:
        """The unit vectors along which column and row numbers grow, (2, 3), where they are stated and sound."""
        found = np.array(self.numbers("ImageOrientationPatient", 6)).reshape(-1, 3)
        lengths = np.linalg.norm(found, axis=1)
        return found / lengths[:, None] if len(found) == 2 and np.all(abs(lengths - 1) < 0.01) else None

    @cached_property
    def normal(self) -> NDArray[np.float64] | None:
        """The vector along which `axes` says that slices lie above each other."""
        return None if self.axes is None else np.cross(*self.axes)

    @property
    def is_mosaic(self) -> bool:
        """Whether many slices lie side by side in one picture (Siemens)."""
        return "MOSAIC" in self.words("ImageType")

    @property
    def is_lossy_syntax(self) -> bool:
        """Whether the transfer syntax can only be lossy."""
        return self.syntax in _LOSSY


def header_record(path: str | Path, dataset: Dataset | None = None, *, name: str | None = None) -> Header:
    """The record of one file, called `name` (default: its file name); raises `UnreadableError` where there is none."""
    given = read_dataset(path) if dataset is None else dataset
    with damage_named(path, "understood"):
        charset, sides = _charset(given), _sides(given)
        meta = getattr(given, "file_meta", None)
        syntax = str(meta.get("TransferSyntaxUID") or "") if meta is not None else ""
        there, promised = _lengths(given, syntax)
        return Header(
            file=Path(path).name if name is None else name,
            values=FrozenMap({word: value for word in KEYWORDS if (value := plain(given, word)) not in (None, "", ())}),
            syntax=syntax,
            patient=_hash(str(given.get("PatientID") or "").encode()),
            pixels=_hash(given.get("PixelData") or b""),
            sides=sides,
            charset=charset,
            has_executable=bytes(getattr(given, "preamble", None) or b"")[:4].startswith((b"MZ", b"\x7fELF", b"#!")),
            bytes_there=there,
            bytes_promised=promised,
        )


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()[:16] if content else ""


def plain(dataset: Dataset, keyword: str) -> Any:
    """A value as numbers, words or tuples of them; of a sequence the number of its items."""
    try:
        value = dataset.get(keyword)
    except Exception:  # one element that cannot be parsed is as if it were absent; others are still looked at
        return None
    if isinstance(value, Sequence):
        return len(value)
    if isinstance(value, MultiValue | list | tuple):
        return tuple(_one(item) for item in value)
    return _one(value)


def _one(value: Any) -> Any:
    if isinstance(value, bool | int) or value is None:
        return value if value is None else int(value)
    return float(value) if isinstance(value, float) else str(value).strip()


def _lengths(dataset: Dataset, syntax: str) -> tuple[int | None, int | None]:
    """Bytes of pixels that are there and that the header promises."""
    compressed = bool(syntax) and UID(syntax).is_transfer_syntax and UID(syntax).is_compressed
    if "Rows" not in dataset or compressed:
        return None, None
    sizes = [int(dataset.get(word) or 1) for word in ("Rows", "Columns", "NumberOfFrames", "SamplesPerPixel")]
    bits = int(dataset.get("BitsAllocated") or 8)
    promised = (int(np.prod(sizes, dtype=np.int64)) * bits + 7) // 8
    if dataset.get("PhotometricInterpretation") == "YBR_FULL_422":
        promised = promised * 2 // 3
    present = next((word for word in ("PixelData", "FloatPixelData", "DoubleFloatPixelData") if word in dataset), None)
    if present is None:
        return 0, promised
    wide = {"PixelData": bits, "FloatPixelData": 32, "DoubleFloatPixelData": 64}[present]
    return len(dataset[present].value or b""), promised * wide // bits


def _charset(dataset: Dataset) -> str:
    """What is wrong with the text of a file: an unknown character set, or bytes that the stated one does not have."""
    stated = dataset.get("SpecificCharacterSet") or ""
    names = [stated] if isinstance(stated, str) else [str(item) for item in stated]
    unknown = [name for name in names if name.strip() and name.strip() not in python_encoding]
    if unknown:
        return f"the character set {unknown[0][:20]!r} is unknown"
    plain, utf8 = not any(name.strip() for name in names), names[0].strip() == "ISO_IR 192"
    for tag in dataset.keys():  # noqa: SIM118  looking elements up would decode them
        raw = dataset.get_item(tag)
        if not isinstance(raw, RawDataElement) or raw.VR not in TEXT_VRS or not isinstance(raw.value, bytes):
            continue
        if (plain and not raw.value.isascii()) or (utf8 and not _is_utf8(raw.value)):
            return (
                "text has bytes that its character set does not know"
                if utf8
                else "text beyond ASCII, but no character set"
            )
    return ""


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _sides(dataset: Dataset) -> tuple[str, ...]:
    """L, R or both, as far as descriptions name a side; the descriptions themselves are not kept."""
    found: set[str] = set()
    for keyword in ("SeriesDescription", "ProtocolName", "StudyDescription"):
        try:
            words = str(dataset.get(keyword) or "").upper().replace("_", " ").replace("-", " ").split()
        except (UnicodeError, LookupError):
            continue
        found |= {SIDES[word.strip(".,;()")] for word in words if word.strip(".,;()") in SIDES}
    return tuple(sorted(found))
