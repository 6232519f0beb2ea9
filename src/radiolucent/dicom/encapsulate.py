"""Compress the pixels of one DICOM picture: the transfer syntaxes, what each can hold, and how loss is marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate as fragments
from pydicom.sequence import Sequence
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from radiolucent.core import InputError, unknown
from radiolucent.kernels.codec import CODECS, finest, run_lengths


@dataclass(frozen=True)
class Syntax:
    """The transfer syntaxes of a codec, without and with loss, and the defined term for its loss (PS3.3, C.7.6.1.1.5)."""

    lossless: UID | None
    lossy: UID | None = None
    method: str = ""
    holds_signs: bool = True


SYNTAXES = {
    "j2k": Syntax(JPEG2000Lossless, JPEG2000, "ISO_15444_1"),
    "htj2k": Syntax(HTJ2KLossless, HTJ2K, "ISO_15444_15"),
    "jpegls": Syntax(JPEGLSLossless, JPEGLSNearLossless, "ISO_14495_1"),
    "jpeg": Syntax(None, JPEGBaseline8Bit, "ISO_10918_1", holds_signs=False),
    "rle": Syntax(RLELossless),
    "deflate": Syntax(DeflatedExplicitVRLittleEndian),
}
"""Codecs by our names; wavelet and png have no transfer syntax."""


def check_codec(codec: str, ratio: float | None) -> None:
    """Refuse a codec that DICOM does not know, and a loss that it has or has not."""
    if codec not in SYNTAXES:
        raise unknown("transfer syntax for codec", codec, SYNTAXES)
    syntax = SYNTAXES[codec]
    if ratio is None and syntax.lossless is None:
        raise InputError(f"{codec} always loses; give --ratio, or use j2k, htj2k, jpegls, rle or deflate")
    if ratio is not None and syntax.lossy is None:
        raise InputError(f"{codec} never loses, so it cannot be asked for a ratio; use j2k, htj2k, jpegls or jpeg")


def encapsulate(dataset: Dataset, values: NDArray[np.generic], *, codec: str, ratio: float | None = None) -> float:
    """Put `values` (rows, columns), coded, into `dataset`, whose pixel description is theirs; gives the ratio reached.

    Lossy where `ratio` needs it; then bits, transfer syntax and the elements (0028,2110), (0028,2112) and (0028,2114)
    say so, after what an earlier loss said. Raises `InputError` for what the codec cannot hold.
    """
    check_codec(codec, ratio)
    if values.ndim != 2 and codec != "deflate":
        raise InputError(f"{codec} is offered for grey pictures; write colour with deflate, or without --codec")
    if codec == "deflate":
        dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
        return float("nan")  # the whole data set is deflated on writing
    bits = _checked_bits(codec, values, ratio)
    stream, lost = _coded(codec, values, bits, ratio)
    reached = values.nbytes / len(stream)
    if ratio is not None and reached < ratio:
        raise InputError(f"{codec} reaches a ratio of {reached:.3g} on this picture at most, not {ratio:g}")
    syntax = SYNTAXES[codec]
    chosen = syntax.lossy if lost else syntax.lossless
    dataset.file_meta.TransferSyntaxUID = JPEGExtended12Bit if chosen == JPEGBaseline8Bit and bits > 8 else chosen
    dataset.BitsStored, dataset.HighBit = bits, bits - 1
    dataset.PixelData = fragments([stream])
    dataset["PixelData"].is_undefined_length = True
    dataset["PixelData"].VR = "OB"
    if lost:
        mark_loss(dataset, syntax.method, reached)
    return reached


def mark_loss(dataset: Dataset, method: str, ratio: float) -> None:
    """Say for good that something was lost, how, and how much: a loss once marked is never unmarked."""
    dataset.LossyImageCompression = "01"
    for keyword, value in (("LossyImageCompressionRatio", f"{ratio:.6g}"), ("LossyImageCompressionMethod", method)):
        before = dataset.get(keyword)
        several = isinstance(before, list | tuple) or hasattr(before, "append")
        setattr(dataset, keyword, [*(before if several else [before] if before else []), value])
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "113040", "DCM", "Lossy Compression"
    dataset.DerivationCodeSequence = Sequence([code])
    dataset.DerivationDescription = f"Lossy compression ({method}, {ratio:.3g}:1) by radiolucent; not for diagnosis"


def _checked_bits(codec: str, values: NDArray[np.generic], ratio: float | None) -> int:
    """Bits that the stream states: those of the type, 12 for deep JPEG."""
    syntax, bits = SYNTAXES[codec], values.dtype.itemsize * 8
    if values.dtype.kind not in "iu" or bits not in (8, 16):
        raise InputError(f"{codec} holds whole numbers of 8 or 16 bits, got {values.dtype}")
    if values.dtype.kind == "i" and (ratio is not None or not syntax.holds_signs):
        raise InputError(f"{codec} with loss is offered for values without a sign; shift them into the intercept first")
    most = CODECS[codec].bits
    if bits <= most or not values.size:
        return bits
    needed = int(values.max()).bit_length()
    if needed > most:
        raise InputError(f"{codec} holds {most} bits and the values need {needed}; use j2k, htj2k or jpegls")
    return most


def _coded(codec: str, values: NDArray[np.generic], bits: int, ratio: float | None) -> tuple[bytes, bool]:
    """The stream, and whether anything was lost."""
    native = np.ascontiguousarray(values)
    if codec == "rle":
        return run_lengths(native), False
    if codec == "jpegls" and native.dtype.kind == "i":
        native = native.view(native.dtype.str.replace("i", "u"))  # two's complement, as DICOM keeps it
    coder = CODECS[codec]
    if ratio is None:
        return coder.encode(native, bits, None), False
    stream = finest([native], coder, bits, values.nbytes / ratio)[0]
    return stream, not coder.lossless or stream != coder.encode(native, bits, None)
