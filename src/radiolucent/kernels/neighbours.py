"""Weighted means over the neighbours of each pixel of a bare n-D array of float32, neighbour by neighbour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import slabs
from .smooth import mean

Single = NDArray[np.float32]

BLOCK = 1 << 16
"""Pixels that are worked on together: their sums then stay in the processor's cache."""

SLAB = 1 << 18
"""Least number of pixels whose patches are compared together."""


def frost(array: Single, spacing_mm: Sequence[float], radius_mm: float, steepness: Single) -> Single:
    """Mean weighted by exp(-steepness * distance [mm]), each pixel with its own steepness, within a radius [mm].

    The result comes in the place of `steepness`.
    """
    offsets = list(within(radius_mm, spacing_mm))
    for inside, centre, others in _blocks(array, offsets):
        numerator, weights, falls = np.zeros_like(centre), np.zeros_like(centre), steepness[inside]
        for (_, distance_mm), other in zip(offsets, others, strict=True):
            weight = np.exp(falls * np.float32(-distance_mm))
            weights += weight
            weight *= other
            numerator += weight
        np.divide(numerator, weights, out=steepness[inside])
    return steepness


def non_local_means(
    array: Single, patch: Sequence[int], reach: Sequence[int], filtering: float, noise: float
) -> Single:
    """Mean over the box of +- `reach` pixels, weighted by how alike the patches around are.

    exp(-max(d - 2 noise^2, 0) / filtering^2), where d is the mean square difference of the patches.
    Buades et al. 2005, doi:10.1109/CVPR.2005.38. What lies beyond the edge is mirrored.
    """
    result = np.empty_like(array)
    margin = [r + p // 2 for r, p in zip(reach, patch, strict=True)]
    for where, wide in slabs.wide(array, margin, "symmetric", max(SLAB, array.size // 8)):
        result[where] = _alike(wide, patch, reach, array[where].shape, filtering, noise)
    return result


def _alike(
    wide: Single, patch: Sequence[int], reach: Sequence[int], shape: Sequence[int], filtering: float, noise: float
) -> Single:
    """The mean of the pixels of `shape` in the middle of `wide`."""
    inner = tuple(slice(p // 2, p // 2 + size) for p, size in zip(patch, shape, strict=True))
    centre = _window(wide, patch, reach, shape)
    numerator, weights = centre[inner].copy(), np.ones(shape, np.float32)
    sizes = dict(enumerate(patch))
    for offset in product(*(range(-r, r + 1) for r in reach)):
        if any(offset):
            other = _window(wide, patch, reach, shape, offset)
            distance = other - centre
            distance *= distance
            weight = mean(distance, sizes, overwrite=True)[inner]
            weight -= np.float32(2 * noise**2)
            np.maximum(weight, 0, out=weight)
            weight *= np.float32(-1 / filtering**2)
            np.exp(weight, out=weight)
            weights += weight
            weight *= other[inner]
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
    reach = np.abs([offset for offset, _ in offsets]).max(axis=0).tolist()
    for inside, wide in slabs.wide(array, reach, "symmetric", BLOCK):
        shape = array[inside].shape
        others = [
            wide[tuple(slice(r + o, r + o + size) for r, o, size in zip(reach, offset, shape, strict=True))]
            for offset, _ in offsets
        ]
        yield inside, array[inside], others
