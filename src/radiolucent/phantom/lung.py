"""A piece of lung on CT with one nodule of known size, and a vessel beside it."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from radiolucent.core import Image, InputError, Mask

from .shapes import grid

AIR, TISSUE, NOISE_HU = -850.0, 40.0, 15.0
VESSEL_RADIUS_MM, VESSEL_LENGTH_MM = 0.7, 8.0


def lung(
    *,
    diameter_mm: float = 7.0,
    spacing_mm: tuple[float, float, float] = (1.0, 0.7, 0.7),
    side_mm: float = 40.0,
    seed: int = 0,
) -> tuple[Image, Mask]:
    """A solid ball of `diameter_mm` in the middle of aerated lung [HU], with its mask; 8 mm of a vessel run 4 mm beside it.

    Voxels at the border are mixed of both tissues (a blur of half a voxel), and there is noise of 15 HU.
    """
    if not 0 < diameter_mm <= side_mm - 12:
        raise InputError(f"a nodule of {diameter_mm:g} mm has no place in {side_mm:g} mm of lung; leave 12 mm or more")
    place = grid([round(side_mm / step) for step in spacing_mm], spacing_mm)
    middle = [(n - 1) / 2 for n in place.shape]
    z, y, x = ((index - m) * step for index, m, step in zip(np.indices(place.shape), middle, spacing_mm, strict=True))
    nodule = np.sqrt(x**2 + y**2 + z**2) <= diameter_mm / 2
    vessel = (np.hypot(x - diameter_mm / 2 - 4, y) <= VESSEL_RADIUS_MM) & (np.abs(z) <= VESSEL_LENGTH_MM / 2)
    tissue = ndimage.gaussian_filter((nodule | vessel).astype(np.float64), 0.5)
    noise = np.random.default_rng(seed).normal(0, NOISE_HU, place.shape)
    array = (AIR + (TISSUE - AIR) * tissue + noise).astype(np.float32)
    return Image(array, place, "CT", "HU"), Mask(nodule.astype(np.uint8), place, {1: "nodule"})
