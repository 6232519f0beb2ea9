"""Segments and contours laid on the grid of the image they were drawn on; regions that overlap are several masks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from skimage.draw import polygon2mask

from radiolucent.core import Grid, Mask, UnreadableError
from radiolucent.dicom import Contours, Place, Segments, within_limits

NEAR = 0.05
"""A frame lies on a slice when it is off by no more than this share of a voxel."""

Region = tuple[int, int, NDArray[np.bool_]]
"""Label, slice, and what belongs to it there."""


def segment_masks(segments: Segments, grids: Iterable[Grid]) -> list[Mask]:
    """Masks on the first of `grids` that the frames lie on; where none does, on a grid of their own."""
    grid, slices = _grid_of(segments, list(grids))
    regions: list[Region] = []
    for frame, number, slice_ in zip(segments.frames, segments.segment, slices, strict=True):
        labels = [number] if number else [int(label) for label in np.unique(frame) if label]
        regions += [(label, slice_, frame == label if not number else frame.astype(bool)) for label in labels]
    return _layered(regions, grid, segments.names)


def contour_masks(contours: Contours, grids: Sequence[Grid]) -> list[Mask]:
    """Masks on the first grid of slices that all contours lie in; a voxel belongs to a structure when its centre does.

    Contours of one structure in one slice cut holes into each other. Raises `UnreadableError` where none fits.
    """
    for grid in grids:
        if grid.affine is None or "".join(axis for axis in grid.axes if axis != "t") != "zyx":
            continue
        flat = _without_time(grid)
        drawn = [(number, _index(points, flat)) for number, points in contours.polygons]
        if drawn and all(_lies_in_one_slice(index, flat) for _, index in drawn):
            return _layered(_filled(drawn, flat), flat, contours.names)
    raise UnreadableError("a structure set fits no image beside it; give the folder with the images it was drawn on")


def _filled(drawn: list[tuple[int, NDArray[np.float64]]], grid: Grid) -> list[Region]:
    regions: dict[tuple[int, int], NDArray[np.bool_]] = {}
    for number, index in drawn:
        inside = polygon2mask(grid.shape[1:], index[:, 1:])
        at = number, round(float(index[0, 0]))
        regions[at] = regions[at] ^ inside if at in regions else inside
    return [(number, slice_, inside) for (number, slice_), inside in sorted(regions.items(), key=lambda item: item[0])]


def _index(points: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    affine = grid.affine
    if affine is None:
        raise UnreadableError("the image has no place")
    return (np.linalg.inv(affine) @ np.c_[points, np.ones(len(points))].T)[:3].T


def _lies_in_one_slice(index: NDArray[np.float64], grid: Grid) -> bool:
    at = index[:, 0]
    return bool(np.ptp(at) < 0.5 and at.min() > -0.5 and at.max() < grid.shape[0] - 0.5)


def _layered(regions: list[Region], grid: Grid, names: Mapping[int, str]) -> list[Mask]:
    """As few masks as hold all labels without overlap."""
    kind = np.uint8 if max([label for label, _, _ in regions] or [0]) < 256 else np.uint16
    layers: list[NDArray[np.integer]] = []
    held: list[dict[int, str]] = []
    for label in sorted({label for label, _, _ in regions}):
        own = [(slice_, inside) for number, slice_, inside in regions if number == label]
        free = (k for k, layer in enumerate(layers) if not any(_at(layer, s)[inside].any() for s, inside in own))
        k = next(free, len(layers))
        if k == len(layers):
            within_limits("the segmentation", (len(layers) + 1, *grid.shape), 2)
            layers.append(np.zeros(grid.shape, kind))
            held.append({})
        for slice_, inside in own:
            _at(layers[k], slice_)[inside] = label
        held[k][label] = names.get(label, "")
    if not layers:
        return [Mask(np.zeros(grid.shape, kind), grid)]
    return [Mask(layer, grid, names) for layer, names in zip(layers, held, strict=True)]


def _at(layer: NDArray[np.integer], slice_: int) -> NDArray[np.integer]:
    return layer if layer.ndim == 2 else layer[slice_]


def _grid_of(segments: Segments, grids: list[Grid]) -> tuple[Grid, list[int]]:
    first = segments.places[0]
    plane = segments.frames.shape[1:]
    if first.position_mm is None:
        return _flat_grid(segments, grids), [0] * len(segments.frames)
    for grid in grids:
        slices = _slices_of(segments.places, _without_time(grid), plane)
        if slices is not None:
            return _without_time(grid), slices
    own = _own_grid(segments)
    slices = _slices_of(segments.places, own, plane)
    if slices is None:
        raise UnreadableError("the frames of a segmentation do not lie at even distances; its images must be beside it")
    return own, slices


def _flat_grid(segments: Segments, grids: list[Grid]) -> Grid:
    """Segments of a radiograph have no place: they belong to a picture of the same size."""
    if max(map(segments.segment.count, segments.segment)) > 1:
        raise UnreadableError("the frames of a segmentation do not say on which slices they lie")
    plane = segments.frames.shape[1:]
    fitting = (grid for grid in grids if grid.axes == "yx" and grid.shape == plane)
    return next(fitting, Grid(plane, "yx", segments.places[0].spacing_mm))


def _slices_of(places: Sequence[Place], grid: Grid, plane: tuple[int, ...]) -> list[int] | None:
    """On which slice each frame lies, or `None` where one of them lies on none."""
    if grid.affine is None or grid.spacing_mm is None or grid.shape[-2:] != plane or grid.direction is None:
        return None
    slices = []
    for place in places:
        axes = (place.down, place.right)
        turned = [np.dot(ours, theirs) for ours, theirs in zip(grid.direction[-2:], axes, strict=True) if theirs]
        if len(turned) < 2 or min(turned) < 1 - 1e-4 or place.position_mm is None:
            return None
        index = np.linalg.lstsq(grid.affine[:3, :-1], np.subtract(place.position_mm, grid.affine[:3, -1]), rcond=None)[
            0
        ]
        off = grid.affine[:3, :-1] @ np.rint(index) + grid.affine[:3, -1] - place.position_mm
        at = int(np.rint(index[0])) if len(index) == 3 else 0
        outside = at >= grid.shape[0] or at < 0 or np.abs(np.rint(index[-2:])).max() > 0
        if outside or np.linalg.norm(off) > NEAR * min(grid.spacing_mm):
            return None
        slices.append(at)
    return slices


def _own_grid(segments: Segments) -> Grid:
    first, plane = segments.places[0], segments.frames.shape[1:]
    down, right = np.array(first.down), np.array(first.right)
    normal = np.cross(right, down)
    heights = np.array([np.dot(place.position_mm or (), normal) for place in segments.places])
    levels = np.unique(heights.round(3))
    gap = float(np.diff(levels).min()) if len(levels) > 1 else segments.gap_mm
    corner = segments.places[int(heights.argmin())].position_mm
    directions = tuple(tuple(float(v) for v in axis) for axis in (normal, down, right))
    if len(levels) == 1:
        return Grid(plane, "yx", first.spacing_mm, None, corner, directions[1:])  # type: ignore[arg-type]
    count = round(float(np.ptp(levels)) / gap) + 1 if gap else 1
    spacing = None if first.spacing_mm is None or gap is None else (gap, *first.spacing_mm)
    return Grid((count, *plane), "zyx", spacing, None, corner, directions)  # type: ignore[arg-type]


def _without_time(grid: Grid) -> Grid:
    if "t" not in grid.axes:
        return grid
    return Grid(grid.shape[1:], grid.axes[1:], grid.spacing_mm, None, grid.origin_mm, grid.direction)
