"""Align two pictures of one patient, so that a follow-up can be compared: by keypoints, or by their grey values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from radiolucent.core import Image, InputError, Mask, Transform
from radiolucent.core.pixels import refuse_colour, refuse_not_finite

from . import intensity_registration as grey
from .keypoints import MaxPoints
from .match import Away, Cross, Kind, Model, Ratio, matched_pictures, moved
from .place import lifted
from .region import region
from .slices import Window

Outside = Annotated[
    float, Field(ge=-1e9, le=1e9, description="value where the moving picture does not reach; -1000 for air in CT")
]


def register(
    fixed: Image,
    moving: Image,
    mask: Mask | None = None,
    *,
    model: Annotated[
        Literal["translation", "rigid", "similarity", "affine", "bspline"],
        Field(
            description="shift; shift and turn; with one scale; any linear map; affine and then a B-spline that bends"
        ),
    ] = "rigid",
    metric: Annotated[
        Literal["mutual_information", "correlation", "mean_squares"],
        Field(description="what is made best: for two modalities; for one with other contrast; for equal grey values"),
    ] = "mutual_information",
    start: Annotated[
        Literal["place", "centre", "mass"],
        Field(description="where the search begins: as both lie in space, middle on middle, mass on mass"),
    ] = "place",
    levels: Annotated[int, Field(ge=1, le=6, description="resolutions, each twice as fine as the one before")] = 3,
    sampling: Annotated[float, Field(gt=0, le=1, description="share of the pixels that the metric looks at")] = 0.25,
    iterations: Annotated[int, Field(ge=1, le=10_000, description="most steps at each resolution")] = 200,
    knots: Annotated[int, Field(ge=1, le=100, description="B-spline cells along each axis")] = 6,
    outside: Outside = 0.0,
    label: Annotated[int, Field(ge=1, description="label of the mask within which the metric looks")] = 1,
    seed: Annotated[int, Field(ge=0, description="of the pixels that are drawn")] = 0,
) -> dict[str, Image | Transform | float]:
    """Align the moving picture or volume to the fixed one by their grey values, from coarse to fine.

    Gives `image` (the moving picture on the fixed grid, linear interpolation, float32), `transform` (from fixed to moving
    places, LPS mm; a displacement field for `bspline`) and the metric at the start and the end (less is better). Pictures
    that both have no spacing are aligned in pixels. One thread and seeded draws: the same result on every run. Mutual
    information: Mattes et al. 2003, doi:10.1109/TMI.2003.809072; the search is SimpleITK's, by gradient descent.
    """
    refuse_colour(moving)
    refuse_not_finite(moving)
    inside = region(fixed, mask, label)
    asked = grey.Asked(model, metric, start, levels, sampling, iterations, knots, seed)
    found = grey.aligned(fixed, moving, inside, asked, outside)
    return {
        "image": moving.with_array(found.array, grid=fixed.grid),
        "transform": Transform(fixed.grid, moving.grid, found.matrix, found.displacement_mm),
        "metric_at_start": found.at_start,
        "metric": found.at_end,
    }


def register_keypoints(
    fixed: Image,
    moving: Image,
    mask: Mask | None = None,
    *,
    detector: Kind = "surf",
    model: Model = "similarity",
    max_points: MaxPoints = 2000,
    ratio: Ratio = 0.8,
    cross_check: Cross = True,
    away_px: Away = 3.0,
    window: Window = None,
    outside: Outside = 0.0,
) -> dict[str, Image | Transform | float]:
    """Align the moving 2-D picture to the fixed one by keypoints that agree on one map, as in `match`.

    Gives `image` (the moving picture on the fixed grid, linear interpolation, float32), `transform` (from fixed to moving
    places; pixels where neither has a spacing), how many matches there were and how many agree.
    """
    found = matched_pictures(fixed, moving, mask, detector, max_points, ratio, cross_check, model, away_px, window)
    return {
        "image": moving.with_array(_carried(moving.array, found.matrix, fixed.grid.shape, outside), grid=fixed.grid),
        "transform": Transform(fixed.grid, moving.grid, lifted(found.matrix, fixed.grid, moving.grid)),
        "matches": float(found.matches),
        "agreeing": float(len(found.fixed)),
    }


def _carried(
    picture: NDArray[Any], matrix: NDArray[np.float64], shape: tuple[int, ...], outside: float
) -> NDArray[np.float32]:
    """The picture's values where a map of x, y carries each pixel of `shape`."""
    if abs(np.linalg.det(matrix)) < 1e-6:
        raise InputError("the matches agree on a map that folds the picture; take another model or detector")
    places = np.indices(shape).reshape(2, -1).T
    values = ndimage.map_coordinates(
        picture.astype(np.float32), moved(matrix, places).T, order=1, mode="constant", cval=outside
    )
    return values.reshape(shape)
