"""Segmentation by regions that compete for pixels."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage
from skimage.morphology import local_minima, reconstruction
from skimage.segmentation import watershed as flood

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.pixels import refuse_not_finite, refuse_wider
from radiolucent.kernels import compete, smooth
from radiolucent.kernels.growing import grow

from .frames import Labels, Single, by_brightness, labelled, narrow, seeds_of, space_mm


def watershed(
    image: Image,
    markers: Mask | None = None,
    *,
    sigma_mm: Annotated[
        float, Field(ge=0, description="smoothing before the gradient [mm]; more, fewer regions")
    ] = 1.0,
    depth: Annotated[
        float, Field(ge=0, le=1, description="least depth of a basin, as a part of the greatest gradient")
    ] = 0.05,
    compactness: Annotated[float, Field(ge=0, description="pull towards round regions, for gradients of 0..1")] = 0.0,
) -> Mask:
    """Flood the gradient's magnitude from its basins, or from `markers`: every pixel gets the label of one region.

    The gradient is that of the picture smoothed by `sigma_mm`, per mm along each axis of space, divided by the
    frame's greatest value. Without markers a region starts in each basin at least `depth` deep (h-minima), and regions are
    numbered in array order; with markers the regions keep the markers' labels and names. Frames of a series are
    flooded apart. Compactness counts distance in pixels (Neubert and Protzel 2014, doi:10.1109/ICPR.2014.181).
    Beucher and Meyer 1993.
    """
    refuse_not_finite(image)
    refuse_wider(image, "sigma_mm", sigma_mm)
    spacing_mm = image.grid.known_spacing_mm()
    seeds = None if markers is None else _of_markers(image, markers)
    last = 0

    def flooded(index: int, values: Single) -> Labels:
        nonlocal last
        steep = _gradient(values, spacing_mm, sigma_mm)
        start = _basins(steep, depth, last) if seeds is None else seeds[index]
        labels = flood(steep, start, compactness=compactness) if start.any() else np.zeros(values.shape, np.int32)
        last = max(last, int(labels.max()))
        return labels

    labels = labelled(image, flooded)
    names = {label: f"region {label}" for label in range(1, last + 1)} if markers is None else dict(markers.names)
    return Mask(narrow(labels), image.grid, names)


def region_competition(
    image: Image,
    seeds: Mask | None = None,
    *,
    smoothness: Annotated[
        float,
        Field(ge=0, le=1000, description="price of boundary [nats for the side of a pixel]; more, smoother regions"),
    ] = 1.0,
    region_cost: Annotated[
        float | None, Field(ge=0, description="price of a region [nats]; none: the logarithm of the number of pixels")
    ] = None,
    sigma_mm: Annotated[
        float | None, Field(ge=0, description="smoothing before the first regions are found [mm]; none: a pixel")
    ] = None,
    rounds: Annotated[int, Field(ge=1, le=10_000, description="most rounds of moving boundaries")] = 100,
) -> Mask:
    """Let regions compete for the pixels at their boundaries, and merge, while the description gets shorter.

    Each region codes its pixels by a Gaussian of its own mean and variance; to this the boundary and the regions add
    their prices (minimum description length). Without seeds the first regions are the basins of the gradient
    (`watershed` with depth 0.02, frame by frame) and neighbours merge where that lowers the energy; with `seeds` they are what
    `seeded_region_growing` makes of these, no regions merge, and seeds keep their labels. Each move lowers the energy, so
    it comes to rest at a local minimum. Regions are numbered in the order of their mean grey values.
    Zhu and Yuille 1996, doi:10.1109/34.537343.
    """
    refuse_not_finite(image)
    if sigma_mm is not None:
        refuse_wider(image, "sigma_mm", sigma_mm)
    start = seeds_of(image, seeds) if seeds is not None else None
    cost = float(np.log(image.array.size)) if region_cost is None else region_cost

    def competed(index: int, values: Single) -> Labels:
        least = max(1e-4 * float(values.var()), 1e-12)
        energy = compete.Energy.of(space_mm(image), smoothness=smoothness, cost=cost, variance=least)
        if start is not None:
            labels, fixed = grow(values, start[index]), start[index] > 0
        else:
            steep = _gradient(values, space_mm(image), min(space_mm(image)) if sigma_mm is None else sigma_mm)
            labels = flood(steep, _basins(steep, 0.02, 0)).astype(np.int32)
            fixed = np.zeros(labels.shape, bool)
        labels, _ = compete.compete(values, labels, fixed, energy, merge=start is None, rounds=rounds)
        return labels if start is not None else regions_by_brightness(values, labels)

    labels = labelled(image, competed)
    names = {k: f"region {k}" for k in range(1, int(labels.max()) + 1)} if seeds is None else dict(seeds.names)
    return Mask(narrow(labels), image.grid, names)


def regions_by_brightness(values: Single, labels: Labels) -> Labels:
    """The same regions, numbered from dark to bright."""
    count = np.bincount(labels.ravel())
    mean = np.bincount(labels.ravel(), values.ravel())[count > 0] / count[count > 0]
    return by_brightness((np.cumsum(count > 0) - 1)[labels], mean)


def _gradient(values: Single, spacing: tuple[float, ...], sigma: float) -> Single:
    """Magnitude of the gradient in units of the spacing, divided by its greatest value."""
    soft = smooth.gaussian(values, {axis: sigma / step for axis, step in enumerate(spacing)})
    square = np.zeros_like(soft)
    for axis, step in enumerate(spacing):
        if soft.shape[axis] > 1:
            square += np.gradient(soft, step, axis=axis) ** 2
    steep = np.sqrt(square, out=square)
    steep /= steep.max() or np.float32(1)
    return steep


def _of_markers(image: Image, markers: Mask) -> Labels:
    if not markers.array.any():
        raise InputError("the markers are empty: give at least one labelled pixel, or no markers to find them")
    return seeds_of(image, markers, least=0)


def _basins(steep: NDArray[np.float32], depth: float, last: int) -> NDArray[Any]:
    """Basins at least `depth` deep, numbered from `last` + 1; one for the whole where nothing rises."""
    filled = reconstruction(steep + np.float32(depth), steep, method="erosion") if depth else steep
    everywhere = np.ones((3,) * steep.ndim)
    found, count = ndimage.label(local_minima(filled), everywhere)
    if not count:
        return np.full(steep.shape, last + 1, np.int32)
    return np.where(found > 0, found + last, 0).astype(np.int32)
