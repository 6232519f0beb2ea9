"""The voxels that radiomics is about: re-segmented by grey value, cut out, and discretised, by the rules of IBSI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, Mask

from .region import region

MOST_LEVELS = 1024
"""A co-occurrence matrix of more grey levels would be mostly empty, and large."""

Label = Annotated[int, Field(ge=1, description="label of the mask to measure")]
Bins = Annotated[
    int, Field(ge=2, le=MOST_LEVELS, description="bins from least to greatest value; not used with bin_width")
]
BinWidth = Annotated[
    float | None,
    Field(gt=0, description="width of a bin in the image's unit, counted from range_low or from the least value"),
]
RangeLow = Annotated[
    float | None, Field(ge=-1e9, le=1e9, description="grey values below this are left out (re-segmentation)")
]
RangeHigh = Annotated[
    float | None, Field(ge=-1e9, le=1e9, description="grey values above this are left out (re-segmentation)")
]
OutlierSigma = Annotated[
    float | None, Field(gt=0, description="leave out values further from the mean than this many standard deviations")
]


@dataclass(frozen=True, eq=False)
class Roi:
    """A region's bounding box: grey `values` (z, y, x), its `shape`, and the voxels `kept` by re-segmentation.

    `around` is the whole picture as (z, y, x), and `box` where the region lies in it.
    """

    values: NDArray[Any]
    shape: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    around: NDArray[Any]
    box: tuple[slice, ...]
    range_low: float | None = None
    range_high: float | None = None

    @property
    def grey(self) -> NDArray[Any]:
        """The grey values that are kept, flat."""
        return self.values[self.kept]


@dataclass(frozen=True, eq=False)
class Levels:
    """Grey levels 1 .. `count` of a region, 0 elsewhere, and its shape, both with a border one voxel wide."""

    padded: NDArray[np.uint16]
    count: int
    shape: NDArray[np.bool_]

    @property
    def flat(self) -> NDArray[np.uint16]:
        return self.padded.reshape(-1)

    @property
    def present(self) -> NDArray[np.uint16]:
        """The levels of all voxels of the region, flat."""
        return self.padded[self.padded > 0]

    def steps(self, moves: NDArray[np.intp]) -> NDArray[np.intp]:
        """Moves (n, 3) along z, y, x as steps through the flat array."""
        _, rows, columns = self.padded.shape
        return moves @ np.array([rows * columns, columns, 1])

    def slabs(self, *, by_slice: bool) -> Iterator[tuple[int, int, int]]:
        """Start and stop in the flat array and the number of voxels: of every slice that has any, or of the whole."""
        area = self.padded.shape[1] * self.padded.shape[2]
        voxels = np.count_nonzero(self.padded, axis=(1, 2))
        if not by_slice:
            yield area, self.padded.size - area, int(voxels.sum())
            return
        for index in np.flatnonzero(voxels):
            yield int(index) * area, (int(index) + 1) * area, int(voxels[index])


def cut_out(
    image: Image,
    mask: Mask | None,
    label: int,
    range_low: float | None = None,
    range_high: float | None = None,
    outlier_sigma: float | None = None,
) -> Roi:
    """The region's box after re-segmentation; range and outlier filter each look at the whole region."""
    if "t" in image.grid.axes or image.array.ndim < 2:
        raise InputError(f"radiomics takes a picture or a volume, not axes {image.grid.axes!r}; take one frame first")
    inside = region(image, mask, label)
    shape = np.ones(image.array.shape, bool) if inside is None else inside
    deep = (None,) * (3 - shape.ndim)
    around, shape = image.array[deep], shape[deep]
    box = tuple(_extent(shape, axis) for axis in range(3))
    values, shape = around[box], shape[box].copy()  # a view would keep the whole picture's
    kept = shape.copy()
    re_segment(kept, values, range_low, range_high, outlier_sigma)
    return Roi(values, shape, kept, around, box, range_low, range_high)


def re_segment(
    kept: NDArray[np.bool_], values: NDArray[Any], low: float | None, high: float | None, sigma: float | None
) -> None:
    """Take out of `kept`, in place, what lies beyond the range or more than `sigma` deviations from the mean of all."""
    typical = None if sigma is None else _typical(values, kept, sigma)
    if low is not None:
        kept &= values >= low
    if high is not None:
        kept &= values <= high
    if typical is not None:
        kept &= typical
    if not kept.any():
        raise InputError("no grey value of the region is left by re-segmentation; widen the range or the filter")


def discretised(roi: Roi, bins: int, bin_width: float | None) -> Levels:
    """Grey levels by a fixed number of bins, or by bins of a fixed width."""
    level = roi.grey.astype(np.float64)  # worked on in place: a region may fill a large volume
    low, high = float(level.min()), float(level.max())
    if bin_width is None:
        level -= low
        level *= bins  # then divided, as IBSI writes it: whole values on a bin's edge stay exact
        level /= (high - low) or 1.0
        np.minimum(level, bins - 1, out=level)
        count = bins
    else:
        level -= low if roi.range_low is None else roi.range_low
        level /= bin_width
        count = int(level.max()) + 1
    if count > MOST_LEVELS:
        raise InputError(
            f"bin_width={bin_width:g} gives {count} grey levels, {MOST_LEVELS} are possible; widen the bins"
        )
    padded = np.zeros([side + 2 for side in roi.kept.shape], np.uint16)
    padded[1:-1, 1:-1, 1:-1][roi.kept] = np.floor(level, out=level)
    padded[1:-1, 1:-1, 1:-1][roi.kept] += 1
    return Levels(padded, count, np.pad(roi.shape, 1))


def _extent(shape: NDArray[np.bool_], axis: int) -> slice:
    """From the first to the last index along an axis at which the region has a voxel."""
    there = np.flatnonzero(shape.any(axis=tuple(other for other in range(shape.ndim) if other != axis)))
    return slice(int(there[0]), int(there[-1]) + 1)


def _typical(values: NDArray[Any], shape: NDArray[np.bool_], sigma: float) -> NDArray[np.bool_]:
    grey = values[shape].astype(np.float64)
    middle, spread = grey.mean(), sigma * grey.std()
    return (values >= middle - spread) & (values <= middle + spread)
