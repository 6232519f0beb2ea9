"""What the cohort job measures of one prepared picture: a row of numbers and a block of keypoint descriptors."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .detectors import sift_detector, strongest
from .intensity import IBSI_CODES, first_order
from .texture import gradient_names, hog_of, pattern_names, patterns_of

CELLS, ORIENTATIONS, THUMB = 4, 8, 12

STATISTICS: tuple[str, ...] = (
    *IBSI_CODES,
    *pattern_names(),
    *gradient_names(CELLS, ORIENTATIONS),
    *(f"pixel_{y}_{x}" for y in range(THUMB) for x in range(THUMB)),
)
"""Names of the numbers that `statistics` gives, in its order."""

DESCRIPTOR_LENGTH = 128
SMALLEST, ENLARGED = 96, 112
CONTRAST = 0.02  # half of Lowe's threshold: radiographs are softer than photographs and would give 100 points, not 200


def statistics(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Measure a square grey picture: first-order statistics, texture, gradients and a 12 x 12 copy, as `STATISTICS`.

    An undefined coefficient (see `intensity`) is 0 here, because a row has no gaps.
    """
    grey = first_order(picture.ravel())
    thumb = cv2.resize(picture, (THUMB, THUMB), interpolation=cv2.INTER_AREA)
    patterns = patterns_of(picture[None])
    parts: list[Any] = [
        [grey.get(name, 0.0) for name in IBSI_CODES],
        [patterns.get(name, 0.0) for name in pattern_names()],
        hog_of(picture, CELLS, ORIENTATIONS).ravel(),
        thumb.ravel(),
    ]
    return np.concatenate(parts, dtype=np.float32, casting="unsafe")


def descriptors(picture: NDArray[np.uint8], *, most: int = 200) -> NDArray[np.uint8]:
    """Describe a grey picture by its SIFT keypoints, strongest first: shape (most, 128), absent ones all zero.

    A picture with a side under 96 pixels is first enlarged to at least 112, since SIFT finds nothing in 28 pixels; an
    upright grid of 7 x 7 follows its keypoints (with it, words tell small pictures apart better).
    """
    large = _enlarged(picture)
    grid = _grid(large.shape) if large is not picture else []
    detector = sift_detector(most, CONTRAST)
    points, described = detector.detectAndCompute(large, None)
    order = strongest(points, max(most - len(grid), 0))
    parts = [np.zeros((0, DESCRIPTOR_LENGTH), np.uint8)]
    if len(order):
        parts.append(described[order].astype(np.uint8))
    if grid:
        parts.append(detector.compute(large, grid)[1].astype(np.uint8))
    together = np.concatenate(parts)[:most]
    found = np.zeros((most, DESCRIPTOR_LENGTH), np.uint8)
    found[: len(together)] = together
    return found


def _enlarged(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    short = min(picture.shape)
    if short >= SMALLEST:
        return picture
    factor = -(-ENLARGED // short)
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)


def _grid(shape: tuple[int, ...]) -> list[cv2.KeyPoint]:
    """Upright keypoints, 7 along the shorter side; their descriptors look 6 steps wide."""
    step = min(shape) / 7
    rows, columns = (np.arange(int(side // step)) * step + step / 2 for side in shape)
    return [cv2.KeyPoint(x, y, step, 0.0) for y in rows for x in columns]
