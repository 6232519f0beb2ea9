"""How large a region is: volume, diameters as a reader of the axial slices takes them, and surface."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.spatial.distance import cdist

from radiolucent.core import Finding, Grid, InputError, Mask
from radiolucent.kernels import solids

from .clinical_finding import measured
from .discretise import Label
from .region import of_label

Inside = NDArray[np.bool_]

OBLIQUE = 0.9
"""Cosine of the angle to the body's axis below which slices are not called axial."""


class Axes(NamedTuple):
    """Longest diameter in one slice and the greatest width across it [mm], and the slice."""

    long_mm: float
    short_mm: float
    slice_index: int


def size(mask: Mask, *, label: Label = 1) -> tuple[Finding, ...]:
    """Measure a region's volume [ml], axial long and short axis [mm], greatest diameter [mm] and surface [mm²].

    The volume counts voxels. The long axis is the longest diameter in any axial slice, the short axis the widest place
    across it in that slice (RECIST 1.1: Eisenhauer et al. 2009, doi:10.1016/j.ejca.2008.10.026), both of the convex
    outline half way between pixels inside and outside. The greatest diameter and the surface are of the mesh by marching
    cubes, as in `morphology`. Of a 2-D picture: area [mm²] and the two axes.
    """
    return sized(of_label(mask, label), mask.grid, named(mask, label))


def named(mask: Mask, label: int) -> str:
    """What a label is called."""
    return mask.names.get(label, f"label {label}")


def sized(inside: Inside, grid: Grid, where: str) -> tuple[Finding, ...]:
    """The measures of a region that is not empty."""
    box = ndimage.find_objects(inside.astype(np.uint8))[0]
    return sized_in(box, inside[box], grid, where)


def sized_in(box: tuple[slice, ...], inside: Inside, grid: Grid, where: str) -> tuple[Finding, ...]:
    """The measures of a region that fills a box of the grid."""
    spacing_mm = grid.known_spacing_mm()
    if "t" in grid.axes:
        raise InputError(f"the mask has frames over time (axes {grid.axes!r}); take one frame of it")
    found = axes_of(inside, spacing_mm, axial(grid))
    across = axial(grid)
    place = where if across is None else f"{where}, slice {found.slice_index + box[across].start}"
    plane = ("in the picture's plane",) if across is None else (f"in the slices across {grid.axes[across]!r}",)
    because = (*plane, *_oblique(grid))
    axes = (
        measured("long_axis", "Long axis", found.long_mm, "mm", where=place, because=because),
        measured("short_axis", "Short axis", found.short_mm, "mm", where=place, because=because),
    )
    content = float(np.count_nonzero(inside) * np.prod(spacing_mm))
    if across is None:
        return measured("area", "Area", content, "mm²", where=where), *axes
    vertices, triangles = solids.surface(inside, spacing_mm)
    corners = vertices[ConvexHull(vertices).vertices]
    return (
        measured("volume", "Volume", content / 1000, "ml", where=where),
        *axes,
        measured("maximum_diameter", "Greatest diameter", solids.diameter(corners), "mm", where=where),
        measured("surface", "Surface", solids.volume_and_area(vertices, triangles)[1], "mm²", where=where),
    )


def axial(grid: Grid) -> int | None:
    """The axis that axial slices lie across: that which runs along the body, or the first; `None` of a 2-D picture."""
    if len(grid.spatial_axes) < 3:
        return None
    return 0 if grid.direction is None else int(np.argmax([abs(d[2]) for d in grid.direction]))


def _oblique(grid: Grid) -> tuple[str, ...]:
    across = axial(grid)
    if across is None or grid.direction is None or abs(grid.direction[across][2]) >= OBLIQUE:
        return ()
    return ("the slices lie obliquely in the body",)


def axes_of(inside: Inside, spacing_mm: tuple[float, ...], across: int | None) -> Axes:
    """The axes in the slice with the longest; parts that do not touch within a slice are looked at one by one."""
    slices = inside[np.newaxis] if across is None else np.moveaxis(inside, across, 0)
    plane_mm = spacing_mm if across is None else tuple(s for k, s in enumerate(spacing_mm) if k != across)
    found = [
        Axes(*diameters(part, plane_mm), index)
        for index, one in enumerate(slices)
        for part in _islands(one)
    ]  # fmt: skip
    return max(found, key=lambda axes: (round(axes.long_mm, 6), axes.short_mm, -axes.slice_index))


def _islands(one: Inside) -> list[Inside]:
    labels, _ = ndimage.label(one, np.ones((3, 3)))
    return [labels[box] == number for number, box in enumerate(ndimage.find_objects(labels), 1)]


def diameters(island: Inside, spacing_mm: tuple[float, ...]) -> tuple[float, float]:
    """Longest diameter of the convex outline [mm], and the longest chord at right angles to it."""
    points = _rim(island) * spacing_mm
    corners = points[ConvexHull(points).vertices]
    away = cdist(corners, corners)
    first, second = np.unravel_index(np.argmax(away), away.shape)
    along = (corners[second] - corners[first]) / away[first, second]
    forth = (corners - corners[first]) @ along
    aside = (corners - corners[first]) @ np.array([-along[1], along[0]])
    near = 1e-9 * away[first, second]
    high, low = (_chain(forth, aside * sign, near) for sign in (1, -1))
    return float(away[first, second]), float((high + low).max())


def _chain(forth: NDArray[Any], aside: NDArray[Any], near: float) -> NDArray[Any]:
    """Height of the outline on one side of the long axis, at the place of every corner (where its greatest lies)."""
    side = aside >= -near
    order = np.argsort(forth[side])
    height: NDArray[Any] = np.interp(forth, forth[side][order], aside[side][order])
    return height


def _rim(island: Inside) -> NDArray[np.float64]:
    """Places half way between neighbours of which one is inside (n, 2) [pixels]."""
    padded = np.pad(island, 1)
    down, right = np.argwhere(padded[1:] != padded[:-1]), np.argwhere(padded[:, 1:] != padded[:, :-1])
    return np.concatenate([np.add(down, (0.5, 0.0)), np.add(right, (0.0, 0.5))])
