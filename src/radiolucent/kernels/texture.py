"""Texture of one grey picture (y, x): local binary patterns, co-occurrence of grey levels, histograms of gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LBP_CLASSES = 10
"""Eight neighbours: 0 to 8 brighter ones in one run, and class 9 for everything that is not one run."""

GLCM_ANGLES = (0.0, np.pi / 4, np.pi / 2, 3 * np.pi / 4)


def _lbp_classes() -> NDArray[np.uint8]:
    codes = np.arange(256, dtype=np.uint8)[:, None]
    ring = np.unpackbits(codes, axis=1)
    changes = (ring != np.roll(ring, 1, axis=1)).sum(axis=1)
    return np.where(changes <= 2, ring.sum(axis=1), LBP_CLASSES - 1).astype(np.uint8)


_CLASS_OF_CODE = _lbp_classes()


def local_binary_patterns(picture: NDArray[Any]) -> NDArray[np.uint8]:
    """Uniform rotation-invariant class (0..9) of every inner pixel, shape (h - 2, w - 2); 8 neighbours at radius 1.

    The diagonal neighbours lie between pixels and are interpolated. Differences to the centre are interpolated rather
    than grey values, so that flat ground is exactly flat. Ojala et al. 2002, doi:10.1109/TPAMI.2002.1017623.
    """
    grey = picture.astype(np.float32)
    centre = grey[1:-1, 1:-1]
    height, width = grey.shape

    def difference(dy: int, dx: int) -> NDArray[np.float32]:
        return np.subtract(grey[1 + dy : height - 1 + dy, 1 + dx : width - 1 + dx], centre)

    up, right, down, left = difference(-1, 0), difference(0, 1), difference(1, 0), difference(0, -1)
    near = np.sqrt(0.5).astype(np.float32)
    ring = (
        *(up, _diagonal(up, right, difference(-1, 1), near)),
        *(right, _diagonal(down, right, difference(1, 1), near)),
        *(down, _diagonal(down, left, difference(1, -1), near)),
        *(left, _diagonal(up, left, difference(-1, -1), near)),
    )
    code = np.zeros(centre.shape, np.uint8)
    for bit, neighbour in enumerate(ring):
        code |= (neighbour >= 0).astype(np.uint8) << np.uint8(bit)
    return _CLASS_OF_CODE[code]


def _diagonal(
    vertical: NDArray[np.float32], horizontal: NDArray[np.float32], corner: NDArray[np.float32], near: np.float32
) -> NDArray[np.float32]:
    return near * (1 - near) * (vertical + horizontal) + near * near * corner


def co_occurrence(
    levels: NDArray[np.uint8], n_levels: int, distance: int, angle_rad: float, inside: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Symmetric counts of the grey levels met `distance` pixels apart (both pixels `inside`), shape (n_levels,) * 2."""
    step_y, step_x = round(np.sin(angle_rad) * distance), round(np.cos(angle_rad) * distance)
    first, second = _shifted(levels, step_y, step_x)
    pairs = first.astype(np.intp) * n_levels + second
    if inside is not None:
        both = np.logical_and(*_shifted(inside, step_y, step_x))
        pairs = pairs[both]
    counts = np.bincount(pairs.ravel(), minlength=n_levels**2).reshape(n_levels, n_levels).astype(np.float64)
    return counts + counts.T


def _shifted(array: NDArray[Any], dy: int, dx: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The array without its last rows and columns, and the part of it that lies (`dy`, `dx`) further; dy >= 0."""
    height, width = array.shape
    if dy >= height or abs(dx) >= width:
        return array[:0, :0], array[:0, :0]
    low, high = max(0, -dx), width - max(0, dx)
    return array[: height - dy, low:high], array[dy:, low + dx : high + dx]


def co_occurrence_features(matrix: NDArray[np.float64]) -> dict[str, float]:
    """Contrast, correlation, energy (root of the angular second moment) and homogeneity of a normalised matrix.

    Haralick et al. 1973, doi:10.1109/TSMC.1973.4309314. The correlation of a constant picture is 1.
    """
    level = np.arange(len(matrix), dtype=np.float64)
    apart = (level[:, None] - level) ** 2
    margin = matrix.sum(axis=1)
    mean = float(margin @ level)
    variance = float(margin @ (level - mean) ** 2)
    covariance = float((level - mean) @ matrix @ (level - mean))
    return {
        "contrast": float((matrix * apart).sum()),
        "correlation": covariance / variance if variance > 1e-15 else 1.0,
        "energy": float(np.sqrt((matrix**2).sum())),
        "homogeneity": float((matrix / (1 + apart)).sum()),
    }


def gradient_histograms(picture: NDArray[Any], cells: int, orientations: int) -> NDArray[np.float64]:
    """Histograms of unsigned gradient directions in `cells` x `cells` cells, shape (cells, cells, orientations).

    Weighted by gradient magnitude, shared between the two nearest directions, normalised over the whole picture
    (L2, clipped at 0.2, L2 again). Dalal and Triggs 2005, doi:10.1109/CVPR.2005.177.
    """
    grey = picture.astype(np.float64)
    down, right = np.gradient(grey)
    strength = np.hypot(down, right)
    direction = np.mod(np.arctan2(down, right), np.pi) / np.pi * orientations
    lower = np.floor(direction).astype(np.intp)
    share = direction - lower
    height, width = grey.shape
    cell = (np.arange(height) * cells // height)[:, None] * cells + np.arange(width) * cells // width
    size = cells * cells * orientations
    total = np.zeros(size)
    for offset, weight in ((0, 1 - share), (1, share)):
        where = cell * orientations + (lower + offset) % orientations
        total += np.bincount(where.ravel(), (strength * weight).ravel(), minlength=size)
    total /= np.linalg.norm(total) or 1
    total = np.minimum(total, 0.2)
    return (total / (np.linalg.norm(total) or 1)).reshape(cells, cells, orientations)
