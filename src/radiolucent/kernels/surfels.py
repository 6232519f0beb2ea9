"""Distances between the surfaces of two regions, weighted by the area of the surface elements, in 2-D and 3-D.

A surface element lies where a block of 2 x 2 (x 2) neighbours is neither empty nor full; its area is that of the
marching-cubes polygon in the block (marching squares in 2-D). So a result hardly depends on how the grid cuts a shape.
Convention of Nikolov et al. 2021, doi:10.2196/26151 (google-deepmind/surface-distance).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from skimage.measure import marching_cubes, mesh_surface_area

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Distances:
    """Distances from each surface element to the other surface, ascending, and the elements' areas (lengths in 2-D)."""

    distance: Array
    area: Array

    def mean(self) -> float:
        """Mean distance over the surface; nan where there is no surface."""
        return float(self.distance @ self.area / self.area.sum()) if len(self.area) else float("nan")

    def percentile(self, percent: float) -> float:
        """Distance that `percent` of the surface do not pass; infinite where there is no surface."""
        if not len(self.area):
            return float("inf")
        share = np.cumsum(self.area) / self.area.sum()
        return float(self.distance[min(int(np.searchsorted(share, percent / 100)), len(share) - 1)])

    def within(self, tolerance: float) -> float:
        """Area of the elements no further than `tolerance`."""
        return float(self.area[self.distance <= tolerance].sum())


def surface_distances(a: Flags, b: Flags, spacing: tuple[float, ...]) -> tuple[Distances, Distances]:
    """From the surface of `a` to that of `b` and back; infinite where the other has none. Spacing per array axis."""
    a, b = _cropped(a, b)
    code_a, code_b = _codes(a), _codes(b)
    return _between(code_a, code_b, spacing), _between(code_b, code_a, spacing)


def _cropped(a: Flags, b: Flags) -> tuple[Flags, Flags]:
    """Both within the box that holds both: nothing outside changes a distance."""
    either = a | b
    if not either.any():
        return a[(slice(1),) * a.ndim], b[(slice(1),) * b.ndim]
    box = []
    for axis in range(a.ndim):
        on = np.flatnonzero(either.any(axis=tuple(k for k in range(a.ndim) if k != axis)))
        box.append(slice(int(on[0]), int(on[-1]) + 1))
    return a[tuple(box)], b[tuple(box)]


def _codes(inside: Flags) -> NDArray[np.uint8]:
    """Which of its 2^n neighbours are inside, for every corner between pixels: one bit each."""
    padded = np.pad(inside, 1)
    codes = np.zeros(tuple(n + 1 for n in inside.shape), np.uint8)
    for bit, offset in enumerate(product((0, 1), repeat=inside.ndim)):
        part = padded[tuple(slice(o, o + n) for o, n in zip(offset, codes.shape, strict=True))]
        codes |= part.astype(np.uint8) << np.uint8(bit)
    return codes


def _between(here: NDArray[np.uint8], there: NDArray[np.uint8], spacing: tuple[float, ...]) -> Distances:
    areas = element_areas(spacing)
    on_here, on_there = areas[here] > 0, areas[there] > 0
    area = areas[here[on_here]]
    if not on_there.any():
        return Distances(np.full(len(area), np.inf), area)
    distance = distance_transform_edt(~on_there, sampling=spacing)[on_here]
    order = np.argsort(distance, kind="stable")
    return Distances(distance[order], area[order])


@lru_cache(maxsize=64)
def element_areas(spacing: tuple[float, ...]) -> Array:
    """Area of the surface element of each of the 2^(2^n) neighbourhoods: 16 lengths in 2-D, 256 areas in 3-D."""
    n = len(spacing)
    areas = np.zeros(2 ** (2**n))
    for code in range(1, len(areas) - 1):
        block = np.array([(code >> bit) & 1 for bit in range(2**n)], np.float32).reshape((2,) * n)
        areas[code] = _length(block, spacing) if n == 2 else _area(block, spacing)
    return areas


def _area(block: NDArray[Any], spacing: tuple[float, ...]) -> float:
    vertices, triangles, _, _ = marching_cubes(block, 0.5, method="lorensen")
    return float(mesh_surface_area(vertices * np.asarray(spacing), triangles))


def _length(block: NDArray[Any], spacing: tuple[float, ...]) -> float:
    if block.sum() == 2 and block[0, 0] == block[0, 1]:
        return spacing[1]
    if block.sum() == 2 and block[0, 0] == block[1, 0]:
        return spacing[0]
    corners = 2 if block.sum() == 2 else 1
    return corners * float(np.hypot(spacing[0], spacing[1])) / 2
