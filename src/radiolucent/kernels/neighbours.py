"""Weighted means over the neighbours of each pixel of a bare n-D array of float32, neighbour by neighbour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .smooth import mean

Single = NDArray[np.float32]

BLOCK = 1 << 16
"""Pixels that are worked on together: their sums then stay in the processor's cache."""


def frost(array: Single, spacing_mm: Sequence[float], radius_mm: float, steepness: Single) -> Single:
    """Mean weighted by exp(-steepness * distance [mm]), each pixel with its own steepness, within a radius [mm]."""
    offsets = list(within(radius_mm, spacing_mm))
    total = np.empty_like(array)
    for inside, centre, others in _blocks(array, offsets):
        numerator, weights, falls = np.zeros_like(centre), np.zeros_like(centre), steepness[inside]
        for (_, distance_mm), other in zip(offsets, others, strict=True):
            weight = np.exp(falls * np.float32(-distance_mm))
            weights += weight
            weight *= other
            numerator += weight
        total[inside] = numerator / weights
    return total


def non_local_means(
    array: Single, patch: Sequence[int], reach: Sequence[int], filtering: float, noise: float
) -> Single:
    """Mean over the box of +- `reach` pixels, weighted by how alike the patches around are.

    exp(-max(d - 2 noise^2, 0) / filtering^2), where d is the mean square difference of the patches.
    Buades et al. 2005, doi:10.1109/CVPR.2005.38. What lies beyond the edge is mirrored.
    """
    margin = [r + p // 2 for r, p in zip(reach, patch, strict=True)]
    wide = np.pad(array, [(m, m) for m in margin], mode="symmetric")
    numerator, weights = array.copy(), np.ones_like(array)
    sizes = dict(enumerate(patch))
    inner = tuple(slice(p // 2, p // 2 + size) for p, size in zip(patch, array.shape, strict=True))
    for offset in product(*(range(-r, r + 1) for r in reach)):
        if any(offset):
            distance = _window(wide, patch, reach, array.shape, offset) - _window(wide, patch, reach, array.shape)
            distance *= distance
            weight = mean(distance, sizes)[inner]
            weight -= np.float32(2 * noise**2)
            np.maximum(weight, 0, out=weight)
            weight *= np.float32(-1 / filtering**2)
            np.exp(weight, out=weight)
            weights += weight
            weight *= _window(wide, patch, reach, array.shape, offset)[inner]
            numerator += weight
    return np.divide(numerator, weights, out=numerator)


def _window(
    wide: Single, patch: Sequence[int], reach: Sequence[int], shape: Sequence[int], offset: Sequence[int] = ()
) -> Single:
    """The picture with half a patch on each side, moved by an offset."""
    moves = offset or (0,) * len(shape)
    spans = zip(moves, reach, patch, shape, strict=True)
    return wide[tuple(slice(r + o, r + o + size + 2 * (p // 2)) for o, r, p, size in spans)]


def within(radius_mm: float, spacing_mm: Sequence[float]) -> Iterator[tuple[tuple[int, ...], float]]:
    """The offsets [pixels] of all pixels within a radius, with their distance [mm]."""
    reach = [int(radius_mm / h + 1e-6) for h in spacing_mm]
    for offset in product(*(range(-r, r + 1) for r in reach)):
        distance_mm = float(np.linalg.norm(np.multiply(offset, spacing_mm)))
        if distance_mm <= radius_mm * (1 + 1e-6):
            yield offset, distance_mm


def _blocks(
    array: Single, offsets: Sequence[tuple[tuple[int, ...], float]]
) -> Iterator[tuple[Any, Single, list[Single]]]:
    """Slabs of the picture along its first axis: (where, the pixels, their neighbours at each offset)."""
    reach = np.abs([offset for offset, _ in offsets]).max(axis=0)
    wide = np.pad(array, [(int(r), int(r)) for r in reach], mode="symmetric")
    thick = max(1, BLOCK // max(1, int(np.prod(array.shape[1:]))))
    for start in range(0, array.shape[0], thick):
        stop = min(start + thick, array.shape[0])
        sides = [(start, stop), *((0, size) for size in array.shape[1:])]
        others = [
            wide[
                tuple(slice(low + r + o, high + r + o) for (low, high), r, o in zip(sides, reach, offset, strict=True))
            ]
            for offset, _ in offsets
        ]
        yield slice(start, stop), array[start:stop], others
