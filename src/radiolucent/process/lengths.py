"""Lengths in millimetres as pixels along each axis of space."""

from __future__ import annotations

from radiolucent.core import Image
from radiolucent.core.pixels import refuse_not_finite, refuse_wider
from radiolucent.kernels.smooth import odd_size


def in_pixels(image: Image, name: str, length_mm: float) -> dict[int, float]:
    """The length in pixels along each axis of space; refuses one that is larger than the picture."""
    refuse_not_finite(image)
    refuse_wider(image, name, length_mm)
    steps = zip(image.grid.spatial_axes, image.grid.known_spacing_mm(), strict=True)
    return {axis: length_mm / step for axis, step in steps}


def box_in_pixels(image: Image, name: str, width_mm: float) -> dict[int, int]:
    """The odd number of pixels nearest to a width along each axis of space."""
    return {axis: odd_size(width) for axis, width in in_pixels(image, name, width_mm).items()}
