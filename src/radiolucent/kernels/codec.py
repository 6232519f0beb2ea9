"""Coding and decoding planes of unsigned integers; what a codec can hold, and how finely it can be asked to lose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[Any]


@dataclass(frozen=True)
class Codec:
    """`settings` run from the coarsest to the finest; `lossless` is none of them, or `None` where it always loses."""

    bits: int
    encode: Callable[[Plane, int, float | None], bytes]
    decode: Callable[[bytes], Plane]
    settings: tuple[float, ...] = ()
    lossless: bool = True


def _jpeg(plane: Plane, _: int, setting: float | None) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(plane, level=int(setting or 100)))


def _jpeg2000(plane: Plane, bits: int, setting: float | None) -> bytes:
    level: Any = setting  # dB, and fractions of them count
    reversible = setting is None
    return bytes(imagecodecs.jpeg2k_encode(plane, level, codecformat="j2k", reversible=reversible, bitspersample=bits))


def _jpegls(plane: Plane, _: int, setting: float | None) -> bytes:
    return bytes(imagecodecs.jpegls_encode(plane, level=int(-(setting or 0))))


def _png(plane: Plane, _: int, setting: float | None) -> bytes:  # noqa: ARG001
    return bytes(imagecodecs.png_encode(plane))


CODECS = {
    "jpeg2000": Codec(16, _jpeg2000, imagecodecs.jpeg2k_decode, tuple(np.arange(20, 110, 0.25).tolist())),
    "jpegls": Codec(16, _jpegls, imagecodecs.jpegls_decode, tuple(range(-255, 0))),
    "jpeg": Codec(8, _jpeg, imagecodecs.jpeg8_decode, tuple(range(1, 101)), lossless=False),
    "png": Codec(16, _png, imagecodecs.png_decode),
}
"""The settings: JPEG 2000 the PSNR [dB], JPEG-LS less the greatest error, JPEG the quality."""


def coded(planes: Sequence[Plane], codec: Codec, bits: int, setting: float | None) -> list[bytes]:
    """Each plane by itself; 8 bits are stored as such."""
    stored = np.uint8 if bits <= 8 else np.uint16
    return [codec.encode(np.ascontiguousarray(plane, stored), max(bits, 2), setting) for plane in planes]


def finest(planes: Sequence[Plane], codec: Codec, bits: int, most_bytes: float) -> list[bytes]:
    """The finest setting whose streams take at most `most_bytes`, or the coarsest where none does."""
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
