"""Noise taken out of, and detail lifted in, the scales of a picture."""

from __future__ import annotations

import math
from functools import partial
from itertools import islice
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import slabs
from radiolucent.kernels import wavelet as kernels
from radiolucent.kernels.order_statistic import median_size

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
        _spun(one, axes, (wavelet, deep, boundary), threshold, rule, noise, spins, result[tuple(where)])
    return image.with_array(result)


def _spun(
    array: NDArray[Any],
    axes: tuple[int, ...],
    how: tuple[str, int, kernels.Extension],
    threshold: str,
    rule: Rule,
    noise: float | None,
    spins: int,
    total: NDArray[np.float32],
) -> None:
    """Average over copies that begin 0, 1, 2 ... pixels earlier, in the mirror of the picture."""
    array = array.astype(np.float32, copy=False)
    wavelet, levels, boundary = how
    total.fill(0)
    for spin in range(spins):
        parts = kernels.transform(array, axes, wavelet, levels, boundary, ahead=spin)
        size = math.prod(side + spin * (axis in axes) for axis, side in enumerate(array.shape))
        _shrink(parts, "d" * len(axes), size, threshold, rule, noise)
        kernels.add_inverse(parts, axes, wavelet, boundary, total, ahead=spin)
    total /= np.float32(spins)


def _shrink(
    parts: kernels.Coefficients, diagonal: str, size: int, threshold: str, rule: Rule, noise: float | None
) -> None:
    """One band after the other in its own place, so that no second set of them is held."""
    level = kernels.noise_level(parts[-1][diagonal]) if noise is None else noise
    find = kernels.THRESHOLDS[threshold]
    for bands in parts[1:]:
        for name, band in bands.items():
            bands[name] = kernels.shrunk(band, find(band, level, size), rule)


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
    result = image.array.astype(np.float32)
    parts = kernels.scales(image.array, image.grid.spatial_axes, levels, boundary)
    for detail in islice(parts, levels):  # what is left at last stays as it is
        start = knee * median_size(partial(_only, detail)) / 0.6745
        for run in slabs.runs(detail.shape):
            result[run] += detail[run] * _more(detail[run], gain, start)
        del detail  # before the next one is made
    return image.with_array(result)


def _only(detail: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return [detail]


def _more(detail: NDArray[np.float32], gain: float, start: float) -> NDArray[np.float32]:
    """From 0 at no detail to `gain` - 1 beyond the knee."""
    if not start:
        return np.where(detail == 0, np.float32(0), np.float32(gain - 1))
    step = np.clip(np.abs(detail) / np.float32(start), 0, 1)
    return np.asarray(np.float32(gain - 1) * step**2 * (3 - 2 * step), np.float32)
