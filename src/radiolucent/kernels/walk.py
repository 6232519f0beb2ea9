"""Where random walkers on a grid arrive first: Dirichlet problems with edge weights, by conjugate gradients in numba.

The system is scaled to a unit diagonal, so that the size of the residual means the same in flat and in rough places: an
unscaled residual is small long before the walkers that are held back by edges have got anywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]


def arrivals(weights: Array, seeds: Array, *, tolerance: float = 1e-7, rounds: int = 20_000) -> Array:
    """Probability (classes, *shape) of arriving first at the seeds of each class, for a walker from each pixel.

    `weights` (n, *shape): of the edge to the next pixel along each axis, positive; the last along an axis is ignored.
    `seeds` (*shape): 0 where free, else the class from 1. Grady 2006, doi:10.1109/TPAMI.2006.233.
    """
    shape = seeds.shape
    wide = tuple(n + 2 for n in shape)
    inner = (slice(1, -1),) * len(shape)
    edge = np.zeros((len(shape), *wide))
    for axis, weight in enumerate(weights):
        here = tuple(slice(1, -2) if k == axis else slice(1, -1) for k in range(len(shape)))
        edge[axis][here] = np.moveaxis(np.moveaxis(weight, axis, 0)[:-1], 0, axis)
    steps = np.array([int(np.prod(wide[axis + 1 :])) for axis in range(len(shape))], np.int64)
    start = np.zeros(wide, np.int64)
    start[inner] = seeds
    free = np.zeros(wide, np.bool_)
    free[inner] = seeds == 0
    flat = edge.reshape(len(shape), -1)
    degree = sum(flat[k] + np.roll(flat[k], step) for k, step in enumerate(steps))
    found = []
    for label in range(1, int(seeds.max())):
        fixed = (start.ravel() == label).astype(float)
        found.append(_solve(flat, steps, degree, free.ravel(), fixed, tolerance, rounds).reshape(wide)[inner])
    return np.stack([*found, 1 - sum(found, np.zeros(shape))])


def _solve(edge: Array, steps: Array, degree: Array, free: Array, fixed: Array, tolerance: float, rounds: int) -> Array:
    """Probabilities that are the weighted means of their neighbours where free, and `fixed` elsewhere."""
    scale = np.where(free & (degree > 0), 1 / np.sqrt(np.where(degree > 0, degree, 1)), 0)
    result, image = fixed.copy(), np.zeros(len(degree))
    _pulls(edge, steps, fixed, free, image)
    residual = scale * image
    along, size = scale * residual, float(residual @ residual)
    target = tolerance**2 * size
    for _ in range(rounds):
        if size <= target:
            break
        size = _step(edge, steps, degree, free, scale, (result, residual, along, image), size)
    return result


@njit(cache=True, nogil=True)
def _pulls(edge: Array, steps: Array, values: Array, free: Array, into: Array) -> None:
    for p in range(len(free)):
        if free[p]:
            into[p] = _pull(edge, steps, values, p)


@njit(cache=True, nogil=True)
def _step(
    edge: Array, steps: Array, degree: Array, free: Array, scale: Array, state: tuple[Array, Array, Array, Array],
    before: float,
) -> float:  # fmt: skip
    """One conjugate gradient, in place; the size of the residual after it."""
    result, residual, along, image = state
    curvature, size = 0.0, 0.0
    for p in range(len(free)):
        if free[p]:
            image[p] = degree[p] * along[p] - _pull(edge, steps, along, p)
            curvature += along[p] * image[p]
    for p in range(len(free)):
        if free[p]:
            result[p] += before / curvature * along[p]
            residual[p] -= before / curvature * scale[p] * image[p]
            size += residual[p] ** 2
    for p in range(len(free)):
        if free[p]:
            along[p] = scale[p] * residual[p] + size / before * along[p]
    return size


@njit(cache=True, nogil=True, inline="always")
def _pull(edge: Array, steps: Array, values: Array, p: int) -> float:
    """Sum of the neighbours' values by the weights of their edges."""
    total = 0.0
    for k in range(len(steps)):
        total += edge[k, p] * values[p + steps[k]] + edge[k, p - steps[k]] * values[p - steps[k]]
    return total
