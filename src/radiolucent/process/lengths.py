"""Lengths in millimetres as pixels along each axis of space."""

from __future__ import annotations

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels.smooth import odd_size


def in_pixels(image: Image, name: str, length_mm: float) -> dict[int, float]:
    """The length in pixels along each axis of space; refuses one that is larger than the picture."""
    refuse_not_finite(image)
    spacing, axes = image.grid.known_spacing_mm(), image.grid.spatial_axes
    extent = max(image.grid.shape[axis] * step for axis, step in zip(axes, spacing, strict=True))
    if length_mm > extent:
        raise InputError(f"{name}={length_mm:g} mm is larger than the picture, whose longest side is {extent:.4g} mm")
    return {axis: length_mm / step for axis, step in zip(axes, spacing, strict=True)}


def box_in_pixels(image: Image, name: str, width_mm: float) -> dict[int, int]:
    """The odd number of pixels nearest to a width along each axis of space."""
    return {axis: odd_size(width) for axis, width in in_pixels(image, name, width_mm).items()}
