"""Points of interest with descriptors, by OpenCV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from radiolucent.core import Image, Keypoints, Mask
from radiolucent.kernels.grey import to_eight_bit

from .region import plane, region

MaxPoints = Annotated[int, Field(ge=1, le=100_000, description="keep at most this many, by response")]
Label = Annotated[int, Field(ge=1, description="label of the mask to search in")]
SliceIndex = Annotated[int | None, Field(ge=0, description="slice or frame of a picture with three axes")]


def sift(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    contrast: Annotated[float, Field(ge=0, le=1, description="least contrast of a point; lower finds more")] = 0.04,
    edge: Annotated[float, Field(gt=1, description="greatest ratio of curvatures; higher keeps more edges")] = 10.0,
    label: Label = 1,
    slice_index: SliceIndex = None,
) -> Keypoints:
    """Find scale-invariant keypoints (SIFT) with 128 descriptor values, strongest first.

    The picture is reduced to 8 bits by its 0.5 to 99.5 percentile (uint8 stays as it is). `scale` is the Gaussian's
    sigma [pixels], `angle_deg` turns from +x towards +y. Lowe 2004, doi:10.1023/B:VISI.0000029664.99615.94.
    """
    detector = sift_detector(max_points, contrast, edge)
    return _keypoints("sift", detector, 128, image, mask, label, slice_index, max_points)


def orb(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    fast_threshold: Annotated[int, Field(ge=1, le=255, description="least step of grey (0..255) at a corner")] = 20,
    label: Label = 1,
    slice_index: SliceIndex = None,
) -> Keypoints:
    """Find oriented FAST corners with 32 bytes of rotated binary tests (ORB), strongest first.

    The picture is reduced to 8 bits by its 0.5 to 99.5 percentile (uint8 stays as it is); descriptors are compared by
    Hamming distance; `scale` is the patch's half width [pixels]. Nothing is found within 31 pixels of the border.
    Rublee et al. 2011, doi:10.1109/ICCV.2011.6126544.
    """
    detector = cv2.ORB.create(nfeatures=max_points, fastThreshold=fast_threshold)
    return _keypoints("orb", detector, 32, image, mask, label, slice_index, max_points)


def sift_detector(max_points: int, contrast: float = 0.04, edge: float = 10.0) -> Any:
    """OpenCV's SIFT, with the doubled picture placed exactly (its older way shifts points by a quarter of a pixel)."""
    return cv2.SIFT.create(
        nfeatures=max_points, contrastThreshold=contrast, edgeThreshold=edge, enable_precise_upscale=True
    )


def strongest(points: Sequence[Any], most: int) -> NDArray[np.intp]:
    """Order of the points by response, then place, scale and angle: the same on every run. Cut to `most`."""
    keys = [(-p.response, p.pt[1], p.pt[0], p.size, p.angle) for p in points]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__)[:most], dtype=np.intp)


def _keypoints(
    kind: str,
    detector: Any,
    length: int,
    image: Image,
    mask: Mask | None,
    label: int,
    slice_index: int | None,
    most: int,
) -> Keypoints:
    inside = region(image, mask, label)
    picture = to_eight_bit(plane(image, slice_index))
    where = None if inside is None else inside.reshape(-1, *picture.shape)[slice_index or 0].astype(np.uint8)
    found, described = detector.detectAndCompute(picture, where)
    order = strongest(found, most)
    ordered = [found[index] for index in order]
    place = np.array([p.pt[::-1] for p in ordered], np.float32).reshape(-1, 2)
    lead = np.full((len(place), image.array.ndim - 2), slice_index or 0, np.float32)
    return Keypoints(
        points=np.hstack([lead, place]),
        scale=np.array([p.size / 2 for p in ordered], np.float32),
        angle_deg=np.array([p.angle for p in ordered], np.float32),
        response=np.array([p.response for p in ordered], np.float32),
        descriptors=np.zeros((0, length), np.uint8) if described is None else described[order].astype(np.uint8),
        kind=kind,
        spacing_mm=image.grid.spacing_mm,
    )
