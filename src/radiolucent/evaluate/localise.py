"""Did a heat map point at the right place: the pointing game, energy inside, and boxes against masks, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from radiolucent.core import InputError

from .calibrate import wilson


@dataclass(frozen=True)
class Pointed:
    """What one heat map found: `hit` (its warmest sample lies in the mask), `inside` (share of its warmth in the mask),
    `box_iou` (best intersection over union of a warm box and the box around a region of the mask), `area` (share of the
    picture that the mask fills: what chance would hit)."""

    hit: bool
    inside: float
    box_iou: float
    area: float


def pointed(heat: ArrayLike, mask: ArrayLike, *, share: float = 0.5) -> Pointed:
    """Hold one heat map against a mask of the same shape; what is negative is cold.

    Boxes surround connected regions at or above `share` of the largest value. Raises `InputError` for shapes that
    differ and for an empty mask: where there is nothing to point at, nothing can be hit. Zhang et al. 2018 (pointing
    game), doi:10.1007/s11263-017-1059-x.
    """
    warm, there = np.maximum(np.asarray(heat, float), 0), np.asarray(mask) > 0
    if warm.shape != there.shape:
        raise InputError(f"the heat map has the shape {warm.shape} and the mask {there.shape}; resample one of them")
    if not there.any():
        raise InputError("the mask is empty; leave cases without a region out of the count of hits")
    total = float(warm.sum())
    if total == 0:
        return Pointed(False, 0.0, 0.0, float(there.mean()))
    hit = bool(there.ravel()[warm.argmax()])
    found = _boxes(warm >= share * warm.max())
    ious = [_iou(a, b) for a in found for b in _boxes(there)]
    return Pointed(hit, float(warm[there].sum()) / total, max(ious), float(there.mean()))


def hit_rates(found: Sequence[Pointed], *, overlap: float = 0.1) -> Mapping[str, float]:
    """Rates over cases with 95 % Wilson intervals: pointing game, boxes of at least `overlap`; and what chance gives.

    `chance` is the mean share of the picture that the masks fill: what a random point hits.
    """
    if not found:
        raise InputError("no case has a region to point at; hit rates need at least one mask that is not empty")
    n = len(found)
    told: dict[str, float] = {"n": n, "chance": float(np.mean([one.area for one in found]))}
    for name, hits in (
        ("pointing", sum(one.hit for one in found)),
        ("boxes", sum(one.box_iou >= overlap for one in found)),
    ):
        low, high = wilson(hits, n)
        told |= {name: hits / n, f"{name}_low": low, f"{name}_high": high}
    return told | {"inside": float(np.mean([one.inside for one in found]))}


def _boxes(shown: NDArray[np.bool_]) -> list[tuple[slice, ...]]:
    labels, _ = ndimage.label(shown)
    return [place for place in ndimage.find_objects(labels) if place is not None]


def _iou(a: tuple[slice, ...], b: tuple[slice, ...]) -> float:
    sides = [max(0, min(x.stop, y.stop) - max(x.start, y.start)) for x, y in zip(a, b)]
    common = float(np.prod(sides))
    both = sum(float(np.prod([s.stop - s.start for s in box])) for box in (a, b)) - common
    return common / both
