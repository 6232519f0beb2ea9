"""The bilateral mean of a bare n-D array of float32, row by row; compiled by numba."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .neighbours import within

Single = NDArray[np.float32]


def bilateral(array: Single, spacing_mm: Sequence[float], sigma_mm: float, sigma_value: float) -> Single:
    """Mean weighted by exp(-distance^2 / 2 sigma_mm^2) exp(-difference^2 / 2 sigma_value^2), within 2 sigma_mm.

    Tomasi and Manduchi 1998, doi:10.1109/ICCV.1998.710815. What lies beyond the edge is mirrored.
    """
    offsets, distances_mm = zip(*within(2 * sigma_mm, spacing_mm), strict=True)
    reach = np.abs(offsets).max(axis=0)
    wide = np.pad(array, [(r, r) for r in reach], mode="symmetric")
    steps = np.array([int(np.prod(wide.shape[axis + 1 :])) for axis in range(wide.ndim)])
    first = np.array(int(reach @ steps))
    for size, step in zip(array.shape[:-1], steps, strict=False):
        first = np.add.outer(first, np.arange(size) * step)
    falls = -np.log2(np.e) * np.square(distances_mm) / (2 * sigma_mm**2)
    fall = np.float32(-np.log2(np.e) / 2 / np.square(float(sigma_value)))
    result = np.empty(array.shape, np.float32)
    rows = result.reshape(-1, array.shape[-1])
    _means(wide.reshape(-1), first.reshape(-1), np.array(offsets) @ steps, falls.astype(np.float32), fall, rows)
    return result


@njit(cache=True, nogil=True)
def _means(wide, first, offsets, falls, fall, rows):  # type: ignore[no-untyped-def]
    width = rows.shape[1]
    weights = np.empty(width, np.float32)
    for r in range(len(first)):
        total, start = rows[r], first[r]
        total[:] = 0
        weights[:] = 0
        for k in range(len(offsets)):
            other = start + offsets[k]
            _add(wide[start : start + width], wide[other : other + width], fall, falls[k], total, weights)
        for i in range(width):
            total[i] = wide[start + i] + total[i] / weights[i]


@njit(cache=True, nogil=True, fastmath={"contract", "nsz", "arcp"})
def _add(centre, other, fall, far, total, weights):  # type: ignore[no-untyped-def]
    """Add one neighbour of each pixel, as its difference from the pixel, which loses no digits of a large level.

    2^x is 2^floor(x), put together from its bits, times a polynomial of the rest that is right to 2e-7; unlike a call
    of exp this is done for a whole vector of pixels at once.
    """
    for i in range(len(centre)):
        apart = other[i] - centre[i]
        power = max(apart * apart * fall + far, np.float32(-126))
        whole = np.floor(power)
        rest = power - whole
        weight = np.float32(1.8775767e-3)
        weight = weight * rest + np.float32(8.9893397e-3)
        weight = weight * rest + np.float32(5.5826318e-2)
        weight = weight * rest + np.float32(2.4015361e-1)
        weight = weight * rest + np.float32(6.9315308e-1)
        weight = weight * rest + np.float32(9.9999994e-1)
        weight *= np.int32((np.int32(whole) + np.int32(127)) << np.int32(23)).view(np.float32)
        weights[i] += weight
        total[i] += weight * apart
