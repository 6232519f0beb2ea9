"""Patches of images and labels for a net that segments: drawn, varied, and put together again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform, gaussian_filter

Single = NDArray[np.float32]
Labels = NDArray[np.integer]
Shape = tuple[int, ...]


def normalised(image: NDArray[Any]) -> Single:
    """Cut at the 0.5th and 99.5th percentile, then to zero mean and unit standard deviation."""
    grey = np.asarray(image, np.float32)
    low, high = np.percentile(grey, (0.5, 99.5))
    grey = np.clip(grey, low, high)
    spread = float(grey.std())
    return (grey - grey.mean(dtype=np.float64)).astype(np.float32) / np.float32(spread or 1.0)


def padded(array: NDArray[Any], shape: Shape) -> tuple[NDArray[Any], Shape]:
    """At least as large as a patch, by repeating the edge on both sides; and how much was put before."""
    missing = [max(0, want - have) for want, have in zip(shape, array.shape, strict=True)]
    before = tuple(m // 2 for m in missing)
    if not any(missing):
        return array, before
    return np.pad(array, [(b, m - b) for b, m in zip(before, missing, strict=True)], mode="edge"), before


def drawn(
    image: Single, labels: Labels, places: Sequence[Labels], shape: Shape, generator: np.random.Generator
) -> tuple[Single, Labels]:
    """A patch: half of them about a pixel of a random label that is there (`places`, one array each), half anywhere."""
    room = [have - want for have, want in zip(image.shape, shape, strict=True)]
    if places and generator.random() < 0.5:
        points = places[int(generator.integers(len(places)))]
        centre = points[generator.integers(len(points))]
        first = [int(np.clip(c - want // 2, 0, r)) for c, want, r in zip(centre, shape, room, strict=True)]
    else:
        first = [int(generator.integers(r + 1)) for r in room]
    cut = tuple(slice(f, f + want) for f, want in zip(first, shape, strict=True))
    return image[cut], labels[cut]


def varied(
    image: Single, labels: Labels, flips: Sequence[int], generator: np.random.Generator
) -> tuple[Single, Labels]:
    """Mirror along the axes of `flips`, turn and zoom (every other patch), change contrast, sharpness and noise."""
    for axis in flips:
        if generator.random() < 0.5:
            image, labels = np.flip(image, axis), np.flip(labels, axis)
    if generator.random() < 0.5:
        matrix = _turn(image.ndim, generator)
        middle = (np.array(image.shape) - 1) / 2
        offset = middle - matrix @ middle
        image = affine_transform(image, matrix, offset, order=1, mode="nearest")
        labels = affine_transform(labels, matrix, offset, order=0, mode="nearest")
    grey = image * np.float32(generator.uniform(0.8, 1.25)) + np.float32(generator.uniform(-0.2, 0.2))
    chance = generator.random()
    if chance < 0.15:
        grey = grey + generator.normal(0, generator.uniform(0, 0.2), grey.shape).astype(np.float32)
    elif chance < 0.3:
        grey = gaussian_filter(grey, generator.uniform(0.3, 1.0))
    elif chance < 0.5:
        low, span = grey.min(), float(np.ptp(grey)) or 1.0
        grey = ((grey - low) / span) ** np.float32(generator.uniform(0.7, 1.4)) * span + low
    return np.ascontiguousarray(grey, np.float32), np.ascontiguousarray(labels)


def _turn(axes: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """A turn of up to 15 degrees in a random plane, and a zoom of up to 15 %."""
    first, second = generator.choice(axes, 2, replace=False)
    angle = np.deg2rad(generator.uniform(-15, 15))
    matrix = np.eye(axes)
    matrix[first, first] = matrix[second, second] = np.cos(angle)
    matrix[first, second], matrix[second, first] = -np.sin(angle), np.sin(angle)
    return matrix * generator.uniform(0.87, 1.15)


def tiles(size: Shape, shape: Shape) -> Iterator[tuple[slice, ...]]:
    """Patches that cover an image of `size`, each overlapping the next by half or more."""
    starts = []
    for have, want in zip(size, shape, strict=True):
        count = 1 if have == want else int(np.ceil((have - want) / (want / 2))) + 1
        starts.append(np.unique(np.round(np.linspace(0, have - want, count)).astype(int)).tolist())
    for corner in product(*starts):
        yield tuple(slice(c, c + want) for c, want in zip(corner, shape, strict=True))


def window(shape: Shape) -> Single:
    """How much each pixel of a patch counts: a Gaussian of an eighth of each side, at least 0.001 of its top."""
    weight = np.ones((), np.float64)
    for side in shape:
        far = (np.arange(side) - (side - 1) / 2) / (side / 8)
        weight = np.multiply.outer(weight, np.exp(-(far**2) / 2))
    return np.maximum(weight / weight.max(), 1e-3).astype(np.float32)
