"""What a whole grey picture looks like, as numbers for classifiers: gradients, local patterns and texture, each in detail.

The cohort job's own `rows.statistics` holds coarse forms of these; here are those of the literature, asked for by name.
"""

from __future__ import annotations

import cv2
import mahotas
import numpy as np
from numpy.typing import NDArray
from skimage.feature import local_binary_pattern

SIDE, CELL, DIRECTIONS = 64, 8, 9
RINGS = ((8, 1), (16, 2), (24, 3))
"""Neighbours and radius [pixels] of the local binary patterns."""
PARTS = 4
LEVELS, DISTANCES = 32, (1, 2, 4)
HARALICK = (
    *("energy", "contrast", "correlation", "variance", "homogeneity", "sum_average", "sum_variance", "sum_entropy"),
    *("entropy", "difference_variance", "difference_entropy", "information_1", "information_2"),
)

Numbers = NDArray[np.float32]
_GRADIENTS = ((SIDE,) * 2, (2 * CELL,) * 2, (CELL,) * 2, (CELL,) * 2, DIRECTIONS)
_BLOCKS = SIDE // CELL - 1

HOG_NAMES = tuple(
    f"hog_{x}_{y}_{part}_{d}"
    for x in range(_BLOCKS)
    for y in range(_BLOCKS)
    for part in range(4)
    for d in range(DIRECTIONS)
)
LBP_NAMES = (
    *(f"lbp_{radius}_{code}" for points, radius in RINGS for code in range(points + 2)),
    *(f"lbp_{y}_{x}_{code}" for y in range(PARTS) for x in range(PARTS) for code in range(RINGS[0][0] + 2)),
)
TEXTURE_NAMES = tuple(
    f"glcm_{name}_{distance}_{over}" for distance in DISTANCES for over in ("mean", "range") for name in HARALICK
)


def hog_numbers(picture: NDArray[np.uint8]) -> Numbers:
    """Histograms of oriented gradients, as `HOG_NAMES`: 64 x 64 pixels, cells of 8, blocks of 2 x 2 cells, 9 directions.

    Dalal and Triggs 2005, doi:10.1109/CVPR.2005.177.
    """
    how = cv2.INTER_AREA if min(picture.shape) >= SIDE else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(picture), (SIDE, SIDE), interpolation=how)
    return np.asarray(cv2.HOGDescriptor(*_GRADIENTS).compute(small), np.float32).ravel()


def lbp_numbers(picture: NDArray[np.uint8]) -> Numbers:
    """Shares of uniform local binary patterns, as `LBP_NAMES`: at radius 1, 2 and 3, and at radius 1 in 4 x 4 parts.

    Ojala et al. 2002, doi:10.1109/TPAMI.2002.1017623.
    """
    codes = [local_binary_pattern(picture, points, radius, "uniform").astype(np.intp) for points, radius in RINGS]
    whole = [_shares(code, points + 2) for code, (points, _) in zip(codes, RINGS, strict=True)]
    rows = np.array_split(codes[0], PARTS, axis=0)
    parts = [_shares(part, RINGS[0][0] + 2) for row in rows for part in np.array_split(row, PARTS, axis=1)]
    return np.concatenate([*whole, *parts], dtype=np.float32)


def texture_numbers(picture: NDArray[np.uint8]) -> Numbers:
    """Haralick's 13 features of grey levels that meet, as `TEXTURE_NAMES`: 32 levels, 1, 2 and 4 pixels apart.

    Mean and range over four directions; 0 where a picture is too small or flat to have one.
    Haralick et al. 1973, doi:10.1109/TSMC.1973.4309314.
    """
    levels = np.ascontiguousarray(picture // (256 // LEVELS))
    found = []
    for distance in DISTANCES:
        if min(levels.shape) <= distance:
            found.append(np.zeros(2 * len(HARALICK)))
            continue
        each = mahotas.features.haralick(levels, distance=distance, preserve_haralick_bug=False)
        found += [each.mean(axis=0), np.ptp(each, axis=0)]
    return np.nan_to_num(np.concatenate(found), posinf=0.0, neginf=0.0).astype(np.float32)


def _shares(codes: NDArray[np.intp], classes: int) -> NDArray[np.float64]:
    counts = np.bincount(codes.ravel(), minlength=classes)
    return counts / max(counts.sum(), 1)
