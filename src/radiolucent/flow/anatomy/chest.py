"""The lung fields of a chest radiograph without training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ...kernels.star import Fan, refined_star
from .shape import Flags, Single, closed, filled, holding, opened, pieces

BLACK = 0.05
"""A piece whose median is below this part of the grey range is air beside the body, within the frame of a film."""

SIDE = 256
"""The longer side of the picture in which lungs are sought [pixels]."""

ONES = (1.0, 1.0)


@dataclass(frozen=True)
class Ways:
    """What was chosen by looking at half of the Montgomery set (results/segment.py), none of which is sharp.

    `lift`: how far from lung to mediastinum grey values may rise while lungs grow; `wide`: Gaussian of the local
    normalisation [pixels of 256]; `band`, `stiffness` and `between`: of the rim (`kernels.star`).
    """

    lift: float = 0.45
    wide: float = 24.0
    band: float = 1.12
    stiffness: float = 0.05
    between: tuple[float, float] = (0.93, 1.4)


def chest_lungs(values: Single, ways: Ways | None = None) -> NDArray[np.uint8]:
    """1 where the lung on the left of the picture lies (the patient's right), 2 where the other does."""
    ways = ways or Ways()
    low, high = np.percentile(values, (0.5, 99.5))
    if not high > low:
        return np.zeros(values.shape, np.uint8)
    factor = SIDE / max(values.shape)
    size = tuple(max(16, round(n * factor)) for n in values.shape)
    grey = np.clip((values - low) / (high - low), 0, 1).astype(np.float32)
    grey = cv2.resize(grey, size[::-1], interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    small = np.zeros(size, np.uint8)
    for label, lung in _pair(grey, ways).items():
        small[lung & (small == 0)] = label
    return _enlarged(small, values.shape)


def _pair(grey: Single, ways: Ways) -> dict[int, Flags]:
    soft = cv2.GaussianBlur(grey, (0, 0), 1.5)
    first = _dark_pieces(soft)
    if not first:
        return {}
    grown = _grown(soft, _normalised(soft, ways.wide), first, ways.lift)
    rim = _normalised(cv2.GaussianBlur(grey, (0, 0), 2.0), ways.wide)
    fan = Fan(4.0, 0.75 * SIDE, band=ways.band, stiffness=ways.stiffness)
    found = {label: refined_star(rim, lung, ONES, fan, between=ways.between).mask for label, lung in grown.items()}
    return {label: opened(lung, 3.0, ONES) for label, lung in found.items()}


def _dark_pieces(soft: Single) -> dict[int, Flags]:
    """For each half of the picture the largest piece, over rising levels, that could be a lung."""
    inside = soft[soft > 0.015]
    best: dict[int, Flags] = {}
    for level in np.quantile(inside, np.linspace(0.05, 0.75, 36)) if inside.size else ():
        labels, _ = ndimage.label(soft < level)
        rim = set(np.unique(np.concatenate([labels[0], labels[:, 0], labels[:, -1]])).tolist())
        for number, box in enumerate(ndimage.find_objects(labels), 1):
            piece = labels[box] == number
            if number in rim or not _like_a_lung(piece, box, soft.shape) or np.median(soft[box][piece]) < BLACK:
                continue
            middle = box[1].start + float(np.nonzero(piece)[1].mean())
            side = 1 if middle < soft.shape[1] / 2 else 2
            if side not in best or piece.sum() > best[side].sum():
                best[side] = labels == number
    return {side: filled(best[side]) for side in sorted(best)}


def _like_a_lung(piece: Flags, box: Any, shape: tuple[int, ...]) -> bool:
    share = piece.sum() / (shape[0] * shape[1])
    height = (box[0].start + float(np.nonzero(piece)[0].mean())) / shape[0]
    return bool(0.02 <= share <= 0.30 and 0.15 < height < 0.75 and (box[1].stop - box[1].start) <= 0.5 * shape[1])


def _normalised(grey: Single, wide: float) -> Single:
    """Less the local mean, by the local deviation and a tenth."""
    mean = cv2.GaussianBlur(grey, (0, 0), wide)
    variance = cv2.GaussianBlur(grey * grey, (0, 0), wide) - mean * mean
    return (grey - mean) / np.sqrt(np.maximum(variance, 0) + 0.02**2)


def _grown(soft: Single, local: Single, first: dict[int, Flags], lift: float) -> dict[int, Flags]:
    """Pieces grown over rising levels of the local picture while they stay apart, off the rim, and below a limit."""
    both = np.logical_or.reduce(list(first.values()))
    rows, columns = np.nonzero(both)
    box = np.zeros_like(both)
    box[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    lung, between = float(np.median(soft[both])), soft[box & ~both]
    limit = lung + lift * (float(np.percentile(between, 85)) - lung) if between.size else lung
    return {side: _risen(soft < limit, local, piece, both & ~piece) for side, piece in first.items()}


def _risen(allowed: Flags, local: Single, piece: Flags, other: Flags) -> Flags:
    core = ndimage.binary_erosion(piece, iterations=3)
    best = piece
    for level in np.linspace(-0.6, 0.5, 30):
        wide = holding(opened((local < level) & allowed, 4.0, ONES) | core, core)
        touches = wide[0].any() or wide[:, 0].any() or wide[:, -1].any()
        if touches or (wide & other).sum() > 5 or wide.sum() > 2.2 * piece.sum():
            break
        best = wide | piece
    whole = filled(closed(best, 8.0, ONES))
    return next(iter(pieces(whole)), whole)


def _enlarged(labels: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """At the picture's own size, with the rim interpolated and not in steps."""
    result = np.zeros(shape, np.uint8)
    for label in (1, 2):
        soft = cv2.resize((labels == label).astype(np.float32), shape[::-1], interpolation=cv2.INTER_LINEAR)
        result[soft > 0.5] = label
    return result
