"""The star-shaped region around a point whose rim stands out most, in two or three dimensions.

Rays leave the centre through points of the surface of a square or a cube, so that flips and swaps of axes turn rays
into rays. Along each ray radii grow by a constant factor. A radius is good where the mean just beyond it exceeds the
mean just within it, and neighbouring rays should have like radii; min-sum message passing finds them (after Kass's and
Amini's contours by dynamic programming, doi:10.1109/34.57681, and surfaces as in doi:10.1109/TPAMI.2006.19).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
FAR = 1e6
QUIET = 5
"""Rays are settled when none has changed its mind for so many turns."""


@dataclass(frozen=True)
class Star:
    """A region, and by how much the means beyond its rim exceed those within, averaged over the rays."""

    mask: Flags
    rim: float


@dataclass(frozen=True)
class Rays:
    """Points with the greatest coordinate `half` (n, axes), unit directions, and each point's neighbours (n, 2 axes) or -1."""

    points: Whole
    directions: Floats
    neighbours: Whole
    half: int

    @classmethod
    def of(cls, axes: int, half: int) -> Rays:
        every = np.indices((2 * half + 1,) * axes).reshape(axes, -1).T - half
        points = every[np.abs(every).max(axis=1) == half]
        towards = np.tan(np.pi / 4 * points / half)
        at = np.full((2 * half + 3,) * axes, -1)
        at[tuple((points + half + 1).T)] = np.arange(len(points))
        steps = np.concatenate([np.eye(axes, dtype=int), -np.eye(axes, dtype=int)])
        beside = np.stack([at[tuple((points + step + half + 1).T)] for step in steps], axis=1)
        return cls(points, towards / np.linalg.norm(towards, axis=1, keepdims=True), beside, half)


@dataclass(frozen=True)
class Fan:
    """How a star is sought: radii from `least` to `most` [the unit of `scale`], the factor of radius over which means
    within and beyond are taken, the price of unlike neighbours, and how many rays there are (8 half, 24 half^2 + 2)."""

    least: float
    most: float
    band: float = 1.6
    stiffness: float = 0.02
    half: int = 12
    radii: int = 64

    @property
    def steps(self) -> Floats:
        return np.geomspace(self.least, self.most, self.radii)

    @property
    def width(self) -> int:
        return max(2, round(np.log(self.band) / np.log(self.steps[1] / self.steps[0])))


def best_star(
    values: NDArray[np.floating], centre: Sequence[float], scale: Sequence[float], fan: Fan, *, rounds: int = 3
) -> Star:
    """The star that is darkest within against beyond its rim; `scale` is the length of a step along each axis.

    After each round the centre moves to the region's centre of mass, until it stays.
    """
    rays, middle = Rays.of(values.ndim, fan.half), np.asarray(centre, float)
    found = _around(values, middle, scale, rays, fan, None)
    for _ in range(rounds - 1):
        after = np.array(ndimage.center_of_mass(found.mask)) if found.mask.any() else middle
        if np.linalg.norm((after - middle) * scale) < 0.5 * fan.least:
            break
        middle = after
        found = _around(values, middle, scale, rays, fan, None)
    return found


def refined_star(
    values: NDArray[np.floating],
    start: Flags,
    scale: Sequence[float],
    fan: Fan,
    *,
    between: tuple[float, float],
) -> Star:
    """The star around the centre of `start` whose radii lie `between` two factors of those of `start`."""
    rays, middle = Rays.of(values.ndim, fan.half), np.array(ndimage.center_of_mass(start))
    at = _places(middle, scale, rays.directions, fan.steps)
    inside = ndimage.map_coordinates(start.astype(np.uint8), at, order=0, mode="constant") > 0
    last = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    own = fan.steps[np.where(inside.any(axis=1), last, 0)][:, None]
    allowed = (fan.steps >= between[0] * own) & (fan.steps <= between[1] * own)
    return _around(values, middle, scale, rays, fan, allowed)


def _around(
    values: NDArray[np.floating], middle: Floats, scale: Sequence[float], rays: Rays, fan: Fan, allowed: Flags | None
) -> Star:
    gain, spread = _gains(values, _places(middle, scale, rays.directions, fan.steps), fan.width)
    cost = -gain / spread
    cost[:, :2] = FAR
    if allowed is not None:
        cost[~allowed] = 50.0
    chosen = _settled(cost, rays.neighbours, fan.stiffness)
    mask = _filled(values.shape, middle, scale, rays, fan.steps[chosen])
    return Star(mask, float(gain[np.arange(len(chosen)), chosen].mean()))


def _places(middle: Floats, scale: Sequence[float], directions: Floats, steps: Floats) -> Floats:
    """Coordinates (axes, rays, radii) [index]."""
    away = directions[:, None, :] * steps[None, :, None]
    return np.moveaxis(middle + away / np.asarray(scale, float), -1, 0)


def _gains(values: NDArray[np.floating], at: Floats, width: int) -> tuple[Floats, float]:
    """Mean beyond each radius less the mean within (rays, radii), and their spread; a rim off the picture gains nothing."""
    limits = np.reshape(np.array(values.shape) - 1, (-1, 1, 1))
    outside = ((at < 0) | (at > limits)).any(axis=0)
    along = ndimage.map_coordinates(values, at, order=1, mode="nearest", output=np.float64)
    total = np.cumsum(np.pad(along, ((0, 0), (1, 0))), axis=1)
    k = np.arange(along.shape[1])
    first, last = np.maximum(k - width, 0), np.minimum(k + width, len(k))
    beyond = (total[:, last] - total[:, k]) / np.maximum(last - k, 1)
    within = (total[:, k] - total[:, first]) / np.maximum(k - first, 1)
    gain = beyond - within
    gain[:, :2] = 0
    spread = float(gain.std()) or 1.0
    gain[outside] = np.minimum(gain[outside], 0)
    return gain, spread


def _settled(cost: Floats, neighbours: Whole, stiffness: float, *, reach: int = 3, rounds: int = 60) -> Whole:
    """Radius of each ray, by number: least cost plus `stiffness` times squared steps of at most `reach` to neighbours."""
    n, slots = neighbours.shape
    there = (neighbours >= 0).astype(float)
    back = np.stack([(neighbours[other] == np.arange(n)[:, None]).argmax(axis=1) for other in neighbours.T], axis=1)
    share = np.float32(
        0.5 if slots > 4 else 1.0
    )  # on a surface messages run in short circles, and must be damped to come to rest
    message = np.zeros((n, slots, cost.shape[1]))
    chosen, quiet = cost.argmin(axis=1), 0
    for _ in range(rounds):
        sent = (cost + message.sum(axis=1))[:, None] - message
        told = sent.copy()
        for step in range(1, reach + 1):
            price = stiffness * step * step
            np.minimum(told[..., step:], sent[..., :-step] + price, out=told[..., step:])
            np.minimum(told[..., :-step], sent[..., step:] + price, out=told[..., :-step])
        told -= told.min(axis=-1, keepdims=True)
        message = (1 - share) * message + share * told[neighbours, back] * there[..., None]
        before, chosen = chosen, (cost + message.sum(axis=1)).argmin(axis=1)
        quiet = quiet + 1 if np.array_equal(before, chosen) else 0
        if quiet == QUIET:
            break
    return chosen


def _filled(shape: tuple[int, ...], middle: Floats, scale: Sequence[float], rays: Rays, radius: Floats) -> Flags:
    """The pixels nearer to the middle than the radius in their direction, which is linear between rays."""
    known = np.zeros((2 * rays.half + 1,) * len(shape))
    known[tuple((rays.points + rays.half).T)] = radius
    reach = radius.max()
    box = tuple(
        slice(max(0, int(np.floor(c - reach / s))), min(n, int(np.ceil(c + reach / s)) + 1))
        for c, s, n in zip(middle, scale, shape, strict=True)
    )
    axes = np.meshgrid(*(np.arange(b.start, b.stop) for b in box), indexing="ij")
    away = np.stack([(axis - c) * s for axis, c, s in zip(axes, middle, scale, strict=True)])
    greatest = np.abs(away).max(axis=0)
    at = np.arctan(away / np.where(greatest > 0, greatest, 1)) * (4 / np.pi * rays.half) + rays.half
    limit = ndimage.map_coordinates(known, at, order=1)
    inside = np.zeros(shape, bool)
    inside[box] = (np.sqrt((away**2).sum(axis=0)) <= limit) | (greatest == 0)
    return inside
