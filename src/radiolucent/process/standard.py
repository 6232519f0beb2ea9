"""Grey values brought to a standard: by mean and deviation, by landmarks of the histogram, by white matter, in HU."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_colour, refuse_not_finite
from radiolucent.kernels import slabs

PERCENTILES = (1.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 99.0)
"""Where the histogram's landmarks lie [%]: Nyul and Udupa's deciles between robust ends."""

STRIPE_BINS = 1000


def z_score(image: Image, mask: Mask | None = None) -> Image:
    """Subtract the mean and divide by the standard deviation; gives float32 in unit "1".

    Both are of the pixels in `mask` (all labels) where one is given, else of the whole picture over all frames; the
    deviation is the population's. A constant picture becomes 0.
    """
    refuse_not_finite(image)
    values = _inside(image, mask)
    mean, deviation = float(values.mean(dtype=np.float64)), float(values.std(dtype=np.float64))
    return _shifted(image, mean, deviation if deviation > 1e-7 * abs(mean) else np.inf)


def hu_clip(
    image: Image,
    *,
    low_hu: Annotated[float, Field(ge=-1e6, le=1e6, description="what is less becomes this [HU]")] = -1024.0,
    high_hu: Annotated[float, Field(ge=-1e6, le=1e6, description="what is greater becomes this [HU]")] = 3071.0,
) -> Image:
    """Cut Hounsfield units to `low_hu`..`high_hu` [HU]; gives float32 in HU.

    The defaults are the range of 12 bits, which takes away padding (-2000, -3024) and metal's overflow.
    """
    refuse_not_finite(image)
    if image.unit != "HU":
        raise InputError(f"the picture's unit is {image.unit!r}, not HU; use `rescale` or `window` for other units")
    if low_hu >= high_hu:
        raise InputError(f"low_hu must be below high_hu: got {low_hu:g} and {high_hu:g}")
    values = image.array.astype(np.float32)
    return image.with_array(np.clip(values, low_hu, high_hu, out=values))


def nyul(
    image: Image,
    mask: Mask | None = None,
    *,
    landmarks: Annotated[
        tuple[Annotated[float, Field(ge=-1e9, le=1e9)], ...] | None,
        Field(
            min_length=11,
            max_length=11,
            description="standard values of the percentiles 1, 10, 20 ... 90, 99 (`nyul_landmarks`); none: 0 to 100, evenly",
        ),
    ] = None,
) -> Image:
    """Bring the histogram's landmarks to standard values, linear in between and beyond; gives float32 in unit "1".

    The percentiles are of the pixels in `mask` where one is given, else of all. Standard values are fitted to a set of
    pictures by `nyul_landmarks`; without them only the ends count, which become 0 and 100.
    Nyul, Udupa and Zhang 2000, doi:10.1109/42.836373.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    own = np.percentile(_inside(image, mask), PERCENTILES)
    if landmarks is None:
        own, wanted = own[[0, -1]], np.array([0.0, 100.0])
    else:
        wanted = np.array(landmarks)
        if (np.diff(wanted) < 0).any():
            raise InputError(f"landmarks must not fall: got {landmarks}")
    kept = np.r_[True, np.diff(own) > 0]  # percentiles that coincide (much background) say nothing of each other
    return image.with_array(_piecewise(image.array, own[kept], wanted[kept]), unit="1")


def nyul_landmarks(images: Iterable[Image], masks: Iterable[Mask | None] | None = None) -> tuple[float, ...]:
    """Standard values of the percentiles 1, 10 ... 90, 99: the mean over `images`, each brought to 0..100 first.

    Pictures of one kind (one sequence, one part of the body) belong together. `masks` lists one mask, or none, per image.
    """
    found = []
    images = list(images)
    for image, mask in zip(images, masks or [None] * len(images), strict=True):
        refuse_not_finite(image)
        own = np.percentile(_inside(image, mask), PERCENTILES)
        if own[-1] > own[0]:
            found.append(100 * (own - own[0]) / (own[-1] - own[0]))
    if not found:
        raise InputError(f"landmarks need a picture that is not constant; got {len(images)} pictures and none is")
    return tuple(float(value) for value in np.mean(found, axis=0))


def white_stripe(
    image: Image,
    mask: Mask | None = None,
    *,
    width_percent: Annotated[
        float, Field(gt=0, le=50, description="half width of the stripe around the mode [% of the pixels]")
    ] = 5.0,
) -> Image:
    """Make normal-appearing white matter of a T1-weighted brain 0 with deviation 1; gives float32 in unit "1".

    White matter is the brightest peak of the smoothed histogram that has at least a fifth of the highest one's height;
    the stripe of +- `width_percent` of the pixels around it gives mean and deviation. Counted are the pixels in `mask` (a
    brain mask), without one those above the mean. Shinohara et al. 2014, doi:10.1016/j.nicl.2014.08.008.
    """
    refuse_colour(image)
    refuse_not_finite(image)
    values = _inside(image, mask)
    if mask is None and (values > values.mean()).any():
        values = values[values > values.mean()]
    mode = _last_mode(values)
    share = (values < mode).mean() + (values == mode).mean() / 2
    ends = np.clip([share - width_percent / 100, share + width_percent / 100], 0, 1)
    low, high = np.quantile(values, ends)
    stripe = values[(values >= low) & (values <= high)]
    deviation = float(stripe.std(dtype=np.float64))
    return _shifted(image, float(stripe.mean(dtype=np.float64)), deviation or float(values.std()) or np.inf)


def _inside(image: Image, mask: Mask | None) -> NDArray[Any]:
    """The values that count, in one row."""
    if mask is None:
        return image.array.ravel()
    apart = difference(image.grid, mask.grid)
    if apart:
        raise InputError(f"the mask does not lie on the picture's grid: {apart}; resample one to the other")
    values = image.array[mask.array != 0]
    if not values.size:
        raise InputError("the mask is empty, so there are no pixels to take statistics of; give another or none")
    return values.ravel()


def _shifted(image: Image, mean: float, deviation: float) -> Image:
    values = slabs.each(image.array, lambda part: (part.astype(np.float64) - mean) / deviation)
    return image.with_array(values, unit="1")


def _piecewise(array: NDArray[Any], own: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.float32]:
    """Linear between the points, and on beyond the outermost ones with the slope of the outermost stretches."""
    if len(own) == 1:
        return np.full(array.shape, wanted[0], np.float32)
    first, last = ((wanted[i + 1] - wanted[i]) / (own[i + 1] - own[i]) for i in (0, -2))

    def mapped(part: NDArray[Any]) -> NDArray[np.float64]:
        beyond = np.minimum(part - own[0], 0) * first + np.maximum(part - own[-1], 0) * last
        return np.asarray(np.interp(part, own, wanted) + beyond)

    return slabs.each(array, mapped)


def _last_mode(values: NDArray[Any]) -> float:
    """The brightest peak of the smoothed histogram that stands at least a fifth of the highest."""
    counts, edges = np.histogram(values, STRIPE_BINS)
    spread = float(values.std())
    if not spread:
        return float(values[0])
    bandwidth = 0.9 * spread * values.size**-0.2 / (edges[1] - edges[0])  # Silverman's rule
    smoothed = ndimage.gaussian_filter1d(counts.astype(float), max(bandwidth, 1.0), mode="constant")
    padded = np.pad(smoothed, 1)
    peaks = (smoothed > padded[:-2]) & (smoothed >= padded[2:]) & (smoothed >= smoothed.max() / 5)
    place = int(np.flatnonzero(peaks)[-1])
    return float((edges[place] + edges[place + 1]) / 2)
