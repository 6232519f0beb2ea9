"""Wavelet decomposition and reconstruction: the orthonormal pyramid, and undecimated scales that sum to the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_not_finite
from radiolucent.kernels import wavelet as kernels

from .smooth import Edge
from .wavelet_response import Wavelet, discrete

Levels = Annotated[int, Field(ge=1, le=10, description="levels of the decomposition")]


def wavelet_transform(image: Image, *, wavelet: Wavelet = "haar", levels: Levels = 1) -> Image:
    """Decompose into the coefficients of the decimated wavelet transform, packed in one picture; gives float32.

    The coarse level lies first along every axis, then the details from coarse to fine. Periodic beyond the edge; sides
    must divide by 2^levels (a side of 1 stays). `inverse_wavelet_transform` restores the picture; of an orthogonal
    wavelet the sum of squares is that of the picture (Mallat 1989, doi:10.1109/34.192463).
    """
    axes = _axes(image, wavelet, levels)
    return image.with_array(kernels.packed(image.array, axes, wavelet, levels), unit="1")


def inverse_wavelet_transform(image: Image, *, wavelet: Wavelet = "haar", levels: Levels = 1) -> Image:
    """Reconstruct the picture from its packed wavelet coefficients, given the same arguments; gives float32."""
    axes = _axes(image, wavelet, levels)
    return image.with_array(kernels.unpacked(image.array, axes, wavelet, levels))


def _axes(image: Image, wavelet: str, levels: int) -> tuple[int, ...]:
    refuse_not_finite(image)
    discrete(wavelet)
    axes = tuple(axis for axis in image.grid.spatial_axes if image.grid.shape[axis] > 1)
    odd = [image.grid.shape[axis] for axis in axes if image.grid.shape[axis] % 2**levels]
    if odd:
        raise InputError(
            f"levels={levels} needs sides that divide by {2**levels}, and the picture has {odd[0]}; "
            "crop or pad it, or take fewer levels"
        )
    return axes


def wavelet_scales(image: Image, *, levels: Levels = 3, boundary: Edge = "reflect") -> Mapping[str, Image]:
    """Split into detail by scale (scale_1 the finest) and the rest, which sum to the picture; gives float32.

    The undecimated (stationary) B3-spline wavelet: detail j is what smoothing by about 2^(j - 1) pixels takes away.
    Alike in all directions of the pixels; frame by frame. Starck & Murtagh 2006, doi:10.1007/978-3-540-33025-7.
    """
    refuse_not_finite(image)
    parts = kernels.scales(image.array, image.grid.spatial_axes, levels, boundary)
    names = [*(f"scale_{level}" for level in range(1, levels + 1)), "rest"]
    return {name: image.with_array(np.ascontiguousarray(part)) for name, part in zip(names, parts, strict=True)}
