"""What a pixel classifier sees of each pixel of a bare 2-D or 3-D array: its value, and its surroundings at several scales."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .edges import gradients
from .hessian import bends
from .smooth import gaussian

Single = NDArray[np.float32]


def names(scales_mm: Sequence[float], axes: int) -> tuple[str, ...]:
    """What the features are called, in order."""
    each = ("mean", "gradient", *(f"bend {k + 1} of {axes}" for k in range(axes)))
    return ("value", *(f"{name} at {scale:g} mm" for scale in scales_mm for name in each))


def pixel_features(values: Single, spacing_mm: Sequence[float], scales_mm: Sequence[float]) -> Single:
    """Features (*shape, n): the value; for each scale [mm] the Gaussian mean, the gradient's magnitude and the Hessian's
    eigenvalues from the least to the greatest (times scale and scale^2, so that scales compare)."""
    found = [np.asarray(values, np.float32)]
    for scale in scales_mm:
        found.append(gaussian(values, {axis: scale / step for axis, step in enumerate(spacing_mm)}))
        square = sum((slope**2 for slope in gradients(values, spacing_mm, scale)), np.zeros(values.shape, np.float32))
        found.append(np.sqrt(square) * np.float32(scale))
        found.extend(bends(np.asarray(values, np.float32), scale, spacing_mm) * np.float32(scale**2))
    return np.stack(found, axis=-1)
