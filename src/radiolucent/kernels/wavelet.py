"""Discrete wavelet transforms of n-D arrays along some of their axes, in float32 unless the array is float64."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pywt
from numpy.typing import NDArray

from . import filter_bank
from .smooth import Boundary, convolve

Array = NDArray[Any]
Coefficients = list[Any]
"""The coarse level, then a mapping of bands ("ad", "da", "dd" ...) per level from coarse to fine, as PyWavelets has it."""

Extension = Literal[
    "reflect", "mirror", "nearest", "constant", "wrap", "smooth", "periodization", "antireflect", "antimirror"
]
"""What lies beyond the edge; the first five as for other filters, then straight on, the shortest periodic transform,
and the two mirrored ones with the sign turned."""

MODES = {
    "reflect": "symmetric",
    "mirror": "reflect",
    "nearest": "constant",
    "constant": "zero",
    "wrap": "periodic",
    "smooth": "smooth",
    "periodization": "periodization",
    "antireflect": "antisymmetric",
    "antimirror": "antireflect",
}
"""The names of PyWavelets."""


def deepest(shape: Sequence[int], axes: Sequence[int], wavelet: str) -> int:
    """The most levels at which every axis still holds the filter once; axes of one sample do not count."""
    length = pywt.Wavelet(wavelet).dec_len
    sizes = [shape[axis] for axis in axes if shape[axis] > 1]
    return min((pywt.dwt_max_level(size, length) for size in sizes), default=0)


def transform(array: Array, axes: Sequence[int], wavelet: str, levels: int, boundary: Extension) -> Coefficients:
    """Decimated transform of `levels` levels; equals PyWavelets' `wavedecn`."""
    coarse = array.astype(np.float64 if array.dtype == np.float64 else np.float32, copy=False)
    details: Coefficients = []
    for _ in range(levels):
        bands = _bands(coarse, axes, pywt.Wavelet(wavelet), MODES[boundary])
        coarse = bands.pop("a" * len(axes))
        details.insert(0, bands)
    return [coarse, *details]


def _bands(array: Array, axes: Sequence[int], wavelet: pywt.Wavelet, mode: str) -> dict[str, Array]:
    """One level: the array split along the last axis first, whose rows lie together in memory."""
    bands = {"": array}
    for axis in reversed(axes):
        for name in list(bands):
            bands["a" + name], bands["d" + name] = filter_bank.split(bands.pop(name), axis, wavelet, mode)
    return bands


def inverse(parts: Coefficients, axes: Sequence[int], wavelet: str, boundary: Extension, shape: Sequence[int]) -> Array:
    """The array of `shape` back from its decimated transform; one sample more than odd sizes had is cut off."""
    coarse, *details = parts
    for bands in details:
        size = bands["d" * len(axes)].shape
        level = {**bands, "a" * len(axes): coarse[tuple(slice(0, side) for side in size)]}
        for axis in axes:
            for name in [name[1:] for name in level if name[0] == "a"]:
                halves = level.pop("a" + name), level.pop("d" + name)
                level[name] = filter_bank.joined(*halves, axis, pywt.Wavelet(wavelet), MODES[boundary])
        coarse = level[""]
    return coarse[tuple(slice(0, size) for size in shape)]


def packed(array: Array, axes: Sequence[int], wavelet: str, levels: int) -> NDArray[np.float32]:
    """The periodic transform in an array of the same shape, coarse level first; sides divide by 2^levels."""
    if not levels or not axes:
        return array.astype(np.float32)
    whole, _ = pywt.coeffs_to_array(transform(array, axes, wavelet, levels, "periodization"), axes=axes)
    return np.ascontiguousarray(whole, np.float32)


def unpacked(array: Array, axes: Sequence[int], wavelet: str, levels: int) -> NDArray[np.float32]:
    """The array back from `packed`."""
    if not levels or not axes:
        return array.astype(np.float32)
    empty = transform(np.zeros(array.shape, np.float32), axes, wavelet, levels, "periodization")
    _, places = pywt.coeffs_to_array(empty, axes=axes)
    parts = pywt.array_to_coeffs(array.astype(np.float32), places, output_format="wavedecn")
    return np.ascontiguousarray(inverse(parts, axes, wavelet, "periodization", array.shape), np.float32)


def universal(_values: Array, noise: float, count: int) -> float:
    """noise sqrt(2 ln count): above it hardly any of `count` values is noise (Donoho & Johnstone 1994)."""
    return noise * float(np.sqrt(2 * np.log(max(count, 2))))


def bayes(values: Array, noise: float, _count: int) -> float:
    """noise^2 / signal, the best for a Laplacian signal (Chang et al. 2000, doi:10.1109/83.862633)."""
    row = values.reshape(-1)
    power = float(np.vdot(row, row)) / max(row.size, 1)
    signal = np.sqrt(max(power - noise**2, 0.0))
    return noise**2 / signal if signal > 1e-12 * max(noise, 1e-300) else float(np.abs(values).max(initial=0))


def sure(values: Array, noise: float, _count: int) -> float:
    """The threshold of least estimated risk; the universal one where too few values stand out (Donoho 1995,
    doi:10.1080/01621459.1995.10476626)."""
    if not noise or not values.size:
        return 0.0
    squares = np.sort(np.square(values.ravel() / noise, dtype=np.float64))
    n = squares.size
    if squares.mean() - 1 <= np.log2(max(n, 2)) ** 1.5 / np.sqrt(n):
        return universal(values, noise, n)
    risk = n - 2 * np.arange(1, n + 1) + np.cumsum(squares) + squares * np.arange(n - 1, -1, -1)
    return noise * min(float(np.sqrt(squares[np.argmin(risk)])), float(np.sqrt(2 * np.log(n))))


THRESHOLDS = {"universal": universal, "bayes": bayes, "sure": sure}


def noise_level(finest: Array) -> float:
    """Standard deviation of white noise from the finest diagonal detail: its median over that of a normal's."""
    values = np.abs(finest[finest != 0])
    return float(np.median(values)) / 0.6744897501960817 if values.size else 0.0


def shrunk(values: Array, threshold: float, rule: Literal["soft", "hard"]) -> Array:
    """Values within the threshold become 0; the soft rule brings the others nearer by as much."""
    if threshold <= 0:
        return values
    if rule == "hard":
        return np.where(np.abs(values) < threshold, values.dtype.type(0), values)
    within = np.clip(values, -threshold, threshold)
    return np.subtract(values, within, out=within)


def scales(array: Array, axes: Sequence[int], levels: int, boundary: Boundary) -> list[NDArray[np.float32]]:
    """Detail of each level from fine to coarse, then what is left; they sum to the array.

    The undecimated B3-spline wavelet (a trous): each level is what a dilated [1 4 6 4 1] / 16 takes away.
    Starck & Murtagh 2006, doi:10.1007/978-3-540-33025-7.
    """
    current, details = array.astype(np.float32), []
    for level in range(levels):
        kernel = np.zeros(4 * 2**level + 1)
        kernel[:: 2**level] = np.array([1, 4, 6, 4, 1]) / 16
        coarser = convolve(current, dict.fromkeys(axes, kernel), boundary)
        details.append(current - coarser)
        current = coarser
    return [*details, current]
