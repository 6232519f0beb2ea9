"""Gabor filters: waves of one length and direction under a Gaussian, as IBSI-2 defines them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import Annotated, Any, Literal

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
    used = planes[-1:] if by_slice else planes
    result = np.zeros(image.array.shape, np.float32)
    for number, plane in enumerate(used):
        moved, into = (np.moveaxis(one, plane, (-2, -1)) for one in (image.array, result))
        filtered = partial(_pool, first=number == 0, part=part, pooling=pooling)
        sides = [spacing[axis] for axis in plane]
        _answer(moved, into, filtered, (sides, sigma_mm, wavelength_mm, aspect, angles, boundary))
    if pooling == "mean":
        result /= np.float32(len(used) * len(angles))
    return image.with_array(result)


_KEPT: dict[str, Callable[[NDArray[np.complex64]], NDArray[np.float32]]] = {
    "modulus": np.abs,
    "real": np.real,
    "imaginary": np.imag,
}


def _answer(moved: NDArray[Any], into: NDArray[np.float32], pool: Callable[..., None], how: tuple[Any, ...]) -> None:
    """Plane after plane of the last two axes."""
    for where in np.ndindex(moved.shape[: max(0, moved.ndim - 3)]):
        planes, kept = (one[where] if one.ndim > 2 else one[None] for one in (moved, into))
        for run, answers in responses(planes, *how):
            for turn, response in enumerate(answers):
                pool(kept[run], response, turn)


def _pool(
    kept: NDArray[np.float32], response: NDArray[np.complex64], turn: int, *, first: bool, part: Part, pooling: Pooling
) -> None:
    value = _KEPT[part](response)
    if first and turn == 0:
        kept[...] = value
    elif pooling == "max":
        np.maximum(kept, value, out=kept)
    else:
        kept += value


def _angles(angle_deg: float, step_deg: float | None, part: Part) -> list[float]:
    """In radians; half the circle is enough where the opposite wave answers alike."""
    if step_deg is None:
        return [np.deg2rad(angle_deg)]
    turn = 360 if part == "imaginary" or 180 / step_deg % 1 else 180
    return [np.deg2rad(angle_deg + step) for step in np.arange(0, turn - 1e-9, step_deg)]
