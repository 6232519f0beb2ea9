"""SURF on one grey picture: blobs by box filters over an integral image, their direction, 64 or 128 values each.

Bay et al. 2008, doi:10.1016/j.cviu.2007.09.014. Box filters and Haar responses are symmetric about the pixel, so that
a picture turned by 90 degrees gives the turned points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]

OCTAVES, INTERVALS = 4, 4
SCALE_OF_LOBE = 0.4
"""A filter of 9 pixels (a lobe of 3) stands for a Gaussian of sigma 1.2."""


def surf_points(integral: Array, threshold: float) -> Array:
    """Blobs (n, 4) as y, x, scale [pixels] and determinant of the Hessian, above `threshold`.

    `integral` is (h + 1, w + 1) float64 with a row and a column of zeros in front.
    """
    found = [np.zeros((0, 4))]
    h, w = integral.shape[0] - 1, integral.shape[1] - 1
    for octave in range(OCTAVES):
        step = 2**octave
        levels = np.zeros((INTERVALS, -(-h // step), -(-w // step)))
        for k in range(INTERVALS):
            determinants(integral, _lobe(octave, k), step, levels[k])
        found.append(_peaks(levels, threshold, octave))
    return np.concatenate(found)


def _lobe(octave: int, interval: int) -> int:
    return 2 ** (octave + 1) * (interval + 1) + 1


@njit(cache=True, nogil=True, inline="always")
def _box(integral: Array, top: int, left: int, bottom: int, right: int) -> float:
    """Sum of rows top..bottom and columns left..right, both ends included, as far as they lie in the picture."""
    h, w = integral.shape[0] - 1, integral.shape[1] - 1
    top, left = min(max(top, 0), h), min(max(left, 0), w)
    bottom, right = max(min(bottom + 1, h), 0), max(min(right + 1, w), 0)
    if bottom <= top or right <= left:
        return 0.0
    return integral[bottom, right] - integral[top, right] - integral[bottom, left] + integral[top, left]


@njit(cache=True, nogil=True)
def determinants(integral: Array, lobe: int, step: int, out: Array) -> None:
    """Determinant of the Hessian by box filters, every `step` pixels; 0 where the filter leaves the picture."""
    h, w = integral.shape[0] - 1, integral.shape[1] - 1
    half, wide, area = lobe // 2, 3 * lobe // 2, 1.0 / (9.0 * lobe * lobe)
    first = -(-wide // step)
    for j in range(first, out.shape[0]):
        for i in range(first, out.shape[1]):
            y, x = j * step, i * step
            if y + wide >= h or x + wide >= w:
                continue
            xx = _box(integral, y - lobe + 1, x - wide, y + lobe - 1, x + wide)
            xx -= 3 * _box(integral, y - lobe + 1, x - half, y + lobe - 1, x + half)
            yy = _box(integral, y - wide, x - lobe + 1, y + wide, x + lobe - 1)
            yy -= 3 * _box(integral, y - half, x - lobe + 1, y + half, x + lobe - 1)
            xy = _box(integral, y - lobe, x - lobe, y - 1, x - 1) + _box(integral, y + 1, x + 1, y + lobe, x + lobe)
            xy -= _box(integral, y - lobe, x + 1, y - 1, x + lobe) + _box(integral, y + 1, x - lobe, y + lobe, x - 1)
            out[j, i] = max((xx * yy - 0.81 * xy * xy) * area * area, 0.0)


@njit(cache=True, nogil=True)
def _greatest(levels: Array, k: int, j: int, i: int) -> bool:
    value = levels[k, j, i]
    for dk in range(-1, 2):
        for dj in range(-1, 2):
            for di in range(-1, 2):
                other = levels[k + dk, j + dj, i + di]
                if other > value or (other == value and (dk, dj, di) < (0, 0, 0)):
                    return False
    return True


@njit(cache=True, nogil=True)
def _peaks(levels: Array, threshold: float, octave: int) -> Array:
    """Greatest values among their 26 neighbours, placed between the samples by a parabola."""
    found = np.zeros((levels.shape[1] * levels.shape[2] // 4 + 1, 4))
    count = 0
    for k in range(1, levels.shape[0] - 1):
        for j in range(1, levels.shape[1] - 1):
            for i in range(1, levels.shape[2] - 1):
                if levels[k, j, i] <= threshold or not _greatest(levels, k, j, i):
                    continue
                off = _offset(levels[k - 1 : k + 2, j - 1 : j + 2, i - 1 : i + 2])
                if np.abs(off).max() <= 1 and count < len(found):
                    step = 2**octave
                    found[count, 0], found[count, 1] = (j + off[1]) * step, (i + off[2]) * step
                    found[count, 2] = SCALE_OF_LOBE * (2 * step * (k + off[0] + 1) + 1)
                    found[count, 3] = levels[k, j, i]
                    count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def _offset(v: Array) -> Array:
    """Where the parabola through 3 x 3 x 3 values has its peak; (2, 2, 2) where it has none."""
    slope = np.array([v[2, 1, 1] - v[0, 1, 1], v[1, 2, 1] - v[1, 0, 1], v[1, 1, 2] - v[1, 1, 0]]) / 2
    bend = np.empty((3, 3))
    bend[0, 0] = v[2, 1, 1] + v[0, 1, 1] - 2 * v[1, 1, 1]
    bend[1, 1] = v[1, 2, 1] + v[1, 0, 1] - 2 * v[1, 1, 1]
    bend[2, 2] = v[1, 1, 2] + v[1, 1, 0] - 2 * v[1, 1, 1]
    bend[0, 1] = bend[1, 0] = (v[2, 2, 1] + v[0, 0, 1] - v[2, 0, 1] - v[0, 2, 1]) / 4
    bend[0, 2] = bend[2, 0] = (v[2, 1, 2] + v[0, 1, 0] - v[2, 1, 0] - v[0, 1, 2]) / 4
    bend[1, 2] = bend[2, 1] = (v[1, 2, 2] + v[1, 0, 0] - v[1, 2, 0] - v[1, 0, 2]) / 4
    if abs(np.linalg.det(bend)) < 1e-12 * np.abs(bend).max() ** 3 or not np.abs(bend).max() > 0:
        return np.full(3, 2.0)
    return -np.linalg.solve(bend, slope)


@njit(cache=True, nogil=True, inline="always")
def _haar(integral: Array, y: int, x: int, side: int) -> tuple[float, float]:
    """Step of grey towards +x and +y over `side` pixels on each side."""
    dx = _box(integral, y - side, x + 1, y + side, x + side) - _box(integral, y - side, x - side, y + side, x - 1)
    dy = _box(integral, y + 1, x - side, y + side, x + side) - _box(integral, y - side, x - side, y - 1, x + side)
    return dx, dy


@njit(cache=True, nogil=True)
def directions(integral: Array, points: Array) -> Array:
    """Direction [rad, from +x towards +y] of each point (y, x, scale): the strongest of all sectors of 60 degrees."""
    found = np.zeros(len(points))
    dx, dy, angle = np.empty(169), np.empty(169), np.empty(169)
    for n in range(len(points)):
        y, x, s = points[n, 0], points[n, 1], points[n, 2]
        side, count = max(int(np.rint(2 * s)), 1), 0
        for j in range(-6, 7):
            for i in range(-6, 7):
                if j * j + i * i >= 36:
                    continue
                a, b = _haar(integral, int(np.rint(y + j * s)), int(np.rint(x + i * s)), side)
                weight = np.exp(-(j * j + i * i) / 8.0)
                dx[count], dy[count] = a * weight, b * weight
                angle[count] = np.arctan2(b, a)
                count += 1
        found[n] = _strongest_sector(dx[:count], dy[:count], angle[:count])
    return found


@njit(cache=True, nogil=True)
def _strongest_sector(dx: Array, dy: Array, angle: Array) -> float:
    best, longest = 0.0, -1.0
    for k in range(72):
        middle = k * np.pi / 36
        a = b = 0.0
        for n in range(len(angle)):
            if np.cos(angle[n] - middle) > 0.8660254:
                a += dx[n]
                b += dy[n]
        if a * a + b * b > longest * (1 + 1e-9):
            longest, best = a * a + b * b, np.arctan2(b, a)
    return best


@njit(cache=True, nogil=True)
def describe(integral: Array, points: Array, angles: Array, extended: bool) -> Array:
    """Descriptor (n, 64), or (n, 128) with sums parted by the other response's sign; length 1, or 0 on flat ground."""
    parts = 8 if extended else 4
    found = np.zeros((len(points), 16 * parts), np.float32)
    for n in range(len(points)):
        y, x, s = points[n, 0], points[n, 1], points[n, 2]
        c, d = np.cos(angles[n]), np.sin(angles[n])
        side = max(int(np.rint(s)), 1)
        for j in range(20):
            for i in range(20):
                v, u = j - 9.5, i - 9.5
                a, b = _haar(
                    integral, int(np.rint(y + s * (d * u + c * v))), int(np.rint(x + s * (c * u - d * v))), side
                )
                weight = np.exp(-(u * u + v * v) / 21.78)
                along, across = weight * (c * a + d * b), weight * (c * b - d * a)
                _add(found[n], (j // 5 * 4 + i // 5) * parts, along, across, extended)
        length = np.sqrt((found[n] ** 2).sum())
        if length > 0:
            found[n] /= length
    return found


@njit(cache=True, nogil=True, inline="always")
def _add(sums: Array, at: int, along: float, across: float, extended: bool) -> None:
    if not extended:
        sums[at] += along
        sums[at + 1] += abs(along)
        sums[at + 2] += across
        sums[at + 3] += abs(across)
        return
    first = at + (0 if across >= 0 else 2)
    second = at + (4 if along >= 0 else 6)
    sums[first] += along
    sums[first + 1] += abs(along)
    sums[second] += across
    sums[second + 1] += abs(across)
