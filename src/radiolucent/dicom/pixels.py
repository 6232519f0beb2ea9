"""Stored values: the samples as the file keeps them, checked against what the header promises before decoding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder
from pydicom.uid import UID, ImplicitVRLittleEndian

from radiolucent.core import UnreadableError

from .codecs import has_second_codec, second_codec
from .codestream import stated_size
from .framed import framed_values, is_framed
from .header import damage_named
from .limits import within_limits

KEYWORDS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def stored_values(path: str | Path, dataset: Dataset) -> NDArray[Any]:
    """Samples of shape (frames, rows, columns) or (frames, rows, columns, 3); YBR is turned into RGB, bits the file
    does not use are dropped and signs extended."""
    shape = _stated_shape(path, dataset)
    syntax = _syntax(dataset)
    if is_framed(syntax, dataset) and "PixelData" in dataset:
        with damage_named(path, "decoded (frame by frame)"):
            return framed_values(syntax, dataset, shape)
    if not syntax.is_transfer_syntax:
        raise UnreadableError(
            f"{path} states the transfer syntax {syntax!s}, which is not known here; export it uncompressed"
        )
    _check_length(path, dataset, shape, syntax)
    with damage_named(path, f"decoded ({syntax.name})"):
        lifted = _lifted_bits(dataset)
        array = _decoded(dataset, syntax, shape, correct_unused_bits=not lifted)
    if array.size != np.prod(shape):
        raise UnreadableError(f"{path} decodes to {array.size} samples, its header promises {shape}")
    array = array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    return _lowered(array.reshape(shape), dataset) if lifted else array.reshape(shape)


def _decoded(dataset: Dataset, syntax: UID, shape: tuple[int, ...], *, correct_unused_bits: bool) -> NDArray[Any]:
    try:
        options = {"allow_excess_frames": False, "correct_unused_bits": correct_unused_bits}
        return get_decoder(syntax).as_array(dataset, raw=False, **options)[0]
    except RuntimeError:
        if not has_second_codec(syntax, dataset):
            raise
        return second_codec(syntax, dataset, shape)


def _stated_shape(path: str | Path, dataset: Dataset) -> tuple[int, ...]:
    if not any(word in dataset for word in KEYWORDS):
        raise _pictureless(path, dataset)
    with damage_named(path, "read: its size is not stated"):
        frames = int(dataset.get("NumberOfFrames") or 1)
        rows, columns, colours = int(dataset.Rows), int(dataset.Columns), int(dataset.get("SamplesPerPixel") or 1)
        bits = int(dataset.get("BitsAllocated") or 8)
    if min(rows, columns, frames, colours) < 1:
        raise UnreadableError(f"{path} states {frames} frames of {rows} x {columns}; there is nothing to read")
    shape = (frames, rows, columns) + ((colours,) if colours > 1 else ())
    within_limits(path, shape, max(1, bits // 8))
    return shape


def _pictureless(path: str | Path, dataset: Dataset) -> UnreadableError:
    modality, kind = dataset.get("Modality"), dataset.get("SOPClassUID")
    if not modality and not kind:
        return UnreadableError(f"{path} is not a DICOM picture; leave it out, or give the file that is")
    return UnreadableError(f"{path} holds no picture ({modality or kind}); leave it out, or give the file that does")


def _syntax(dataset: Dataset) -> UID:
    """The transfer syntax; a file without meta information was parsed with the one that its bytes look like."""
    meta = getattr(dataset, "file_meta", None)
    if meta is not None and meta.get("TransferSyntaxUID"):
        return UID(meta.TransferSyntaxUID)
    implicit, little = dataset.original_encoding
    syntax = UID("1.2.840.10008.1.2.2") if little is False else UID("1.2.840.10008.1.2.1")
    return _with_meta(dataset, ImplicitVRLittleEndian if implicit and little else syntax)


def _with_meta(dataset: Dataset, syntax: UID) -> UID:
    dataset.ensure_file_meta()
    dataset.file_meta.TransferSyntaxUID = syntax
    return syntax


def _check_length(path: str | Path, dataset: Dataset, shape: tuple[int, ...], syntax: UID) -> None:
    if syntax.is_compressed and "PixelData" in dataset:
        return _check_frames(path, dataset, shape)
    word = next(word for word in KEYWORDS if word in dataset)
    bits = {"PixelData": int(dataset.get("BitsAllocated") or 8), "FloatPixelData": 32, "DoubleFloatPixelData": 64}[word]
    samples = int(np.prod(shape))
    if dataset.get("PhotometricInterpretation") == "YBR_FULL_422":
        samples = samples * 2 // 3
    needed, there = (samples * bits + 7) // 8, len(dataset[word].value or b"")
    if there < needed:
        raise UnreadableError(
            f"{path} is truncated: {there} bytes of pixels where its header promises {needed}; export it again"
        )
    return None


def _check_frames(path: str | Path, dataset: Dataset, shape: tuple[int, ...]) -> None:
    """A stream that is larger than its header says would be allocated by the codec before anybody looks."""
    with damage_named(path, "taken apart into frames"):
        stream = next(generate_frames(dataset.PixelData, number_of_frames=shape[0]), b"")
        size = stated_size(stream)
    if size is not None and (size[0] > 4 * shape[1] + 64 or size[1] > 4 * shape[2] + 64):
        raise UnreadableError(
            f"{path} says {shape[1]} x {shape[2]} but its compressed frame {size[0]} x {size[1]}; refused"
        )


def _lifted_bits(dataset: Dataset) -> int:
    """By how many bits values lie above bit 0: High Bit may exceed Bits Stored - 1 in old files."""
    stored, allocated = int(dataset.get("BitsStored") or 0), int(dataset.get("BitsAllocated") or 0)
    if stored > allocated:
        raise ValueError(f"{stored} of {allocated} bits are said to be stored")
    high = dataset.get("HighBit")
    if high is None or not stored or not stored - 1 < int(high) < allocated:
        return 0
    return int(high) + 1 - stored


def _lowered(array: NDArray[Any], dataset: Dataset) -> NDArray[Any]:
    allocated, stored, high = int(dataset.BitsAllocated), int(dataset.BitsStored), int(dataset.HighBit)
    return (array << (allocated - 1 - high)) >> (allocated - stored)
