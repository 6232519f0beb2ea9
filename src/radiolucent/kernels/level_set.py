"""Level sets of one frame, 2-D or 3-D, compiled by numba: Chan and Vese's, and the distance-regularised one of Li.

Inside is where the level set is positive for Chan and Vese, negative for Li, as their papers have it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
TINY = 1e-16
STILL = 20
"""Rounds without a change after which a surface is at rest."""


def chan_vese(
    values: Array, phi: Array, spacing: tuple[float, ...], *, mu: float, dt: float, tolerance: float, rounds: int
) -> tuple[Array, list[float]]:
    """The level set after its change in a round falls to `tolerance` (root of the mean square), and the changes.

    phi + dt delta(phi) (mu curvature - (value - mean inside)^2 + (value - mean outside)^2), semi-implicit, with
    delta(x) = 1 / (1 + x^2) and mirrored edges; scikit-image's scheme, in n-D (doi:10.1109/83.902291).
    """
    cube = (1,) * (3 - values.ndim) + values.shape
    steps = np.array((1.0,) * (3 - values.ndim) + tuple(spacing))
    grey = np.ascontiguousarray(values, np.float64).reshape(cube)
    now = np.array(phi, np.float64).reshape(cube)
    after, course = np.empty_like(now), []
    for _ in range(rounds):
        inside = now > 0
        means = [float(grey[part].mean()) if part.any() else 0.0 for part in (inside, ~inside)]
        _chan_vese_round(grey, now, after, steps, means[0], means[1], mu, dt)
        course.append(float(np.sqrt(np.mean((after - now) ** 2))))
        now, after = after, now
        if course[-1] <= tolerance:
            break
    return now.reshape(values.shape), course


@njit(cache=True, nogil=True)
def _chan_vese_round(
    grey: Array, phi: Array, after: Array, steps: Array, inside: float, outside: float, mu: float, dt: float
) -> None:
    around = np.zeros((3, 3))
    for z in range(phi.shape[0]):
        for y in range(phi.shape[1]):
            for x in range(phi.shape[2]):
                here = phi[z, y, x]
                pull, weight = _curvature(phi, z, y, x, steps, around)
                rate = dt / (1 + here * here)
                data = (grey[z, y, x] - outside) ** 2 - (grey[z, y, x] - inside) ** 2
                after[z, y, x] = (here + rate * (mu * pull + data)) / (1 + rate * mu * weight)


@njit(cache=True, nogil=True)
def _curvature(phi: Array, z: int, y: int, x: int, steps: Array, around: Array) -> tuple[float, float]:
    """Weighted sum of the neighbours, and the sum of their weights: their difference is the curvature."""
    here = phi[z, y, x]
    around[0, 0], around[0, 1] = phi[max(z - 1, 0), y, x], phi[min(z + 1, phi.shape[0] - 1), y, x]
    around[1, 0], around[1, 1] = phi[z, max(y - 1, 0), x], phi[z, min(y + 1, phi.shape[1] - 1), x]
    around[2, 0], around[2, 1] = phi[z, y, max(x - 1, 0)], phi[z, y, min(x + 1, phi.shape[2] - 1)]
    square = 0.0
    for k in range(3):
        around[k, 2] = ((around[k, 1] - around[k, 0]) / (2 * steps[k])) ** 2
        square += around[k, 2]
    pull, weight = 0.0, 0.0
    for k in range(3):
        if phi.shape[k] > 1:
            across, area = TINY + square - around[k, 2], steps[k] ** 2
            up = 1 / (area * np.sqrt(across + (around[k, 1] - here) ** 2 / area))
            down = 1 / (area * np.sqrt(across + (here - around[k, 0]) ** 2 / area))
            pull += around[k, 1] * up + around[k, 0] * down
            weight += up + down
    return pull, weight


def drlse(
    edge: Array, phi: Array, spacing: tuple[float, ...], *, length: float, area: float, regular: float, dt: float,
    rounds: int,
) -> tuple[Array, int]:  # fmt: skip
    """Distance-regularised level-set evolution towards low values of the edge indicator `edge` (1 on flat ground).

    phi + dt (regular div(d(|grad|) grad) + length delta div(edge normal) + area delta edge), with the double-well
    potential, delta of half width 1.5, and central differences. It ends when inside and outside have not changed for
    `STILL` rounds, or after `rounds`; gives the level set and the rounds it took. Li et al. 2010,
    doi:10.1109/TIP.2010.2069690.
    """
    cube = (1,) * (4 - edge.ndim) + edge.shape
    steps = np.array((1.0,) * (3 - edge.ndim) + tuple(spacing))
    edge = np.ascontiguousarray(edge, np.float32).reshape(cube)
    now = np.array(phi, np.float32).reshape(cube)
    normal, flow = np.zeros((3, *cube[1:]), np.float32), np.zeros((3, *cube[1:]), np.float32)
    live = np.zeros(tuple(n + 2 for n in cube[1:]), np.bool_)
    before, still = now.copy(), 0
    for turn in range(rounds):
        _slopes(now, steps, normal, flow, live)
        crossed = _move(now, before, edge, steps, normal, flow, live, (length, area, regular, dt))
        still = 0 if crossed else still + 1
        if still == STILL:
            return now.reshape(phi.shape), turn + 1
    return now.reshape(phi.shape), rounds


@njit(cache=True, nogil=True, inline="always")
def _beyond(at: int, n: int) -> tuple[int, int]:
    """The neighbours of a place, itself where there is none."""
    return max(at - 1, 0), min(at + 1, n - 1)


@njit(cache=True, nogil=True)
def _along(array: Array, part: int, z: int, y: int, x: int, axis: int, step: float) -> float:
    """Central difference of a part of an array along an axis, one-sided at the ends."""
    if axis == 0:
        low, high = _beyond(z, array.shape[1])
        rise = array[part, high, y, x] - array[part, low, y, x]
    elif axis == 1:
        low, high = _beyond(y, array.shape[2])
        rise = array[part, z, high, x] - array[part, z, low, x]
    else:
        low, high = _beyond(x, array.shape[3])
        rise = array[part, z, y, high] - array[part, z, y, low]
    return rise / ((high - low) * step) if high > low else 0.0


@njit(cache=True, nogil=True, inline="always")
def _well(steep: float) -> float:
    """d(s) = p'(s) / s of the double-well potential, s > 0."""
    if steep > 1:
        return 1 - 1 / steep
    return np.sin(2 * np.pi * steep) / (2 * np.pi * steep)


@njit(cache=True, nogil=True)
def _slopes(phi: Array, steps: Array, normal: Array, flow: Array, live: Array) -> None:
    """Unit normals, and (d(|grad|) - 1) grad with the double-well potential's d; `live`, a pixel wider, where not flat."""
    slope = np.zeros(3)
    for z in range(phi.shape[1]):
        for y in range(phi.shape[2]):
            for x in range(phi.shape[3]):
                square = 0.0
                for k in range(3):
                    slope[k] = _along(phi, 0, z, y, x, k, steps[k])
                    square += slope[k] ** 2
                if square > 0 or live[z + 1, y + 1, x + 1]:
                    live[z + 1, y + 1, x + 1] = square > 0
                    _bend(slope, np.sqrt(square), normal[:, z, y, x], flow[:, z, y, x])


@njit(cache=True, nogil=True)
def _bend(slope: Array, steep: float, normal: Array, flow: Array) -> None:
    rate = _well(steep) if steep > 0 else 1.0
    for k in range(3):
        normal[k] = slope[k] / (steep + 1e-10)
        flow[k] = (rate - 1) * slope[k]


@njit(cache=True, nogil=True, inline="always")
def _near(live: Array, z: int, y: int, x: int) -> bool:
    """Whether the pixel or a neighbour is not flat: nothing else moves, since flat ground off the surface is at rest."""
    if live[z + 1, y + 1, x + 1] or live[z + 1, y + 1, x] or live[z + 1, y + 1, x + 2]:
        return True
    return live[z + 1, y, x + 1] or live[z + 1, y + 2, x + 1] or live[z, y + 1, x + 1] or live[z + 2, y + 1, x + 1]


@njit(cache=True, nogil=True)
def _move(
    phi: Array, before: Array, edge: Array, steps: Array, normal: Array, flow: Array, live: Array,
    weights: tuple[float, float, float, float],
) -> int:  # fmt: skip
    """One step in place, and in `before` the level set before it; how many pixels changed sides."""
    crossed = 0
    before[...] = phi
    for z in range(phi.shape[1]):
        for y in range(phi.shape[2]):
            for x in range(phi.shape[3]):
                if _near(live, z, y, x):
                    change = _change(before, edge, z, y, x, steps, normal, flow, weights)
                    phi[0, z, y, x] += weights[3] * change
                    crossed += (phi[0, z, y, x] < 0) != (before[0, z, y, x] < 0)
    return crossed


@njit(cache=True, nogil=True)
def _change(
    phi: Array, edge: Array, z: int, y: int, x: int, steps: Array, normal: Array, flow: Array,
    weights: tuple[float, float, float, float],
) -> float:  # fmt: skip
    length, area, regular, _ = weights
    smooth, curved, pull = 0.0, 0.0, 0.0
    for k in range(3):
        smooth += _along(flow, k, z, y, x, k, steps[k]) + _second(phi, z, y, x, k, steps[k])
        curved += _along(normal, k, z, y, x, k, steps[k])
        pull += _along(edge, 0, z, y, x, k, steps[k]) * normal[k, z, y, x]
    change = regular * smooth
    if abs(phi[0, z, y, x]) <= 1.5:
        delta = (1 + np.cos(np.pi / 1.5 * phi[0, z, y, x])) / 3
        change += delta * (length * (pull + edge[0, z, y, x] * curved) + area * edge[0, z, y, x])
    return change


@njit(cache=True, nogil=True)
def _second(array: Array, z: int, y: int, x: int, axis: int, step: float) -> float:
    """Second difference along an axis, mirrored at the ends."""
    if axis == 0:
        low, high = _beyond(z, array.shape[1])
        around = array[0, low, y, x] + array[0, high, y, x]
    elif axis == 1:
        low, high = _beyond(y, array.shape[2])
        around = array[0, z, low, x] + array[0, z, high, x]
    else:
        low, high = _beyond(x, array.shape[3])
        around = array[0, z, y, low] + array[0, z, y, high]
    return (around - 2 * array[0, z, y, x]) / step**2
