"""To frequencies and back, with magnitude and phase as pictures on a grid in cycles/mm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from radiolucent.core import Grid, Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import slabs


def fourier(image: Image) -> Mapping[str, Image]:
    """Give the magnitude and phase [radians] of each frequency; float32, frequency 0 in the middle (pixel n // 2).

    The grid's spacing is in cycles/mm. The transform is unitary: the squared magnitudes sum to the squared pixels
    (Parseval). Over the axes of space, frame by frame and colour by colour. `inverse_fourier` restores the picture, and
    for this the grid keeps its origin and directions.
    """
    refuse_not_finite(image)
    axes = image.grid.spatial_axes
    spectrum = fft.fftshift(fft.fftn(image.array.astype(np.float32), axes=axes, norm="ortho", overwrite_x=True), axes)
    grid = _reciprocal(image.grid)
    return {
        "magnitude": image.with_array(np.abs(spectrum), grid=grid),
        "phase": image.with_array(_phase(spectrum), grid=grid, unit="rad"),
    }


def _phase(spectrum: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Rounding decides between -pi and pi for a negative real number; it is pi."""
    phase = np.angle(spectrum)
    phase[phase < -np.pi + 1e-5] = np.pi
    return phase


def inverse_fourier(magnitude: Image, phase: Image) -> Image:
    """Restore the picture from the `magnitude` and `phase` [radians] that `fourier` gives; real part, float32."""
    refuse_not_finite(magnitude)
    refuse_not_finite(phase)
    if magnitude.array.shape != phase.array.shape or magnitude.grid != phase.grid:
        raise InputError(f"magnitude lies on {magnitude.grid} and phase on {phase.grid}; give the two of one picture")
    axes = magnitude.grid.spatial_axes
    half = _real_half(magnitude.array, phase.array, axes)
    half = fft.ifftn(half, axes=axes[:-1], norm="ortho", overwrite_x=True) if axes[:-1] else half
    size = magnitude.array.shape[axes[-1]]
    picture = fft.irfft(half, size, axis=axes[-1], norm="ortho", overwrite_x=True)
    return magnitude.with_array(picture, grid=_reciprocal(magnitude.grid))


def _real_half(magnitude: NDArray[Any], phase: NDArray[Any], axes: tuple[int, ...]) -> NDArray[np.complex64]:
    """The part of the spectrum whose transform is real, for the frequencies from 0 on along the last axis of space.

    It is the mean of each frequency and the conjugate of its mirror; only where someone changed one of the two differ they.
    """
    there, mirror = ([np.arange(size) for size in magnitude.shape] for _ in range(2))
    for axis in axes:
        size = magnitude.shape[axis]
        number = np.arange(size // 2 + 1 if axis == axes[-1] else size)
        there[axis], mirror[axis] = (number + size // 2) % size, (size // 2 - number) % size
    half = np.empty([len(index) for index in there], np.complex64)
    for run in slabs.runs(half.shape):
        part = half[run]
        for index, sign in ((there, 0.5), (mirror, -0.5)):
            where = np.ix_(index[0][run[0]], *index[1:])
            size, angle = (one[where].astype(np.float32) for one in (magnitude, phase))
            part.real[...] = size * np.cos(angle) / 2 + (part.real if sign < 0 else 0)
            part.imag[...] = size * np.sin(angle) * np.float32(sign) + (part.imag if sign < 0 else 0)
    return half


def _reciprocal(grid: Grid) -> Grid:
    """Step of n samples in mm to step of n frequencies in cycles/mm, and back."""
    if grid.spacing_mm is None:
        return grid
    steps = zip(grid.spatial_axes, grid.spacing_mm, strict=True)
    return replace(grid, spacing_mm=tuple(1 / (grid.shape[axis] * step) for axis, step in steps))
