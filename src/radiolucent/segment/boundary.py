"""Segmentation by edges: closed and filled, or linked between points that a person gave."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage
from skimage.graph import MCP_Geometric

from radiolucent.core import Image, InputError, Keypoints, Mask
from radiolucent.core.pixels import refuse_wider
from radiolucent.kernels.edges import canny, gradients
from radiolucent.kernels.morphology import dilation, erosion

from .frames import Labels, Single, labelled, narrow, seeds_of

Flags = NDArray[np.bool_]
Smoothing = Annotated[float, Field(ge=0, description="smoothing before edges are found [mm]")]


def canny_fill(
    image: Image,
    *,
    sigma_mm: Smoothing = 1.5,
    low: Annotated[float, Field(ge=0, le=1, description="weak edges, as a share of the steepest place")] = 0.2,
    high: Annotated[float, Field(ge=0, le=1, description="strong edges, which weak ones must join")] = 0.4,
    close_mm: Annotated[
        float, Field(ge=0, description="gaps in edges up to twice this are closed [mm]; 0: none")
    ] = 2.0,
) -> Mask:
    """Find edges by Canny's method, close their gaps, and fill what they enclose; label 1 is the inside.

    Edges are the crests of the gradient per mm, kept by hysteresis between `low` and `high`, in 2-D and 3-D alike. They
    are widened by a box of `close_mm` to each side, filled, and made narrower again; parts thinner than three pixels go.
    What edges do not enclose is not found: then the mask may be empty. An object that the rim of the picture cuts is
    closed there where its edges enclose a part of that side. Edge pixels belong to the inside.
    Canny 1986, doi:10.1109/TPAMI.1986.4767851.
    """
    if low > high:
        raise InputError(f"low={low:g} is above high={high:g}; strong edges must be steeper than weak ones")
    spacing = image.grid.known_spacing_mm()
    refuse_wider(image, "sigma_mm", sigma_mm)
    refuse_wider(image, "close_mm", close_mm)

    def filled(_frame: int, values: Single) -> Labels:
        edges = canny(values, spacing, sigma_mm, low, high)
        return _filled(edges, {axis: _box(close_mm / step) for axis, step in enumerate(spacing)})

    return Mask(narrow(labelled(image, filled)), image.grid, {1: "inside"})


def live_wire(
    image: Image,
    points: Mask | None = None,
    keypoints: Keypoints | None = None,
    *,
    sigma_mm: Smoothing = 1.0,
    steepness: Annotated[
        float, Field(gt=0, le=1000, description="how much cheaper the steepest place is than flat ground")
    ] = 20.0,
) -> Mask:
    """Link points by the cheapest paths along edges, close the line and fill it; label 1 is the inside.

    The points are the labels of `points` in order (the middle pixel of each), then `keypoints` in order; from the last the line
    goes back to the first. A step costs its length [mm] times 1 / (1 + steepness times gradient / greatest gradient).
    Lines run in a slice: a volume needs three points or more in each slice that is drawn, and slices between two that
    are drawn are filled by interpolating the distance from their lines (Raya and Udupa 1990, doi:10.1109/42.52980).
    Points lie in one frame of a series. Mortensen and Barrett 1998, doi:10.1006/gmip.1998.0480.
    """
    spacing = image.grid.known_spacing_mm()
    refuse_wider(image, "sigma_mm", sigma_mm)
    if len(spacing) < 2:
        raise InputError("live_wire draws lines in a picture, and this has a single axis in space")
    given = _in_order(image, points, keypoints)

    def drawn(index: int, values: Single) -> Labels:
        slices = values.reshape(-1, *values.shape[-2:])
        here = given[given[:, 0] == index, 1:]
        levels = here[:, 0] if values.ndim == 3 else np.zeros(len(here), int)
        found: dict[int, Flags] = {}
        for level in np.unique(levels):
            found[int(level)] = _enclosed(slices[level], here[levels == level, -2:], spacing[-2:], sigma_mm, steepness)
        return _between(found, slices.shape, spacing[-2:]).reshape(values.shape).astype(np.int32)

    return Mask(narrow(labelled(image, drawn)), image.grid, {1: "inside"})


def _box(reach: float) -> int:
    """Pixels of a box that reaches so far to each side, and to the next pixel at least."""
    return 2 * max(1, round(reach)) + 1 if reach else 1


def _filled(edges: Flags, sizes: dict[int, int]) -> Labels:
    """What edges enclose once they are widened, made narrower again, without parts as thin as an edge."""
    wide = np.pad(dilation(edges.astype(np.float32), sizes) > 0, 1)
    inner = (slice(1, -1),) * edges.ndim
    for axis in range(edges.ndim):
        for end in (0, -1):  # what edges enclose on a side of the picture closes it there
            face = np.moveaxis(wide, axis, 0)[1 if end == 0 else -2]
            np.moveaxis(wide, axis, 0)[end] = ndimage.binary_fill_holes(face)
    solid = erosion(ndimage.binary_fill_holes(wide)[inner].astype(np.float32), sizes) > 0
    cross = ndimage.generate_binary_structure(edges.ndim, 1)
    for axis, n in enumerate(edges.shape):
        if n == 1:
            cross = cross.take([1], axis)
    padded = np.pad(solid, [(1, 1) if n > 1 else (0, 0) for n in solid.shape], mode="edge")
    opened = ndimage.binary_opening(padded, cross)
    return np.asarray(opened[tuple(slice(1, -1) if n > 1 else slice(None) for n in solid.shape)], np.int32)


def _in_order(image: Image, points: Mask | None, keypoints: Keypoints | None) -> NDArray[np.int64]:
    """Frame and place in space of every point, in order."""
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    places: list[NDArray[np.int64]] = []
    if points is not None:
        labels = seeds_of(image, points, least=0)
        places += [_middle(labels == label) for label in np.unique(labels[labels > 0])]
    if keypoints is not None:
        found = np.rint(keypoints.points).astype(np.int64)
        if found.shape[1:] != (len(image.grid.shape),) or (found < 0).any() or (found >= image.grid.shape).any():
            raise InputError(f"a keypoint lies outside the picture, whose shape is {image.grid.shape}")
        places += [np.append(0 if len(place) == len(space) else place[0], place[-len(space) :]) for place in found]
    given = np.array(places, np.int64).reshape(-1, 1 + len(space))
    lines = given[:, : max(1, len(space) - 1)]
    fewest = min((int((lines == line).all(axis=1).sum()) for line in lines), default=0)
    if fewest < 3:
        raise InputError(
            f"a line that encloses something needs three points or more in each slice, and there is one with {fewest}; "
            "give points as a mask with the labels 1, 2, 3 ... in order"
        )
    return given


def _middle(there: Flags) -> NDArray[np.int64]:
    """The pixel of a region that is nearest to its mean place."""
    found = np.argwhere(there)
    return found[((found - found.mean(axis=0)) ** 2).sum(axis=1).argmin()]


def _enclosed(
    values: Single, points: NDArray[np.int64], spacing: tuple[float, ...], sigma: float, pull: float
) -> Flags:
    slopes = gradients(values, spacing, sigma)
    steep = np.hypot(*slopes)
    cost = 1 / (1 + pull * steep.astype(np.float64) / (steep.max() or 1))
    line = np.zeros(values.shape, bool)
    paths = MCP_Geometric(cost, sampling=None if len(set(spacing)) == 1 else spacing)  # no factor is quicker than 1
    for start, end in zip(points, np.roll(points, -1, axis=0), strict=True):
        paths.find_costs([start], [end])
        line[tuple(np.transpose(paths.traceback(end)))] = True
    return np.asarray(ndimage.binary_fill_holes(line))


def _between(found: dict[int, Flags], shape: tuple[int, ...], spacing: tuple[float, ...]) -> Flags:
    """Slices drawn, and those between them."""
    result = np.zeros(shape, bool)
    for level, inside in found.items():
        result[level] = inside
    for low, high in pairwise(sorted(found)):
        ends = [_depth(found[level], spacing) for level in (low, high)] if high > low + 1 else []
        for level in range(low + 1, high):
            part = (level - low) / (high - low)
            result[level] = (1 - part) * ends[0] + part * ends[1] > 0
    return result


def _depth(inside: Flags, spacing: tuple[float, ...]) -> NDArray[np.float64]:
    """Distance from the line, below 0 outside."""
    within = ndimage.distance_transform_edt(inside, sampling=spacing)
    return np.asarray(within - ndimage.distance_transform_edt(~inside, sampling=spacing))
