"""Filters that answer to blobs and texture, by the definitions of IBSI-2 (doi:10.1148/radiol.231319)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, unknown
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import smooth
from radiolucent.kernels.bank import Pooling, Tap, respond

from .lengths import box_in_pixels, in_pixels
from .smooth import Edge

BySlice = Annotated[bool, Field(description="filter each slice by itself, in two dimensions")]
Turned = Annotated[bool, Field(description="pool over all turns of the filter by right angles")]
Pool = Annotated[Pooling, Field(description="how the responses of the turns are pooled")]

LAWS: dict[str, tuple[int, ...]] = {
    "L3": (1, 2, 1),
    "L5": (1, 4, 6, 4, 1),
    "E3": (-1, 0, 1),
    "E5": (-1, -2, 0, 2, 1),
    "S3": (-1, 2, -1),
    "S5": (-1, 0, 2, 0, -1),
    "W5": (-1, 2, 0, -2, 1),
    "R5": (1, -4, 6, -4, 1),
}
"""Level, edge, spot, wave and ripple; each is brought to a sum of squares of 1."""


def laplacian_of_gaussian(
    image: Image,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="standard deviation [mm]")] = 1.5,
    cutoff: Annotated[float, Field(ge=1, le=10, description="where the kernel ends, in standard deviations")] = 4.0,
    per: Annotated[
        Literal["pixel", "mm", "sigma"],
        Field(description="unit of the derivative's length: finest pixel (IBSI), mm, or sigma (scale-normalised)"),
    ] = "pixel",
    by_slice: BySlice = False,
    boundary: Edge = "reflect",
) -> Image:
    """Find blobs and edges: the Laplacian of a picture smoothed by a Gaussian of `sigma_mm` [mm]; gives float32.

    Positive in dark blobs, negative in bright ones, 0 where the picture is constant. IBSI-2 feature L6PA.
    """
    sigmas = in_pixels(image, "sigma_mm", sigma_mm)
    if by_slice:
        sigmas = dict(list(sigmas.items())[-2:])
    unit = {"pixel": max(sigmas.values()), "mm": sigma_mm, "sigma": 1.0}[per]
    total = np.zeros(image.array.shape, np.float32)
    level = {axis: _gaussian(sigma, cutoff) for axis, sigma in sigmas.items()}
    for axis, sigma in sigmas.items():
        total += smooth.convolve(image.array, {**level, axis: _second(sigma, cutoff) / unit**2}, boundary)
    return image.with_array(total)


def _gaussian(sigma: float, cutoff: float) -> NDArray[np.float64]:
    radius = int(cutoff * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return weights / weights.sum()


def _second(sigma: float, cutoff: float) -> NDArray[np.float64]:
    """Second derivative of the Gaussian per sigma^2; what the cut leaves over is taken from it, so its sum is 0."""
    weights = _gaussian(sigma, cutoff)
    away = np.arange(-(len(weights) // 2), len(weights) // 2 + 1) / sigma
    second = weights * (away**2 - 1)
    return second - weights * second.sum()


def laws(
    image: Image,
    *,
    kernels: Annotated[
        str, Field(description="one of L3 L5 E3 E5 S3 S5 W5 R5 for all axes, or one for each of x, y, z: 'E5L5S5'")
    ] = "E5",
    rotation_invariant: Turned = True,
    pooling: Pool = "max",
    energy_mm: Annotated[
        float | None, Field(gt=0, description="side of the box [mm] over which the absolute response is averaged")
    ] = None,
    by_slice: BySlice = False,
    boundary: Edge = "reflect",
) -> Image:
    """Answer to texture: convolve with Laws' kernels (level, edge, spot, wave, ripple) along x, y, z; gives float32.

    With `energy_mm` [mm] the texture energy: the mean absolute response over a box. The kernels are in pixels.
    IBSI-2 features JTXT (kernels) and PQSD (energy); Laws 1980, doi:10.1117/12.959169.
    """
    refuse_not_finite(image)
    axes = image.grid.spatial_axes[-2:] if by_slice else image.grid.spatial_axes
    taps = [_law(name) for name in per_axis(kernels, "[A-Z][0-9]", axes)]
    chains = {axis: (tap,) for axis, tap in zip(reversed(axes), taps, strict=True)}
    response = respond(image.array, chains, boundary, pooling if rotation_invariant else None)
    if energy_mm is not None:
        box = box_in_pixels(image, "energy_mm", energy_mm)
        np.abs(response, out=response)
        response = smooth.mean(response, {axis: box[axis] for axis in axes}, boundary, overwrite=True)
    return image.with_array(response)


def _law(name: str) -> Tap:
    if name not in LAWS:
        raise unknown("Laws kernel", name, LAWS)
    return Tap.of(np.array(LAWS[name]) / np.linalg.norm(LAWS[name]))


def per_axis(text: str, one: str, axes: tuple[int, ...]) -> list[str]:
    """Words that match `one`, for x, y, z in turn; a single word stands for all."""
    words = re.findall(one, text)
    if len(words) == 1:
        words = words * len(axes)
    if not re.fullmatch(f"({one})+", text) or len(words) != len(axes):
        raise InputError(
            f"{text!r} must give one filter for all axes, or one for each of the {len(axes)} axes of space"
        )
    return words
