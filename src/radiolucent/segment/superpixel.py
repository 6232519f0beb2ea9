"""Segmentation by small regions that join: superpixels, and the places that pixels climb to by mean shift."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from skimage.segmentation import slic

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.pixels import refuse_wider
from radiolucent.kernels import compete
from radiolucent.kernels.mean_shift import mean_shift as climbed

from .competition import regions_by_brightness
from .frames import Labels, Single, labelled, narrow


def superpixels(
    image: Image,
    *,
    width_mm: Annotated[float, Field(gt=0, description="side of a superpixel [mm]")] = 6.0,
    compactness: Annotated[
        float, Field(gt=0, le=1000, description="weight of place against grey value (scaled to 0..1)")
    ] = 0.2,
    merge: Annotated[
        bool, Field(description="merge neighbours while that shortens the description of the picture")
    ] = True,
    smoothness: Annotated[
        float, Field(ge=0, le=1000, description="price of boundary when merging [nats for the side of a pixel]")
    ] = 1.0,
) -> Mask:
    """Part the picture into superpixels of alike grey values (SLIC), and merge those that are better told as one.

    Merging codes each region by a Gaussian of its own, as `region_competition` does, the most gainful pair of touching regions
    first; a region costs the logarithm of the number of pixels. Regions are numbered from dark to bright; frame by
    frame. scikit-image's SLIC. Achanta et al. 2012, doi:10.1109/TPAMI.2012.120; Zhu and Yuille 1996, doi:10.1109/34.537343.
    """
    spacing = image.grid.known_spacing_mm()
    refuse_wider(image, "width_mm", width_mm)

    def parted(_frame: int, values: Single) -> Labels:
        wide = [axis for axis, n in enumerate(values.shape) if n > 1]
        if not np.ptp(values) or not wide:
            return np.ones(values.shape, np.int32)
        size = float(np.prod([values.shape[axis] * spacing[axis] / width_mm for axis in wide]))
        steps = [step / min(spacing) for step in spacing]
        labels = slic(values, max(1, round(size)), compactness, spacing=steps, channel_axis=None, start_label=1).astype(
            np.int32
        )
        if merge:
            least = max(1e-4 * float(values.var()), 1e-12)
            energy = compete.Energy.of(spacing, smoothness=smoothness, cost=float(np.log(values.size)), variance=least)
            labels = compete.merged(values, labels, energy)
        return regions_by_brightness(values, labels)

    return _regions(image, labelled(image, parted))


def mean_shift(
    image: Image,
    *,
    width_mm: Annotated[
        float, Field(gt=0, description="bandwidth of place: pixels farther away do not count [mm]")
    ] = 6.0,
    value: Annotated[
        float | None,
        Field(gt=0, description="bandwidth of grey value [the image's unit]; none: the frame's standard deviation"),
    ] = None,
    least_mm: Annotated[
        float, Field(ge=0, description="regions smaller than a cube of this side join their likest neighbour [mm]")
    ] = 3.0,
    rounds: Annotated[int, Field(ge=1, le=10_000, description="most moves of a pixel")] = 100,
) -> Mask:
    """Let pixels climb to where most pixels are, in grey value and place together; those that meet are one region.

    Pixels move to the mean of all within the bandwidths (flat kernel) until they rest; those that share a cell one
    bandwidth wide move as one, which is exact only for cells that are uniform. Places of rest that touch are one. Regions are
    numbered from dark to bright; frame by frame. Comaniciu and Meer 2002, doi:10.1109/34.1000236.
    """
    spacing = image.grid.known_spacing_mm()
    refuse_wider(image, "width_mm", width_mm)

    def parted(_frame: int, values: Single) -> Labels:
        if not np.ptp(values):
            return np.ones(values.shape, np.int32)
        wide = float(values.std()) if value is None else value
        place = np.indices(values.shape, np.float32).reshape(values.ndim, -1)
        scaled = [values.ravel() / wide, *(axis * (step / width_mm) for axis, step in zip(place, spacing, strict=True))]
        try:
            found = climbed(np.stack(scaled, axis=1).astype(np.float64), rounds=rounds)
        except MemoryError as error:
            raise InputError(f"the bandwidths are too narrow for this picture ({error}); widen them") from error
        labels = found.reshape(values.shape) + 1
        few = least_mm ** len(spacing) / float(np.prod(spacing))
        return regions_by_brightness(values, compete.without_small(values, labels, few))

    return _regions(image, labelled(image, parted))


def _regions(image: Image, labels: Labels) -> Mask:
    return Mask(narrow(labels), image.grid, {k: f"region {k}" for k in range(1, int(labels.max()) + 1)})
