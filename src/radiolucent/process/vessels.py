"""Bright or dark tubes at several widths, by the eigenvalues of the Hessian in millimetres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError
from radiolucent.core.pixels import refuse_colour
from radiolucent.kernels import slabs
from radiolucent.kernels.hessian import Entries, eigenvalues, hessian

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
    found = _greatest(image, sigmas_mm, dark, partial(_frangi, plate, blob), structure)
    return image.with_array(found, unit="1")


def sato(image: Image, *, sigmas_mm: Scales = (1.0, 2.0, 3.0), dark: Dark = False) -> Image:
    """Tell how strongly each pixel lies in a tube of radius `sigmas_mm` [mm] (Sato); gives float32 in the image's unit.

    sigma^2 times the geometric mean of all eigenvalues but that along the tube, greatest over the scales.
    Frame by frame. Sato et al. 1998, doi:10.1016/S1361-8415(98)80009-1.
    """
    return image.with_array(_greatest(image, sigmas_mm, dark, _sato, 0.0))


Answer = Callable[[float, Single], Single]
"""From the norm of the Hessian that counts as structure, and the eigenvalues."""


def _greatest(
    image: Image, sigmas_mm: tuple[float, ...], dark: bool, answer: Answer, structure: float | None
) -> NDArray[np.float32]:
    """Over the scales. A slab's Hessian is worked out once more where the whole picture's greatest norm is needed."""
    refuse_colour(image)
    in_pixels(image, "sigmas_mm", max(sigmas_mm))
    spacing_mm = image.grid.known_spacing_mm()
    if len(spacing_mm) == 1:
        raise InputError("tubes need two or three axes of space, and the picture has one")

    def filtered(frame: Single) -> Single:
        found, least = np.zeros_like(frame), 1e-5 * float(np.ptp(frame))
        level = float(frame.mean())
        for sigma in sigmas_mm:
            parts = partial(_scaled, frame, sigma, spacing_mm, -1 if not dark else 1, level)
            held = list(parts()) if frame.size <= SMALL else None
            scale = max(map(_greatest_norm, held or parts())) / 2 if structure is None else structure
            for where, entries in held or parts():
                _pool(found[where], entries, least, partial(answer, scale))
        return found

    return per_frame(image, filtered)


def _scaled(
    frame: Single, sigma_mm: float, spacing_mm: tuple[float, ...], sign: int, level: float
) -> Iterator[tuple[slice, Entries]]:
    """The Hessian times sigma^2, of the picture or (sign -1) of its negative."""
    for where, entries in hessian(frame, sigma_mm, spacing_mm, level=level):
        for entry in entries.values():
            entry *= np.float32(sign * sigma_mm**2)
        yield where, entries


def _greatest_norm(part: tuple[slice, Entries]) -> float:
    squares = sum(((2 - (i == j)) * entry**2 for (i, j), entry in part[1].items()), np.float32(0))
    return float(np.sqrt(np.max(squares)))


def _pool(found: Single, entries: Entries, least: float, answer: Callable[[Single], Single]) -> None:
    """Put into a slab what is more than it has; below `least` is what rounding leaves where the ground is flat."""
    for run in slabs.runs(found.shape, 0, AT_ONCE):
        values = eigenvalues({pair: entry[run] for pair, entry in entries.items()})
        values[np.abs(values) < least] = 0
        np.maximum(found[run], answer(values), out=found[run])


SMALL = 1 << 19
"""Pixels of a picture whose Hessian is kept rather than worked out again."""
AT_ONCE = 1 << 15
"""Pixels that are judged together."""


def _sato(structure: float, values: Single) -> Single:  # noqa: ARG001
    across = np.maximum(values[1:], 0)
    return np.prod(across, axis=0) ** np.float32(1 / len(across))


def _frangi(plate: float, blob: float, structure: float, values: Single) -> Single:
    """Where both of the greater two (in size) are positive, the least along the tube stands first in order already."""
    along, across = np.abs(values[0]), values[1:]
    tube = (across[0] > 0) & (along <= across[0])
    across = np.where(tube, across, np.float32(1))
    ratio = along**2 / (across[0] * across[1] if len(across) == 2 else across[0] ** 2)
    result = np.exp(ratio * np.float32(-1 / (2 * blob**2)))
    if len(across) == 2:
        result *= -np.expm1((across[0] / across[1]) ** 2 * np.float32(-1 / (2 * plate**2)))
    if structure > 0:
        result *= -np.expm1((values**2).sum(axis=0) * np.float32(-1 / (2 * structure**2)))
    return np.where(tube, result, np.float32(0))
