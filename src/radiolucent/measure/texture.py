"""Texture of a region and the coarse shape of a picture as numbers for classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels.grey import robust_limits, to_eight_bit
from radiolucent.kernels.texture import (
    GLCM_ANGLES,
    LBP_CLASSES,
    co_occurrence,
    co_occurrence_features,
    gradient_histograms,
    local_binary_patterns,
)

from .region import plane, region

DISTANCES = (1, 2, 4)
LEVELS = 32
FEATURES = ("contrast", "correlation", "energy", "homogeneity")


def texture(
    image: Image,
    mask: Mask | None = None,
    *,
    label: Annotated[int, Field(ge=1, description="label of the mask to measure")] = 1,
) -> dict[str, float]:
    """Measure local binary patterns and grey-level co-occurrence in a region or the whole picture.

    Grey values are first reduced to 8 bits (the region's 0.5 to 99.5 percentile; uint8 stays as it is). `lbp_0` ..
    `lbp_9` are the shares of the uniform patterns (8 neighbours at 1 pixel). `glcm_FEATURE_DISTANCE` are contrast,
    correlation, energy and homogeneity of 32 grey levels at 1, 2 and 4 pixels, averaged over 4 directions. Distances
    are in pixels, within the last two axes; the slices of a volume and the frames of a series are pooled. A feature
    without a single pair of pixels in the region is left out.
    """
    inside = region(image, mask, label)
    if image.array.ndim < 2:
        raise InputError(f"texture needs two axes in space, the picture has shape {image.array.shape}")
    slices = image.array.reshape(-1, *image.array.shape[-2:])
    where = None if inside is None else inside.reshape(slices.shape)
    return patterns_of(*_codes(slices, where))


def _codes(slices: NDArray[Any], where: NDArray[np.bool_] | None) -> tuple[NDArray[np.uint8], NDArray[np.bool_] | None]:
    """The region's bounding box in 8 bits, windowed by the region's own values."""
    if where is None:
        return to_eight_bit(slices), None
    box = tuple(slice(int(along.min()), int(along.max()) + 1) for along in np.nonzero(where))
    slices, where = slices[box], where[box]
    if slices.dtype == np.uint8:
        return slices, where
    low, high = robust_limits(slices[where])
    clipped = np.clip((slices.astype(np.float32) - low) * (255 / ((high - low) or 1)), 0, 255)
    return np.rint(clipped).astype(np.uint8), where


def pattern_names() -> tuple[str, ...]:
    """Names of what `patterns_of` gives, in its order."""
    return (
        *(f"lbp_{index}" for index in range(LBP_CLASSES)),
        *(f"glcm_{feature}_{distance}" for distance in DISTANCES for feature in FEATURES),
    )


def patterns_of(slices: NDArray[np.uint8], where: NDArray[np.bool_] | None = None) -> dict[str, float]:
    """Pattern shares and co-occurrence features of 8-bit slices (n, y, x)."""
    found: dict[str, float] = {}
    counts = sum(_pattern_counts(grey, _at(where, index)) for index, grey in enumerate(slices))
    total = float(np.sum(counts))
    if total:
        found |= {f"lbp_{index}": float(count) / total for index, count in enumerate(np.atleast_1d(counts))}
    levels = slices // (256 // LEVELS)
    for distance in DISTANCES:
        found |= {f"glcm_{name}_{distance}": value for name, value in _co_occurring(levels, where, distance).items()}
    return found


def _at(where: NDArray[np.bool_] | None, index: int) -> NDArray[np.bool_] | None:
    return None if where is None else where[index]


def _pattern_counts(grey: NDArray[np.uint8], inside: NDArray[np.bool_] | None) -> NDArray[np.intp]:
    if min(grey.shape) < 3:
        return np.zeros(LBP_CLASSES, np.intp)
    classes = local_binary_patterns(grey)
    return np.bincount((classes if inside is None else classes[inside[1:-1, 1:-1]]).ravel(), minlength=LBP_CLASSES)


def _co_occurring(levels: NDArray[np.uint8], where: NDArray[np.bool_] | None, distance: int) -> dict[str, float]:
    """Features averaged over the directions in which there is any pair."""
    measured = []
    for angle in GLCM_ANGLES:
        counts = sum(
            co_occurrence(grey, LEVELS, distance, angle, _at(where, index)) for index, grey in enumerate(levels)
        )
        total = np.sum(counts)
        if total:
            measured.append(co_occurrence_features(np.asarray(counts) / total))
    return {name: float(np.mean([one[name] for one in measured])) for name in FEATURES} if measured else {}


def hog(
    image: Image,
    *,
    cells: Annotated[int, Field(ge=1, le=16, description="cells along each side")] = 4,
    orientations: Annotated[int, Field(ge=2, le=36, description="directions between 0 and 180 degrees")] = 8,
    slice_index: Annotated[int | None, Field(ge=0, description="slice or frame of a picture with three axes")] = None,
) -> dict[str, float]:
    """Measure histograms of oriented gradients of the whole picture, resampled to 16 pixels a cell.

    `hog_ROW_COLUMN_DIRECTION` is the share of gradient in one cell and direction, normalised over the picture;
    direction 0 is a grey value rising along x. The picture is reduced to 8 bits first (0.5 to 99.5 percentile).
    """
    refuse_not_finite(image)
    values = hog_of(to_eight_bit(plane(image, slice_index)), cells, orientations)
    return {name: float(value) for name, value in zip(gradient_names(cells, orientations), values.flat, strict=True)}


def gradient_names(cells: int, orientations: int) -> Sequence[str]:
    """Names of the histogram's entries, in the order of the flattened array."""
    return [f"hog_{y}_{x}_{d}" for y in range(cells) for x in range(cells) for d in range(orientations)]


def hog_of(picture: NDArray[np.uint8], cells: int, orientations: int) -> NDArray[np.float64]:
    """Histograms of gradients (cells, cells, orientations) of a picture brought to 16 pixels a cell."""
    side = 16 * cells
    interpolation = cv2.INTER_AREA if min(picture.shape) >= side else cv2.INTER_LINEAR
    return gradient_histograms(cv2.resize(picture, (side, side), interpolation=interpolation), cells, orientations)
