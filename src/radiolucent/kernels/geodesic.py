"""Geodesic active contours by morphology, 2-D and 3-D, compiled by numba.

A flat region (0 and 1) is moved by three operators in turn: a balloon, the pull of the edges, and a smoothing by lines or
planes through each pixel, which together approach the curve evolution of Caselles. Márquez-Neila, Baumela and Álvarez
2014, doi:10.1109/TPAMI.2013.106. Outside the picture there is nothing (0).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


def evolve(
    edge: Array, inside: Array, *, balloon: float, threshold: float, smoothing: int, rounds: int
) -> tuple[NDArray[np.uint8], int]:
    """The region after `rounds`, and after how many it repeated itself (then the rest is known without doing it).

    `edge` is small on edges; the balloon moves where it is above threshold / |balloon|. 2-D or 3-D, each side > 1.
    """
    cube = (1,) * (3 - edge.ndim) + edge.shape
    wide = np.zeros([n + 2 for n in cube], np.uint8)
    inner = (slice(1, -1),) * 3
    wide[inner] = np.asarray(inside).reshape(cube) > 0
    pull = np.zeros((3, *cube), np.float32)
    pull[3 - edge.ndim :] = np.stack(list(np.gradient(np.asarray(edge, np.float32)))).reshape(-1, *cube)
    free = np.zeros(cube, bool) if not balloon else (edge > threshold / abs(balloon)).reshape(cube)
    elements = _elements(edge.ndim, wide.shape)
    now, turn, swap = wide, 0, False
    earlier = [wide.copy(), wide.copy()]
    for turn in range(1, rounds + 1):
        after = now.copy()
        if balloon:
            _blow(now, after, free, balloon > 0, edge.ndim)
        drawn = after.copy()
        _attach(after, drawn, pull)
        for _ in range(smoothing):
            drawn = _smoothed(drawn, elements, opening_first=swap)
            swap = not swap
        if turn >= 2 and np.array_equal(drawn, earlier[0]):
            last = drawn if (rounds - turn) % 2 == 0 else earlier[1]
            return last[inner].reshape(edge.shape).copy(), turn
        earlier = [earlier[1], drawn]
        now = drawn
    return now[inner].reshape(edge.shape).copy(), turn


def _elements(ndim: int, shape: tuple[int, ...]) -> Array:
    """Offsets in the padded array of each line (2-D) or plane (3-D) of three pixels a side."""
    strides = (shape[1] * shape[2], shape[2], 1)
    if ndim == 2:
        ways = [(0, 1), (1, 0), (1, 1), (1, -1)]
        return np.array([[t * (a * strides[1] + b) for t in (-1, 0, 1)] for a, b in ways])
    turns = [
        ((1, 0, 0), (0, 1, 0)), ((1, 0, 0), (0, 0, 1)), ((0, 1, 0), (0, 0, 1)),
        ((1, 0, 0), (0, 1, 1)), ((1, 0, 0), (0, 1, -1)), ((0, 1, 0), (1, 0, 1)),
        ((0, 1, 0), (1, 0, -1)), ((0, 0, 1), (1, 1, 0)), ((0, 0, 1), (1, -1, 0)),
    ]  # fmt: skip
    return np.array(
        [
            [int(np.dot(s * np.array(a) + t * np.array(b), strides)) for s in (-1, 0, 1) for t in (-1, 0, 1)]
            for a, b in turns
        ]
    )


def _smoothed(now: Array, elements: Array, *, opening_first: bool) -> Array:
    """The least of the greatest and then the greatest of the least over all elements, or the other way round."""
    for value in (1, 0) if opening_first else (0, 1):
        after = now.copy()
        _keep(now.reshape(-1), after.reshape(-1), elements, np.array(now.shape), value)
        now = after
    return now


@njit(cache=True, nogil=True)
def _keep(now: Array, after: Array, elements: Array, shape: Array, value: int) -> None:
    """A pixel of `value` keeps it only where some element through it is all of that value."""
    for z in range(1, shape[0] - 1):
        for y in range(1, shape[1] - 1):
            start = (z * shape[1] + y) * shape[2]
            for p in range(start + 1, start + shape[2] - 1):
                if now[p] == value and not _whole(now, p, elements, value):
                    after[p] = 1 - value


@njit(cache=True, nogil=True)
def _whole(now: Array, p: int, elements: Array, value: int) -> bool:
    for e in range(len(elements)):
        same = True
        for step in elements[e]:
            if now[p + step] != value:
                same = False
                break
        if same:
            return True
    return False


@njit(cache=True, nogil=True)
def _blow(now: Array, after: Array, free: Array, grow: bool, ndim: int) -> None:
    """One pixel outwards, or inwards, over all neighbours by faces or corners, where nothing holds."""
    far, wanted = (1 if ndim == 3 else 0), (1 if grow else 0)
    for z in range(free.shape[0]):
        for y in range(free.shape[1]):
            for x in range(free.shape[2]):
                if free[z, y, x] and now[z + 1, y + 1, x + 1] != wanted and _touches(now, z, y, x, far, wanted):
                    after[z + 1, y + 1, x + 1] = wanted


@njit(cache=True, nogil=True)
def _touches(now: Array, z: int, y: int, x: int, far: int, wanted: int) -> bool:
    for a in range(z + 1 - far, z + 2 + far):
        for k in range(9):
            if now[a, y + k // 3, x + k % 3] == wanted:
                return True
    return False


@njit(cache=True, nogil=True)
def _attach(now: Array, after: Array, pull: Array) -> None:
    """Each pixel at the boundary follows the slope of the edge indicator across it."""
    shape = pull.shape[1:]
    for z in range(shape[0]):
        for y in range(shape[1]):
            for x in range(shape[2]):
                total = _drawn(now, pull, z, y, x, shape)
                if total > 0:
                    after[z + 1, y + 1, x + 1] = 1
                elif total < 0:
                    after[z + 1, y + 1, x + 1] = 0


@njit(cache=True, nogil=True)
def _drawn(now: Array, pull: Array, z: int, y: int, x: int, shape: tuple[int, ...]) -> float:
    total = 0.0
    for axis in range(3):
        if shape[axis] > 1:
            total += pull[axis, z, y, x] * _slope(now, z, y, x, axis, shape)
    return total


@njit(cache=True, nogil=True)
def _slope(now: Array, z: int, y: int, x: int, axis: int, shape: tuple[int, ...]) -> float:
    """numpy's gradient: halves of central differences, one-sided at the rim."""
    dz, dy, dx = axis == 0, axis == 1, axis == 2
    at = z if dz else (y if dy else x)
    low, high = (0 if at == 0 else 1), (0 if at == shape[axis] - 1 else 1)
    above = float(now[z + 1 + dz * high, y + 1 + dy * high, x + 1 + dx * high])
    below = float(now[z + 1 - dz * low, y + 1 - dy * low, x + 1 - dx * low])
    return (above - below) / (low + high)
