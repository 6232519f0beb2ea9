"""Filters given by what they do to each frequency; arrays in, float32 out.

A real, even transfer on a mirrored boundary is a product in the cosine transform, so nothing has to be padded; for the
other boundaries the array is widened, and a periodic one is taken as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from . import slabs
from .smooth import _PADS, Boundary

Array = NDArray[Any]
Transfer = Callable[[list[Array]], Array]
"""From the frequency along each axis [cycles/pixel], shaped to broadcast, to the factor of each frequency."""

SLAB = 1 << 17
"""Frequencies whose transfer is worked out together."""


def even(array: Array, axes: Sequence[int], transfer: Transfer, boundary: Boundary) -> NDArray[np.float32]:
    """Apply a real transfer that is the same for a frequency and its mirror along every axis."""
    if boundary == "reflect":
        return _cosine(array, axes, transfer, 2)
    if boundary == "mirror":
        return _cosine(array, [axis for axis in axes if array.shape[axis] > 1], transfer, 1)
    return general(array, axes, transfer, boundary)


def general(array: Array, axes: Sequence[int], transfer: Transfer, boundary: Boundary) -> NDArray[np.float32]:
    """Apply any transfer whose value at minus a frequency is the conjugate.

    Axis by axis in place: `irfftn` would hold a second spectrum, and writing to fresh memory costs as much as the transform.
    """
    if not axes:
        return array.astype(np.float32)
    wide, inner = widened(array, axes, boundary)
    sizes = [wide.shape[axis] for axis in axes]
    spectrum = fft.rfft(wide.astype(np.float32, copy=False), axis=axes[-1])
    spectrum = fft.fftn(spectrum, axes=axes[:-1], overwrite_x=True) if axes[:-1] else spectrum
    frequencies = [fft.fftfreq(size) for size in sizes[:-1]] + [fft.rfftfreq(sizes[-1])]
    _multiply(spectrum, frequencies, axes, transfer)
    spectrum = fft.ifftn(spectrum, axes=axes[:-1], overwrite_x=True) if axes[:-1] else spectrum
    return np.ascontiguousarray(fft.irfft(spectrum, sizes[-1], axis=axes[-1], overwrite_x=True)[inner])


def _cosine(array: Array, axes: Sequence[int], transfer: Transfer, kind: int) -> NDArray[np.float32]:
    if not axes:
        return array.astype(np.float32)
    frequencies = _cosine_frequencies(array.shape, axes, kind)
    spectrum = fft.dctn(array.astype(np.float32), kind, axes=axes, overwrite_x=True)
    _multiply(spectrum, frequencies, axes, transfer)
    return fft.idctn(spectrum, kind, axes=axes, overwrite_x=True)


def _multiply(spectrum: Array, frequencies: Sequence[Array], axes: Sequence[int], transfer: Transfer) -> None:
    """By the transfer of each frequency, slab by slab: the transfer of all at once would take more memory than the array."""
    first, *others = frequencies
    thick = max(1, SLAB * len(first) // max(1, spectrum.size))
    for start in range(0, len(first), thick):
        slab = slice(start, start + thick)
        part = spectrum[(slice(None),) * axes[0] + (slab,)]
        part *= transfer(_shaped([first[slab], *others], axes, spectrum.ndim))


def widened(array: Array, axes: Sequence[int], boundary: Boundary) -> tuple[Array, tuple[slice, ...]]:
    """In float32 with what lies beyond the edge, such that its periodic continuation is harmless; and the inside.

    An array that is periodic is given as it is.

    Mirrored boundaries are continued to a whole period, which makes them exact; zeros and repeated edges by at least
    half the size on each side.
    """
    if boundary == "wrap":
        return array, (slice(None),) * array.ndim
    widths = [(0, 0)] * array.ndim
    for axis in axes:
        widths[axis] = _margin(array.shape[axis], boundary)
    inner = tuple(slice(before, before + size) for (before, _), size in zip(widths, array.shape, strict=True))
    return np.pad(array.astype(np.float32), widths, mode=_PADS[boundary]), inner


def _margin(size: int, boundary: Boundary) -> tuple[int, int]:
    if boundary == "reflect":
        return 0, size
    if boundary == "mirror":
        return 0, max(0, size - 2)
    more = fft.next_fast_len(2 * size, real=True) - size
    return more // 2, more - more // 2


def _shaped(values: Sequence[Array], axes: Sequence[int], ndim: int) -> list[Array]:
    shaped = []
    for value, axis in zip(values, axes, strict=True):
        sides = [1] * ndim
        sides[axis] = -1
        shaped.append(value.astype(np.float32).reshape(sides))
    return shaped


def radius(frequencies: Sequence[Array]) -> Array:
    """Length of each frequency vector."""
    return np.sqrt(sum((np.square(one) for one in frequencies), np.zeros((1,) * frequencies[0].ndim, np.float32)))


def simoncelli(level: int) -> Transfer:
    """Band of Simoncelli's isotropic wavelet: between 1/4 and 1 of the highest frequency at level 1 (IBSI-2)."""
    high = 0.5 / 2 ** (level - 1)

    def band(frequencies: list[Array]) -> Array:
        relative = radius(frequencies) / high
        inside = (relative >= 0.25) & (relative <= 1)
        return np.cos(np.pi / 2 * np.log2(2 * np.where(inside, relative, 1.0)))

    return band


def riesz(orders: Sequence[int]) -> Transfer:
    """All-pass derivative of `orders` along each axis (Unser & Van De Ville 2010, doi:10.1109/TIP.2009.2038832)."""
    turn = (-1j) ** sum(orders)
    size = riesz_size(orders)
    return lambda frequencies: turn * size(frequencies)


def riesz_size(orders: Sequence[int]) -> Transfer:
    """The same without its factor (-i)^L: real, and odd along the axes of odd orders."""
    order = sum(orders)
    scale = math.sqrt(math.factorial(order) / math.prod(math.factorial(one) for one in orders))

    def derivative(frequencies: list[Array]) -> Array:
        length = radius(frequencies).astype(np.float64)
        result = np.full(length.shape, scale)
        for one, power in zip(frequencies, orders, strict=True):
            if power:
                result *= one.astype(np.float64) ** power
        return np.divide(result, length**order, out=np.zeros_like(result), where=length > 0)

    return derivative


def mirrored_derivative(
    array: Array, axes: Sequence[int], orders: Sequence[int], size: Transfer, boundary: Boundary
) -> NDArray[np.float32]:
    """Apply (-i)^L `size` on a mirrored boundary, L the sum of `orders`; `size` is real, odd along axes of odd orders.

    Each cosine of the picture becomes a sine along the odd axes, so a sine transform leads back along these, and nothing
    has to be widened.
    """
    kind = 2 if boundary == "reflect" else 1
    used = [axis for axis in axes if kind == 2 or array.shape[axis] > 1]
    odd = [axis for axis, order in zip(axes, orders, strict=True) if order % 2]
    if set(odd) - set(used):
        return np.zeros(array.shape, np.float32)
    frequencies = _cosine_frequencies(array.shape, axes, kind)
    spectrum = array.astype(np.float32)
    spectrum = fft.dctn(spectrum, kind, axes=used, overwrite_x=True) if used else spectrum
    _multiply(spectrum, frequencies, axes, size)
    for axis in used:
        back = _from_sines if axis in odd else _from_cosines
        for run in slabs.beside(spectrum.shape, axis):
            spectrum[run] = back(spectrum[run], axis, kind)
    if (sum(orders) - len(odd)) // 2 % 2:
        np.negative(spectrum, out=spectrum)
    return spectrum


def _cosine_frequencies(shape: Sequence[int], axes: Sequence[int], kind: int) -> list[Array]:
    periods = [2 * shape[axis] - (2 if kind == 1 else 0) for axis in axes]
    return [np.arange(shape[axis]) / max(period, 1) for axis, period in zip(axes, periods, strict=True)]


def _from_cosines(part: Array, axis: int, kind: int) -> Array:
    return np.asarray(fft.idct(part, kind, axis=axis))


def _from_sines(part: Array, axis: int, kind: int) -> Array:
    """The sines of frequency 1, 2 ...: the second kind begins with the first, and the first kind has none at its ends."""
    result = np.zeros_like(part)
    lines, out = np.moveaxis(part, axis, -1), np.moveaxis(result, axis, -1)
    if kind == 2:
        moved = np.zeros_like(lines)
        moved[..., :-1] = lines[..., 1:]
        out[...] = fft.idst(moved, 2, overwrite_x=True)
    elif lines.shape[-1] > 2:
        out[..., 1:-1] = fft.idst(lines[..., 1:-1], 1)
    return result


def centred(array: Array, axes: Sequence[int], transfer: Transfer) -> NDArray[np.float32]:
    """Apply a transfer sampled as IBSI-2's reference maps are: from -1/2 to 1/2 cycles/pixel with both ends.

    Of an even number of samples none falls on frequency 0, so the factor of a frequency is not quite the conjugate of
    its mirror's; the real part of the response is kept.
    """
    spectrum = fft.fftn(array.astype(np.float32), axes=axes)
    frequencies = [
        fft.ifftshift(np.linspace(-0.5, 0.5, size) if size > 1 else np.zeros(1))
        for size in (array.shape[axis] for axis in axes)
    ]
    _multiply(spectrum, frequencies, axes, transfer)
    return np.ascontiguousarray(fft.ifftn(spectrum, axes=axes, overwrite_x=True).real.astype(np.float32))
