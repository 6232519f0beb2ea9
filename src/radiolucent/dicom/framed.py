"""Frames that pydicom does not decode: deflated one by one (2023), and run lengths of single bits (segmentations)."""

from __future__ import annotations

import zlib
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import UID, RLELossless

DEFLATED_FRAMES = UID("1.2.840.10008.1.2.8.1")
_RLE_HEADER = 64


def is_framed(syntax: UID, dataset: Dataset) -> bool:
    """True for grey pictures in one of the two forms."""
    bits, samples = int(dataset.get("BitsAllocated") or 8), int(dataset.get("SamplesPerPixel") or 1)
    return samples == 1 and (syntax == DEFLATED_FRAMES or (syntax == RLELossless and bits == 1))


def framed_values(syntax: UID, dataset: Dataset, shape: tuple[int, ...]) -> NDArray[Any]:
    """All frames of `shape`; no stream is inflated beyond what the header promises."""
    bits, count = int(dataset.BitsAllocated), shape[1] * shape[2]
    needed = (count * bits + 7) // 8
    frames = []
    for stream in generate_frames(dataset.PixelData, number_of_frames=shape[0]):
        content = _inflated(syntax, stream, needed)
        if len(content) < needed:
            raise ValueError(f"a frame holds {len(content)} bytes, its header promises {needed}")
        frames.append(_unpacked(content, bits, count, signed=bool(dataset.get("PixelRepresentation"))))
    if len(frames) < shape[0]:
        raise ValueError(f"there are {len(frames)} of {shape[0]} frames")
    return np.stack(frames[: shape[0]]).reshape(shape)


def _inflated(syntax: UID, stream: bytes, needed: int) -> bytes:
    if syntax == DEFLATED_FRAMES:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream, needed)
    return bytes(imagecodecs.packbits_decode(stream[_RLE_HEADER:])[:needed])


def _unpacked(content: bytes, bits: int, count: int, *, signed: bool) -> NDArray[Any]:
    if bits == 1:
        return np.unpackbits(np.frombuffer(content, np.uint8), bitorder="little")[:count]
    return np.frombuffer(content, f"<{'i' if signed else 'u'}{bits // 8}", count=count)
