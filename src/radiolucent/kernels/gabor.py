"""Gabor filters of planes: an oriented wave under a Gaussian."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from . import slabs
from .smooth import _PADS, Boundary

Array = NDArray[Any]
CUTOFF = 4.0
"""Where the kernel ends, in standard deviations of its longer axis."""


def kernel(
    spacing: Sequence[float], sigma: float, wavelength: float, aspect: float, angle: float, radii: Sequence[int]
) -> NDArray[np.complex64]:
    """exp(-(a^2 + aspect^2 b^2) / (2 sigma^2) + 2 pi i a / wavelength), a and b turned by `angle` from x to y.

    All lengths in the unit of `spacing` (y, x); `radii` (y, x) in pixels.
    """
    y, x = (np.arange(-r, r + 1) * step for r, step in zip(radii, spacing, strict=True))
    along = x[None] * np.cos(angle) + y[:, None] * np.sin(angle)
    across = y[:, None] * np.cos(angle) - x[None] * np.sin(angle)
    wave = np.exp(-(along**2 + (aspect * across) ** 2) / (2 * sigma**2) + 2j * np.pi * along / wavelength)
    return wave.astype(np.complex64)


def responses(
    planes: Array,
    spacing: Sequence[float],
    sigma: float,
    wavelength: float,
    aspect: float,
    angles: Sequence[float],
    boundary: Boundary,
) -> Iterator[tuple[Any, Iterator[NDArray[np.complex64]]]]:
    """Some planes of (n, y, x) after the others: where they lie, and their complex response to each angle [radians]."""
    reach = CUTOFF * sigma * max(1.0, 1 / aspect)
    sides = planes.shape[1:]
    radii = [min(int(np.ceil(reach / step)), side) for step, side in zip(spacing, sides, strict=True)]
    sizes = [fft.next_fast_len(side + 2 * r) for side, r in zip(sides, radii, strict=True)]
    waves = [fft.fft2(kernel(spacing, sigma, wavelength, aspect, angle, radii), sizes) for angle in angles]
    inner = tuple(slice(2 * r, 2 * r + side) for r, side in zip(radii, sides, strict=True))
    for run in slabs.runs((len(planes), *sizes), 0, AT_ONCE):
        wide = np.pad(planes[run].astype(np.float32), [(0, 0), *((r, r) for r in radii)], mode=_PADS[boundary])
        yield run, _answers(fft.fft2(wide, sizes), waves, inner)


def _answers(
    spectrum: NDArray[np.complex64], waves: Sequence[Array], inner: tuple[slice, ...]
) -> Iterator[NDArray[np.complex64]]:
    for wave in waves:
        yield fft.ifft2(spectrum * wave, overwrite_x=True)[:, *inner]


AT_ONCE = 1 << 17
"""Pixels whose frequencies are held at once."""
