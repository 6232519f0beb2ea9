"""Pictures that are the same, or nearly: identical pixels and twins by normalised correlation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.core import InputError

Array = NDArray[Any]

SIDE = 32  # pixels a side at which all pairs are first compared
HASHED_SIDE = 16  # and where candidates are hashed: 1 kB a picture, so that 100,000 stay small
BLOCK = 512  # pictures a side of a block of the comparison
ROOM = 64 * 2**20  # bytes of float32 pixels held at once
TABLES = 32  # hash tables beyond `exhaustive_up_to`
ALL_PAIRS = 1000  # of more identical copies than this, each is paired with the first two only
MOST_PAIRS = 2_000_000  # suspects beyond this are counted out; twins never are
SLACK = 1e-5  # rounding of float32 sums; candidates only, the listed r is compared without it


@dataclass(frozen=True)
class Twins:
    """Pairs of rows `a` < `b` whose pictures correlate with `r` >= `suspect`; twins are those with r > `twin`.

    `recall` is 1 where all pairs were compared, else the estimated share of twins found. `cut` says that there were too
    many suspects to list, so that only twins are complete.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    r: NDArray[np.float64]
    twin: float = 0.99
    suspect: float = 0.95
    recall: float = 1.0
    cut: bool = False

    @property
    def pairs(self) -> NDArray[np.int64]:
        """Twins (k, 2), the nearest first."""
        return self._sorted(self.r > self.twin)

    @property
    def suspects(self) -> NDArray[np.int64]:
        """Pairs (k, 2) that are suspect but not twins, the nearest first."""
        return self._sorted(self.r <= self.twin)

    def _sorted(self, chosen: Array) -> NDArray[np.int64]:
        order = np.argsort(-self.r[chosen], kind="stable")
        return np.column_stack([self.a[chosen], self.b[chosen]])[order]


def identical(pictures: Array) -> NDArray[np.int64]:
    """Pairs (k, 2) of rows with equal pixels; of more than 1,000 copies, each is paired with the first two only."""
    rows_of: dict[bytes, list[int]] = {}
    for row in range(len(pictures)):
        pixels = np.ascontiguousarray(pictures[row])
        rows_of.setdefault(hashlib.blake2b(pixels.data, digest_size=16).digest(), []).append(row)
    found = [_couples(np.array(rows)) for rows in rows_of.values() if len(rows) > 1]
    return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)


def _couples(rows: Array) -> NDArray[np.int64]:
    a, b = np.triu_indices(len(rows), 1) if len(rows) <= ALL_PAIRS else np.indices((2, len(rows))).reshape(2, -1)
    return np.column_stack([rows[a[a < b]], rows[b[a < b]]])


def twins(pictures: Array, *, twin: float = 0.99, suspect: float = 0.95, exhaustive_up_to: int = 20_000) -> Twins:
    """Pairs among `pictures` (n, height, width) whose normalised correlation is at least `suspect`.

    Up to `exhaustive_up_to` pictures every pair is compared. Larger pictures are first averaged over 32 x 32 blocks. In
    the basis of normalised block sums this is an orthogonal projection P, so with unit vectors x, y and e = |Px|^2,
    f = |Py|^2 the correlation is at most <Px, Py> + sqrt((1 - e)(1 - f)) (Cauchy-Schwarz on what P drops). Only pairs
    whose bound falls short are left out, hence no pair is missed; the others are computed at full size.
    Beyond that number candidates share a hash (signs of random projections, Charikar doi:10.1145/509907.509965, of the
    pictures less their mean) in one of 32 tables, and `recall` is estimated by planting twins of r = `twin`.
    Constant pictures correlate with nothing; `identical` finds equal ones. Memory is bounded but for the reduced
    pictures (4 kB each, hashed ones 1 kB) and the pairs found.
    """
    if pictures.ndim != 3:
        raise InputError(f"prepared pictures must have shape (n, height, width), got {pictures.shape}")
    recall = 1.0
    if len(pictures) <= exhaustive_up_to:
        parts = _exhaustive(pictures, _reduced(pictures, SIDE), suspect)
    else:
        features = _reduced(pictures, HASHED_SIDE)
        keys, recall = _hashes(features[:, :-1], twin)
        parts = _hashed(pictures, features, keys, suspect)
    return _gathered(parts, twin, suspect, recall)


def _gathered(parts: Iterator[tuple[Array, Array, Array]], twin: float, suspect: float, recall: float) -> Twins:
    kept, size, cut = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))], 0, False
    for a, b, r in parts:
        cut = cut or size > MOST_PAIRS
        chosen = r > twin if cut else r >= suspect
        kept.append((a[chosen], b[chosen], r[chosen]))
        size += int(chosen.sum())
    a, b, r = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.lexsort((b, a))
    return Twins(a[order], b[order], r[order], twin, suspect, recall, cut)


def _unit(pictures: Array) -> NDArray[np.float32]:
    """Pictures as rows of mean 0 and length 1; constant ones as zeros."""
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)
    length = np.sqrt(np.einsum("ij,ij->i", flat, flat, dtype=np.float64))
    return flat * np.divide(1, length, out=np.zeros_like(length), where=length > 1e-3)[:, None].astype(np.float32)


def _chunks(n: int, pixels: int) -> Iterator[slice]:
    step = max(1, ROOM // (4 * pixels))
    return (slice(start, min(n, start + step)) for start in range(0, n, step))


def _reduced(pictures: Array, side: int) -> NDArray[np.float32]:
    """Projection of each picture, and sqrt(1 - e) as a last column: products of two rows bound the correlation."""
    n, height, width = pictures.shape
    rows, columns = _edges(height, side), _edges(width, side)
    area = np.outer(np.diff([*rows, height]), np.diff([*columns, width])).ravel()
    made = np.zeros((n, len(area) + 1), dtype=np.float32)
    for part in _chunks(n, height * width):
        x = _unit(pictures[part]).reshape(-1, height, width)
        sums = np.add.reduceat(np.add.reduceat(x, rows, axis=1), columns, axis=2).reshape(len(x), -1)
        made[part, :-1] = sums / np.sqrt(area)
        energy = np.einsum("ij,ij->i", made[part, :-1], made[part, :-1], dtype=np.float64)
        made[part, -1] = np.where(energy > 0, np.sqrt(np.clip(1 - energy, 0, 1)), x.any(axis=(1, 2)))
    return made


def _edges(size: int, side: int) -> NDArray[np.int64]:
    return np.linspace(0, size, min(size, side) + 1).astype(np.int64)[:-1]


def _exhaustive(pictures: Array, features: Array, suspect: float) -> Iterator[tuple[Array, Array, Array]]:
    for i in range(0, len(features), BLOCK):
        for j in range(i, len(features), BLOCK):
            bound = features[i : i + BLOCK] @ features[j : j + BLOCK].T
            a, b = np.nonzero(bound >= suspect - SLACK)
            a, b = a + i, b + j
            yield _confirmed_block(pictures, a[a < b], b[a < b])


def _confirmed_block(pictures: Array, a: Array, b: Array) -> tuple[Array, Array, Array]:
    """Full-size correlation of pairs, through one matrix product over the rows that occur in them."""
    rows_a, at_a = np.unique(a, return_inverse=True)
    rows_b, at_b = np.unique(b, return_inverse=True)
    pixels = int(np.prod(pictures.shape[1:]))
    r = np.zeros((len(rows_a), len(rows_b)), dtype=np.float32)
    for part_a in _chunks(len(rows_a), pixels):
        left = _unit(pictures[rows_a[part_a]])
        for part_b in _chunks(len(rows_b), pixels):
            r[part_a, part_b] = left @ _unit(pictures[rows_b[part_b]]).T
    return a, b, np.minimum(r[at_a, at_b].astype(float), 1.0)


def _hashes(features: Array, twin: float) -> tuple[NDArray[np.int64], float]:
    """Keys (tables, n) of each picture, and the share of planted twins that share a key."""
    rng = np.random.default_rng(0)
    bits = max(4, int(np.ceil(np.log2(len(features)))) - 2)
    planes = rng.standard_normal((features.shape[1], TABLES * bits)).astype(np.float32)
    mean = features.mean(axis=0)
    sample = features[rng.choice(len(features), min(500, len(features)), replace=False)]
    length = np.linalg.norm(sample, axis=1, keepdims=True)
    away = rng.standard_normal(sample.shape)
    away -= (away * sample).sum(axis=1, keepdims=True) / np.maximum(length, 1e-12) ** 2 * sample
    away *= length / np.linalg.norm(away, axis=1, keepdims=True)
    planted = (twin * sample + np.sqrt(1 - twin**2) * away).astype(np.float32)
    shared = (_keys(sample - mean, planes, bits) == _keys(planted - mean, planes, bits)).any(axis=0)
    keys = [_keys(features[part] - mean, planes, bits) for part in _chunks(len(features), 4 * planes.shape[1])]
    return np.concatenate(keys, axis=1), float(shared.mean())


def _keys(features: Array, planes: Array, bits: int) -> NDArray[np.int64]:
    signs = (features @ planes > 0).reshape(len(features), -1, bits)
    return (signs @ (1 << np.arange(bits))).T


def _hashed(pictures: Array, features: Array, keys: Array, suspect: float) -> Iterator[tuple[Array, Array, Array]]:
    """Pairs with a common key whose bound reaches `suspect`, each confirmed once, at full size."""
    codes = [np.zeros(0, dtype=np.int64)]
    lively = np.flatnonzero(features.any(axis=1))  # constant pictures would share one huge bucket
    for key in keys[:, lively]:
        order = lively[np.argsort(key, kind="stable")]
        key = np.sort(key)
        for a, b in _neighbours(key):
            low, high = np.minimum(order[a], order[b]), np.maximum(order[a], order[b])
            for part in _chunks(len(low), 2 * features.shape[1]):
                near = np.einsum("ij,ij->i", features[low[part]], features[high[part]]) >= suspect - SLACK
                codes.append((low[part] * len(features) + high[part])[near])
        codes = [np.unique(np.concatenate(codes))]
    a, b = np.divmod(codes[0], len(features))
    for part in _chunks(len(a), 2 * int(np.prod(pictures.shape[1:]))):
        r = np.einsum("ij,ij->i", _unit(pictures[a[part]]), _unit(pictures[b[part]]))
        yield a[part], b[part], np.minimum(r.astype(float), 1.0)


def _neighbours(key: Array) -> Iterator[tuple[Array, Array]]:
    """Positions of equal entries of a sorted array, all pairs, by their distance: 1, 2, 3 ..."""
    at = np.arange(len(key))
    distance = 1
    while len(at):
        at = at[at + distance < len(key)]
        at = at[key[at] == key[at + distance]]
        yield at, at + distance
        distance += 1
