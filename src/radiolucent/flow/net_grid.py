"""To the grid that a net works on, and from there to the image's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core import Image, Mask
from ..kernels.interpolate import by_label
from ..learn import UNetSegmenter, entropy_map
from ..process import resample, resample_like, resample_mask, resize


def back(
    net: UNetSegmenter, probabilities: NDArray[np.float32], near: Image, image: Image, names: Mapping[int, str]
) -> tuple[Mask, Image]:
    """The likeliest label at each pixel of the image, by probabilities interpolated between the net's pixels."""
    there = {int(k): names.get(int(k), f"label {k}") for k in net.classes_ if k}
    unsure = near.with_array(entropy_map(probabilities), unit="1")
    shares = np.moveaxis(probabilities, -1, 0)
    if near.grid != image.grid:
        shares = np.stack([_values_at(image, near.with_array(np.ascontiguousarray(one), unit="1")) for one in shares])
    return Mask(net.classes_[shares.argmax(axis=0)].astype(np.uint8), image.grid, there), unsure


def _values_at(image: Image, near: Image) -> NDArray[np.float32]:
    """Values of one class on the image's grid; where both share their place in space by that, else by their edges."""
    placed = near.grid.affine is not None and image.grid.affine is not None
    found = resample_like(near, image) if placed else resize(near, size_px=image.grid.shape, antialias=False)
    return np.asarray(found.array, np.float32)


def brought(
    spacing: tuple[float, ...] | None, longest_px: int | None, image: Image, mask: Mask | None
) -> tuple[Image, Any]:
    """Both on a spacing or of a longest side, where one is given and they are not so already."""
    have = image.grid.spacing_mm
    if longest_px is not None:
        return _of_size(longest_px, image, mask)
    if spacing is None or have is None or np.allclose(have, spacing, rtol=0.01):
        return image, mask
    there = None if mask is None else resample_mask(mask, spacing_mm=spacing, interpolation="linear")
    return resample(image, spacing_mm=spacing), there


def _of_size(longest_px: int, image: Image, mask: Mask | None) -> tuple[Image, Any]:
    """Both with their longest side of so many pixels, averaged over what a new pixel covers; the mask by majority."""
    factor = longest_px / max(image.grid.shape)
    if factor == 1:
        return image, mask
    size = tuple(max(1, round(side * factor)) for side in image.grid.shape)
    small = resize(image, size_px=size)
    if mask is None:
        return small, None

    def sampled(one: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.array(resize(image.with_array(one, unit="1"), size_px=size).array, np.float32)

    return small, Mask(by_label(mask.array, sampled), small.grid, mask.names)
