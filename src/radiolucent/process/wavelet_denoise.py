"""Noise taken out of, and detail lifted in, the scales of a picture."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import wavelet as kernels

from .smooth import Edge
from .wavelet_response import Wavelet, discrete

Rule = Literal["soft", "hard"]


def wavelet_denoise(
    image: Image,
    *,
    wavelet: Wavelet = "sym4",
    levels: Annotated[
        int | None, Field(ge=1, le=10, description="levels of the decomposition; none: three less than there can be")
    ] = None,
    threshold: Annotated[
        Literal["universal", "bayes", "sure"],
        Field(description="how the threshold is found, per band but for universal"),
    ] = "bayes",
    rule: Annotated[
        Rule, Field(description="soft brings what stays nearer to 0 by the threshold, hard leaves it")
    ] = "soft",
    noise: Annotated[
        float | None,
        Field(ge=0, le=1e12, description="standard deviation of the noise [the image's unit]; none: estimated"),
    ] = None,
    spins: Annotated[int, Field(ge=1, le=16, description="shifted copies that are averaged (cycle spinning)")] = 4,
    boundary: Annotated[kernels.Extension, Field(description="what lies beyond the edge")] = "reflect",
) -> Image:
    """Take out white noise by shrinking small wavelet coefficients; gives float32.

    Frame by frame and colour by colour, along the axes that hold the wavelet's filter. The noise is estimated from the
    finest diagonal detail (median / 0.6745). Universal: Donoho & Johnstone 1994, doi:10.1093/biomet/81.3.425; Bayes:
    Chang et al. 2000, doi:10.1109/83.862633; SURE: Donoho & Johnstone 1995, doi:10.1080/01621459.1995.10476626; cycle
    spinning: Coifman & Donoho 1995.
    """
    refuse_not_finite(image)
    discrete(wavelet)
    shape = image.grid.shape
    axes = tuple(axis for axis in image.grid.spatial_axes if kernels.deepest(shape, [axis], wavelet))
    most = kernels.deepest(shape, axes, wavelet)
    if not axes:
        raise InputError(
            f"the picture of {image.grid.shape} is too small for the wavelet {wavelet!r}; take a shorter one"
        )
    deep = max(1, most - 3) if levels is None else min(levels, most)
    result = np.empty(image.array.shape, np.float32)
    apart = [axis for axis in range(result.ndim) if axis not in image.grid.spatial_axes]
    for index in np.ndindex(*(result.shape[axis] for axis in apart)):
        where: list[slice] = [slice(None)] * result.ndim
        for axis, i in zip(apart, index, strict=True):
            where[axis] = slice(i, i + 1)
        one = image.array[tuple(where)]
        result[tuple(where)] = _spun(one, axes, (wavelet, deep, boundary), threshold, rule, noise, spins)
    return image.with_array(result)


def _spun(
    array: NDArray[Any],
    axes: tuple[int, ...],
    how: tuple[str, int, kernels.Extension],
    threshold: str,
    rule: Rule,
    noise: float | None,
    spins: int,
) -> NDArray[np.float32]:
    """Average over copies that begin 0, 1, 2 ... pixels earlier, in the mirror of the picture."""
    array = array.astype(np.float32, copy=False)
    total = _once(array, axes, how, threshold, rule, noise)
    for spin in range(1, spins):
        widths = [(spin, 0) if axis in axes else (0, 0) for axis in range(array.ndim)]
        shifted = np.pad(array, widths, mode="symmetric")
        inner = tuple(slice(before, None) for before, _ in widths)
        total += _once(shifted, axes, how, threshold, rule, noise)[inner]
    total /= np.float32(spins)
    return total


def _once(
    array: NDArray[np.float32],
    axes: tuple[int, ...],
    how: tuple[str, int, kernels.Extension],
    threshold: str,
    rule: Rule,
    noise: float | None,
) -> NDArray[np.float32]:
    wavelet, levels, boundary = how
    coarse, *details = kernels.transform(array, axes, wavelet, levels, boundary)
    level = kernels.noise_level(details[-1]["d" * len(axes)]) if noise is None else noise
    find = kernels.THRESHOLDS[threshold]
    for bands in details:  # one band after the other in its own place, so that no second set of them is held
        for name, band in bands.items():
            bands[name] = kernels.shrunk(band, find(band, level, array.size), rule)
    return kernels.inverse([coarse, *details], axes, wavelet, boundary, array.shape)


def multiscale_enhance(
    image: Image,
    *,
    levels: Annotated[int, Field(ge=1, le=10, description="levels of detail that are lifted")] = 3,
    gain: Annotated[float, Field(ge=0, le=20, description="factor of the detail that stands out")] = 2.0,
    knee: Annotated[
        float, Field(ge=0, le=20, description="detail below this many deviations of the noise stays as it is")
    ] = 3.0,
    boundary: Edge = "reflect",
) -> Image:
    """Lift detail of the finest scales where it stands out of the noise; gives float32.

    Each undecimated B3-spline scale is multiplied by `gain` beyond `knee` times its median absolute value / 0.6745, by
    1 near 0, with a smooth step between. What is coarser than `levels` stays. Frame by frame.
    """
    refuse_not_finite(image)
    *details, rest = kernels.scales(image.array, image.grid.spatial_axes, levels, boundary)
    for detail in details:
        rest = rest + detail * _lift(detail, gain, knee)
    return image.with_array(rest)


def _lift(detail: NDArray[np.float32], gain: float, knee: float) -> NDArray[np.float32]:
    """From 1 at no detail to `gain` beyond the knee."""
    start = knee * float(np.median(np.abs(detail))) / 0.6745
    if not start:
        return np.where(detail == 0, np.float32(1), np.float32(gain))
    step = np.clip(np.abs(detail) / start, 0, 1)
    return (1 + (gain - 1) * step**2 * (3 - 2 * step)).astype(np.float32)
