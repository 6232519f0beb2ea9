"""Bright or dark tubes at several widths, by the eigenvalues of the Hessian in millimetres."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_colour
from radiolucent.kernels.hessian import bends

from .frames import per_frame
from .lengths import in_pixels

Single = NDArray[np.float32]
Scales = Annotated[
    tuple[Annotated[float, Field(gt=0)], ...],
    Field(min_length=1, max_length=20, description="radii of the tubes: standard deviations of the Gaussian [mm]"),
]
Dark = Annotated[bool, Field(description="dark tubes on bright ground")]


def frangi(
    image: Image,
    *,
    sigmas_mm: Scales = (1.0, 2.0, 3.0),
    dark: Dark = False,
    plate: Annotated[float, Field(gt=0, le=100, description="sensitivity to plates (alpha)")] = 0.5,
    blob: Annotated[float, Field(gt=0, le=100, description="sensitivity to blobs (beta)")] = 0.5,
    structure: Annotated[
        float | None,
        Field(gt=0, le=1e9, description="norm of the Hessian that counts as structure; none: half the greatest"),
    ] = None,
) -> Image:
    """Tell how much each pixel lies in a tube of radius `sigmas_mm` [mm] (Frangi); gives float32 from 0 to 1.

    (1 - exp(-Ra^2 / 2 alpha^2)) exp(-Rb^2 / 2 beta^2) (1 - exp(-S^2 / 2 c^2)) of the eigenvalues times sigma^2, greatest
    over the scales; in two dimensions without the first factor. An axis too coarse for a scale is smoothed at half a
    pixel. Frame by frame. Frangi et al. 1998, doi:10.1007/BFb0056195.
    """
    return _greatest(image, sigmas_mm, dark, partial(_frangi, plate, blob), structure)


def sato(image: Image, *, sigmas_mm: Scales = (1.0, 2.0, 3.0), dark: Dark = False) -> Image:
    """Tell how strongly each pixel lies in a tube of radius `sigmas_mm` [mm] (Sato); gives float32 in the image's unit.

    sigma^2 times the geometric mean of all eigenvalues but that along the tube, greatest over the scales.
    Frame by frame. Sato et al. 1998, doi:10.1016/S1361-8415(98)80009-1.
    """
    return _greatest(image, sigmas_mm, dark, _sato, None)


def _greatest(
    image: Image,
    sigmas_mm: tuple[float, ...],
    dark: bool,
    answer: Callable[[Single, float | None], Single],
    structure: float | None,
) -> Image:
    refuse_colour(image)
    in_pixels(image, "sigmas_mm", max(sigmas_mm))
    spacing_mm = image.grid.known_spacing_mm()
    if len(spacing_mm) == 1:
        raise InputError("tubes need two or three axes of space, and the picture has one")

    def filtered(frame: Single) -> Single:
        shown = frame if dark else -frame
        shown = shown - shown.mean()  # a high ground would cost digits
        found = np.zeros_like(frame)
        for sigma in sigmas_mm:
            values = bends(shown, sigma, spacing_mm) * np.float32(sigma**2)
            values[np.abs(values) < 1e-5 * np.ptp(frame)] = 0  # what rounding leaves where the ground is flat
            np.maximum(found, answer(values, structure), out=found)
        return found

    return image.with_array(per_frame(image, filtered), unit="1" if answer is not _sato else image.unit)


def _sato(values: Single, _: float | None) -> Single:
    across = np.maximum(values[1:], 0)
    return np.prod(across, axis=0) ** np.float32(1 / len(across))


def _frangi(plate: float, blob: float, values: Single, structure: float | None) -> Single:
    ordered = np.take_along_axis(values, np.abs(values).argsort(axis=0), axis=0)
    size = np.sqrt((values**2).sum(axis=0))
    scale = structure or float(size.max()) / 2
    tube = (ordered[1:] > 0).all(axis=0)
    across = np.where(tube, ordered[1:], 1)
    ratio = np.abs(ordered[0]) / np.exp(np.log(across).mean(axis=0))
    result = np.exp(-(ratio**2) / np.float32(2 * blob**2))
    if len(values) == 3:
        result *= -np.expm1(-((across[0] / across[1]) ** 2) / np.float32(2 * plate**2))
    if scale > 0:
        result *= -np.expm1(-(size**2) / np.float32(2 * scale**2))
    return np.where(tube, result, 0)
