"""What a scanner does in the space of frequencies: finer samples by zeros, fewer lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from . import slabs

Array = NDArray[Any]


def finer(array: Array, axis: int, factor: int) -> NDArray[np.float32]:
    """`factor` samples in place of each along one axis, by zeros beyond the highest frequency; the centre stays."""
    size = array.shape[axis]
    later = (1 - 1 / factor) / 2
    turn = np.exp(-2j * np.pi * fft.rfftfreq(size) * later) * factor
    if size % 2 == 0:
        turn[-1] /= 2
    shaped = turn.astype(np.complex64).reshape([-1 if one == axis else 1 for one in range(array.ndim)])
    result = np.empty([side * factor if one == axis else side for one, side in enumerate(array.shape)], np.float32)
    for run in slabs.beside(array.shape, axis):
        spectrum = fft.rfft(array[run].astype(np.float32), axis=axis)
        spectrum *= shaped
        result[run] = fft.irfft(spectrum, size * factor, axis=axis, overwrite_x=True)
    return result


def lines(size: int, factor: int, centre: float, seed: int | None) -> NDArray[np.bool_]:
    """Which lines of the phase encoding are kept, in the order of the transform; a line and its mirror go together.

    Every `factor`-th, or as many by chance (`seed`), and all within the `centre`, a fraction of the whole.
    """
    number = np.abs(np.rint(fft.fftfreq(size) * size)).astype(int)
    if seed is None:
        kept = number % factor == 0
    else:
        chosen = np.random.default_rng(seed).random(size // 2 + 1) < 1 / factor
        kept = chosen[number]
    return kept | (number <= centre * size / 2)


def with_lines(array: Array, axis: int, kept: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The array from the kept lines only, with zeros for the others."""
    result = np.empty(array.shape, np.float32)
    gone = (slice(None),) * axis + (~kept,)
    for run in slabs.beside(array.shape, axis):
        spectrum = fft.fft(array[run].astype(np.float32), axis=axis)
        spectrum[gone] = 0
        result[run] = fft.ifft(spectrum, axis=axis, overwrite_x=True).real
    return result


def tukey(frequencies: Sequence[Array], fraction: float) -> Array:
    """1 up to `1 - fraction` of the highest frequency along each axis, then a cosine down to 0 at it."""
    result: Array = np.ones((1,) * frequencies[0].ndim)
    for one in frequencies:
        beyond = np.clip((np.abs(one) / 0.5 - (1 - fraction)) / fraction, 0, 1)
        result = result * 0.5 * (1 + np.cos(np.pi * beyond))
    return result
