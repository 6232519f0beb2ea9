"""A reference is a string that means one picture: a path, or `file.npz::train_images[12]`."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from radiolucent.core import Grid, Image, UnreadableError
from radiolucent.dicom import Header

from . import npz
from .readers import examine

_INSIDE = re.compile(r"(?P<file>.+\.npz)::(?P<member>\w+)\[(?P<row>\d+)\]")
_NO_KEY = b"\0" * 32


def pixels(reference: str | Path) -> Image:
    """The one picture that `reference` means.

    Raises `UnreadableError` where it cannot be read, or where it is no single picture (a volume of several slices, a
    video, an examination of several images).
    """
    return pixels_and_headers(reference)[0]


def pixels_and_headers(reference: str | Path) -> tuple[Image, tuple[Header, ...]]:
    """As `pixels`, with the headers of the DICOM files that the picture was made from, for whoever checks them."""
    inside = _INSIDE.fullmatch(str(reference))
    if inside:
        return npz.picture(Path(inside["file"]), inside["member"], int(inside["row"])), ()
    found = examine(reference, key=_NO_KEY)
    images = [image for one in found for image in one.case.images.values()]
    if len(images) != 1:
        raise UnreadableError(f"{reference} holds {len(images)} images, one is needed; name one of them")
    return _single(reference, images[0]), tuple(header for one in found for series in one.series for header in series)


def _single(reference: str | Path, image: Image) -> Image:
    """Drop axes of length one; refuse a volume, for nobody said which of its slices is meant."""
    grid = image.grid
    if grid.axes == "yx":
        return image
    thick = [axis for axis, count in zip(grid.axes, grid.shape) if count > 1]
    if len(thick) > 2 or "t" in thick or len(grid.shape) - len(thick) < len(grid.shape) - 2:
        sizes = " x ".join(map(str, grid.shape))
        raise UnreadableError(
            f"{reference} is a volume or video ({grid.axes}: {sizes}); a cohort takes single pictures"
        )
    keep = [k for k, axis in enumerate(grid.axes) if axis in "yx"]
    if set(thick) - set("yx"):
        keep = [k for k, count in enumerate(grid.shape) if count > 1]
        keep = keep if len(keep) == 2 else [0, len(grid.shape) - 1]
    return _kept(image, keep)


def _kept(image: Image, keep: list[int]) -> Image:
    grid = image.grid
    drop = tuple(k for k in range(len(grid.shape)) if k not in keep)
    spatial = [grid.spatial_axes.index(k) for k in keep]
    spacing = tuple(grid.spacing_mm[k] for k in spatial) if grid.spacing_mm else None
    direction = tuple(grid.direction[k] for k in spatial) if grid.direction else None
    shape = tuple(grid.shape[k] for k in keep)
    flat = Grid(shape, "yx", spacing, None, grid.origin_mm, direction)
    return image.with_array(np.squeeze(image.array, drop), grid=flat)
