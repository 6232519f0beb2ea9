"""Fuzzy c-means of grey values, plain and with a smooth bias and neighbours; every round lowers its objective J.

Plain (Bezdek 1981): J = sum over pixels and classes of u^m (y - v)^2, where a pixel's memberships u sum to 1.
Bias-corrected (Ahmed et al. 2002, doi:10.1109/42.996338): J = sum of u^m ((y - b - v)^2 + alpha times the mean of
(y' - b' - v)^2 over the face neighbours), with b the bias at each pixel. Ahmed leaves b free and smooths it after each round,
so that J may rise; here b is a polynomial of the place whose coefficients are the best for J, so that it cannot. Terms of a
degree d above 1 cost stiffness (d - 1)^2 times their squared coefficient, a pixel: without a price on bending, as Pham and
Prince set one (1999, doi:10.1109/42.802752), the bias takes an object in noise for shading.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
TINY = 1e-12


@dataclass(frozen=True)
class Found:
    """Memberships (classes, *shape), centres, the bias of each pixel, and J after each round."""

    memberships: Array
    centres: Array
    bias: Array
    course: list[float]


def c_means(values: Array, counts: Array, centres: Array, *, m: float, rounds: int, tolerance: float) -> Found:
    """Memberships of grey levels that occur `counts` times; ends when no centre moves by more than `tolerance`."""
    centres, course = np.array(centres, np.float64), []
    share = memberships((values - centres[:, None]) ** 2, m)
    for _ in range(rounds):
        weight = share**m * counts
        after = weight @ values / np.maximum(weight.sum(axis=1), TINY)
        moved, centres = np.abs(after - centres).max(), after
        apart = (values - centres[:, None]) ** 2
        share = memberships(apart, m)
        course.append(float((share**m * apart * counts).sum()))
        if moved <= tolerance:
            break
    return Found(share, centres, np.zeros_like(values), course)


def memberships(apart: Array, m: float) -> Array:
    """Shares of each class from squared distances (classes, ...); they sum to 1."""
    least = apart.min(axis=0)
    ratio = np.where(least > 0, least / np.maximum(apart, least + (apart == 0)), apart <= 0).astype(np.float64)
    share = ratio ** (1 / (m - 1))
    return share / share.sum(axis=0)


def bias_corrected(
    values: Array, centres: Array, spacing: tuple[float, ...], *, m: float, alpha: float, degree: int, stiffness: float,
    rounds: int, tolerance: float,
) -> Found:  # fmt: skip
    """Memberships, centres and bias of a picture; neighbours count by 1 / distance; the bias has mean 0."""
    cube = (1,) * (3 - values.ndim) + values.shape
    price = (0.0,) * (3 - values.ndim) + tuple(min(spacing) / step for step in spacing)
    grey, bias = np.asarray(values, np.float64).reshape(cube), np.zeros(cube)
    count = neighbours(np.ones(cube), price)
    say = alpha if count.all() else 0.0  # a single pixel has no neighbours
    inverse = np.divide(1.0, count, out=np.zeros(cube), where=count > 0)
    centres, course = np.array(centres, np.float64), []
    power = np.empty((values.size, len(centres)), np.float32)
    smooth = Smooth(cube, degree, stiffness * values.size)
    for _ in range(rounds):
        after = _shares(*_seen(grey - bias, price, inverse), centres, say, m, power)
        moved, centres = np.abs(after - centres).max(), after
        own, level = power.sum(axis=1).reshape(cube), (power @ centres.astype(np.float32)).reshape(cube)
        pull = own + say * neighbours(own * inverse, price)
        target = grey - (level + say * neighbours(level * inverse, price)) / np.maximum(pull, TINY)
        bias, bent = smooth.fitted(pull, target)
        course.append(_objective(*_seen(grey - bias, price, inverse), centres, say, power) + bent)
        if moved <= tolerance:
            break
    shift = float(bias.mean())
    _shares(*_seen(grey - bias, price, inverse), centres, say, m, power)
    share = (power ** np.float32(1 / m)).T.reshape(-1, *values.shape)
    return Found(share / share.sum(axis=0), centres + shift, (bias - shift).reshape(values.shape), course)


def neighbours(values: Array, price: tuple[float, ...]) -> Array:
    """Sum of the face neighbours of each pixel, each by the price of its axis."""
    total = np.zeros_like(values)
    for axis, weight in enumerate(price):
        low = tuple(slice(0, -1) if k == axis else slice(None) for k in range(values.ndim))
        high = tuple(slice(1, None) if k == axis else slice(None) for k in range(values.ndim))
        total[low] += weight * values[high]
        total[high] += weight * values[low]
    return total


def _seen(clean: Array, price: tuple[float, ...], inverse: Array) -> tuple[Array, Array, Array]:
    """Values, and mean and mean square of the neighbours of each."""
    beside, square = neighbours(clean, price) * inverse, neighbours(clean**2, price) * inverse
    return clean.reshape(-1), beside.reshape(-1), square.reshape(-1)


class Smooth:
    """Polynomials of the place up to a total degree, fitted by weighted least squares without holding them all."""

    def __init__(self, shape: tuple[int, ...], degree: int, stiffness: float = 0.0) -> None:
        ends = [np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in shape]
        self.bases = [np.polynomial.legendre.legvander(end, degree if len(end) > 1 else 0).T for end in ends]
        sizes = [len(base) for base in self.bases]
        self.terms = np.array([t for t in np.ndindex(*sizes) if sum(t) <= degree])
        self.price = stiffness * np.maximum(self.terms.sum(axis=1) - 1.0, 0.0) ** 2

    def fitted(self, weight: Array, target: Array) -> tuple[Array, float]:
        """The polynomial with the least sum of weight (polynomial - target)^2 and of what its bending costs; that cost."""
        products = [(base[:, None] * base[None]).reshape(-1, base.shape[1]) for base in self.bases]
        moments = _projected(weight, products)
        n = [len(base) for base in self.bases]
        at = [self.terms[:, None, k] * n[k] + self.terms[None, :, k] for k in range(3)]
        right = _projected(weight * target, self.bases)[tuple(self.terms.T)]
        solved = np.linalg.lstsq(moments[tuple(at)] + np.diag(self.price), right, rcond=1e-10)[0]
        coefficients = np.zeros(n)
        coefficients[tuple(self.terms.T)] = solved
        return _projected(coefficients, [base.T for base in self.bases]), float(self.price @ solved**2)


def _projected(array: Array, rows: list[Array]) -> Array:
    """Each axis of a 3-D array turned into products with rows."""
    return reduce(
        lambda a, step: np.moveaxis(np.tensordot(step[1], a, (1, step[0])), 0, step[0]), enumerate(rows), array
    )


@njit(cache=True, nogil=True)
def _shares(values: Array, beside: Array, square: Array, centres: Array, say: float, m: float, power: Array) -> Array:
    """Sets the m-th powers of the memberships that are best for the centres; gives the centres that are best for those."""
    far, above, below = np.zeros(len(centres)), np.zeros(len(centres)), np.zeros(len(centres))
    for p in range(len(values)):
        least, total = np.inf, 0.0
        for k in range(len(centres)):
            far[k] = max(_cost(values[p], beside[p], square[p], centres[k], say), 1e-12)
            least = min(least, far[k])
        for k in range(len(centres)):
            far[k] = least / far[k] if m == 2 else (least / far[k]) ** (1 / (m - 1))
            total += far[k]
        for k in range(len(centres)):
            share = far[k] / total
            share = share * share if m == 2 else share**m
            power[p, k] = share
            above[k] += share * (values[p] + say * beside[p])
            below[k] += share * (1 + say)
    return above / np.maximum(below, 1e-12)


@njit(cache=True, nogil=True)
def _cost(value: float, beside: float, square: float, centre: float, say: float) -> float:
    """(y - v)^2 + alpha times the mean of the neighbours' (y' - v)^2."""
    return (value - centre) ** 2 + say * max(square - 2 * centre * beside + centre * centre, 0.0)


@njit(cache=True, nogil=True)
def _objective(values: Array, beside: Array, square: Array, centres: Array, say: float, power: Array) -> float:
    total = 0.0
    for p in range(len(values)):
        for k in range(len(centres)):
            total += power[p, k] * _cost(values[p], beside[p], square[p], centres[k], say)
    return total
