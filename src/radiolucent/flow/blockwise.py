"""Volumes larger than memory: an operation that declares its reach runs slab by slab, with the same result.

A slab is a run of indices of the first axis; it is read with as many more on either side as the operation reaches, and
of its result the slab alone is kept. What is larger than a slab is kept in a file that has no name and goes with it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from ..core import Grid, Image
from ..kernels.slabs import Slab
from ..kernels.slabs import slabs as parted
from .ops import Operation, reach_of

SHARE = 0.5
"""An operation that would take more than this share of the free memory runs slab by slab by itself."""

TAKES = 3
"""What an operation takes at most, in arrays of its input as float32."""


def applied(op: Operation, values: list[Any], args: Mapping[str, Any], *, block_mb: float | None = None) -> Any:
    """The operation's result, by slabs of `block_mb` where that is asked for, or where memory would not do."""
    image = values[0]
    if not isinstance(image, Image) or any(value is not None for value in values[1:]):
        return op.function(*values, **args)
    most_mb = block_mb if block_mb is not None else _automatic_mb(image)
    found = None if most_mb is None else slabs(op, image, args, block_mb=most_mb)
    return op.function(image, *values[1:], **args) if found is None else joined(op, image, args, found)


def slabs(op: Operation, image: Image, args: Mapping[str, Any], *, block_mb: float) -> tuple[Slab, ...] | None:
    """How the image is parted; `None` where the operation needs the whole of it, or one slab is all."""
    declared = reach_of(op)
    reach = None if declared is None else declared.along(image.grid, args)
    count = image.grid.shape[0]
    if reach is None or not image.array.size:
        return None
    plane_mb = image.array[:1].size * 4 * TAKES / 2**20
    halo = reach.get(0, 0)
    thick = max(1, int(block_mb / plane_mb) - 2 * halo)
    if thick >= count:
        return None
    return tuple(parted(count, thick, halo))


def joined(op: Operation, image: Image, args: Mapping[str, Any], parts: tuple[Slab, ...]) -> Image:
    """The results of all slabs as one image, whose array lies in a file."""
    result, like = None, None
    for slab, made in _results(op, image, args, parts):
        if result is None:
            like, result = made, _file_backed((image.grid.shape[0], *made.array.shape[1:]), made.array.dtype)
        result[slab.keep] = made.array[slab.inner]
    if result is None or like is None:
        raise TypeError(f"{op.name} was given no slab")
    return like.with_array(result, grid=image.grid)


def _results(
    op: Operation, image: Image, args: Mapping[str, Any], parts: tuple[Slab, ...]
) -> Iterator[tuple[Slab, Image]]:
    for slab in parts:
        grid = _sub_grid(image.grid, slab.read)
        made = op.function(image.with_array(image.array[slab.read], grid=grid), **args)
        if not isinstance(made, Image) or made.grid != grid:
            raise TypeError(f"{op.name} declares its reach, so it must give an Image on the grid it was given")
        yield slab, made


def _sub_grid(grid: Grid, read: slice) -> Grid:
    """The grid of a run of indices of the first axis."""
    shape = (read.stop - read.start, *grid.shape[1:])
    if grid.axes[0] == "t":
        return replace(grid, shape=shape, times_s=None if grid.times_s is None else grid.times_s[read])
    if grid.affine is None:
        return replace(grid, shape=shape)
    first = grid.affine @ [read.start, *[0] * (len(grid.spatial_axes) - 1), 1]
    return replace(grid, shape=shape, origin_mm=(float(first[0]), float(first[1]), float(first[2])))


def _file_backed(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    with tempfile.TemporaryFile(prefix="radiolucent-") as file:  # the mapping outlives the closed file
        return np.memmap(file, dtype, "w+", shape=shape)


def _automatic_mb(image: Image) -> float | None:
    """A slab's size where the whole would not fit, else `None`."""
    takes_mb = image.array.size * 4 * TAKES / 2**20
    free_mb = psutil.virtual_memory().available / 2**20
    return free_mb / 8 if takes_mb > SHARE * free_mb else None
