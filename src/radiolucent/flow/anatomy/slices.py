"""A lesion through a volume: a star in the plane of the click, carried on to its neighbours."""

from __future__ import annotations

import numpy as np

from ...kernels import smooth
from ...kernels.star import Fan, Star, best_star, refined_star
from .shape import Flags, Single

LEAST_RIM = 0.35
"""A star is given up where its rim stands out less than this part of the first one's."""

LEAST_ALIKE = 0.5
"""And where its overlap with the slice before (Dice) is below this."""


def through_slices(values: Single, point: tuple[int, ...], steps: tuple[float, ...], tone: str, share: float) -> Flags:
    """Stars in the planes across the coarsest axis (of equally coarse ones that whose first star stands out most)."""
    soft = smooth.gaussian(values, {k: min(steps) / s for k, s in enumerate(steps)})
    axes = [k for k in range(values.ndim) if steps[k] > 0.99 * max(steps) and min(values.shape) > 1]
    tries = [
        (axis, sign) for axis in axes for name, sign in (("dark", 1.0), ("bright", -1.0)) if tone in ("auto", name)
    ]
    found = [
        _first(sign * np.moveaxis(soft, axis, 0), _own(point, axis), _plane(steps, axis), share) for axis, sign in tries
    ]
    best = int(np.argmax([star.rim for star, _ in found]))
    (axis, sign), (star, fan) = tries[best], found[best]
    planes = sign * np.moveaxis(soft, axis, 0)
    result = np.zeros(planes.shape, bool)
    result[point[axis]] = star.mask
    for way in (1, -1):
        _carry(result, planes, point[axis], way, _plane(steps, axis), fan, star.rim)
    return np.moveaxis(result, 0, axis)


def _first(planes: Single, at: tuple[int, ...], scale: tuple[float, ...], share: float) -> tuple[Star, Fan]:
    plane = planes[at[0]]
    shortest = min(n * s for n, s in zip(plane.shape, scale, strict=True))
    fan = Fan(1.5 * min(scale), max(3 * min(scale), share * shortest), band=1.4, half=8, radii=48)
    return best_star(plane, at[1:], scale, fan), fan


def _carry(result: Flags, planes: Single, start: int, way: int, scale: tuple[float, ...], fan: Fan, rim: float) -> None:
    """Fill slices on one side of the start until the star fades or jumps."""
    before = result[start]
    for index in range(start + way, len(planes) if way > 0 else -1, way):
        if not before.any():
            return
        star = refined_star(planes[index], before, scale, fan, between=(0.7, 1.25))
        both = int((star.mask & before).sum())
        alike = 2 * both / max(1, int(star.mask.sum()) + int(before.sum()))
        if star.rim < LEAST_RIM * rim or alike < LEAST_ALIKE:
            return
        result[index] = before = star.mask


def _own(point: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return (point[axis], *(p for k, p in enumerate(point) if k != axis))


def _plane(steps: tuple[float, ...], axis: int) -> tuple[float, ...]:
    return tuple(s for k, s in enumerate(steps) if k != axis)
