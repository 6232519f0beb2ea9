"""Responses of undecimated wavelets and of the Riesz transform, on the picture's own grid, as IBSI-2 defines them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations_with_replacement
from typing import Annotated, Literal

import numpy as np
import pywt
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, unknown
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import spectrum, steer
from radiolucent.kernels.bank import Chain, Tap, respond

from .frequency_texture import BySlice, Pool, Turned, per_axis
from .lengths import in_pixels
from .smooth import Edge

Wavelet = Annotated[str, Field(description="name of a discrete wavelet: haar, db2, coif1, sym4, bior2.2 ...")]
Sampling = Annotated[
    Literal["ibsi", "exact"],
    Field(description="frequencies as IBSI-2's reference maps sample them (periodic), or as the transform does"),
]


def wavelet_response(
    image: Image,
    *,
    wavelet: Wavelet = "haar",
    band: Annotated[str, Field(description="H (detail) or L (level) for all axes, or one for each of x, y, z")] = "H",
    level: Annotated[int, Field(ge=1, le=10, description="level of the decomposition, 1 the finest")] = 1,
    rotation_invariant: Turned = True,
    pooling: Pool = "mean",
    by_slice: BySlice = False,
    boundary: Edge = "reflect",
) -> Image:
    """Answer to detail of one scale: one band of the undecimated separable wavelet transform; gives float32.

    The levels before are low-passed along every axis, with zeros put after the weights (a trous). `band` names the
    filter along x, y, z in turn. IBSI-2 feature 25BO.
    """
    refuse_not_finite(image)
    axes = image.grid.spatial_axes[-2:] if by_slice else image.grid.spatial_axes
    bank = discrete(wavelet)
    high_or_low = {"L": Tap.of(bank.dec_lo), "H": Tap.of(bank.dec_hi)}
    chains = {
        axis: _chain(high_or_low["L"], high_or_low[letter], level)
        for axis, letter in zip(reversed(axes), per_axis(band, "[LH]", axes), strict=True)
    }
    return image.with_array(respond(image.array, chains, boundary, pooling if rotation_invariant else None))


@cache
def discrete(name: str) -> pywt.Wavelet:
    """The wavelet of that name, or the error that names the nearest."""
    known = pywt.wavelist(kind="discrete")
    if name not in known:
        raise unknown("discrete wavelet", name, known)
    return pywt.Wavelet(name)


def _chain(low: Tap, last: Tap, level: int) -> Chain:
    return (*(low.dilated(2**step) for step in range(level - 1)), last.dilated(2 ** (level - 1)))


def simoncelli(
    image: Image,
    *,
    level: Annotated[int, Field(ge=1, le=10, description="level of the decomposition, 1 the finest")] = 1,
    sampling: Sampling = "ibsi",
    by_slice: BySlice = False,
    boundary: Edge = "wrap",
) -> Image:
    """Answer to detail of one scale alike in all directions: Simoncelli's non-separable wavelet; gives float32.

    Its band is cos(pi/2 log2(2 f / f_max)) between f_max / 4 and f_max, with f_max = 2^(1 - level) of the highest
    frequency of the pixels. IBSI-2 feature PRT7; Portilla & Simoncelli 2000, doi:10.1023/A:1026553619983.
    """
    refuse_not_finite(image)
    axes = image.grid.spatial_axes[-2:] if by_slice else image.grid.spatial_axes
    return image.with_array(_spectral(image.array, axes, spectrum.simoncelli(level), sampling, boundary))


def _spectral(
    array: NDArray[np.generic], axes: tuple[int, ...], transfer: spectrum.Transfer, sampling: str, boundary: Edge
) -> NDArray[np.float32]:
    """On the grid of the reference maps the array is widened first where the boundary is not periodic."""
    if sampling == "exact":
        return spectrum.general(array, axes, transfer, boundary)
    wide, inner = spectrum.widened(array, axes, boundary)
    return np.ascontiguousarray(spectrum.centred(wide, axes, transfer)[inner])


def riesz(
    image: Image,
    *,
    along: Annotated[
        str | None, Field(description="axes of the derivative, such as x, zz or xy; none: the magnitude over all of it")
    ] = None,
    order: Annotated[int, Field(ge=1, le=4, description="order of the derivative")] = 1,
    simoncelli_level: Annotated[
        int | None, Field(ge=1, le=10, description="band of Simoncelli's wavelet that is taken first")
    ] = None,
    steering_mm: Annotated[
        float | None,
        Field(
            gt=0,
            description="x, y, z are the local directions of most to least change within this deviation [mm]; none: the axes",
        ),
    ] = None,
    sampling: Sampling = "exact",
    by_slice: BySlice = False,
    boundary: Edge = "reflect",
) -> Image:
    """Answer to edges and lines at every scale alike: the Riesz transform, an all-pass derivative; gives float32.

    The transfer is (-i)^L sqrt(L! / (l1! l2! l3!)) f1^l1 f2^l2 f3^l3 / |f|^L for the order L; the squares of all
    derivatives of one order sum to the picture's energy. Apply it to a Laplacian of Gaussian, or to a band of
    Simoncelli's wavelet. IBSI-2 feature AYRS; Unser & Van De Ville 2010, doi:10.1109/TIP.2009.2038832. Steered, the
    directions are the eigenvectors of the structure tensor of the first order (IBSI-2; Chenouard & Unser 2012,
    doi:10.1137/110856976), each pointing to where the picture rises.
    """
    refuse_not_finite(image)
    if steering_mm is not None:
        return _steered(image, along, order, simoncelli_level, steering_mm, sampling, by_slice, boundary)
    axes = image.grid.spatial_axes[-2:] if by_slice else image.grid.spatial_axes
    names = "".join(image.grid.axes[axis] for axis in axes)
    energy = np.zeros(image.array.shape, np.float32)
    for orders in _derivatives(names, order, along):
        response = _derivative(image.array, axes, orders, simoncelli_level, sampling, boundary)
        if along is not None:
            return image.with_array(response)
        response *= response
        energy += response
        del response  # before the next one is made
    return image.with_array(np.sqrt(energy, out=energy))


def _derivative(
    array: NDArray[np.generic],
    axes: tuple[int, ...],
    orders: Sequence[int],
    level: int | None,
    sampling: str,
    boundary: Edge,
) -> NDArray[np.float32]:
    """One component of the Riesz transform, of a band where a level is given."""
    if sampling == "exact" and boundary in ("reflect", "mirror"):
        size = _banded(spectrum.riesz_size(orders), level)
        return spectrum.mirrored_derivative(array, axes, orders, size, boundary)
    return _spectral(array, axes, _banded(spectrum.riesz(orders), level), sampling, boundary)


def _steered(
    image: Image,
    along: str | None,
    order: int,
    level: int | None,
    sigma_mm: float,
    sampling: str,
    by_slice: bool,
    boundary: Edge,
) -> Image:
    sigmas = in_pixels(image, "steering_mm", sigma_mm)
    axes = image.grid.spatial_axes[-2:] if by_slice else image.grid.spatial_axes
    letters = "xyz"[: len(axes)]
    if along is None or len(along) != order or set(along) - set(letters):
        raise InputError(
            f"steering needs along={letters[0] * order!r} or so: {order} (order) of {letters!r}, not {along!r}"
        )

    def response(orders: Sequence[int]) -> NDArray[np.float32]:
        return _derivative(image.array, axes, orders, level, sampling, boundary)

    slopes = [response([int(axis == one) for one in axes]) for axis in axes]
    vectors = steer.directions(slopes, {axis: sigmas[axis] for axis in axes}, boundary)
    return image.with_array(steer.steered([letters.index(letter) for letter in along], vectors, response))


def _derivatives(names: str, order: int, along: str | None) -> Iterator[list[int]]:
    """How often each axis is derived: once for `along`, or for every derivative of the order."""
    if along is not None and (len(along) != order or set(along) - set(names)):
        raise InputError(
            f"along={along!r} must name {order} (order) of the axes {names!r}, such as {names[-1] * order!r}"
        )
    for letters in [along] if along is not None else combinations_with_replacement(names, order):
        yield [list(letters).count(name) for name in names]


def _banded(derivative: spectrum.Transfer, level: int | None) -> spectrum.Transfer:
    if level is None:
        return derivative
    band = spectrum.simoncelli(level)
    return lambda frequencies: derivative(frequencies) * band(frequencies)
