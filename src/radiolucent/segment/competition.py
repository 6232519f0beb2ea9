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
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels import smooth


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

    The gradient is that of the picture smoothed by `sigma_mm`, per mm along each axis of space, divided by its
    greatest value. Without markers a region starts in each basin at least `depth` deep (h-minima), and regions are
    numbered in array order; with markers the regions keep the markers' labels and names. Frames of a series are
    flooded apart. Compactness counts distance in pixels (Neubert and Protzel 2014, doi:10.1109/ICPR.2014.181).
    Beucher and Meyer 1993.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    steep = _gradient(image, sigma_mm)
    seeds = None if markers is None else _seeds(image, markers)
    if not image.grid.axes.startswith("t"):
        steep, seeds = steep[None], None if seeds is None else seeds[None]
    labels, last = np.zeros(steep.shape, np.int32), 0
    for index, frame in enumerate(steep):
        start = _basins(frame, depth, last) if seeds is None else seeds[index]
        labels[index] = flood(frame, start, compactness=compactness) if start.any() else 0
        last = max(last, int(labels[index].max()))
    names = {label: f"region {label}" for label in range(1, last + 1)} if markers is None else dict(markers.names)
    return Mask(labels.reshape(image.array.shape).astype(np.min_scalar_type(last)), image.grid, names)


def _gradient(image: Image, sigma_mm: float) -> NDArray[np.float32]:
    """Magnitude of the gradient per mm, divided by its greatest value."""
    steps = dict(zip(image.grid.spatial_axes, image.grid.known_spacing_mm(), strict=True))
    soft = smooth.gaussian(image.array, {axis: sigma_mm / step for axis, step in steps.items()})
    square = np.zeros_like(soft)
    for axis, step in steps.items():
        if soft.shape[axis] > 1:
            square += np.gradient(soft, step, axis=axis) ** 2
    steep = np.sqrt(square, out=square)
    steep /= steep.max() or np.float32(1)
    return steep


def _seeds(image: Image, markers: Mask) -> NDArray[np.int32]:
    differs = difference(image.grid, markers.grid)
    if differs:
        raise InputError(f"image and markers lie on different grids ({differs}); resample one to the other's grid")
    if not markers.array.any():
        raise InputError("the markers are empty: give at least one labelled pixel, or no markers to find them")
    return markers.array.astype(np.int32)


def _basins(steep: NDArray[np.float32], depth: float, last: int) -> NDArray[Any]:
    """Basins at least `depth` deep, numbered from `last` + 1; one for the whole where nothing rises."""
    filled = reconstruction(steep + np.float32(depth), steep, method="erosion") if depth else steep
    everywhere = np.ones((3,) * steep.ndim)
    found, count = ndimage.label(local_minima(filled), everywhere)
    if not count:
        return np.full(steep.shape, last + 1, np.int32)
    return np.where(found > 0, found + last, 0).astype(np.int32)
