"""Moran's I and Geary's C of a region, every pair of voxels weighted by 1 / distance, by Fourier transforms.

A sum over all pairs of voxels is the power spectrum times the spectrum of the weights, so nothing is transformed back;
rows are transformed first and the other axes strip by strip, so that no padded volume is ever held.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Array = NDArray[Any]

STRIP = 4
"""Frequencies along x that are transformed at once."""


def moran_and_geary(values: Array, inside: Array, spacing: tuple[float, ...]) -> tuple[float, float] | None:
    """Moran's I and Geary's C of the voxels inside; `None` for fewer than two voxels or one value."""
    n = int(np.count_nonzero(inside))
    grey = values[inside].astype(np.float64)
    if n < 2 or np.ptp(grey) == 0:
        return None
    standard = np.zeros(values.shape, np.float32)
    standard[inside] = (grey - grey.mean()) / grey.std()
    weights = _weights(values.shape, spacing)
    products = _pair_sum(standard, weights)
    pairs = _pair_sum(inside.astype(np.float32), weights)
    squares = standard**2
    # sum of w s_i over pairs, s being the squares, from those of the sum of squares and ones
    crossed = (_pair_sum(squares + inside, weights) - _pair_sum(squares, weights) - pairs) / 2
    return products / pairs, (n - 1) / n * (crossed - products) / pairs


def _weights(shape: tuple[int, ...], spacing: tuple[float, ...]) -> NDArray[np.float32]:
    """Spectrum (real and even: one octant) of 1 / distance with a period of twice the shape at least."""
    sides = [np.arange(fft.next_fast_len(side) + 1, dtype=np.float32) * gap for side, gap in zip(shape, spacing)]
    z, y, x = np.ix_(*sides)
    square = z**2 + y**2 + x**2
    square[0, 0, 0] = np.inf
    np.sqrt(square, out=square)
    np.divide(1, square, out=square)
    spectrum: NDArray[np.float32] = fft.dctn(square, type=1, overwrite_x=True)
    return spectrum


def _pair_sum(a: NDArray[np.float32], weights: NDArray[np.float32]) -> float:
    """Sum of w(i - j) a_i a_j over all ordered pairs of voxels."""
    deep, high, wide = (2 * (side - 1) for side in weights.shape)
    rows = fft.rfft(a, n=wide, axis=2)
    twice = np.full(weights.shape[2], 2.0)
    twice[[0, -1]] = 1  # all other frequencies along x stand for their negative as well
    folds = [np.minimum(np.arange(side), side - np.arange(side)) for side in (deep, high)]
    total = 0.0
    for first in range(0, weights.shape[2], STRIP):
        strip = fft.fft(rows[:, :, first : first + STRIP], n=high, axis=1)
        strip = fft.fft(strip, n=deep, axis=0)
        power = strip.real**2 + strip.imag**2
        across = weights[:, :, first : first + STRIP][np.ix_(*folds)]
        total += float(np.einsum("zyx,zyx,x->", power, across, twice[first : first + STRIP], dtype=np.float64))
    return total / (deep * high * wide)
