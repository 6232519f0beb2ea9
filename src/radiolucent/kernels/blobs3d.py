"""Blobs of a volume in scale space, and descriptors that turn with them: SIFT in three dimensions.

Lengths are counted in pixels of the finest axis; `ratio` (3,) says how much longer a pixel is along each axis.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Array = NDArray[Any]

SIGMAS = 1.2 * 2 ** (np.arange(9) / 3)
"""Standard deviations of the smoothed volumes: three to an octave."""

BORDER = 2
REACH = 5.0
"""Radius that a descriptor looks at, by the blob's sigma."""

CELLS = 3
AT_ONCE = 64
"""Points that are described at once."""

LENGTH = CELLS**3 * 8


def _ball() -> Array:
    """Where a descriptor samples: points of a ball of radius 1."""
    around = np.stack(np.meshgrid(*[np.linspace(-1, 1, 9)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    return around[(around**2).sum(axis=1) <= 1]


def _directions(n: int = 162) -> Array:
    """Directions that lie evenly on a sphere (Fibonacci's spiral)."""
    k = np.arange(n) + 0.5
    polar, turn = np.arccos(1 - 2 * k / n), np.pi * (1 + 5**0.5) * k
    return np.stack([np.cos(polar), np.sin(turn) * np.sin(polar), np.cos(turn) * np.sin(polar)], axis=1)


BALL, DIRECTIONS = _ball(), _directions()
WEIGHT = np.exp(-2 * (BALL**2).sum(axis=1))
CELL = np.floor((BALL + 1) * (CELLS / 2 - 1e-4)).astype(np.intp) @ (CELLS**2, CELLS, 1)
CORNERS = np.stack(np.meshgrid(*[(-1, 1)] * 3, indexing="ij"), axis=-1).reshape(-1, 3) / 3**0.5


def smoothed(volume: Array, ratio: Array) -> list[Array]:
    """The volume at every scale."""
    return [ndimage.gaussian_filter(volume, sigma / ratio) for sigma in SIGMAS]


def blobs(scales: list[Array], least: float, inside: Array | None, most: int) -> tuple[Array, Array, Array]:
    """Places (n, 3), sigmas and contrasts of extrema in space and scale, the strongest first."""
    apart = np.stack([coarse - fine for fine, coarse in pairwise(scales)])
    extreme = np.abs(apart) > least
    extreme &= (ndimage.maximum_filter(apart, 3) == apart) | (ndimage.minimum_filter(apart, 3) == apart)
    for axis, border in enumerate((1, BORDER, BORDER, BORDER)):
        along = np.moveaxis(extreme, axis, 0)
        along[:border] = along[-border:] = False
    if inside is not None:
        extreme &= inside
    index = np.argwhere(extreme)
    strength = np.abs(apart[tuple(index.T)])
    order = np.lexsort((*index.T, -strength))[:most]
    index = index[order]
    exact = index + _offsets(apart, index)
    return exact[:, 1:], SIGMAS[0] * 2 ** (exact[:, 0] / 3), strength[order]


def _offsets(apart: Array, index: Array) -> Array:
    """Where a parabola through three samples along each axis has its vertex [samples]."""
    offsets = np.zeros(index.shape)
    middle = apart[tuple(index.T)].astype(np.float64)
    for axis in range(4):
        step = np.eye(4, dtype=np.intp)[axis]
        before, after = (apart[tuple((index + way * step).T)].astype(np.float64) for way in (-1, 1))
        bend = before - 2 * middle + after
        np.divide(0.5 * (before - after), bend, out=offsets[:, axis], where=bend != 0)
    return np.clip(offsets, -0.5, 0.5)


def describe(scales: list[Array], places: Array, sigmas: Array, ratio: Array) -> NDArray[np.uint8]:
    """Ranks of a histogram of gradients (n, 216) in the frame of the two directions that rule around each place."""
    found = np.zeros((len(places), LENGTH), np.uint8)
    level = np.abs(SIGMAS[:, None] - sigmas).argmin(axis=0)
    for number in np.unique(level):
        slopes = [np.gradient(scales[number], axis=axis) / ratio[axis] for axis in range(3)]
        own = np.flatnonzero(level == number)
        for first in range(0, len(own), AT_ONCE):
            part = own[first : first + AT_ONCE]
            found[part] = _described(slopes, places[part], sigmas[part], ratio)
    return found


def _described(slopes: list[Array], places: Array, sigmas: Array, ratio: Array) -> Array:
    upright = np.broadcast_to(np.eye(3), (len(places), 3, 3))
    frames = _frames(_sampled(slopes, places, sigmas, ratio, upright))
    own = np.einsum("nkj,nij->nki", _sampled(slopes, places, sigmas, ratio, frames), frames)
    share = np.maximum(own @ CORNERS.T, 0) ** 2 * WEIGHT[:, None]
    histogram = np.zeros((len(places), CELLS**3, 8))
    for cell in range(CELLS**3):
        histogram[:, cell] = share[:, cell == CELL].sum(axis=1)
    return np.argsort(np.argsort(histogram.reshape(len(places), -1), kind="stable"), kind="stable").astype(np.uint8)


def _sampled(slopes: list[Array], places: Array, sigmas: Array, ratio: Array, frames: Array) -> Array:
    """Gradients (n, k, 3) at the ball's points in each frame (rows: its axes)."""
    spread = np.einsum("kj,nji->nki", BALL, frames) * (REACH * sigmas)[:, None, None] / ratio
    at = np.moveaxis(places[:, None] + spread, -1, 0)
    return np.stack([ndimage.map_coordinates(slope, at, order=1, mode="nearest") for slope in slopes], axis=-1)


def _frames(slopes: Array) -> Array:
    """Axes (n, 3, 3) as rows: the direction most gradients have, the next across it, and what completes a right hand."""
    first = _ruling(slopes, np.broadcast_to(DIRECTIONS, (len(slopes), *DIRECTIONS.shape)))
    across = slopes - (slopes @ first[:, :, None]) * first[:, None]
    flat = DIRECTIONS - (first @ DIRECTIONS.T)[:, :, None] * first[:, None]
    length = np.linalg.norm(flat, axis=-1, keepdims=True)
    second = _ruling(across, np.where(length > 0.5, flat / np.maximum(length, 1e-9), 0))
    second -= (second * first).sum(axis=1, keepdims=True) * first
    second /= np.maximum(np.linalg.norm(second, axis=1, keepdims=True), 1e-12)
    return np.stack([first, second, np.cross(first, second)], axis=1)


def _ruling(slopes: Array, candidates: Array) -> Array:
    """The candidate (n, 3) along which gradients are greatest, moved to the mean of the gradients near it."""
    votes = np.einsum("nck,k->nc", np.maximum(candidates @ slopes.transpose(0, 2, 1), 0) ** 4, WEIGHT)
    best = candidates[np.arange(len(votes)), votes.argmax(axis=1)]
    near = np.maximum((slopes @ best[:, :, None])[..., 0], 0) ** 4 * WEIGHT
    mean = np.einsum("nk,nki->ni", near, slopes)
    return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
