"""Second derivatives of a bare n-D array smoothed by a Gaussian, and how it bends: the eigenvalues of its Hessian."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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
    n = array.ndim
    sigmas = [max(sigma_mm / h, LEAST_SIGMA) for h in spacing_mm]
    entries = {
        (i, j): _entry(array, sigmas, i, j) / np.float32(spacing_mm[i] * spacing_mm[j])
        for i in range(n)
        for j in range(i, n)
    }
    if n == 1:
        return entries[0, 0][None]
    return _of_two(entries) if n == 2 else _of_three(entries)


LEAST_SIGMA = 0.5
"""Below this many pixels a sampled Gaussian is too coarse to be differentiated: coarser axes are taken at this scale."""


def _entry(array: Single, sigmas: Sequence[float], i: int, j: int) -> Single:
    orders = [(axis == i) + (axis == j) for axis in range(array.ndim)]
    return convolve(array, {axis: derivative_kernel(sigmas[axis], order) for axis, order in enumerate(orders)})


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
