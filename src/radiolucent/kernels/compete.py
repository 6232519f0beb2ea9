"""Region competition: regions with a Gaussian each that move their boundaries and merge while the code gets shorter.

The energy [nats] is that of Zhu and Yuille 1996, doi:10.1109/34.537343: for every region the negative log likelihood of
its pixels under its own mean and variance, plus `smoothness` for each unit of boundary, plus `cost` for each region. Every
step here lowers it. Boundary is counted in faces between pixels, each by its area relative to a cubic pixel's, times the
share by which faces overstate a surface of random direction (pi / 4 in 2-D, 2 / 3 in 3-D).
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import log, pi
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from skimage.measure import label as connected

Array = NDArray[Any]


def faces(spacing: tuple[float, ...], smoothness: float) -> tuple[float, ...]:
    """Price of a face between pixels of this shape, across each axis."""
    side = float(np.prod(spacing)) ** (1 / len(spacing))
    share = {1: 1.0, 2: np.pi / 4, 3: 2 / 3}[len(spacing)]
    return tuple(float(smoothness * share * side / s) for s in spacing)


@dataclass(frozen=True)
class Energy:
    """What the energy is made of: `smoothness` per unit of boundary along each axis, `cost`, least `variance`."""

    faces: tuple[float, ...]
    cost: float
    variance: float

    @classmethod
    def of(cls, spacing: tuple[float, ...], *, smoothness: float, cost: float, variance: float) -> Energy:
        """For pixels of this shape."""
        return cls(faces(spacing, smoothness), cost, variance)

    def likelihood(self, n: Any, total: Any, square: Any) -> Any:
        """Negative log likelihood of regions from their pixels' number, sum and sum of squares."""
        n = np.maximum(n, 1)
        scatter = np.maximum(square - total**2 / n, 0)
        variance = np.maximum(scatter / n, self.variance)
        return n / 2 * np.log(2 * np.pi * variance) + scatter / (2 * variance)

    def of_one(self, n: float, total: float, square: float) -> float:
        """`likelihood` of one region, without the cost of arrays."""
        if not n:
            return 0.0
        scatter = max(square - total**2 / n, 0.0)
        variance = max(scatter / n, self.variance)
        return n / 2 * log(2 * pi * variance) + scatter / (2 * variance)

    def total(self, values: Array, labels: Array) -> float:
        """Energy of a partition."""
        n, total, square = _sums(values, labels)
        used = n > 0
        boundary = sum(weight * np.count_nonzero(np.diff(labels, axis=axis)) for axis, weight in enumerate(self.faces))
        return float(self.likelihood(n[used], total[used], square[used]).sum() + boundary + self.cost * used.sum())


def compete(
    values: Array, labels: Array, fixed: Array, energy: Energy, *, merge: bool, rounds: int
) -> tuple[Array, int]:
    """Labels (> 0) once no boundary moves and no regions merge any more, or after `rounds`; and how many it took.

    Pixels that are `fixed` keep their label.
    """
    labels = np.array(labels, np.int32)
    values = np.asarray(values, np.float64)
    steps = np.array([int(np.prod(labels.shape[axis + 1 :])) for axis in range(labels.ndim)], np.int64)
    for turn in range(rounds):
        before = labels.copy()
        if merge:
            labels = merged(values, labels, energy)
        n, total, square = _sums(values, labels)
        mean = total / np.maximum(n, 1)
        variance = np.maximum(square / np.maximum(n, 1) - mean**2, energy.variance)
        shape, faces = np.array(labels.shape, np.int64), np.array(energy.faces)
        flat = labels.reshape(-1)
        for colour in (0, 1):
            _sweep(values.reshape(-1), flat, fixed.reshape(-1), shape, steps, faces, mean, variance, colour)
        if np.array_equal(before, labels):
            return labels, turn
    return labels, rounds


def _sums(values: Array, labels: Array) -> tuple[Array, Array, Array]:
    flat, at = np.asarray(values, np.float64).ravel(), labels.ravel()
    return np.bincount(at), np.bincount(at, flat), np.bincount(at, flat**2)


@njit(cache=True, nogil=True)
def _sweep(
    values: Array, labels: Array, fixed: Array, shape: Array, steps: Array, faces: Array, mean: Array, variance: Array,
    colour: int,
) -> None:  # fmt: skip
    """Every second pixel goes to the neighbouring region that makes the code shortest; these do not touch each other."""
    place = np.zeros(len(shape), np.int64)
    for p in range(len(labels)):
        if place.sum() % 2 == colour and not fixed[p]:
            labels[p] = _cheapest(values[p], labels, p, place, shape, steps, faces, mean, variance)
        axis = len(shape) - 1
        place[axis] += 1
        while axis > 0 and place[axis] == shape[axis]:
            place[axis] = 0
            axis -= 1
            place[axis] += 1


@njit(cache=True, nogil=True)
def _cheapest(
    value: float, labels: Array, p: int, place: Array, shape: Array, steps: Array, faces: Array, mean: Array,
    variance: Array,
) -> int:  # fmt: skip
    own, mixed = labels[p], False
    near, weight, n = np.empty(6, np.int32), np.empty(6), 0
    for axis in range(len(shape)):
        for side in (-1, 1):
            if 0 <= place[axis] + side < shape[axis]:
                near[n], weight[n] = labels[p + side * steps[axis]], faces[axis]
                mixed |= near[n] != own
                n += 1
    if not mixed:
        return own
    best, least = own, np.inf
    for candidate in range(-1, n):
        label = own if candidate < 0 else near[candidate]
        price = np.log(variance[label]) / 2 + (value - mean[label]) ** 2 / (2 * variance[label])
        for k in range(n):
            price += 0.0 if near[k] == label else weight[k]
        if price < least - 1e-9 or (price < least + 1e-9 and best != own and label < best):
            best, least = label, price
    return best


def merged(values: Array, labels: Array, energy: Energy) -> Array:
    """Neighbours merged, the most gainful pair first, until no merger lowers the energy."""
    regions = _Regions(values, labels, energy)
    while regions.merge():
        pass
    into = regions.into
    while (into[into] != into).any():
        into = into[into]
    return into[labels].astype(np.int32)


class _Regions:
    """Touching regions with what their pixels sum up to; what merges goes into the one with more neighbours."""

    def __init__(self, values: Array, labels: Array, energy: Energy) -> None:
        self.energy = energy
        self.sums = [
            list(sums) for sums in zip(*(s.astype(float).tolist() for s in _sums(values, labels)), strict=True)
        ]
        self.price = [energy.of_one(*sums) for sums in self.sums]
        self.borders = _borders(labels, energy.faces)
        self.into = np.arange(len(self.sums))

    def merge(self) -> int:
        """Merge whatever gains now; how many did. A gain that is out of date is looked at again when its turn comes."""
        queue = [self._entry(a, b) for a in self.borders for b in self.borders[a] if a < b]
        queue = [entry for entry in queue if entry[0] < -1e-9]
        heapify(queue)
        merged = 0
        while queue:
            _, a, b, size_a, size_b = heappop(queue)
            if b not in self.borders.get(a, ()):
                continue
            if self.sums[a][0] != size_a or self.sums[b][0] != size_b:
                entry = self._entry(a, b)
                if entry[0] < -1e-9:
                    heappush(queue, entry)
                continue
            merged += 1
            for entry in self._join(a, b):
                heappush(queue, entry)
        return merged

    def _entry(self, a: int, b: int) -> tuple[float, int, int, float, float]:
        both = self.energy.of_one(*(x + y for x, y in zip(self.sums[a], self.sums[b], strict=True)))
        gain = both - self.price[a] - self.price[b] - self.borders[a][b] - self.energy.cost
        return gain, a, b, self.sums[a][0], self.sums[b][0]

    def _join(self, a: int, b: int) -> list[tuple[float, int, int, float, float]]:
        """Put the one with fewer neighbours into the other; gains of the pairs that this makes."""
        if len(self.borders[a]) < len(self.borders[b]):
            a, b = b, a
        self.into[b] = a
        self.sums[a] = [x + y for x, y in zip(self.sums[a], self.sums[b], strict=True)]
        self.price[a] = self.energy.of_one(*self.sums[a])
        del self.borders[a][b], self.borders[b][a]
        moved = self.borders.pop(b)
        for other, length in moved.items():
            del self.borders[other][b]
            self.borders[a][other] = self.borders[other][a] = self.borders[a].get(other, 0.0) + length
        found = [self._entry(min(a, other), max(a, other)) for other in moved]
        return [entry for entry in found if entry[0] < -1e-9]


def without_small(values: Array, labels: Array, few: float) -> Array:
    """Connected parts of regions that have less than `few` pixels joined to the touching part with the nearest mean.

    In rounds, all small parts at once, until none is left; parts that choose each other become one. Labels from 1.
    """
    parts = connected(labels, background=-1, connectivity=1)
    while True:
        parts = np.unique(parts, return_inverse=True)[1].reshape(labels.shape)
        count, total, _ = _sums(values, parts)
        small = count < few
        if len(count) == 1 or not small.any():
            return parts + 1
        a, b = _touching(parts)
        far = np.abs(total[a] / count[a] - total[b] / count[b])
        order = np.lexsort((b, far, a))
        chosen = order[np.unique(a[order], return_index=True)[1]]
        chosen = chosen[small[a[chosen]]]
        links = coo_array((np.ones(len(chosen)), (a[chosen], b[chosen])), shape=(len(count),) * 2)
        parts = connected_components(links, directed=False)[1][parts]


def _touching(labels: Array) -> tuple[Array, Array]:
    """Every two labels that share a face, both ways."""
    count, found = int(labels.max()) + 1, []
    for axis in range(labels.ndim):
        a = np.moveaxis(labels, axis, 0)[:-1].ravel().astype(np.int64)
        b = np.moveaxis(labels, axis, 0)[1:].ravel().astype(np.int64)
        apart = a != b
        found += [np.unique(a[apart] * count + b[apart]), np.unique(b[apart] * count + a[apart])]
    first, second = np.divmod(np.unique(np.concatenate(found)), count)
    return first, second


def _borders(labels: Array, faces: tuple[float, ...]) -> dict[int, dict[int, float]]:
    """Boundary between each two touching regions, both ways."""
    found: dict[int, dict[int, float]] = {int(label): {} for label in np.unique(labels)}
    count = int(labels.max()) + 1
    for axis, weight in enumerate(faces):
        a = np.moveaxis(labels, axis, 0)[:-1].ravel().astype(np.int64)
        b = np.moveaxis(labels, axis, 0)[1:].ravel().astype(np.int64)
        apart = a != b
        codes, times = np.unique(np.minimum(a, b)[apart] * count + np.maximum(a, b)[apart], return_counts=True)
        for code, number in zip(codes.tolist(), times.tolist(), strict=True):
            low, high = divmod(code, count)
            found[low][high] = found[high][low] = found[low].get(high, 0.0) + weight * number
    return found
