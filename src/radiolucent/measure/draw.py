"""Pictures of keypoints and of matches, to see what was found."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from radiolucent.core import Grid, Image, Mask
from radiolucent.kernels.draw import keypoints_drawn, matches_drawn

from .detectors import finder
from .keypoints import Label, MaxPoints, found_in
from .match import Away, Cross, Kind, Model, Ratio, matched_pictures
from .slices import SliceIndex, Window, eight_bit, slices


def draw_keypoints(
    image: Image,
    mask: Mask | None = None,
    *,
    detector: Kind = "surf",
    max_points: MaxPoints = 200,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
) -> Image:
    """Draw the strongest keypoints over a 2-D picture as circles of their scale with their direction.

    The result is an RGB picture on the same grid (of a volume: on the grid of the slice, without its place), with the
    points that `match` would compare.
    """
    found = found_in(detector, finder(detector, max_points), image, mask, window, label, slice_index, None)
    picture = eight_bit(slices(image, slice_index, None).pictures, window)[0][0]
    drawn = keypoints_drawn(picture, found.points[:, -2:], found.scale, found.angle_deg)
    if image.array.size == picture.size:
        return image.with_array(drawn.reshape(*image.grid.shape, 3), unit="1")
    spacing_mm = image.grid.spacing_mm and image.grid.spacing_mm[-2:]
    return image.with_array(drawn, grid=Grid(picture.shape, "yx", spacing_mm), unit="1")


def draw_matches(
    fixed: Image,
    moving: Image,
    mask: Mask | None = None,
    *,
    detector: Kind = "surf",
    max_points: MaxPoints = 2000,
    ratio: Ratio = 0.8,
    cross_check: Cross = True,
    model: Model = "affine",
    away_px: Away = 3.0,
    window: Window = None,
    lines: Annotated[int, Field(ge=1, le=10_000, description="draw at most this many matches, the strongest")] = 60,
) -> Image:
    """Draw two 2-D pictures side by side with lines between the matches that agree on one map, as in `match`.

    The result is an RGB picture on a grid of its own.
    """
    found = matched_pictures(fixed, moving, mask, detector, max_points, ratio, cross_check, model, away_px, window)
    left, right = (eight_bit(picture.array, window)[0] for picture in (fixed, moving))
    drawn = matches_drawn(left, right, found.fixed.points[:lines], found.moving.points[:lines])
    return Image(np.ascontiguousarray(drawn), Grid(drawn.shape[:2], "yx"), fixed.modality)
