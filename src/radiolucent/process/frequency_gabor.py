"""Gabor filters: waves of one length and direction under a Gaussian, as IBSI-2 defines them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_colour
from radiolucent.kernels.bank import Pooling
from radiolucent.kernels.gabor import responses

from .lengths import in_pixels
from .smooth import Edge

Part = Literal["modulus", "real", "imaginary"]


def gabor(
    image: Image,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="standard deviation along the wave [mm]")] = 3.0,
    wavelength_mm: Annotated[float, Field(gt=0, description="length of the wave [mm]")] = 4.0,
    aspect: Annotated[float, Field(gt=0, le=100, description="deviation along the wave over that across it")] = 1.0,
    angle_deg: Annotated[float, Field(ge=0, le=360, description="direction of the wave [deg], from x towards y")] = 0.0,
    step_deg: Annotated[
        float | None, Field(gt=0, le=360, description="pool over the full circle in these steps [deg]; none: one angle")
    ] = 45.0,
    pooling: Annotated[Pooling, Field(description="how the responses of angles and planes are pooled")] = "mean",
    part: Annotated[Part, Field(description="what is kept of the complex response")] = "modulus",
    by_slice: Annotated[
        bool, Field(description="only the planes of the last two axes, not all three of space")
    ] = False,
    boundary: Edge = "reflect",
) -> Image:
    """Answer to stripes of `wavelength_mm` [mm] across `angle_deg`, plane by plane; gives float32.

    The kernel is exp(-(a^2 + aspect^2 b^2) / (2 sigma^2) + 2 pi i a / wavelength). Angles grow from the last axis
    towards the one before it. In a volume all three orthogonal planes are filtered and pooled, unless `by_slice`.
    IBSI-2 feature Q88H.
    """
    refuse_colour(image)
    in_pixels(image, "sigma_mm", sigma_mm)
    spacing = dict(zip(image.grid.spatial_axes, image.grid.known_spacing_mm(), strict=True))
    planes = list(combinations(spacing, 2))
    if not planes:
        raise InputError(f"a Gabor filter needs a plane, and the picture's axes are {image.grid.axes!r}")
    angles = _angles(angle_deg, step_deg, part)
    result, count = np.zeros(0, np.float32), 0
    for plane in planes[-1:] if by_slice else planes:
        moved = np.moveaxis(image.array, plane, (-2, -1))
        sides = [spacing[axis] for axis in plane]
        stack = moved.reshape(-1, *moved.shape[-2:])
        for response in responses(stack, sides, sigma_mm, wavelength_mm, aspect, angles, boundary):
            value = np.moveaxis(_KEPT[part](response).reshape(moved.shape), (-2, -1), plane)
            result = _pool(result, value, pooling) if count else value
            count += 1
    return image.with_array(result / np.float32(count) if pooling == "mean" else result)


_KEPT: dict[str, Callable[[NDArray[np.complex64]], NDArray[np.float32]]] = {
    "modulus": np.abs,
    "real": np.real,
    "imaginary": np.imag,
}


def _pool(one: NDArray[np.float32], other: NDArray[np.float32], pooling: Pooling) -> NDArray[np.float32]:
    return np.maximum(one, other) if pooling == "max" else one + other


def _angles(angle_deg: float, step_deg: float | None, part: Part) -> list[float]:
    """In radians; half the circle is enough where the opposite wave answers alike."""
    if step_deg is None:
        return [np.deg2rad(angle_deg)]
    turn = 360 if part == "imaginary" or 180 / step_deg % 1 else 180
    return [np.deg2rad(angle_deg + step) for step in np.arange(0, turn - 1e-9, step_deg)]
