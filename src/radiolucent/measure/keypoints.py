"""Points of interest with descriptors: SIFT, SURF, ORB, BRISK, AKAZE, KAZE, and a grid for any of their descriptors."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import cv2
import numpy as np
from pydantic import Field

from radiolucent.core import Image, Keypoints, Mask

from .detectors import (
    Detector,
    Find,
    Found,
    akaze_detector,
    brisk_detector,
    described_at,
    kaze_detector,
    nothing,
    opencv,
    sift_detector,
    surf_found,
)
from .region import region
from .slices import Along, SliceIndex, Window, eight_bit, slices

MaxPoints = Annotated[int, Field(ge=1, le=100_000, description="keep at most this many of a slice, by response")]
Label = Annotated[int, Field(ge=1, description="label of the mask to search in")]


def sift(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    contrast: Annotated[float, Field(ge=0, le=1, description="least contrast of a point; lower finds more")] = 0.04,
    edge: Annotated[float, Field(gt=1, description="greatest ratio of curvatures; higher keeps more edges")] = 10.0,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
    along: Along = None,
) -> Keypoints:
    """Find scale-invariant keypoints (SIFT) with 128 descriptor values, strongest first.

    The picture is reduced to 8 bits by its 0.5 to 99.5 percentile (uint8 stays as it is), or by `window`, which the
    result keeps. `scale` is the Gaussian's sigma [pixels], `angle_deg` turns from +x towards +y. Lowe 2004,
    doi:10.1023/B:VISI.0000029664.99615.94.
    """
    find = partial(opencv, sift_detector(max_points, contrast, edge), "sift", max_points)
    return found_in("sift", find, image, mask, window, label, slice_index, along)


def surf(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    threshold: Annotated[float, Field(ge=0, description="least determinant of the Hessian; lower finds more")] = 1.0,
    extended: Annotated[bool, Field(description="128 descriptor values instead of 64")] = False,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
    along: Along = None,
) -> Keypoints:
    """Find blobs by box filters (SURF) with 64 or 128 descriptor values, strongest first.

    8 bits as in `sift`. `scale` is the Gaussian's sigma [pixels] that a box filter stands for, `angle_deg` turns from
    +x towards +y. Bay et al. 2008, doi:10.1016/j.cviu.2007.09.014.
    """
    kind = "surf128" if extended else "surf"
    find = partial(surf_found, threshold, extended, max_points)
    return found_in(kind, find, image, mask, window, label, slice_index, along)


def orb(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    fast_threshold: Annotated[int, Field(ge=1, le=255, description="least step of grey (0..255) at a corner")] = 20,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
    along: Along = None,
) -> Keypoints:
    """Find oriented FAST corners with 32 bytes of rotated binary tests (ORB), strongest first.

    8 bits as in `sift`; descriptors are compared by Hamming distance; `scale` is the patch's half width [pixels].
    Nothing is found within 31 pixels of the border. Rublee et al. 2011, doi:10.1109/ICCV.2011.6126544.
    """
    find = partial(opencv, cv2.ORB.create(nfeatures=max_points, fastThreshold=fast_threshold), "orb", max_points)
    return found_in("orb", find, image, mask, window, label, slice_index, along)


def brisk(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    threshold: Annotated[int, Field(ge=1, le=255, description="least step of grey (0..255) at a corner")] = 30,
    octaves: Annotated[int, Field(ge=0, le=8, description="how often the picture is halved")] = 3,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
    along: Along = None,
) -> Keypoints:
    """Find corners over scales with 64 bytes of binary tests on rings (BRISK), strongest first.

    8 bits as in `sift`; descriptors are compared by Hamming distance; `scale` is the corner's half width [pixels].
    Leutenegger et al. 2011, doi:10.1109/ICCV.2011.6126542.
    """
    find = partial(opencv, brisk_detector(threshold, octaves), "brisk", max_points)
    return found_in("brisk", find, image, mask, window, label, slice_index, along)


def akaze(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    threshold: Annotated[float, Field(gt=0, le=1, description="least response; lower finds more")] = 0.001,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
    along: Along = None,
) -> Keypoints:
    """Find blobs in a scale space that keeps edges, with 61 bytes of binary tests (AKAZE), strongest first.

    8 bits as in `sift`; descriptors are compared by Hamming distance; `scale` is half of the blob's width [pixels].
    Alcantarilla et al. 2013, doi:10.5244/C.27.13.
    """
    find = partial(opencv, akaze_detector(threshold), "akaze", max_points)
    return found_in("akaze", find, image, mask, window, label, slice_index, along)


def kaze(
    image: Image,
    mask: Mask | None = None,
    *,
    max_points: MaxPoints = 500,
    threshold: Annotated[float, Field(gt=0, le=1, description="least response; lower finds more")] = 0.001,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
    along: Along = None,
) -> Keypoints:
    """Find blobs in a scale space that keeps edges, with 64 descriptor values (KAZE), strongest first.

    8 bits as in `sift`; `scale` is half of the blob's width [pixels]. Alcantarilla et al. 2012,
    doi:10.1007/978-3-642-33783-3_16.
    """
    find = partial(opencv, kaze_detector(threshold), "kaze", max_points)
    return found_in("kaze", find, image, mask, window, label, slice_index, along)


def dense(
    image: Image,
    mask: Mask | None = None,
    *,
    detector: Annotated[Detector, Field(description="whose descriptor is computed")] = "sift",
    step_px: Annotated[int, Field(ge=1, le=10_000, description="distance between neighbouring points")] = 8,
    scale_px: Annotated[float, Field(gt=0, le=1000, description="scale of every point, as the detector counts it")] = 4,
    window: Window = None,
    label: Label = 1,
    slice_index: SliceIndex = None,
    along: Along = None,
) -> Keypoints:
    """Describe the points of a regular grid, upright and at one scale, with any detector's descriptor.

    8 bits as in `sift`. The grid lies in the picture's middle; points too near to the border for the descriptor are
    left out. AKAZE and KAZE describe on the levels of their first octave (a scale up to 3.2 pixels); beyond it only the
    patch grows with `scale_px`.
    """

    def find(picture: np.ndarray, where: np.ndarray | None) -> Found:
        rows, columns = (np.arange((side - 1) % step_px / 2, side, step_px) for side in picture.shape)
        place = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2).astype(np.float32)
        if where is not None:
            place = place[where[tuple(place.astype(np.intp).T)] > 0]
        kept, described = described_at(detector, picture, place, scale_px)
        n = len(kept)
        return Found(
            place[kept], np.full(n, scale_px, np.float32), np.zeros(n, np.float32), np.ones(n, np.float32), described
        )

    return found_in(detector, find, image, mask, window, label, slice_index, along)


def found_in(
    kind: str,
    find: Find,
    image: Image,
    mask: Mask | None,
    window: tuple[float, ...] | None,
    label: int,
    slice_index: int | None,
    along: str | None,
) -> Keypoints:
    """The keypoints of every slice that is asked for, with full indices, and the window by which 8 bits were made."""
    inside = region(image, mask, label)
    cut = slices(image, slice_index, along)
    pictures, used = eight_bit(cut.pictures, window)
    if inside is not None:
        inside = (
            inside[np.newaxis]
            if cut.axis is None
            else np.moveaxis(inside, cut.axis, 0)[cut.places.start : cut.places.stop]
        )
    parts = []
    for number, place in enumerate(cut.places):
        where = None if inside is None else np.ascontiguousarray(inside[number], np.uint8)
        if where is not None and not where.any():
            continue
        one = find(np.ascontiguousarray(pictures[number]), where)
        index = one.place if cut.axis is None else np.insert(one.place, cut.axis, place, axis=1)
        parts.append(one._replace(place=index))
    none = np.zeros(0, np.float32)
    parts.append(Found(np.zeros((0, image.array.ndim), np.float32), none, none, none, nothing(kind)))
    together = Found(*map(np.concatenate, zip(*parts)))
    return Keypoints(*together, kind=kind, spacing_mm=image.grid.spacing_mm, window=used)
