"""Discrete wavelet transforms of n-D arrays along some of their axes, in float32 unless the array is float64."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
import pywt
from numpy.typing import NDArray

from . import filter_bank, slabs
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


def transform(
    array: Array, axes: Sequence[int], wavelet: str, levels: int, boundary: Extension, *, ahead: int = 0
) -> Coefficients:
    """Decimated transform of `levels` levels; equals PyWavelets' `wavedecn`. `ahead` pixels of the mirror come first."""
    coarse = array.astype(np.float64 if array.dtype == np.float64 else np.float32, copy=False)
    details: Coefficients = []
    for level in range(levels):
        bands = _bands(coarse, axes, pywt.Wavelet(wavelet), MODES[boundary], 0 if level else ahead)
        coarse = bands.pop("a" * len(axes))
        details.insert(0, bands)
    return [coarse, *details]


def _bands(array: Array, axes: Sequence[int], wavelet: pywt.Wavelet, mode: str, ahead: int) -> dict[str, Array]:
    """One level: the array split along the last axis first, whose rows lie together in memory."""
    bands = dict(zip("ad", _first_split(array, axes, wavelet, mode, ahead), strict=True))
    for axis in reversed(axes[:-1]):
        for name in list(bands):
            bands["a" + name], bands["d" + name] = filter_bank.split(bands.pop(name), axis, wavelet, mode)
    return bands


def _first_split(
    array: Array, axes: Sequence[int], wavelet: pywt.Wavelet, mode: str, ahead: int
) -> tuple[Array, Array]:
    """Along the last of the axes, with `ahead` mirrored pixels put before each: of no more than a slab at a time."""
    if not ahead:
        return filter_bank.split(array, axes[-1], wavelet, mode)
    places = [
        np.pad(np.arange(size), (ahead if axis in axes else 0, 0), mode="symmetric")
        for axis, size in enumerate(array.shape)
    ]
    shape, halves = [len(place) for place in places], list[Array]()
    for run in slabs.beside(shape, axes[-1]):
        some = [place[one] for place, one in zip(places, run, strict=False)] + places[len(run) :]
        parts = filter_bank.split(array[np.ix_(*some)], axes[-1], wavelet, mode)
        if not halves:
            shape[axes[-1]] = parts[0].shape[axes[-1]]
            halves = [np.empty(shape, array.dtype) for _ in parts]
        for half, part in zip(halves, parts, strict=True):
            half[run] = part
    return halves[0], halves[1]


def inverse(
    parts: Coefficients, axes: Sequence[int], wavelet: str, boundary: Extension, shape: Sequence[int]
) -> NDArray[Any]:
    """The array of `shape` back from its decimated transform; one sample more than odd sizes had is cut off."""
    result = np.zeros(shape, parts[0].dtype)
    add_inverse([parts[0], *(dict(bands) for bands in parts[1:])], axes, wavelet, boundary, result)
    return result


def add_inverse(
    parts: Coefficients, axes: Sequence[int], wavelet: str, boundary: Extension, total: Array, *, ahead: int = 0
) -> None:
    """Add the array that is got back to `total`, without the `ahead` pixels that came first.

    The coefficients are used up, so that at no time a second set of them is held.
    """
    bank, mode = pywt.Wavelet(wavelet), MODES[boundary]
    coarse = parts.pop(0)
    while parts:
        bands = parts.pop(0)
        size = bands["d" * len(axes)].shape
        bands["a" * len(axes)] = coarse[tuple(slice(0, side) for side in size)]
        del coarse
        for axis in axes[:-1]:
            for name in [name[1:] for name in bands if name[0] == "a"]:
                bands[name] = filter_bank.joined(bands.pop("a" + name), bands.pop("d" + name), axis, bank, mode)
        if not parts:
            _add_joined(bands["a"], bands["d"], axes, bank, mode, total, ahead)
            return
        coarse = filter_bank.joined(bands["a"], bands["d"], axes[-1], bank, mode)
    total += coarse


def _add_joined(
    low: Array, high: Array, axes: Sequence[int], bank: pywt.Wavelet, mode: str, total: Array, ahead: int
) -> None:
    """The last step back, of no more than a slab at a time."""
    for run in slabs.beside(low.shape, axes[-1]):
        part = filter_bank.joined(low[run], high[run], axes[-1], bank, mode)
        into, kept = [], []
        for axis, (size, side) in enumerate(zip(total.shape, part.shape, strict=True)):
            first = (run[axis].start or 0 if axis < len(run) else 0) - (ahead if axis in axes else 0)
            into.append(slice(max(first, 0), min(first + side, size)))
            kept.append(slice(max(-first, 0), max(-first, 0) + max(0, into[-1].stop - into[-1].start)))
        if all(one.stop > one.start for one in into):
            total[tuple(into)] += part[tuple(kept)]


def packed(array: Array, axes: Sequence[int], wavelet: str, levels: int) -> NDArray[np.float32]:
    """The periodic transform in an array of the same shape, coarse level first; sides divide by 2^levels."""
    if not levels or not axes:
        return array.astype(np.float32)
    coarse, *details = transform(array, axes, wavelet, levels, "periodization")
    result = np.empty(array.shape, np.float32)
    result[_place(array.shape, axes, levels, "a" * len(axes))] = coarse
    for level, bands in zip(range(levels, 0, -1), details, strict=True):
        for name, band in bands.items():
            result[_place(array.shape, axes, level, name)] = band
    return result


def unpacked(array: Array, axes: Sequence[int], wavelet: str, levels: int) -> NDArray[np.float32]:
    """The array back from `packed`."""
    if not levels or not axes:
        return array.astype(np.float32)
    array = array.astype(np.float32, copy=False)
    names = ["".join(letters) for letters in product("ad", repeat=len(axes))]
    parts: Coefficients = [array[_place(array.shape, axes, levels, names[0])]]
    for level in range(levels, 0, -1):
        parts.append({name: array[_place(array.shape, axes, level, name)] for name in names[1:]})
    result = np.zeros(array.shape, np.float32)
    add_inverse(parts, axes, wavelet, "periodization", result)
    return result


def _place(shape: Sequence[int], axes: Sequence[int], level: int, name: str) -> tuple[slice, ...]:
    """Where a band lies in the packed array."""
    place = [slice(0, size) for size in shape]
    for axis, letter in zip(axes, name, strict=True):
        half = shape[axis] >> level
        place[axis] = slice(0, half) if letter == "a" else slice(half, 2 * half)
    return tuple(place)


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
    return float(np.median(values, overwrite_input=True)) / 0.6744897501960817 if values.size else 0.0


def shrunk(values: Array, threshold: float, rule: Literal["soft", "hard"]) -> Array:
    """Values within the threshold become 0; the soft rule brings the others nearer by as much."""
    if threshold <= 0:
        return values
    if rule == "hard":
        return np.where(np.abs(values) < threshold, values.dtype.type(0), values)
    limit = values.dtype.type(threshold)  # a double would make doubles of all
    within = np.clip(values, -limit, limit)
    return np.subtract(values, within, out=within)


def scales(array: Array, axes: Sequence[int], levels: int, boundary: Boundary) -> Iterator[NDArray[np.float32]]:
    """Detail of each level from fine to coarse, then what is left; they sum to the array.

    The undecimated B3-spline wavelet (a trous): each level is what a dilated [1 4 6 4 1] / 16 takes away.
    Starck & Murtagh 2006, doi:10.1007/978-3-540-33025-7.
    """
    current = array.astype(np.float32)
    for level in range(levels):
        kernel = np.zeros(4 * 2**level + 1)
        kernel[:: 2**level] = np.array([1, 4, 6, 4, 1]) / 16
        coarser = convolve(current, dict.fromkeys(axes, kernel), boundary)
        current -= coarser
        yield current
        current = coarser
        del coarser
    yield current
