"""Contrast by histograms, curves and neighbourhoods; one curve serves all frames, so that they stay comparable."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels import equalise as equalise_kernels
from radiolucent.kernels import morphology, slabs, smooth

from .frames import per_frame
from .lengths import box_in_pixels, in_pixels
from .smooth import Edge

Single = NDArray[np.float32]
Width = Annotated[float, Field(gt=0, description="side of the box [mm], brought to an odd number of pixels")]


def equalise(
    image: Image,
    *,
    bins: Annotated[int, Field(ge=2, le=65536, description="bins of the histogram, joined linearly")] = 256,
) -> Image:
    """Map grey values to the share of pixels that are darker (histogram equalisation); gives float32 from 0 to 1.

    The cumulated histogram at the bins' middles, linear in between, as scikit-image's `equalize_hist`. One curve for the
    whole picture over all frames. A constant picture becomes 1.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    low, high = float(image.array.min()), float(image.array.max())
    counts = np.zeros(bins, np.int64)

    def place(part: NDArray[Any]) -> NDArray[np.float64]:
        """In bins from the least value on."""
        away = part.astype(np.float64)
        away -= low
        away *= bins / (high - low or 1.0)
        return away

    for run in slabs.runs(image.array.shape):
        counts += np.bincount(np.minimum(place(image.array[run]), bins - 1).astype(np.int32).ravel(), minlength=bins)
    share = np.cumsum(counts) / image.array.size
    rise = np.diff(share)

    def evened(part: NDArray[Any]) -> NDArray[np.float64]:
        away = place(part)
        away -= 0.5  # a bin's share stands at its middle
        np.clip(away, 0, bins - 1, out=away)
        lower = np.minimum(away.astype(np.int32), bins - 2)
        away -= lower
        away *= rise.take(lower)
        away += share.take(lower)
        return away

    return image.with_array(slabs.each(image.array, evened), unit="1")


def match_histogram(image: Image, reference: Image) -> Image:
    """Give a picture the histogram of `reference`; gives float32 in the reference's unit.

    Each value becomes that of the reference with the same share of pixels below it, as scikit-image's
    `match_histograms`. The two need not lie on one grid. One curve for the whole picture over all frames.
    """
    for one in (image, reference):
        refuse_colour(one)
        refuse_not_finite(one)
    mapped = equalise_kernels.matched(image.array.reshape(-1), reference.array)
    return image.with_array(mapped.reshape(image.array.shape), unit=reference.unit)


def gamma(
    image: Image,
    *,
    exponent: Annotated[
        float, Field(gt=0, le=100, description="below 1 brightens the dark parts, above 1 darkens them")
    ] = 0.5,
) -> Image:
    """Raise the grey values, brought to 0..1 by the least and greatest, to a power; gives float32 from 0 to 1."""
    refuse_not_finite(image)
    low, high = float(image.array.min()), float(image.array.max())
    unit = image.array.astype(np.float32)
    unit -= np.float32(low)
    unit /= np.float32(high - low) or np.float32(1)
    np.clip(unit, 0, 1, out=unit)
    return image.with_array(np.power(unit, np.float32(exponent), out=unit), unit="1")


def unsharp_mask(
    image: Image,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="details finer than this are raised [mm]")] = 1.0,
    amount: Annotated[float, Field(gt=0, le=100, description="how much of the details is added")] = 1.0,
    boundary: Edge = "reflect",
) -> Image:
    """Add `amount` times the difference to the picture smoothed by `sigma_mm` [mm]; gives float32.

    Overshoots at edges and is not cut. In all axes of space, frame by frame, colour by colour.
    """
    sigmas = in_pixels(image, "sigma_mm", sigma_mm)
    sharp = smooth.gaussian(image.array, sigmas, boundary)
    np.subtract(image.array, sharp, out=sharp)
    sharp *= np.float32(amount)
    sharp += image.array
    return image.with_array(sharp)


def local_contrast(
    image: Image,
    *,
    sigma_mm: Annotated[float, Field(gt=0, description="width of the neighbourhood: standard deviation [mm]")] = 4.0,
    least: Annotated[
        float, Field(gt=0, le=10, description="added to the local deviation, in multiples of the frame's own")
    ] = 0.1,
    boundary: Edge = "reflect",
) -> Image:
    """Subtract the local mean and divide by the local standard deviation, each within a Gaussian of `sigma_mm` [mm].

    (value - mean) / (deviation + least * deviation of the frame); gives float32 in unit "1", a constant picture 0.
    In all axes of space, frame by frame, colour by colour.
    """
    sigmas = dict(enumerate(in_pixels(image, "sigma_mm", sigma_mm).values()))

    def filtered(frame: Single) -> Single:
        level = np.float32(frame.mean(dtype=np.float64))
        mean = frame - level
        square = mean**2
        spread = np.float32(np.sqrt(square.mean(dtype=np.float64)))
        if spread <= 1e-6 * abs(level):
            return np.zeros_like(frame)
        square = smooth.gaussian(square, sigmas, boundary, overwrite=True)
        mean = smooth.gaussian(mean, sigmas, boundary, overwrite=True)
        for run in slabs.runs(frame.shape):
            deviation = np.sqrt(np.maximum(square[run] - mean[run] ** 2, 0))
            mean[run] = (frame[run] - level - mean[run]) / (deviation + np.float32(least) * spread)
        return mean

    return image.with_array(per_frame(image, filtered), unit="1")


def white_top_hat(image: Image, *, width_mm: Width = 5.0) -> Image:
    """Keep what is bright and narrower than a box of side `width_mm` [mm]: the picture less its opening; float32.

    In all axes of space, beyond the edge mirrored, frame by frame, colour by colour.
    """
    opened = morphology.opening(image.array, box_in_pixels(image, "width_mm", width_mm))
    return image.with_array(np.subtract(image.array, opened, out=opened))


def black_top_hat(image: Image, *, width_mm: Width = 5.0) -> Image:
    """Keep what is dark and narrower than a box of side `width_mm` [mm]: the closing less the picture; float32.

    In all axes of space, beyond the edge mirrored, frame by frame, colour by colour.
    """
    closed = morphology.closing(image.array, box_in_pixels(image, "width_mm", width_mm))
    return image.with_array(np.subtract(closed, image.array, out=closed))
