"""Wavelet-threshold coding, the baseline that teaches: transform, quantise with a dead zone, deflate."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
import pywt
from numpy.typing import NDArray

WAVELET, MOST_LEVELS = "bior4.4", 5
"""The lossy filter of JPEG 2000 (Cohen-Daubechies-Feauveau 9/7), by PyWavelets' name."""

_HEAD = struct.Struct("<IIBBf")


def encode_wavelet(plane: NDArray[Any], bits: int, setting: float | None) -> bytes:
    """Rows, columns, bits, levels and step, then each band's indices, deflated; `setting` is the step over the range.

    What is smaller than a step becomes 0, which is where the rate is won.
    """
    step = np.float32((setting or 2.0**-18) * (2**bits - 1))
    levels = _levels(plane.shape)
    centred = plane.astype(np.float64) - 2 ** (bits - 1)
    coarse, *details = pywt.wavedec2(centred, WAVELET, mode="periodization", level=levels)
    bands = [coarse, *(band for level in details for band in level)]
    streams = [_packed(np.fix(band / step).astype(np.int32)) for band in bands]
    return _HEAD.pack(*plane.shape, bits, levels, step) + b"".join(streams)


def decode_wavelet(stream: bytes) -> NDArray[Any]:
    """The plane, from the middle of each step, clipped to the bits it had."""
    rows, columns, bits, levels, step = _HEAD.unpack_from(stream)
    shapes, at = _band_shapes((rows, columns), levels), _HEAD.size
    bands = []
    for shape in shapes:
        indices, at = _unpacked(stream, at, shape)
        bands.append(step * (indices + 0.5 * np.sign(indices)))
    details = [tuple(bands[k : k + 3]) for k in range(1, len(bands), 3)]
    picture = pywt.waverec2([bands[0], *details], WAVELET, mode="periodization")[:rows, :columns] + 2 ** (bits - 1)
    return np.clip(np.rint(picture), 0, 2**bits - 1).astype(np.uint8 if bits <= 8 else np.uint16)


def _levels(shape: tuple[int, ...]) -> int:
    return min(MOST_LEVELS, pywt.dwt_max_level(min(shape), WAVELET))


def _band_shapes(shape: tuple[int, int], levels: int) -> list[tuple[int, int]]:
    """Coarse first, then three of each level: every level halves, rounding up."""
    sizes = [shape]
    for _ in range(levels):
        sizes.append(((sizes[-1][0] + 1) // 2, (sizes[-1][1] + 1) // 2))
    return [sizes[-1], *(size for size in sizes[:0:-1] for _ in range(3))]


def _packed(indices: NDArray[np.int32]) -> bytes:
    """Length, bytes an index, then the indices byte by byte (all low ones first), deflated."""
    size = next(n for n in (1, 2, 4) if np.abs(indices).max(initial=0) < 2 ** (8 * n - 1))
    planes = indices.astype(f"<i{size}").reshape(-1, 1).view(np.uint8).T
    packed = zlib.compress(planes.tobytes(), 9)
    return struct.pack("<IB", len(packed), size) + packed


def _unpacked(stream: bytes, at: int, shape: tuple[int, int]) -> tuple[NDArray[Any], int]:
    length, size = struct.unpack_from("<IB", stream, at)
    start = at + 5
    planes = np.frombuffer(zlib.decompress(stream[start : start + length]), np.uint8).reshape(size, -1)
    indices = np.ascontiguousarray(planes.T).view(f"<i{size}").reshape(shape)
    return indices.astype(np.float64), start + length
