"""Keypoints of two pictures that belong together, and the map that most of them agree on."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, InputError, Keypoints, Mask, Transform
from radiolucent.core.pixels import refuse_colour

from .detectors import BITS, Detector, finder
from .keypoints import MaxPoints, found_in
from .place import lifted
from .slices import Window

Array = NDArray[Any]

Kind = Annotated[Detector, Field(description="kind of keypoints")]
Ratio = Annotated[
    float, Field(gt=0, le=1, description="greatest distance of a match over that of the second best; 1 keeps all")
]
Cross = Annotated[bool, Field(description="keep a match only if it is the best from both sides")]
Model = Annotated[
    Literal["similarity", "affine", "homography"],
    Field(description="map that is fitted: turn, shift and one scale; any linear map; any map of a plane"),
]
Away = Annotated[float, Field(gt=0, le=100, description="how far from the map a match may lie and still agree")]

LEAST = {"similarity": 2, "affine": 3, "homography": 4}
"""How many matches fix a map; one more is asked for, so that something speaks for it."""


class Matched(NamedTuple):
    """Matches that agree on a map: places (n, 2) as y, x in both, the map (3, 3) of x, y [pixels], matches in all."""

    fixed: Keypoints
    moving: Keypoints
    matrix: NDArray[np.float64]
    matches: int


def match(
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
) -> dict[str, Keypoints | Transform | float]:
    """Match the keypoints of two 2-D pictures and fit the map from the fixed to the moving one.

    Gives the keypoints that agree on the map, row by row (`fixed`, `moving`), the map (`transform`), how many matches
    there were, how many agree, and their root mean square distance from the map [pixels]. `mask` limits where the fixed
    picture is searched. The map is found by MAGSAC (Barath et al. 2020, doi:10.1109/CVPR42600.2020.00138), a similarity
    by RANSAC; both draw by a fixed seed.
    """
    found = matched_pictures(fixed, moving, mask, detector, max_points, ratio, cross_check, model, away_px, window)
    off = moved(found.matrix, found.fixed.points) - found.moving.points
    return {
        "fixed": found.fixed,
        "moving": found.moving,
        "transform": Transform(fixed.grid, moving.grid, lifted(found.matrix, fixed.grid, moving.grid)),
        "matches": float(found.matches),
        "agreeing": float(len(found.fixed)),
        "rms_px": float(np.sqrt((off**2).sum(axis=1).mean())),
    }


def matched_pictures(
    fixed: Image,
    moving: Image,
    mask: Mask | None,
    detector: Detector,
    max_points: int,
    ratio: float,
    cross_check: bool,
    model: str,
    away_px: float,
    window: tuple[float, ...] | None,
) -> Matched:
    """The keypoints of two pictures that agree on a map; too few of them are refused with their number."""
    for picture in (fixed, moving):
        refuse_colour(picture)
        if picture.array.ndim != 2:
            raise InputError(
                f"keypoints are matched in 2-D pictures, this one has shape {picture.grid.shape}; "
                "take a slice of it, or align volumes by `register`"
            )
    find = finder(detector, max_points)
    here = found_in(detector, find, fixed, mask, window, 1, None, None)
    there = found_in(detector, find, moving, None, window, 1, None, None)
    pairs = matches(here, there, ratio=ratio, cross_check=cross_check)
    if len(pairs) <= LEAST[model]:
        raise InputError(
            f"{len(here)} and {len(there)} {detector} keypoints give {len(pairs)} matches, and a map of kind {model} "
            f"needs {LEAST[model] + 1}; take another detector, a higher ratio, or align by `register`"
        )
    here, there = chosen(here, pairs[:, 0]), chosen(there, pairs[:, 1])
    matrix, agree = fitted(here.points, there.points, model, away_px)
    if agree.sum() <= LEAST[model]:
        raise InputError(
            f"of {len(pairs)} matches only {int(agree.sum())} agree on a map of kind {model}: the pictures may not show "
            "the same thing; take another detector or model"
        )
    return Matched(chosen(here, agree), chosen(there, agree), matrix, len(pairs))


def matches(fixed: Keypoints, moving: Keypoints, *, ratio: float = 0.8, cross_check: bool = True) -> NDArray[np.intp]:
    """Rows (n, 2) of keypoints whose descriptors are nearest to each other and clearly nearer than the second best.

    Bits are compared by Hamming distance, numbers by Euclidean distance. With fewer than two candidates there is no
    second best, and the ratio rules nothing out.
    """
    if fixed.kind != moving.kind:
        raise InputError(f"{fixed.kind} and {moving.kind} keypoints cannot be compared; find one kind in both pictures")
    if not len(fixed) or not len(moving):
        return np.zeros((0, 2), np.intp)
    best = _nearest(fixed, moving, ratio)
    if not cross_check:
        return best
    back = dict(_nearest(moving, fixed, 1.0).tolist())
    return best[[back.get(there) == here for here, there in best.tolist()]]


def _nearest(fixed: Keypoints, moving: Keypoints, ratio: float) -> NDArray[np.intp]:
    bits = fixed.kind in BITS
    finder = cv2.BFMatcher(cv2.NORM_HAMMING if bits else cv2.NORM_L2)
    kind = np.uint8 if bits else np.float32
    two = finder.knnMatch(fixed.descriptors.astype(kind), moving.descriptors.astype(kind), k=2)
    kept = [(m[0].queryIdx, m[0].trainIdx) for m in two if _clear([found.distance for found in m], ratio)]
    return np.array(kept, np.intp).reshape(-1, 2)


def _clear(distances: list[float], ratio: float) -> bool:
    return len(distances) == 1 or ratio >= 1 or distances[0] < ratio * distances[1]


def chosen(points: Keypoints, rows: Array) -> Keypoints:
    """Some of the keypoints."""
    return replace(
        points,
        points=points.points[rows],
        scale=points.scale[rows],
        angle_deg=points.angle_deg[rows],
        response=points.response[rows],
        descriptors=points.descriptors[rows],
    )


def fitted(here: Array, there: Array, model: str, away_px: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The map (3, 3) of x, y from places `here` to `there` (n, 2; y, x), and which places agree on it."""
    first, second = (np.ascontiguousarray(points[:, ::-1], np.float64) for points in (here, there))
    matrix = np.eye(3)
    if model == "homography":
        found, _ = cv2.findHomography(first, second, cv2.USAC_MAGSAC, away_px, None, 10_000, 0.9999)
    elif model == "affine":
        found, _ = cv2.estimateAffine2D(first, second, None, cv2.USAC_MAGSAC, away_px, 10_000, 0.9999)
    else:
        found, _ = cv2.estimateAffinePartial2D(first, second, None, cv2.RANSAC, away_px, 10_000, 0.9999)
    if found is None:
        return matrix, np.zeros(len(here), bool)
    matrix[: len(found)] = found
    return matrix, np.linalg.norm(moved(matrix, here) - there, axis=1) <= away_px


def moved(matrix: Array, places: Array) -> NDArray[np.float64]:
    """Places (n, 2; y, x) carried by a map of x, y."""
    carried = np.column_stack([places[:, ::-1], np.ones(len(places))]) @ matrix.T
    return carried[:, 1::-1] / carried[:, 2:]
