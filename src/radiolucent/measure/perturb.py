"""Small changes of an image and its mask that a robust feature should survive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from radiolucent.core import Image, InputError, Mask

from .region import region

ROOM = 24
"""Voxels kept around the region: it may be turned within them, and local intensity looks beyond it."""


@dataclass(frozen=True)
class Perturbation:
    """What is done: turn in the slice's plane and shift image and mask alike, grow the mask, add noise.

    `shift_px` in voxels along each axis, `growth` in parts of the volume (-0.1: a tenth less), `noise` in standard
    deviations of the image's own noise.
    """

    angle_deg: float = 0.0
    shift_px: float = 0.0
    growth: float = 0.0
    noise: float = 0.0
    seed: int = 0


USUAL = (
    *(Perturbation(angle_deg=angle) for angle in (-6.0, -3.0, 3.0, 6.0)),
    *(Perturbation(shift_px=shift) for shift in (0.25, 0.5)),
    *(Perturbation(growth=growth) for growth in (-0.1, 0.1)),
    *(Perturbation(noise=1.0, seed=seed) for seed in (0, 1)),
)
"""Ten perturbations of the size that positioning, contouring and noise have."""


def perturbed(image: Image, mask: Mask, label: int, change: Perturbation) -> tuple[Image, Mask]:
    """Image and mask around one label after the change, on a part of the same grid.

    Zwanenburg et al. 2019, doi:10.1038/s41598-018-36938-4: linear interpolation, the mask cut at one half; the mask
    grows and shrinks voxel layer by voxel layer in mm, ties broken at random; noise is Gaussian.
    """
    inside = region(image, mask, label)
    if inside is None or "t" in image.grid.axes:
        raise InputError("a perturbation needs a mask, and a picture or a volume without time")
    box = tuple(_around(inside, axis) for axis in range(inside.ndim))
    grey, inside = np.array(image.array[box], np.float32), inside[box]
    random = np.random.default_rng(change.seed)
    if change.noise:
        grey += random.normal(0, change.noise * noise_of(grey), grey.shape).astype(np.float32)
    if change.angle_deg or change.shift_px:
        matrix, offset = _motion(inside, image.grid.spacing_mm, change)
        grey = ndimage.affine_transform(grey, matrix, offset, order=1, mode="nearest")
        inside = ndimage.affine_transform(inside.astype(np.float32), matrix, offset, order=1) >= 0.5
    if change.growth:
        inside = _grown(inside, image.grid.spacing_mm, change.growth, random)
    if not inside.any():
        raise InputError(f"label {label} is so small that nothing is left of it after {change}")
    grid = replace(image.grid, shape=grey.shape, origin_mm=_moved(image, box))
    return image.with_array(grey, grid=grid), mask.with_array((inside * label).astype(mask.array.dtype), grid=grid)


def noise_of(grey: NDArray[Any]) -> float:
    """Standard deviation of the noise: the median finest diagonal detail of the slices over 0.6745 (Donoho)."""
    even = grey[..., : grey.shape[-2] // 2 * 2, : grey.shape[-1] // 2 * 2]
    a, b, c, d = (even[..., y::2, x::2] for y in (0, 1) for x in (0, 1))
    detail = np.abs(a - b - c + d) / 2
    return float(np.median(detail) / 0.6745) if detail.size else 0.0


def _around(inside: NDArray[np.bool_], axis: int) -> slice:
    there = np.flatnonzero(inside.any(axis=tuple(other for other in range(inside.ndim) if other != axis)))
    return slice(max(int(there[0]) - ROOM, 0), int(there[-1]) + 1 + ROOM)


def _motion(
    inside: NDArray[np.bool_], spacing_mm: tuple[float, ...] | None, change: Perturbation
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where a voxel of the new picture comes from: turned about the region's centre, in mm, and shifted."""
    sides = np.ones(inside.ndim) if spacing_mm is None else np.array(spacing_mm)
    turn = np.eye(inside.ndim)
    c, s = np.cos(np.deg2rad(change.angle_deg)), np.sin(np.deg2rad(change.angle_deg))
    turn[-2:, -2:] = [[c, -s], [s, c]]
    matrix = turn * sides / sides[:, None]
    centre = np.array(ndimage.center_of_mass(inside))
    return matrix, centre - matrix @ (centre + change.shift_px)


def _grown(
    inside: NDArray[np.bool_], spacing_mm: tuple[float, ...] | None, growth: float, random: np.random.Generator
) -> NDArray[np.bool_]:
    """The region with (1 + growth) of its voxels: those nearest to its border come or go first."""
    away = ndimage.distance_transform_edt(~inside, spacing_mm) - ndimage.distance_transform_edt(inside, spacing_mm)
    wanted = max(round(np.count_nonzero(inside) * (1 + growth)), 1)
    order = np.lexsort((random.random(away.size), away.ravel()))
    grown = np.zeros(away.size, bool)
    grown[order[:wanted]] = True
    return grown.reshape(away.shape)


def _moved(image: Image, box: tuple[slice, ...]) -> tuple[float, float, float] | None:
    affine = image.grid.affine
    if affine is None:
        return image.grid.origin_mm
    x, y, z = (affine @ [*(part.start for part in box), 1])[:3]
    return (float(x), float(y), float(z))
