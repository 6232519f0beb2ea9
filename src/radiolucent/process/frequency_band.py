"""Filters of a band of frequencies, with cut-offs in cycles/mm, alike in all directions of anisotropic voxels."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import spectrum
from radiolucent.kernels.spectrum import Transfer

from .smooth import Edge

Shape = Annotated[
    Literal["ideal", "butterworth", "gaussian"],
    Field(description="fall at the cut-off: at once, to 1/2 by 1 / (1 + (f/c)^2n), or to 0.61 by exp(-f^2 / 2c^2)"),
]
Order = Annotated[int, Field(ge=1, le=20, description="steepness n of the Butterworth shape")]
Cutoff = Annotated[float, Field(gt=0, le=1000, description="cut-off [cycles/mm]")]


def low_pass(
    image: Image,
    *,
    cutoff_per_mm: Cutoff = 0.1,
    shape: Shape = "butterworth",
    order: Order = 2,
    boundary: Edge = "reflect",
) -> Image:
    """Keep frequencies below `cutoff_per_mm` [cycles/mm], alike in all directions; gives float32. The mean stays."""
    _refuse_above(image, "cutoff_per_mm", cutoff_per_mm)
    return _filtered(image, lambda away: _low(away, cutoff_per_mm, shape, order), boundary)


def high_pass(
    image: Image,
    *,
    cutoff_per_mm: Cutoff = 0.1,
    shape: Shape = "butterworth",
    order: Order = 2,
    boundary: Edge = "reflect",
) -> Image:
    """Keep frequencies above `cutoff_per_mm` [cycles/mm]: what `low_pass` takes away; gives float32 of mean 0."""
    _refuse_above(image, "cutoff_per_mm", cutoff_per_mm)
    return _filtered(image, lambda away: 1 - _low(away, cutoff_per_mm, shape, order), boundary)


def band_pass(
    image: Image,
    *,
    low_per_mm: Annotated[float, Field(gt=0, le=1000, description="lower end of the band [cycles/mm]")] = 0.05,
    high_per_mm: Annotated[float, Field(gt=0, le=1000, description="upper end of the band [cycles/mm]")] = 0.2,
    shape: Shape = "butterworth",
    order: Order = 2,
    boundary: Edge = "reflect",
) -> Image:
    """Keep frequencies between `low_per_mm` and `high_per_mm` [cycles/mm]; gives float32 of mean 0.

    The product of `high_pass` at the lower and `low_pass` at the upper end.
    """
    if low_per_mm >= high_per_mm:
        raise InputError(f"a band needs low_per_mm below high_per_mm, got {low_per_mm:g} and {high_per_mm:g}")
    _refuse_above(image, "low_per_mm", low_per_mm)
    return _filtered(
        image,
        lambda away: (1 - _low(away, low_per_mm, shape, order)) * _low(away, high_per_mm, shape, order),
        boundary,
    )


def notch(
    image: Image,
    *,
    frequency_per_mm: Annotated[float, Field(gt=0, le=1000, description="frequency to take out [cycles/mm]")] = 0.2,
    width_per_mm: Annotated[
        float, Field(gt=0, le=1000, description="distance of the cut-off from it [cycles/mm]")
    ] = 0.02,
    along: Annotated[
        Literal["x", "y", "z"] | None, Field(description="axis that the stripes repeat along; none: every direction")
    ] = None,
    shape: Shape = "gaussian",
    order: Order = 2,
    boundary: Edge = "reflect",
) -> Image:
    """Take out a periodic pattern, such as the lines of an anti-scatter grid; gives float32. The mean stays.

    `along` an axis only the frequency itself and its mirror are taken out, within `width_per_mm` [cycles/mm] of it.
    """
    _refuse_above(image, "frequency_per_mm", frequency_per_mm)
    names = [image.grid.axes[axis] for axis in image.grid.spatial_axes]
    if along is not None and along not in names:
        raise InputError(f"along={along!r} is not among the picture's axes {''.join(names)!r}")

    def away(per_mm: list[NDArray[Any]]) -> NDArray[Any]:
        if along is None:
            return np.abs(spectrum.radius(per_mm) - frequency_per_mm)
        return spectrum.radius(
            [np.abs(one) - frequency_per_mm * (name == along) for one, name in zip(per_mm, names, strict=True)]
        )

    def transfer(per_mm: list[NDArray[Any]]) -> NDArray[Any]:
        kept = 1 - _low(away(per_mm), width_per_mm, shape, order)
        return np.where(spectrum.radius(per_mm) == 0, 1, kept)

    return image.with_array(spectrum.even(image.array, image.grid.spatial_axes, per_mm(image, transfer), boundary))


def homomorphic(
    image: Image,
    *,
    cutoff_per_mm: Cutoff = 0.02,
    low_gain: Annotated[float, Field(ge=0, le=10, description="factor of slow changes (illumination)")] = 0.5,
    high_gain: Annotated[float, Field(ge=0, le=10, description="factor of fast changes (detail)")] = 1.5,
    boundary: Edge = "reflect",
) -> Image:
    """Even out illumination and lift detail: a filter of the logarithm, with a Gaussian cut-off [cycles/mm]; float32.

    Of ln(1 + v), v the value above the least one in multiples of its mean, so that neither the unit nor what counts as
    black matters; the mean of the logarithm stays. Oppenheim et al. 1968, doi:10.1109/PROC.1968.6570.
    """
    _refuse_above(image, "cutoff_per_mm", cutoff_per_mm)
    low = np.float32(image.array.min())
    values = image.array.astype(np.float32)
    values -= low
    level = np.float32(values.mean(dtype=np.float64)) or np.float32(1)
    values /= level
    np.log1p(values, out=values)

    def gain(away: NDArray[Any]) -> NDArray[Any]:
        lifted = high_gain + (low_gain - high_gain) * _low(away, cutoff_per_mm, "gaussian", 1)
        return np.where(away == 0, 1, lifted)

    evened = _banded(image, values, gain, boundary)
    np.expm1(np.minimum(evened, MOST_LOGARITHM, out=evened), out=evened)
    evened *= level
    evened += low
    return image.with_array(evened)


MOST_LOGARITHM = np.float32(np.log(np.finfo(np.float32).max) / 2)
"""What is more would overflow."""


def per_mm(image: Image, transfer: Transfer) -> Transfer:
    """A transfer of frequencies in cycles/mm as one of cycles/pixel."""
    spacing = image.grid.known_spacing_mm()
    return lambda frequencies: transfer([one / step for one, step in zip(frequencies, spacing, strict=True)])


def _filtered(image: Image, gain: Any, boundary: Edge) -> Image:
    return image.with_array(_banded(image, image.array, gain, boundary))


def _banded(image: Image, array: NDArray[Any], gain: Any, boundary: Edge) -> NDArray[np.float32]:
    """An array on the picture's grid, each frequency times the gain of its distance from 0."""
    transfer = per_mm(image, lambda frequencies: gain(spectrum.radius(frequencies)))
    return spectrum.even(array, image.grid.spatial_axes, transfer, boundary)


def _low(away: NDArray[Any], cutoff: float, shape: str, order: int) -> NDArray[Any]:
    """From 1 at no distance to 0 far beyond the cut-off."""
    relative = away / cutoff
    if shape == "ideal":
        return (relative <= 1).astype(np.float32)
    if shape == "gaussian":
        return np.exp(-0.5 * relative**2)
    return 1 / (1 + np.square(np.minimum(relative, 10 ** (18 / order))) ** order)


def _refuse_above(image: Image, name: str, cutoff: float) -> None:
    refuse_not_finite(image)
    highest = max(0.5 / step for step in image.grid.known_spacing_mm())
    if cutoff > highest:
        raise InputError(f"{name}={cutoff:g} is above the picture's highest frequency, {highest:.4g} cycles/mm")
