"""An array worked on slab by slab, so that what is held beside its result is of a slab and not of the array."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

PIXELS = 1 << 16
"""Of a slab in which one pixel after the other is worked on: what is made of them stays in the processor's cache."""


@dataclass(frozen=True)
class Slab:
    """A run of indices of one axis that is kept, and what must be read for it."""

    keep: slice
    read: slice

    @property
    def inner(self) -> slice:
        """Where in what was read lies what is kept."""
        return slice(self.keep.start - self.read.start, self.keep.stop - self.read.start)


def slabs(count: int, thick: int, reach: int = 0) -> Iterator[Slab]:
    """`count` indices in slabs of `thick`, each read with as many more on either side as there is `reach`."""
    for start in range(0, count, thick):
        end = min(start + thick, count)
        yield Slab(slice(start, end), slice(max(0, start - reach), min(count, end + reach)))


def thickness(shape: Sequence[int], axis: int = 0, pixels: int = PIXELS) -> int:
    """How many indices of an axis hold so many pixels, at least one."""
    return max(1, pixels * shape[axis] // max(1, prod(shape)))


def runs(shape: Sequence[int], axis: int = 0, pixels: int = PIXELS) -> Iterator[tuple[slice, ...]]:
    """Indices of an array of `shape` that take one slab after the other along `axis`."""
    for slab in slabs(shape[axis], thickness(shape, axis, pixels)):
        yield (slice(None),) * axis + (slab.keep,)


def beside(shape: Sequence[int], axis: int, pixels: int = PIXELS) -> Iterator[tuple[slice, ...]]:
    """As `runs`, along the first other axis that has some length: lines along `axis` stay whole."""
    others = [other for other in range(len(shape)) if other != axis]
    if not others:
        return iter([(slice(None),)])
    longest = max(others, key=lambda other: shape[other])
    return runs(shape, next((other for other in others if shape[other] >= SOME), longest), pixels)


SOME = 16
"""Indices of an axis that are worth going through one run after the other."""


def each(array: Array, made: Callable[[Array], Array]) -> NDArray[np.float32]:
    """What `made` gives for each pixel, of one slab after the other, in an array of its own."""
    result = np.empty(array.shape, np.float32)
    for run in runs(array.shape):
        result[run] = made(array[run])
    return result


def wide(array: Array, margins: Sequence[int], mode: Any, pixels: int) -> Iterator[tuple[slice, Array]]:
    """Slabs of the first axis with a margin on both sides of each axis, continued beyond the edge as `numpy.pad` does.

    Gives where the slab lies; with its margins it is a copy.
    """
    count, widths = array.shape[0], [(margin, margin) for margin in margins]
    thick = max(thickness(array.shape, 0, pixels), margins[0])
    if thick >= count:
        yield slice(0, count), np.pad(array, widths, mode=mode)
        return
    places = np.pad(np.arange(count), margins[0], mode="edge" if mode == "constant" else mode)
    for slab in slabs(count, thick):
        first = slice(slab.keep.start, slab.keep.stop + 2 * margins[0])
        part = np.pad(array[places[first]], [(0, 0), *widths[1:]], mode=mode)
        if mode == "constant":  # what was repeated lies beyond the edge
            part[: max(0, margins[0] - first.start)] = 0
            part[len(part) - max(0, first.stop - margins[0] - count) :] = 0
        yield slab.keep, part
