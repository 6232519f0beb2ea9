"""Derivatives turned at each pixel to the picture's own directions there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import factorial, prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .smooth import Boundary, gaussian

Array = NDArray[Any]
Orders = tuple[int, ...]
"""How often each axis is derived."""


def directions(slopes: Sequence[Array], sigmas: Mapping[int, float], boundary: Boundary) -> Array:
    """Unit vectors (..., which, axis), the first along the greatest change within a Gaussian of `sigmas` pixels.

    They are the eigenvectors of the structure tensor of the slopes along each axis. Of the two ways to point along a
    line the one is taken along which the picture itself rises.
    """
    n = len(slopes)
    tensor = np.empty((*slopes[0].shape, n, n), np.float64)
    for i in range(n):
        for j in range(i, n):
            tensor[..., i, j] = tensor[..., j, i] = gaussian(slopes[i] * slopes[j], sigmas, boundary)
    vectors = np.swapaxes(np.linalg.eigh(tensor)[1], -1, -2)[..., ::-1, :]
    rise = np.einsum("...ka,...a->...k", vectors, np.stack(slopes, -1))
    return vectors * np.where(rise < 0, -1.0, 1.0)[..., None]


def steered(along: Sequence[int], vectors: Array, response: Callable[[Orders], Array]) -> NDArray[np.float32]:
    """The derivative along the local directions number `along`, out of the derivatives along the axes.

    `response` gives the all-pass derivative of some orders, scaled by sqrt(L! / (l1! l2! ...)); the result is scaled alike.
    The product of the directions, multiplied out, says how much of each derivative it takes.
    """
    n = vectors.shape[-1]
    products: dict[Orders, Array] = {(0,) * n: np.ones(vectors.shape[:-2])}
    for which in along:
        longer: dict[Orders, Array] = {}
        for orders, factor in products.items():
            for axis in range(n):
                more = tuple(order + (axis == place) for place, order in enumerate(orders))
                longer[more] = longer.get(more, np.float64(0)) + factor * vectors[..., which, axis]
        products = longer
    scale = _scale(tuple(list(along).count(which) for which in range(n)))
    total = sum((factor * response(orders) / _scale(orders) for orders, factor in products.items()), np.float64(0))
    return np.asarray(scale * total, np.float32)


def _scale(orders: Orders) -> float:
    return sqrt(factorial(sum(orders)) / prod(factorial(order) for order in orders))
