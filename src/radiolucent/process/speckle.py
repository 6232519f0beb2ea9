"""Speckle of ultrasound, which grows with the signal: filters that know it as a coefficient of variation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import diffuse, neighbours, slabs, smooth
from radiolucent.kernels.order_statistic import median_size

from .frames import per_frame
from .lengths import box_in_pixels

Single = NDArray[np.float32]
Width = Annotated[float, Field(gt=0, description="side of the box of the local statistics [mm]")]
Speckle = Annotated[
    float | None,
    Field(
        gt=0, le=10, description="standard deviation / mean of the speckle on even ground; none: the local ones' median"
    ),
]


Zero = Annotated[
    float | None,
    Field(
        ge=-1e9,
        le=1e9,
        description="value of no echo [the image's unit]; none: 0, or the least one where that is negative",
    ),
]


def lee(image: Image, *, width_mm: Width = 5.0, speckle: Speckle = None, zero: Zero = None) -> Image:
    """Draw each pixel to the mean of its box of `width_mm` [mm], the more the less it varies beyond speckle; float32.

    mean + max(0, 1 - speckle^2 / variation^2) (value - mean), with variation = standard deviation / mean of the box.
    Values count from `zero`, and what is less counts as it. In all axes of space, mirrored beyond the edge, frame by frame.
    Lee 1980, doi:10.1109/TPAMI.1980.4766994.
    """
    sizes = dict(enumerate(box_in_pixels(image, "width_mm", width_mm).values()))

    def filtered(frame: Single) -> Single:
        mean, variation = _local(frame, sizes)
        even = np.float32((speckle or _median_of(variation)) ** 2)
        for run in slabs.runs(frame.shape):
            share = np.clip(1 - even / np.maximum(variation[run], np.float32(1e-12)), 0, 1)
            mean[run] += share * (frame[run] - mean[run])
        return mean

    return image.with_array(_amplitudes(image, zero, filtered))


def frost(
    image: Image,
    *,
    width_mm: Width = 5.0,
    damping: Annotated[float, Field(gt=0, le=1000, description="how soon weights fall where the picture varies")] = 2.0,
    zero: Zero = None,
) -> Image:
    """Average with weights that fall with the distance, sooner where the picture varies; gives float32.

    exp(-damping variation^2 distance / (spacing of the finest axis)), variation = standard deviation / mean of the box of
    `width_mm` [mm], within the ball of that diameter. Values count as in `lee`. In all axes of space, frame by frame.
    Frost et al. 1982, doi:10.1109/TPAMI.1982.4767223.
    """
    sizes = dict(enumerate(box_in_pixels(image, "width_mm", width_mm).values()))
    spacing_mm = image.grid.known_spacing_mm()

    def filtered(frame: Single) -> Single:
        steepness = _local(frame, sizes)[1]
        np.minimum(steepness, np.float32(1e6), out=steepness)
        steepness *= np.float32(damping / min(spacing_mm))
        return neighbours.frost(frame, spacing_mm, width_mm / 2, steepness)

    return image.with_array(_amplitudes(image, zero, filtered))


def srad(
    image: Image,
    *,
    steps: Annotated[int, Field(ge=1, le=10_000, description="steps of the diffusion")] = 10,
    decay: Annotated[float, Field(ge=0, le=10, description="how soon the speckle counts as gone")] = 0.2,
    speckle: Speckle = None,
    zero: Zero = None,
) -> Image:
    """Diffuse speckle away and stop at the edges of the anatomy (SRAD); gives float32.

    The conductance falls with the variation of each pixel's neighbours beyond that of the speckle, which itself falls as
    exp(-decay step / 6). Values count as in `lee`. In all axes of space; differences along coarser axes count by the ratio
    of the finest spacing to theirs. Nothing flows through the border: the mean is kept. Frame by frame.
    Yu and Acton 2002, doi:10.1109/TIP.2002.804276.
    """
    refuse_not_finite(image)
    spacing_mm = image.grid.known_spacing_mm()

    def filtered(frame: Single) -> Single:
        start = speckle or _median_of(_local(frame, dict.fromkeys(range(frame.ndim), 5))[1])
        return diffuse.speckle_reducing(frame, spacing_mm, steps, decay, start)

    return image.with_array(_amplitudes(image, zero, filtered))


def _amplitudes(image: Image, zero: float | None, filtered: Callable[[Single], Single]) -> Single:
    """Filter the values counted from `zero`."""
    low = float(image.array.min())
    least = np.float32(min(0, low) if zero is None else zero)
    if not least and low >= 0:
        return per_frame(image, filtered)

    def counted(frame: Single) -> Single:
        from_zero = frame - least
        return filtered(np.maximum(from_zero, 0, out=from_zero))

    result = per_frame(image, counted)
    result += least
    return result


def _local(frame: Single, sizes: dict[int, int]) -> tuple[Single, Single]:
    """Mean, and squared standard deviation / mean, of the box around each pixel."""
    level = np.float32(frame.mean())
    mean = frame - level
    variation = smooth.mean(mean**2, sizes, overwrite=True)
    mean = smooth.mean(mean, sizes, overwrite=True)
    least = np.float32(1e-6) * frame.max(initial=0) or np.float32(1)
    for run in slabs.runs(frame.shape):
        variation[run] -= mean[run] ** 2
        np.maximum(variation[run], 0, out=variation[run])
        mean[run] += level
        variation[run] /= np.maximum(mean[run], least) ** 2
    return mean, variation


def _median_of(variation: Single) -> float:
    return np.sqrt(median_size(lambda: [variation])) or 1e-3
