"""Plain frames whose samples are still in their file, and how they are read straight into the volume they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

from .values import along

_SIXTEEN = np.iinfo(np.int16)


class TooWideError(Exception):
    """A value does not fit the type that was expected of its series."""


@dataclass(frozen=True)
class Samples:
    """How the samples of a plain slice are kept: shape, type, bits in use, and the line to their meaning."""

    shape: tuple[int, int]
    stored: np.dtype[Any]
    bits: int
    slope: float
    intercept: float

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of their meaning, as far as it can be known before they are read."""
        if (self.slope, self.intercept) == (1, 0):
            return self.stored
        whole = self.slope.is_integer() and self.intercept.is_integer()
        return np.dtype(np.int16 if whole else np.float32)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One frame whose samples are still in its file, from `start` on."""

    path: Path
    start: int
    samples: Samples

    @property
    def shape(self) -> tuple[int, int]:
        return self.samples.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.samples.dtype

    @property
    def bytes(self) -> int:
        """How many bytes the samples take in the file."""
        return self.shape[0] * self.shape[1] * self.samples.stored.itemsize

    def values(self) -> NDArray[Any]:
        """The samples as `decode` gives them, of whatever type they need."""
        stored = np.empty(self.shape, self.samples.stored)
        self._read(stored)
        return along(_used_bits(stored, self.samples), self.samples.slope, self.samples.intercept)

    def into(self, out: NDArray[Any]) -> None:
        """As `values`, into a contiguous slice of a volume of `dtype`; raises `TooWideError` where they do not fit."""
        kept = self.samples
        if out.dtype.kind == "f":
            out[...] = self.values()
            return
        stored = out.view(kept.stored)
        self._read(stored)
        _used_bits(stored, kept)
        if out.dtype == kept.stored and (kept.slope, kept.intercept) == (1, 0):
            return
        slope, intercept = int(kept.slope), int(kept.intercept)
        ends = [int(end) * slope + intercept for end in (stored.min(), stored.max())]
        if min(ends) < _SIXTEEN.min or max(ends) > _SIXTEEN.max:
            raise TooWideError
        turning = stored.view(np.uint16)  # where the result fits, sums modulo 2^16 are exact
        if slope != 1:
            np.multiply(turning, np.uint16(slope % 2**16), out=turning)
        np.add(turning, np.uint16(intercept % 2**16), out=turning)

    def _read(self, stored: NDArray[Any]) -> None:
        try:
            with open(self.path, "rb", buffering=0) as file:
                file.seek(self.start)
                got = file.readinto(stored.reshape(-1).view(np.uint8).data)
        except OSError as error:
            raise InputError(f"{self.path} cannot be read any more: {error.strerror}") from error
        if got != stored.nbytes:
            raise InputError(
                f"{self.path} was cut while it was read: {got} of {stored.nbytes} bytes of pixels are there"
            )


def _used_bits(stored: NDArray[Any], kept: Samples) -> NDArray[Any]:
    """Drop the bits that the file does not use, and extend signs, in place."""
    spare = 16 - kept.bits
    if spare and kept.stored.kind == "u":
        np.bitwise_and(stored, np.uint16(2**kept.bits - 1), out=stored)
    elif spare:
        np.left_shift(stored, spare, out=stored)
        np.right_shift(stored, spare, out=stored)
    return stored
