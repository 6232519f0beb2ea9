"""Finders of keypoints behind one call: OpenCV's, and SURF, which its packages leave out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.kernels.surf import describe, directions, surf_points

Array = NDArray[Any]

Detector = Literal["sift", "surf", "orb", "brisk", "akaze", "kaze"]
"""Kinds of keypoints, each with its own descriptor."""

BITS = frozenset({"orb", "brisk", "akaze"})
"""Kinds whose descriptor is a row of bits, compared by Hamming distance; the others are compared by length."""

LENGTHS = {"sift": 128, "surf": 64, "surf128": 128, "orb": 32, "brisk": 64, "akaze": 61, "kaze": 64}
"""How many values a descriptor has."""

_OWN = threading.local()

SMALLEST = 16
"""In a picture with a shorter side nothing is searched."""

_MORE = cv2.xfeatures2d if hasattr(cv2, "xfeatures2d") and hasattr(cv2.xfeatures2d, "AKAZE") else cv2
"""OpenCV 5 moved BRISK, AKAZE and KAZE to its contributed modules."""


class Found(NamedTuple):
    """Points of one 2-D picture: place (n, 2) as y, x, scale [pixels], angle [degrees], response, descriptors."""

    place: Array
    scale: Array
    angle_deg: Array
    response: Array
    descriptors: Array


Find = Callable[[NDArray[np.uint8], NDArray[np.uint8] | None], Found]
"""From an 8-bit picture, and where to search in it, to its points, strongest first."""


def finder(kind: Detector, most: int) -> Find:
    """The finder of a kind with its usual settings, which keeps the `most` strongest points."""
    if kind == "sift":
        return partial(opencv, sift_detector(most), kind, most)
    if kind == "orb":
        return partial(opencv, cv2.ORB.create(nfeatures=most), kind, most)
    if kind == "surf":
        return partial(surf_found, SURF_THRESHOLD, False, most)
    return partial(opencv, CREATE[kind](), kind, most)


def sift_detector(max_points: int, contrast: float = 0.04, edge: float = 10.0) -> Any:
    """OpenCV's SIFT, with the doubled picture placed exactly (its older way shifts points by a quarter of a pixel)."""
    return cv2.SIFT.create(
        nfeatures=max_points, contrastThreshold=contrast, edgeThreshold=edge, enable_precise_upscale=True
    )


def brisk_detector(threshold: int = 30, octaves: int = 3) -> Any:
    """OpenCV's BRISK; each thread keeps its own, for to make its pattern takes as long as to search a picture."""
    if not hasattr(_OWN, "brisk"):
        _OWN.brisk = {}
    if (threshold, octaves) not in _OWN.brisk:
        _OWN.brisk[threshold, octaves] = _MORE.BRISK.create(thresh=threshold, octaves=octaves)
    return _OWN.brisk[threshold, octaves]


def akaze_detector(threshold: float = 0.001) -> Any:
    """OpenCV's AKAZE with its rotated binary descriptor."""
    return _MORE.AKAZE.create(threshold=threshold)


def kaze_detector(threshold: float = 0.001) -> Any:
    """OpenCV's KAZE with its rotated descriptor of 64 values."""
    return _MORE.KAZE.create(threshold=threshold)


CREATE: dict[str, Callable[[], Any]] = {"brisk": brisk_detector, "akaze": akaze_detector, "kaze": kaze_detector}
SURF_THRESHOLD = 1.0


def opencv(
    detector: Any, kind: str, most: int, picture: NDArray[np.uint8], where: NDArray[np.uint8] | None = None
) -> Found:
    """The `most` strongest points that an OpenCV detector finds. Its `size` is twice our `scale`."""
    small = min(picture.shape) < SMALLEST  # some of OpenCV's raise on a picture of a few pixels
    found, described = ((), None) if small else detector.detectAndCompute(picture, where)
    order = strongest(found, most)
    ordered = [found[index] for index in order]
    return Found(
        place=np.array([p.pt[::-1] for p in ordered], np.float32).reshape(-1, 2),
        scale=np.array([p.size / 2 for p in ordered], np.float32),
        angle_deg=np.array([p.angle for p in ordered], np.float32),
        response=np.array([p.response for p in ordered], np.float32),
        descriptors=_descriptors(described, kind)[order] if len(order) else _descriptors(None, kind),
    )


def surf_found(
    threshold: float,
    extended: bool,
    most: int,
    picture: NDArray[np.uint8],
    where: NDArray[np.uint8] | None = None,
) -> Found:
    """The `most` strongest SURF points."""
    integral = cv2.integral(picture, sdepth=cv2.CV_64F)
    points = surf_points(integral, threshold)
    if where is not None:
        y, x = np.rint(points[:, :2]).astype(np.intp).T
        points = points[where[y, x] > 0]
    order = np.lexsort((points[:, 2], points[:, 1], points[:, 0], -points[:, 3]))[:most]
    points = np.ascontiguousarray(points[order])
    angles = directions(integral, points)
    return Found(
        place=points[:, :2].astype(np.float32),
        scale=points[:, 2].astype(np.float32),
        angle_deg=np.degrees(angles).astype(np.float32) % 360,
        response=points[:, 3].astype(np.float32),
        descriptors=describe(integral, points, angles, extended),
    )


def described_at(kind: Detector, picture: NDArray[np.uint8], place: Array, scale: float) -> tuple[Array, Array]:
    """Upright descriptors at places (n, 2) as y, x; which of them could be described, and their descriptors."""
    if kind == "surf":
        integral = cv2.integral(picture, sdepth=cv2.CV_64F)
        points = np.column_stack([place, np.full(len(place), scale), np.zeros(len(place))])
        return np.arange(len(place)), describe(integral, points, np.zeros(len(place)), False)
    creators: dict[str, Callable[[], Any]] = {"sift": partial(sift_detector, 0), "orb": cv2.ORB.create, **CREATE}
    level = int(
        np.clip(np.rint(4 * np.log2(scale / 1.6)), 0, 3)
    )  # (A)KAZE trust it: beyond the first octave they crash
    wanted = [cv2.KeyPoint(float(x), float(y), 2 * scale, 0.0, k, 0, level) for k, (y, x) in enumerate(place)]
    kept, described = creators[kind]().compute(picture, wanted)
    return np.array([p.response for p in kept], np.intp), _descriptors(described, kind)


def strongest(points: Sequence[Any], most: int) -> NDArray[np.intp]:
    """Order of the points by response, then place, scale and angle: the same on every run. Cut to `most`."""
    keys = [(-p.response, p.pt[1], p.pt[0], p.size, p.angle) for p in points]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__)[:most], dtype=np.intp)


def nothing(kind: str) -> Array:
    """Descriptors of no point: bytes where the values are whole numbers (SIFT and bits), else float32."""
    return np.zeros((0, LENGTHS[kind]), np.uint8 if kind in BITS or kind == "sift" else np.float32)


def _descriptors(described: Array | None, kind: str) -> Array:
    none = nothing(kind)
    return none if described is None else described.astype(none.dtype)
