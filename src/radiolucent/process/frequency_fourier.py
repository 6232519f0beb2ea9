"""To frequencies and back, with magnitude and phase as pictures on a grid in cycles/mm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from radiolucent.core import Grid, Image, InputError
from radiolucent.core.pixels import refuse_not_finite


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
    spectrum = magnitude.array.astype(np.float32) * np.exp(1j * phase.array.astype(np.float32))
    picture = fft.ifftn(fft.ifftshift(spectrum, axes), axes=axes, norm="ortho", overwrite_x=True).real
    return magnitude.with_array(np.ascontiguousarray(picture), grid=_reciprocal(magnitude.grid))


def _reciprocal(grid: Grid) -> Grid:
    """Step of n samples in mm to step of n frequencies in cycles/mm, and back."""
    if grid.spacing_mm is None:
        return grid
    steps = zip(grid.spatial_axes, grid.spacing_mm, strict=True)
    return replace(grid, spacing_mm=tuple(1 / (grid.shape[axis] * step) for axis, step in steps))
