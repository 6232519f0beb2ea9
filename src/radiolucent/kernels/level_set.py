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
    wide = np.pad(np.array(phi, np.float64).reshape(cube), 1, mode="edge")
    inner = (slice(1, -1),) * 3
    after, course = np.empty(cube), []
    for _ in range(rounds):
        inside, outside = _means(grey, wide)
        square = _chan_vese_round(grey, wide, after, steps, inside, outside, mu, dt)
        course.append(float(np.sqrt(square / grey.size)))
        wide[inner] = after
        for axis in range(3):
            edge = np.moveaxis(wide, axis, 0)
            edge[0], edge[-1] = edge[1], edge[-2]
        if course[-1] <= tolerance:
            break
    return wide[inner].reshape(values.shape).copy(), course


@njit(cache=True, nogil=True)
def _means(grey: Array, wide: Array) -> tuple[float, float]:
    """Mean grey value inside and outside; 0 where there is nothing."""
    inside, outside, n = 0.0, 0.0, 0
    for z in range(grey.shape[0]):
        for y in range(grey.shape[1]):
            for x in range(grey.shape[2]):
                within = wide[z + 1, y + 1, x + 1] > 0
                n += within
                inside += grey[z, y, x] if within else 0.0
                outside += 0.0 if within else grey[z, y, x]
    return inside / max(n, 1), outside / max(grey.size - n, 1)


@njit(cache=True, nogil=True)
def _chan_vese_round(
    grey: Array, wide: Array, after: Array, steps: Array, inside: float, outside: float, mu: float, dt: float
) -> float:
    """One round into `after`; gives the sum of the squared changes."""
    flat, square = grey.shape[0] == 1, 0.0
    pull, weight = np.zeros(grey.shape[2]), np.zeros(grey.shape[2])
    for z in range(grey.shape[0]):
        for y in range(grey.shape[1]):
            rows = (wide[z + 1, y + 1], wide[z + 1, y], wide[z + 1, y + 2], wide[z, y + 1], wide[z + 2, y + 1])
            pull[:] = 0
            weight[:] = 0
            _bent(rows, steps, flat, pull, weight)
            square += _moved(grey[z, y], rows[0], pull, weight, inside, outside, mu, dt, after[z, y])
    return square


@njit(cache=True, nogil=True, error_model="numpy")
def _bent(rows: tuple[Array, ...], steps: Array, flat: bool, pull: Array, weight: Array) -> None:
    """Weighted sum of each pixel's neighbours, and the sum of their weights: their difference is the curvature.

    The loops hold nothing but arithmetic on rows, so that they are done for a vector of pixels at once.
    """
    here, up, down, front, back = rows
    for x in range(len(pull)):
        in_z = ((back[x + 1] - front[x + 1]) / (2 * steps[0])) ** 2
        in_y = ((down[x + 1] - up[x + 1]) / (2 * steps[1])) ** 2
        in_x = ((here[x + 2] - here[x]) / (2 * steps[2])) ** 2
        own, area_y, area_x = here[x + 1], steps[1] ** 2, steps[2] ** 2
        a = 1 / (area_y * np.sqrt(TINY + in_z + in_x + (down[x + 1] - own) ** 2 / area_y))
        b = 1 / (area_y * np.sqrt(TINY + in_z + in_x + (own - up[x + 1]) ** 2 / area_y))
        c = 1 / (area_x * np.sqrt(TINY + in_z + in_y + (here[x + 2] - own) ** 2 / area_x))
        d = 1 / (area_x * np.sqrt(TINY + in_z + in_y + (own - here[x]) ** 2 / area_x))
        pull[x] = a * down[x + 1] + b * up[x + 1] + c * here[x + 2] + d * here[x]
        weight[x] = a + b + c + d
    if flat:
        return
    for x in range(len(pull)):
        own, area_z = here[x + 1], steps[0] ** 2
        across = ((down[x + 1] - up[x + 1]) / (2 * steps[1])) ** 2 + ((here[x + 2] - here[x]) / (2 * steps[2])) ** 2
        a = 1 / (area_z * np.sqrt(TINY + across + (back[x + 1] - own) ** 2 / area_z))
        b = 1 / (area_z * np.sqrt(TINY + across + (own - front[x + 1]) ** 2 / area_z))
        pull[x] += a * back[x + 1] + b * front[x + 1]
        weight[x] += a + b


@njit(cache=True, nogil=True, error_model="numpy")
def _moved(
    grey: Array, here: Array, pull: Array, weight: Array, inside: float, outside: float, mu: float, dt: float,
    after: Array,
) -> float:  # fmt: skip
    for x in range(len(grey)):
        own = here[x + 1]
        rate = dt / (1 + own * own)
        data = (grey[x] - outside) ** 2 - (grey[x] - inside) ** 2
        after[x] = (own + rate * (mu * pull[x] + data)) / (1 + rate * mu * weight[x])
    square = 0.0
    for x in range(len(grey)):
        square += (after[x] - here[x + 1]) ** 2
    return square


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
