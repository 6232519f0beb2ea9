"""Segmentation by level sets: a surface moves until inside and outside are told apart."""

from __future__ import annotations

from functools import reduce
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_not_finite, refuse_wider
from radiolucent.kernels import level_set, smooth

from .frames import Labels, Single, labelled, narrow, space_mm

Rounds = Annotated[int, Field(ge=1, le=10_000, description="most rounds of moving the surface")]


def chan_vese(
    image: Image,
    *,
    mu: Annotated[float, Field(ge=0, le=100, description="price of boundary; more, smoother regions")] = 0.25,
    dt: Annotated[float, Field(gt=0, le=10, description="length of a step in time")] = 0.5,
    tolerance: Annotated[float, Field(gt=0, le=1, description="it ends where the level set changes less")] = 1e-3,
    rounds: Rounds = 500,
    bright: Annotated[bool, Field(description="label the brighter of the two classes, else the darker")] = True,
) -> Mask:
    """Part the picture in two flat regions with a short boundary, wherever its edges are weak; label 1 is the foreground.

    The level set starts as a chessboard of waves 10 pixels long and needs no seeds; grey values are scaled to 0..1; steps
    along the axes count by their relative spacing. It finds a local minimum: `convex_partition` finds the best of all,
    and parts into more than two. Chan and Vese 2001, doi:10.1109/83.902291.
    """
    spacing = tuple(s / min(space_mm(image)) for s in space_mm(image))

    def parted(_frame: int, values: Single) -> Labels:
        span = float(np.ptp(values))
        if not span:
            return np.zeros(values.shape, np.int32)
        grey = (values.astype(np.float64) - values.min()) / span
        waves: list[NDArray[np.float64]] = [np.cos(np.pi / 5 * (np.arange(n) - (n - 1) / 2)) for n in values.shape]
        start = reduce(np.multiply.outer, waves)
        phi, _ = level_set.chan_vese(grey, start, spacing, mu=mu, dt=dt, tolerance=tolerance, rounds=rounds)
        inside = phi > 0
        if not inside.any() or inside.all():
            return np.zeros(values.shape, np.int32)
        brighter = inside if grey[inside].mean() > grey[~inside].mean() else ~inside
        return np.asarray(brighter if bright else ~brighter, np.int32)

    return Mask(narrow(labelled(image, parted)), image.grid, {1: "bright" if bright else "dark"})


def level_sets(
    image: Image,
    start: Mask | None = None,
    *,
    sigma_mm: Annotated[float, Field(ge=0, description="smoothing before edges are found [mm]")] = 1.0,
    balloon: Annotated[
        float, Field(ge=-10, le=10, description="pressure on flat ground: positive grows, negative shrinks")
    ] = -1.5,
    length: Annotated[float, Field(ge=0, le=100, description="weight of a short boundary on edges")] = 5.0,
    rounds: Rounds = 1000,
) -> Mask:
    """Move a surface over flat ground until edges stop it: distance-regularised level-set evolution; label 1 is inside.

    `start` (any label above 0) is the first inside; without it, it is all but the outer tenth on each side. The edge
    indicator is 1 / (1 + (slope / typical slope)^2) of the smoothed picture, the typical slope being three times the
    median of its slopes where it rises at all; time step 1, weight of regularity 0.2, steps counted by relative spacing.
    It ends when nothing has changed sides for 20 rounds.
    Li et al. 2010, doi:10.1109/TIP.2010.2069690.
    """
    refuse_not_finite(image)
    refuse_wider(image, "sigma_mm", sigma_mm)
    spacing = image.grid.known_spacing_mm()
    first = _inside(image, start)

    def moved(index: int, values: Single) -> Labels:
        edge = _edge(values, spacing, sigma_mm)
        phi = np.where(first[index], np.float32(-2), np.float32(2))
        relative = tuple(s / min(spacing) for s in spacing)
        phi, _ = level_set.drlse(
            edge, phi, relative, length=length, area=-balloon, regular=0.8 / (4 * len(spacing)), dt=1.0, rounds=rounds
        )
        return np.asarray(phi < 0, np.int32)

    return Mask(narrow(labelled(image, moved)), image.grid, {1: "inside"})


def _inside(image: Image, start: Mask | None) -> Labels:
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    if start is None:
        first = np.zeros((image.array.size // int(np.prod(space)), *space), np.int32)
        first[(slice(None), *(slice(n // 10, n - n // 10) if n > 1 else slice(None) for n in space))] = 1
        return first
    differs = difference(image.grid, start.grid)
    if differs:
        raise InputError(f"image and start lie on different grids ({differs}); resample one to the other's grid")
    if not start.array.any():
        raise InputError("the start is empty: label at least one pixel, or give none to start from the whole picture")
    return (np.asarray(start.array).reshape(-1, *space) > 0).astype(np.int32)


def _edge(values: Single, spacing: tuple[float, ...], sigma_mm: float) -> Single:
    soft = smooth.gaussian(values, {axis: sigma_mm / step for axis, step in enumerate(spacing)})
    axes = [axis for axis in range(values.ndim) if values.shape[axis] > 1]
    square = sum((np.gradient(soft, spacing[axis], axis=axis) ** 2 for axis in axes), np.zeros_like(soft))
    steep = np.sqrt(square)
    rising = steep[steep > 1e-6 * (steep.max() or 1)]
    typical = 3 * float(np.median(rising)) if len(rising) else 1.0
    return np.asarray(1 / (1 + (steep / typical) ** 2), np.float32)
