"""The lung fields: in CT by threshold and competition, in a chest radiograph by levels, growth and a rim."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import ndimage

from ...core import Grid, Image, InputError, Mask
from ...segment import watershed
from .chest import chest_lungs
from .regions import AIR_HU, within_body
from .shape import Flags, Single, closed, dilated, eroded, filled, in_hounsfield, pieces, steps_of, still

NAMES = {1: "right lung", 2: "left lung"}
LEAST_SHARE = 0.003
"""A piece of air below this share of the body is no lung."""


def lungs(
    image: Image,
    *,
    kind: Annotated[
        Literal["auto", "ct", "x-ray"],
        Field(
            description="auto: CT where the unit is HU, a radiograph where the picture is flat; ct: the values are HU"
        ),
    ] = "auto",
    most_hu: Annotated[float, Field(ge=-1024, le=0, description="greatest value of lung in CT [HU]")] = -400.0,
) -> Mask:
    """Find the lung fields: label 1 the patient's right lung, label 2 the left.

    CT: air inside the body, without airways outside the lungs (what an opening of 4 mm cuts off), vessels closed (6 mm;
    pixels where the spacing is unknown); where both lungs touch, their cores compete by a watershed. Radiograph: the
    patient is taken to face the viewer, head up, lungs dark; pairs of dark pieces over all levels, grown in the locally
    normalised picture, then the star-shaped rim that stands out most near them. What lies behind the heart and the
    diaphragm is left out. Dense lungs (consolidation, effusion) are missed in both. One piece is one lung.
    """
    values = still(image, "lungs")
    flat = sum(n > 1 for n in image.grid.shape) <= 2
    chosen = kind if kind != "auto" else "ct" if image.unit == "HU" else "x-ray"
    if chosen == "ct":
        found = _ct(image, in_hounsfield(image, "lungs", assume_hu=kind == "ct"), most_hu)
    elif flat:
        found = chest_lungs(values.reshape(values.shape[-2:])).reshape(values.shape)
    else:
        raise InputError(
            f"lungs works on CT in HU or on a flat radiograph, and this is {image.modality} in {image.unit!r} of "
            f"shape {image.grid.shape}; there is no classical way for it here"
        )
    return Mask(found.astype(np.uint8), image.grid, NAMES)


def _ct(image: Image, values: Single, most_hu: float) -> np.ndarray:
    inside = within_body(values, image, AIR_HU)
    steps = steps_of(image)
    dark = (values <= most_hu) & inside
    core = eroded(dark, 4.0, steps)
    large = pieces(core, max(1, round(LEAST_SHARE * int(inside.sum()))))[:2]
    if not large:
        return np.zeros(values.shape, np.uint8)
    kept = [dilated(piece, 5.0, steps) & dark for piece in large]
    sides = _apart(kept, image.grid, steps)
    whole = filled(closed(np.logical_or.reduce(kept), 6.0, steps)) & inside
    away = [ndimage.distance_transform_edt(~side, sampling=steps) for side in sides]
    labels = np.argmin(np.stack(away), axis=0) + 1
    return np.where(whole, _by_side(labels, image.grid, len(sides)), 0)


def _apart(kept: list[Flags], grid: Grid, steps: tuple[float, ...]) -> list[Flags]:
    """Two lungs: the two pieces, or one piece parted between its two thickest cores that compete for it."""
    if len(kept) == 2 and kept[1].sum() > 0.2 * kept[0].sum():
        return kept
    depth = ndimage.distance_transform_edt(kept[0], sampling=steps)
    for share in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        cores = pieces(depth > share * depth.max())
        if len(cores) > 1 and cores[1].sum() > 0.25 * cores[0].sum():
            seeds = np.zeros(depth.shape, np.int32)
            seeds[cores[0]], seeds[cores[1]] = 1, 2
            flat = Grid(grid.shape, grid.axes, steps)
            flood = watershed(Image(-depth.astype(np.float32), flat), Mask(seeds, flat), sigma_mm=0.0)
            return [(flood.array == k) & kept[0] for k in (1, 2)]
    return kept[:1]


def _by_side(labels: np.ndarray, grid: Grid, count: int) -> np.ndarray:
    """1 where the patient's right is: by LPS where the place is known, else as the viewer sees it."""
    axis = _across(grid)
    sign = 1.0 if grid.direction is None else float(np.sign(grid.direction[axis][0])) or 1.0
    where = np.indices(labels.shape)[axis] * sign
    middle = (labels.shape[axis] - 1) / 2 * sign
    means = [float(where[labels == k].mean()) if (labels == k).any() else middle for k in range(1, count + 1)]
    if count == 1:
        return np.full(labels.shape, 1 if means[0] <= middle else 2)
    return labels if means[0] <= means[1] else 3 - labels


def _across(grid: Grid) -> int:
    """The axis that runs most from right to left."""
    if grid.direction is None:
        return len(grid.shape) - 1
    return int(np.argmax([abs(d[0]) for d in grid.direction]))
