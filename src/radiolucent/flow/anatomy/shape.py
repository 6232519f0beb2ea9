"""Balls in millimetres and pieces of masks: what recipes of anatomy share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from ...core import Image, InputError
from ...core.pixels import refuse_colour, refuse_not_finite

Flags = NDArray[np.bool_]
Single = NDArray[np.float32]


def still(image: Image, op: str) -> Single:
    """Grey values of one picture or volume; refuses colour, NaN and a series over time."""
    refuse_colour(image)
    refuse_not_finite(image)
    if "t" in image.grid.axes:
        raise InputError(
            f"{op} works on one picture or volume, and this has {image.grid.shape[0]} frames: choose one, or reduce them "
            "with process.temporal"
        )
    return np.asarray(image.array, np.float32)


AssumeHu = Annotated[bool, Field(description="the values are HU though the file does not say so (NIfTI, NRRD)")]


def in_hounsfield(image: Image, op: str, *, assume_hu: bool = False) -> Single:
    """Grey values of a CT in HU, or the error that says what is missing."""
    if image.unit != "HU" and not assume_hu:
        raise InputError(
            f"{op} works on CT in Hounsfield units, and this is {image.modality} in {image.unit!r}: "
            "give a CT; if the values are HU, say so with --assume-hu (lungs: --kind ct)"
        )
    return still(image, op)


def steps_of(image: Image) -> tuple[float, ...]:
    """Length of a step along each axis: mm, or pixels where the spacing is unknown (only ratios count then)."""
    return image.grid.spacing_mm or (1.0,) * len(image.grid.shape)


def eroded(mask: Flags, radius: float, steps: Sequence[float]) -> Flags:
    """Without what lies within `radius` of the outside; beyond the picture the mask goes on."""
    if mask.all():
        return mask
    return ndimage.distance_transform_edt(mask, sampling=steps) > radius


def dilated(mask: Flags, radius: float, steps: Sequence[float]) -> Flags:
    """With everything within `radius` of it."""
    if not mask.any():
        return mask
    return ndimage.distance_transform_edt(~mask, sampling=steps) <= radius


def opened(mask: Flags, radius: float, steps: Sequence[float]) -> Flags:
    """Without what a ball of `radius` does not fit into."""
    return dilated(eroded(mask, radius, steps), radius, steps) & mask


def closed(mask: Flags, radius: float, steps: Sequence[float]) -> Flags:
    """With the gaps that a ball of `radius` does not fit into."""
    return eroded(dilated(mask, radius, steps), radius, steps) | mask


def pieces(mask: Flags, least: int = 1) -> list[Flags]:
    """Connected pieces (by faces) of at least so many pixels, the largest first."""
    labels, count = ndimage.label(mask)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    order = np.argsort(-sizes, kind="stable")
    return [labels == k + 1 for k in order if sizes[k] >= least]


def largest(mask: Flags) -> Flags:
    """All pieces that are as large as the largest."""
    labels, count = ndimage.label(mask)
    if not count:
        return mask
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return (sizes == sizes.max())[labels]


def holding(mask: Flags, core: Flags) -> Flags:
    """The pieces of `mask` that hold any of `core`."""
    labels, count = ndimage.label(mask)
    kept = np.zeros(count + 1, bool)
    kept[np.unique(labels[core])] = True
    kept[0] = False
    return kept[labels]


def filled(mask: Flags) -> Flags:
    """With holes filled, also those that are closed only in the planes across one axis (lungs that a volume's end cuts)."""
    result = ndimage.binary_fill_holes(mask)
    if mask.ndim == 3 and min(mask.shape) > 1:
        for axis in range(3):
            planes = np.moveaxis(mask, axis, 0)
            within = np.stack([ndimage.binary_fill_holes(plane) for plane in planes])
            result |= np.moveaxis(within, 0, axis)
    elif mask.ndim == 3:
        result |= ndimage.binary_fill_holes(mask.squeeze()).reshape(mask.shape)
    return np.asarray(result, bool)
