"""Canny's edges of a bare array, 2-D or 3-D: the crest of the gradient, kept where it is strong or joins what is strong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from .smooth import convolve, gaussian

Array = NDArray[Any]
SMOOTHED, SLOPE = np.array([1.0, 2.0, 1.0]) / 4, np.array([-1.0, 0.0, 1.0]) / 2


def canny(values: Array, spacing: Sequence[float], sigma: float, low: float, high: float) -> NDArray[np.bool_]:
    """Edge pixels; `sigma` is in units of the spacing, `low` and `high` are shares of the greatest gradient.

    Gradients are Sobel's of the smoothed picture, per unit of length. A pixel is on the crest where neither neighbour
    along the gradient, interpolated, is steeper; of crests steeper than `low` those stay that join, by faces or corners,
    one steeper than `high`. Pixels at the rim are none. Canny 1986, doi:10.1109/TPAMI.1986.4767851.
    """
    slopes = gradients(values, spacing, sigma)
    steep = np.sqrt(sum((s**2 for s in slopes), np.zeros_like(slopes[0])))
    top = float(steep.max(initial=0))
    if not top or values.min() == values.max():
        return np.zeros(values.shape, bool)
    cube = (1,) * (3 - values.ndim) + values.shape
    flat = [np.zeros(cube, np.float32)] * (3 - values.ndim)
    along = [(s / np.float32(h)).reshape(cube) for s, h in zip(slopes, spacing, strict=True)]
    crest = np.zeros(cube, np.uint8)
    _crests(steep.reshape(cube), np.stack([*flat, *along]), np.float32(low * top), crest)
    kept = crest.reshape(values.shape) > 0
    labels, count = ndimage.label(kept, np.ones((3,) * values.ndim))
    strong = np.zeros(count + 1, bool)
    strong[labels[kept & (steep >= high * top)]] = True
    strong[0] = False
    return strong[labels]


def gradients(values: Array, spacing: Sequence[float], sigma: float) -> list[NDArray[np.float32]]:
    """Sobel's slopes along each axis, per unit of the spacing, of the picture smoothed by `sigma` (same unit)."""
    soft = gaussian(values, {axis: sigma / step for axis, step in enumerate(spacing)})
    wide = [axis for axis in range(values.ndim) if values.shape[axis] > 1]
    kernels = {axis: {a: SLOPE if a == axis else SMOOTHED for a in wide} for axis in wide}
    return [
        convolve(soft, kernels[axis]) / np.float32(step) if axis in kernels else np.zeros_like(soft)
        for axis, step in enumerate(spacing)
    ]


@njit(cache=True, nogil=True)
def _crests(steep: Array, along: Array, low: float, crest: Array) -> None:
    depth, height, width = steep.shape
    first = 1 if depth > 1 else 0
    step = np.empty(3, np.float32)
    for z in range(first, depth - first):
        for y in range(1, height - 1):
            for x in range(1, width - 1):
                here = steep[z, y, x]
                if here < low or here == 0:
                    continue
                longest = np.float32(0)
                for k in range(3):
                    longest = max(longest, abs(along[k, z, y, x]))
                for k in range(3):
                    step[k] = along[k, z, y, x] / longest
                if _beside(steep, z, y, x, step, 1) <= here and _beside(steep, z, y, x, step, -1) <= here:
                    crest[z, y, x] = 1


@njit(cache=True, nogil=True)
def _beside(steep: Array, z: int, y: int, x: int, step: Array, sign: int) -> float:
    """The gradient a step of at most a pixel away, interpolated between the pixels around that place."""
    total = 0.0
    dz, dy, dx = (1 if sign * step[0] > 0 else -1), (1 if sign * step[1] > 0 else -1), (1 if sign * step[2] > 0 else -1)
    pz, py, px = abs(step[0]), abs(step[1]), abs(step[2])
    for k in range(8):
        az, ay, ax = k >> 2, (k >> 1) & 1, k & 1
        weight = (pz if az else 1 - pz) * (py if ay else 1 - py) * (px if ax else 1 - px)
        if weight > 0:
            total += weight * steep[z + az * dz, y + ay * dy, x + ax * dx]
    return total
