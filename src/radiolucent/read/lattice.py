"""Grids out of headers that count axes fastest first (x, y, z) and may have one axis that is not in space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid, UnreadableError


@dataclass(frozen=True)
class Lattice:
    """`sizes`, fastest first; of each axis the step along it in LPS mm (`None`: not in space) or only its `spacing_mm`.

    `channels` is the axis of colour, if there is one.
    """

    sizes: tuple[int, ...]
    steps: tuple[NDArray[np.float64] | None, ...] | None = None
    spacing_mm: tuple[float | None, ...] | None = None
    origin_mm: NDArray[np.float64] | None = None
    channels: int | None = None
    moments: int | None = None
    times_s: tuple[float, ...] | None = None


def arranged(flat: NDArray[Any], lattice: Lattice) -> tuple[NDArray[Any], Grid]:
    """The samples as (t, z, y, x[, colour]) and the grid on which they lie."""
    array = flat.reshape(tuple(reversed(lattice.sizes)))
    last = len(lattice.sizes) - 1
    if lattice.channels is not None:
        array = np.moveaxis(array, last - lattice.channels, -1)
    spatial = [k for k in range(last + 1) if k not in (lattice.channels, lattice.moments)]
    if lattice.moments is not None:
        at = last - lattice.moments
        at -= lattice.channels is not None and lattice.channels > lattice.moments
        array = np.moveaxis(array, at, 0)
    if not 2 <= len(spatial) <= 3:
        raise UnreadableError(f"{len(spatial)} axes of {lattice.sizes} lie in space; two or three can be read")
    return array, _grid(array, lattice, spatial)


def _grid(array: NDArray[Any], lattice: Lattice, spatial: Sequence[int]) -> Grid:
    axes = ("t" if lattice.moments is not None else "") + "zyx"[-len(spatial) :]
    shape, order = array.shape[: len(axes)], list(reversed(spatial))
    steps = None if lattice.steps is None else [lattice.steps[k] for k in order]
    if steps is None or any(step is None for step in steps):
        known = [None if lattice.spacing_mm is None else lattice.spacing_mm[k] for k in order]
        spacing = tuple(float(value) for value in known if value and np.isfinite(value) and value > 0)
        return Grid(shape, axes, spacing if len(spacing) == len(order) else None, lattice.times_s)
    columns = [np.asarray(step, float) for step in steps]
    lengths = [float(np.linalg.norm(column)) for column in columns]
    if min(lengths) == 0 or not np.all(np.isfinite(lengths)):
        return Grid(shape, axes, None, lattice.times_s)
    directions = tuple(_vector(column / length) for column, length in zip(columns, lengths))
    origin = None if lattice.origin_mm is None else _vector(lattice.origin_mm)
    return Grid(shape, axes, tuple(lengths), lattice.times_s, origin, directions if origin else None)


def _vector(values: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return (x, y, z)
