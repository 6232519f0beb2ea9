"""Second derivatives of a bare n-D array smoothed by a Gaussian, and how it bends: the eigenvalues of its Hessian."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import slabs
from .smooth import convolve, gaussian_kernel

Single = NDArray[np.float32]


def derivative_kernel(sigma: float, order: int) -> NDArray[np.float64]:
    """Correlating with it takes the derivative of `order` 0, 1 or 2 (per pixel) of the Gaussian of `sigma` pixels.

    Scaled to be exact on polynomials of that order, so that a constant has no slope and a slope no bend.
    """
    weights = gaussian_kernel(sigma)
    x = np.arange(len(weights)) - len(weights) // 2
    if order == 0:
        return weights
    if len(weights) == 1:
        raise ValueError(f"a Gaussian of {sigma} pixels has no derivative")
    if order == 1:
        first = x * weights
        return first / (first @ x)
    second = (x**2 - x**2 @ weights) * weights
    return second * 2 / (second @ x**2)


def bends(array: Single, sigma_mm: float, spacing_mm: Sequence[float]) -> Single:
    """Eigenvalues of the Hessian [value / mm^2] at a scale [mm], shape (n, ...), from the least to the greatest."""
    result = np.empty((array.ndim, *array.shape), np.float32)
    for where, entries in hessian(array, sigma_mm, spacing_mm):
        result[:, where] = eigenvalues(entries)
    return result


Entries = dict[tuple[int, int], Single]
"""The Hessian's entries (i, j) with i <= j."""

LEAST_SIGMA = 0.5
"""Below this many pixels a sampled Gaussian is too coarse to be differentiated: coarser axes are taken at this scale."""


def hessian(
    array: Single, sigma_mm: float, spacing_mm: Sequence[float], *, level: float = 0.0
) -> Iterator[tuple[slice, Entries]]:
    """The Hessian [value / mm^2] at a scale [mm], of one slab of the first axis after the other: (where, entries).

    The first axis is done first, because only there a slab needs what lies beside it. `level` is taken from the values
    beforehand: a high ground would cost digits.
    """
    sigmas = [max(sigma_mm / h, LEAST_SIGMA) for h in spacing_mm]
    first = [derivative_kernel(sigmas[0], order) for order in range(3)]
    reach = len(first[0]) // 2
    thick = max(reach // 2, slabs.thickness(array.shape, 0, SLAB))
    for slab in slabs.slabs(array.shape[0], thick, reach):
        part = array[slab.read] - np.float32(level)
        alongs = [convolve(part, {0: kernel})[slab.inner].copy() for kernel in first]
        yield slab.keep, _entries(alongs, sigmas, spacing_mm)


def _entries(alongs: Sequence[Single], sigmas: Sequence[float], spacing_mm: Sequence[float]) -> Entries:
    """From the derivatives of order 0, 1 and 2 along the first axis."""
    n, entries = len(sigmas), {}
    for i in range(n):
        for j in range(i, n):
            orders = [(axis == i) + (axis == j) for axis in range(n)]
            others = {axis: derivative_kernel(sigmas[axis], orders[axis]) for axis in range(1, n)}
            entries[i, j] = convolve(alongs[orders[0]], others)
            entries[i, j] /= np.float32(spacing_mm[i] * spacing_mm[j])
    return entries


def eigenvalues(entries: Entries) -> Single:
    """Of symmetric matrices of 1, 2 or 3 rows; shape (n, ...), from the least to the greatest."""
    shape, n = entries[0, 0].shape, max(entries)[0] + 1
    solve: Any = {1: lambda h: h[0, 0][None], 2: _of_two, 3: _of_three}[n]
    result = np.empty((n, *shape), np.float32)
    for run in slabs.runs(shape, 0, CHUNK):
        result[:, *run] = solve({pair: entry[run] for pair, entry in entries.items()})
    return result


SLAB = 1 << 16
"""Pixels whose Hessian is held at once."""
CHUNK = 1 << 15
"""Pixels whose eigenvalues are worked out together."""


def _of_two(h: dict[tuple[int, int], Single]) -> Single:
    middle = (h[0, 0] + h[1, 1]) / 2
    away = np.hypot((h[0, 0] - h[1, 1]) / 2, h[0, 1])
    return np.stack([middle - away, middle + away])


def _of_three(h: dict[tuple[int, int], Single]) -> Single:
    """By the trigonometric solution of the cubic; Smith 1961, doi:10.1145/355578.366316."""
    middle = (h[0, 0] + h[1, 1] + h[2, 2]).astype(np.float64) / 3
    a, b, c = (h[i, i] - middle for i in range(3))
    d, e, f = (h[pair].astype(np.float64) for pair in ((0, 1), (0, 2), (1, 2)))
    p = np.sqrt((a**2 + b**2 + c**2 + 2 * (d**2 + e**2 + f**2)) / 6)
    determinant = a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e)
    cosine = determinant / np.maximum(2 * p**3, np.finfo(np.float64).tiny)
    angle = np.arccos(np.clip(cosine, -1, 1)) / 3
    greatest = middle + 2 * p * np.cos(angle)
    least = middle + 2 * p * np.cos(angle + 2 * np.pi / 3)
    return np.stack([least, 3 * middle - greatest - least, greatest]).astype(np.float32)
