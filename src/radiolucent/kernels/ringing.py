"""Gibbs ringing taken out of bare arrays by sampling each place where the ringing crosses zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from . import slabs

Array = NDArray[Any]
SHIFTS = 20
"""Steps of up to half a pixel to either side."""
NEAR, FAR = 1, 3
"""The variation is taken over these pixels beside each."""


def unring(array: Array, axes: Sequence[int]) -> NDArray[np.float32]:
    """Split the frequencies between the axes, correct each part along its own axis, and add them up."""
    if not axes:
        return array.astype(np.float32)
    result = np.zeros(array.shape, np.float32)
    rest = [axis for axis in range(array.ndim) if axis not in axes]
    for run in slabs.runs(array.shape, rest[0], AT_ONCE) if rest else [...]:
        for axis, part in _parts(array[run].astype(np.float32), axes):
            _add_along(part, axis, result[run])
    return result


AT_ONCE = 1 << 16
"""Pixels that are corrected together."""


def _parts(values: Array, axes: Sequence[int]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """What each axis is to correct: frequencies that are high along it and low along the others; they sum to all."""
    if len(axes) == 1:
        yield axes[0], values
        return
    low = []
    for axis in axes:
        sides = [1] * values.ndim
        sides[axis] = -1
        # a little more than 0 at the highest frequency, where all would be 0
        frequencies = fft.rfftfreq if axis == axes[-1] else fft.fftfreq
        low.append((1 + np.cos(2 * np.pi * frequencies(values.shape[axis])) + 1e-6).reshape(sides).astype(np.float32))
    for axis, kept in zip(axes, low, strict=True):
        spectrum = fft.rfftn(values, axes=axes)
        # the share of an axis is the product of the others over the sum of all such products
        spectrum /= sum((kept / other for other in low), np.float32(0))
        yield axis, fft.irfftn(spectrum, [values.shape[one] for one in axes], axes=axes, overwrite_x=True)


def _add_along(part: Array, axis: int, total: NDArray[np.float32]) -> None:
    for run in slabs.beside(part.shape, axis, AT_ONCE):
        total[run] += along(part[run], axis)


def along(array: Array, axis: int) -> NDArray[np.float32]:
    """Of the samples up to half a pixel away, each pixel takes those whose neighbours vary least, and goes back."""
    lines = np.ascontiguousarray(np.moveaxis(array, axis, -1))
    size = lines.shape[-1]
    spectrum = fft.rfft(lines)
    least = np.full(lines.shape, np.inf, np.float32)
    result = lines.copy()
    for step in sorted(range(-SHIFTS, SHIFTS + 1), key=abs):
        shift = step / (2 * SHIFTS)
        turned = spectrum * np.exp(2j * np.pi * fft.rfftfreq(size) * shift).astype(np.complex64)
        if size % 2 == 0 and step:
            turned[..., -1] = 0
        moved = fft.irfft(turned, size, overwrite_x=True)
        variation = _variation(moved)
        other = np.roll(moved, 1 if step > 0 else -1, -1)
        better = variation < least
        np.copyto(least, variation, where=better)
        np.copyto(result, moved * np.float32(1 - abs(shift)) + other * np.float32(abs(shift)), where=better)
    return np.ascontiguousarray(np.moveaxis(result, -1, axis))


def _variation(moved: Array) -> Array:
    """The smaller of the total variations on the left and on the right; the lines go on periodically."""
    slope = np.abs(moved - np.roll(moved, 1, -1))  # between a pixel and the one before
    before = sum((np.roll(slope, distance, -1) for distance in range(NEAR, FAR + 1)), np.float32(0))
    after = sum((np.roll(slope, -1 - distance, -1) for distance in range(NEAR, FAR + 1)), np.float32(0))
    return np.minimum(before, after)
