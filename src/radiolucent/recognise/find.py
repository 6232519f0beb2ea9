"""Find things: where a template matches, and where a heat map points."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage
from skimage.feature import match_template, peak_local_max

from radiolucent.core import Image, InputError, Mask


def template(
    image: Image,
    reference: Image,
    *,
    least: Annotated[float, Field(gt=-1, le=1, description="correlation that a place must reach")] = 0.6,
    most: Annotated[int, Field(ge=1, le=250, description="number of places at most, the best first")] = 5,
    scales: Annotated[
        tuple[Annotated[float, Field(gt=0.1, lt=10)], ...],
        Field(min_length=1, max_length=25, description="sizes at which the template is tried, as factors"),
    ] = (1.0,),
) -> Mask:
    """Find a small picture in a larger one by normalised cross-correlation: boxes as labels 1 (best), 2, ...

    The names tell the correlation of each box. Boxes whose middles lie within half a template of a better one are left
    out. Where nothing reaches `least`, the mask is empty. The template has as many axes as the image; turned templates
    are not tried. Lewis 1995, Fast normalized cross-correlation.
    """
    grey, small = _plain(image, "the image"), _plain(reference, "the template")
    if grey.ndim != small.ndim:
        raise InputError(
            f"the image has {grey.ndim} axes and the template {small.ndim}; cut the template out of one like it"
        )
    if small.min() == small.max():
        raise InputError("the template is constant, so that nothing can be told from it; cut one with an edge in it")
    found: list[tuple[float, NDArray[np.intp], tuple[int, ...]]] = []
    for scale in scales:
        sized = ndimage.zoom(small, scale, order=1) if scale != 1 else small
        if any(a > b for a, b in zip(sized.shape, grey.shape)) or min(sized.shape) < 2 or sized.min() == sized.max():
            continue
        score = match_template(grey, sized)
        apart = max(1, min(sized.shape) // 2)
        places = peak_local_max(score, min_distance=apart, threshold_abs=least, num_peaks=most, exclude_border=False)
        found += [(float(score[tuple(place)]), place, sized.shape) for place in places]
    return _boxed(image, _apart(sorted(found, key=lambda one: -one[0]))[:most])


def boxes(
    image: Image,
    *,
    share: Annotated[float, Field(gt=0, lt=1, description="part of the largest value that a place must reach")] = 0.5,
    most: Annotated[int, Field(ge=1, le=250, description="number of boxes at most, the warmest first")] = 3,
) -> Mask:
    """Put boxes around the warm places of a heat map (Grad-CAM, occlusion, anomaly): labels 1 (warmest), 2, ...

    A place is a connected region at or above `share` of the largest value; what is negative counts as cold, and a map
    without a positive value gives an empty mask. The names tell each place's largest value. Zhou et al. 2016,
    doi:10.1109/CVPR.2016.319.
    """
    heat = _plain(image, "the heat map")
    top = float(heat.max())
    labels, n = ndimage.label(heat >= share * top) if top > 0 else (np.zeros(heat.shape, int), 0)
    peaks = ndimage.maximum(heat, labels, np.arange(1, n + 1)) if n else []
    places = ndimage.find_objects(labels)
    order = np.argsort(-np.asarray(peaks), kind="stable")[:most]
    found = [
        (float(peaks[k]), np.array([s.start for s in places[k]]), tuple(s.stop - s.start for s in places[k]))
        for k in order
    ]
    return _boxed(image, found)


def _plain(image: Image, what: str) -> NDArray[np.float32]:
    """Grey float samples."""
    array = np.abs(image.array) if image.array.dtype.kind == "c" else image.array
    grey = np.asarray(array.mean(axis=-1) if image.is_colour else array, np.float32)
    if not np.isfinite(grey).all():
        raise InputError(f"{what} holds {int((~np.isfinite(grey)).sum())} samples that are no numbers; fill them first")
    return grey


def _apart(
    found: list[tuple[float, NDArray[np.intp], tuple[int, ...]]],
) -> list[tuple[float, NDArray[np.intp], tuple[int, ...]]]:
    """Without those whose middle lies within half a box of a better one."""
    kept: list[tuple[float, NDArray[np.intp], tuple[int, ...]]] = []
    for score, start, shape in found:
        middle = start + np.array(shape) / 2
        near = (np.all(np.abs(middle - (s + np.array(b) / 2)) < np.array(b) / 2) for _, s, b in kept)
        if not any(near):
            kept.append((score, start, shape))
    return kept


def _boxed(image: Image, found: list[tuple[float, NDArray[np.intp], tuple[int, ...]]]) -> Mask:
    labels = np.zeros(image.grid.shape, np.uint8)
    for number in range(len(found), 0, -1):  # the best box is drawn last, over the others
        _, start, shape = found[number - 1]
        labels[tuple(slice(a, a + b) for a, b in zip(start, shape))] = number
    return Mask(labels, image.grid, {k: f"{score:.3f}" for k, (score, _, _) in enumerate(found, 1)})
