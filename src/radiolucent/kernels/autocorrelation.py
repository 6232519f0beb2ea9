"""Moran's I and Geary's C of a region, every pair of voxels weighted by 1 / distance, by Fourier transforms.

A sum over all pairs of voxels is a product of spectra times the spectrum of the weights, so nothing is transformed back.
The shortest axis is transformed a few frequencies at a time, each a sum of waves, and the other two for these alone: no
spectrum of the whole is ever held, only the weights' own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Array = NDArray[Any]

STRIP_SHARE = 36
"""One in so many frequencies along the shortest axis is transformed at once: what that holds is about the volume's size."""

Part = Callable[[slice], NDArray[np.float32]]
"""Some slices of a volume that is transformed."""

SLAB = 8
"""Slices whose values are turned into floating point at once."""


def moran_and_geary(values: Array, inside: Array, spacing: tuple[float, ...]) -> tuple[float, float] | None:
    """Moran's I and Geary's C of the voxels inside; `None` for fewer than two voxels or one value."""
    order = np.argsort(values.shape, kind="stable")[::-1]
    values, inside = values.transpose(order), inside.transpose(order)
    n = int(np.count_nonzero(inside))
    if n < 2:
        return None
    mean, spread = _moments(values, inside, n)
    if spread == 0:
        return None

    standard = np.zeros(values.shape, np.float32)
    for first in range(0, len(values), SLAB):
        slab = slice(first, first + SLAB)
        np.subtract(values[slab], mean, out=standard[slab], where=inside[slab], casting="unsafe")
        standard[slab] /= spread
    products, pairs, crossed = _pair_sums(standard, inside, tuple(spacing[axis] for axis in order))
    return products / pairs, (n - 1) / n * (crossed - products) / pairs


def _moments(values: Array, inside: Array, n: int) -> tuple[float, float]:
    """Mean and standard deviation of the voxels inside; exactly 0 for one value."""
    slabs = [slice(first, first + SLAB) for first in range(0, len(values), SLAB)]
    parts = [values[slab][inside[slab]] for slab in slabs]
    mean = sum(float(part.sum(dtype=np.float64)) for part in parts) / n
    lowest, highest = (edge([edge(part) for part in parts if part.size]) for edge in (np.min, np.max))
    square = sum(float(((part - mean) ** 2).sum(dtype=np.float64)) for part in parts)
    return mean, (square / n) ** 0.5 if highest > lowest else 0.0


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


def _pair_sums(standard: NDArray[np.float32], inside: Array, spacing: tuple[float, ...]) -> tuple[float, float, float]:
    """Sums of w(i - j) over all ordered pairs of voxels: of a_i a_j, of 1, and of a_i squared."""
    weights = _weights(inside.shape, spacing)
    deep, high, wide = (2 * (side - 1) for side in weights.shape)
    folds = [np.minimum(np.arange(side), side - np.arange(side)) for side in (deep, high)]
    twice = np.full(weights.shape[2], 2, np.float32)
    twice[[0, -1]] = 1  # all other frequencies along the last axis stand for their negative as well
    parts: tuple[Part, ...] = (
        lambda slab: standard[slab],
        lambda slab: inside[slab].astype(np.float32),
        lambda slab: standard[slab] ** 2,
    )
    total = np.zeros(3)
    step = max(1, weights.shape[2] // STRIP_SHARE)
    for first in range(0, weights.shape[2], step):
        strip = slice(first, first + step)
        across = (weights[:, :, strip] * twice[strip])[np.ix_(*folds)]
        waves = _waves(inside.shape[2], wide, np.arange(weights.shape[2])[strip])
        own, ones, squares = (_spectrum(part, inside.shape, waves, (deep, high)) for part in parts)
        for number, (a, b) in enumerate(((own, own), (ones, ones), (squares, ones))):
            for one, other in ((a.real, b.real), (a.imag, b.imag)):
                total[number] += np.einsum("zyx,zyx,zyx->", one, other, across, dtype=np.float64)
    products, pairs, crossed = (total / (deep * high * wide)).tolist()
    return products, pairs, crossed


def _waves(length: int, period: int, frequencies: NDArray[np.intp]) -> NDArray[np.float32]:
    """Cosine and minus sine of each frequency (length, 2 n), in pairs."""
    turns = np.outer(np.arange(length), frequencies) % period * (2 * np.pi / period)
    return np.stack([np.cos(turns), -np.sin(turns)], axis=-1).reshape(length, -1).astype(np.float32)


def _spectrum(
    part: Part, shape: tuple[int, ...], waves: NDArray[np.float32], sides: tuple[int, int]
) -> NDArray[np.complex64]:
    """The frequencies of `waves` along the last axis, and all along the others."""
    rows = np.empty((shape[0], shape[1], waves.shape[1] // 2), np.complex64)
    for first in range(0, shape[0], SLAB):
        slab = slice(first, first + SLAB)
        rows[slab] = (part(slab) @ waves).view(np.complex64)
    spectrum: NDArray[np.complex64] = fft.fft(fft.fft(rows, n=sides[1], axis=1), n=sides[0], axis=0, overwrite_x=True)
    return spectrum
