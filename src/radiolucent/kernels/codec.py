"""Coding and decoding planes of unsigned integers; what a codec can hold, and how finely it can be asked to lose."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from rle import encode_pixel_data

from .wavelet_code import decode_wavelet, encode_wavelet

Plane = NDArray[Any]


@dataclass(frozen=True)
class Codec:
    """`settings` run from the coarsest to the finest; `lossless` is none of them, or `None` where it always loses."""

    bits: int
    encode: Callable[[Plane, int, float | None], bytes]
    decode: Callable[[bytes], Plane]
    settings: tuple[float, ...] = ()
    lossless: bool = True


def _jpeg(plane: Plane, bits: int, setting: float | None) -> bytes:
    level, depth = int(setting or 100), 8 if bits <= 8 else 12
    return bytes(imagecodecs.jpeg_encode(plane, level=level, bitspersample=depth))


def _j2k(plane: Plane, bits: int, setting: float | None) -> bytes:
    level: Any = setting  # dB, and fractions of them count
    reversible = setting is None
    return bytes(imagecodecs.jpeg2k_encode(plane, level, codecformat="j2k", reversible=reversible, bitspersample=bits))


def _htj2k(plane: Plane, bits: int, setting: float | None) -> bytes:
    """OpenJPH takes the step over the range of the type, which may be wider than that of the values."""
    step = None if setting is None else setting * (2**bits - 1) / np.iinfo(plane.dtype).max
    return bytes(imagecodecs.htj2k_encode(plane, step, reversible=setting is None))


def _jpegls(plane: Plane, _: int, setting: float | None) -> bytes:
    return bytes(imagecodecs.jpegls_encode(plane, level=int(-(setting or 0))))


def _png(plane: Plane, _: int, setting: float | None) -> bytes:  # noqa: ARG001
    return bytes(imagecodecs.png_encode(plane))


def _rle(plane: Plane, _: int, setting: float | None) -> bytes:  # noqa: ARG001
    return _SHAPE.pack(*plane.shape, plane.itemsize) + run_lengths(plane)


def _deflate(plane: Plane, _: int, setting: float | None) -> bytes:  # noqa: ARG001
    return _SHAPE.pack(*plane.shape, plane.itemsize) + zlib.compress(_little(plane), 9)


def _from_rle(stream: bytes) -> Plane:
    rows, columns, size = _SHAPE.unpack_from(stream)
    kind = np.dtype(f"<u{size}")
    return np.frombuffer(imagecodecs.dicomrle_decode(stream[_SHAPE.size :], kind), kind).reshape(rows, columns)


def _from_deflate(stream: bytes) -> Plane:
    rows, columns, size = _SHAPE.unpack_from(stream)
    return np.frombuffer(zlib.decompress(stream[_SHAPE.size :]), f"<u{size}").reshape(rows, columns)


_SHAPE = struct.Struct("<IIB")
"""Rows, columns, bytes a pixel: what DICOM's header tells about run lengths and deflated pixels."""

CODECS = {
    "j2k": Codec(16, _j2k, imagecodecs.jpeg2k_decode, tuple(np.arange(20, 110, 0.25).tolist())),
    # OpenJPH's own decoder lets lossy bytes overflow (35 dB instead of 44 on a photograph); OpenJPEG reads them rightly
    "htj2k": Codec(16, _htj2k, imagecodecs.jpeg2k_decode, tuple(np.geomspace(0.2, 2e-4, 200).tolist())),
    "jpegls": Codec(16, _jpegls, imagecodecs.jpegls_decode, tuple(range(-255, 0))),
    "jpeg": Codec(12, _jpeg, imagecodecs.jpeg_decode, tuple(range(1, 101)), lossless=False),
    "wavelet": Codec(
        16, encode_wavelet, decode_wavelet, tuple(np.geomspace(0.5, 2**-18, 200).tolist()), lossless=False
    ),
    "rle": Codec(16, _rle, _from_rle),
    "deflate": Codec(16, _deflate, _from_deflate),
    "png": Codec(16, _png, imagecodecs.png_decode),
}
"""The settings: JPEG 2000 the PSNR [dB], HTJ2K and wavelet the step of quantisation (of the range), JPEG-LS less the
greatest error, JPEG the quality."""


def run_lengths(plane: Plane) -> bytes:
    """DICOM's run-length coding: a segment for each byte of a pixel, the highest first."""
    rows, columns = plane.shape
    about = {"rows": rows, "columns": columns, "samples_per_pixel": 1, "bits_allocated": 8 * plane.itemsize}
    return bytes(encode_pixel_data(_little(plane), byteorder="<", **about))


def coded(planes: Sequence[Plane], codec: Codec, bits: int, setting: float | None) -> list[bytes]:
    """Each plane by itself; 8 bits are stored as such."""
    stored = np.uint8 if bits <= 8 else np.uint16
    return [codec.encode(np.ascontiguousarray(plane, stored), max(bits, 2), setting) for plane in planes]


def finest(planes: Sequence[Plane], codec: Codec, bits: int, most_bytes: float) -> list[bytes]:
    """Without loss where that takes at most `most_bytes`, else the finest setting that does, else the coarsest."""
    if codec.lossless:
        whole = coded(planes, codec, bits, None)
        if sum(map(len, whole)) <= most_bytes:
            return whole
    low, high = 0, len(codec.settings) - 1
    best = coded(planes, codec, bits, codec.settings[0])
    while low < high:
        middle = (low + high + 1) // 2
        streams = coded(planes, codec, bits, codec.settings[middle])
        if sum(map(len, streams)) <= most_bytes:
            low, best = middle, streams
        else:
            high = middle - 1
    return best


def _little(plane: Plane) -> bytes:
    return np.ascontiguousarray(plane, plane.dtype.newbyteorder("<")).tobytes()
