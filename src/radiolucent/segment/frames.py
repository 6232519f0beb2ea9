"""One frame at a time, and seeds that fit the picture: what methods that label space need."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Image, InputError, Mask
from radiolucent.core.geometry import difference
from radiolucent.core.pixels import refuse_colour, refuse_not_finite

Single = NDArray[np.float32]
Labels = NDArray[np.int32]


def frames(image: Image) -> Iterator[Single]:
    """The grey values of each frame (one where the picture is no series), float32; refuses colour and NaN."""
    refuse_colour(image)
    refuse_not_finite(image)
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    yield from np.ascontiguousarray(image.array, np.float32).reshape(-1, *space)


def space_mm(image: Image) -> tuple[float, ...]:
    """Spacing of the axes of space [mm], or ones where it is unknown: for methods in which only its ratios count."""
    return image.grid.spacing_mm or (1.0,) * len(image.grid.spatial_axes)


def seeds_of(image: Image, seeds: Mask, *, least: int = 2) -> Labels:
    """Labels of the seeds, one frame of space after the other; refuses another grid, and fewer classes than `least`."""
    refuse_not_finite(image)
    differs = difference(image.grid, seeds.grid)
    if differs:
        raise InputError(f"image and seeds lie on different grids ({differs}); resample one to the other's grid")
    if seeds.array.min(initial=0) < 0:
        raise InputError("the seeds hold negative labels: number the regions from 1")
    space = tuple(image.grid.shape[axis] for axis in image.grid.spatial_axes)
    found = np.asarray(seeds.array, np.int32).reshape(-1, *space)
    for index, frame in enumerate(found):
        classes = np.unique(frame[frame > 0])
        if len(classes) < least:
            where = f" of frame {index}" if len(found) > 1 else ""
            held = f"only label {classes[0]}" if len(classes) else "no label"
            raise InputError(
                f"the seeds{where} hold {held}, and regions can compete only where there are {least} or more: "
                "mark some of the ground with a label of its own"
            )
    return found


def labelled(image: Image, label: Callable[[int, Single], NDArray[np.integer]]) -> NDArray[np.int32]:
    """Labels of the whole picture, each frame labelled by `label(number, values)`."""
    found = [label(index, frame) for index, frame in enumerate(frames(image))]
    return np.stack(found).astype(np.int32).reshape(image.grid.shape)


def by_brightness(labels: NDArray[np.integer], means: NDArray[np.float64]) -> Labels:
    """Labels from 1, from dark to bright, of classes from 0 whose means are given; of equal means the lower first."""
    return (np.argsort(np.argsort(means, kind="stable"), kind="stable") + 1)[labels].astype(np.int32)


def narrow(labels: NDArray[np.integer]) -> NDArray[np.integer]:
    """The same labels in the smallest unsigned type that holds them."""
    return labels.astype(np.min_scalar_type(int(labels.max(initial=0))))
