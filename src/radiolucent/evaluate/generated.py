"""How near generated pictures come to real ones: KID, Fréchet distance, precision and recall, and what was copied.

Everything works on rows: an embedding (n, d) of each picture, or its pixels. A figure means something only beside its
floor: the same figure of real pictures against other real ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh, eigvalsh
from scipy.spatial.distance import cdist
from scipy.stats import norm

from radiolucent.core import InputError

from .figures import Figure

Array = NDArray[np.float64]
TIE = 1e-9


def kid(real: ArrayLike, other: ArrayLike, *, level: float = 0.95) -> Figure:
    """Kernel distance of two samples (n, d), (m, d): the unbiased squared MMD of the kernel (x.y / d + 1)^3.

    Its expectation is 0 where both are drawn alike, whatever n and m are, so it may be negative. The interval is normal
    with the jackknife's standard error over the rows of both samples; it is too wide where the two are drawn alike.
    Bińkowski et al. 2018, arXiv:1801.01401.
    """
    x, y = _rows(real, other, fewest=3)
    return _with_error(_cubic(x, x), _cubic(y, y), _cubic(x, y), level)


def frechet(real: ArrayLike, other: ArrayLike) -> float:
    """Squared Fréchet distance of the normal distributions with the samples' means and covariances.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)); Dowson & Landau 1982, doi:10.1016/0047-259X(82)90077-X. It grows as samples
    get smaller: compare only samples of one size, and beside the floor (Heusel et al. 2017, arXiv:1706.08500).
    """
    x, y = _rows(real, other, fewest=2)
    apart = x.mean(axis=0) - y.mean(axis=0)
    first, second = np.atleast_2d(np.cov(x, rowvar=False)), np.atleast_2d(np.cov(y, rowvar=False))
    values, vectors = eigh(first)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    shared = np.sqrt(eigvalsh(root @ second @ root).clip(0)).sum()
    return float(max(0.0, apart @ apart + np.trace(first) + np.trace(second) - 2 * shared))


def precision_recall(real: ArrayLike, other: ArrayLike, *, k: int = 3) -> dict[str, float]:
    """Share of `other` that lies among the real rows ("precision"), and of the real rows that lies among the others.

    A row lies among a sample where it is no farther from one of its rows than that row's `k`-th neighbour in the sample.
    Kynkäänniemi et al. 2019, arXiv:1904.06991.
    """
    x, y = _rows(real, other, fewest=k + 1)
    between = cdist(x, y)
    return {
        "precision": float((between <= _reach(x, k)[:, None]).any(axis=0).mean()),
        "recall": float((between <= _reach(y, k)).any(axis=1).mean()),
    }


def memorised(
    training: ArrayLike,
    held_out: ArrayLike,
    generated: ArrayLike,
    *,
    strata: tuple[ArrayLike, ArrayLike] | None = None,
    draws: int = 10_000,
    seed: int = 0,
) -> dict[str, float]:
    """Whether generated rows are nearer to training rows than to held-out ones that were drawn alike.

    `share` is the part of the generated rows whose nearest real row is one of training (rows equally near share a vote).
    What has learned nothing by heart cannot tell the two apart: `expected` is the share's mean when the names of training
    and held out are dealt anew among the real rows (within each class, with `strata`: the classes of both), `low` and
    `high` hold 95 % of the dealt shares, and `p` is how often they reach the share found (one-sided, never 0).
    Also `nearest_training` and `nearest_held_out`: median distances of the generated rows, and `held_out_training` that of
    held-out rows to training. The permutation of the two samples makes the test of arXiv:2004.05675 exact at any n.
    """
    x, h = _rows(training, held_out, fewest=1)
    _, g = _rows(x, generated, fewest=1)
    classes = _strata(strata, len(x), len(h))
    away = np.concatenate([cdist(g, x), cdist(g, h)], axis=1)
    votes = _votes(away)
    share = float(votes[: len(x)].sum() / len(g))
    dealt = _dealt(votes, classes, np.arange(len(votes)) < len(x), draws, np.random.default_rng(seed)) / len(g)
    low, high = np.quantile(dealt, [0.025, 0.975])
    return {
        "share": share, "expected": float(dealt.mean()), "low": float(low), "high": float(high),
        "p": float((1 + np.sum(dealt >= share - TIE)) / (draws + 1)),
        "nearest_training": float(np.median(away[:, : len(x)].min(axis=1))),
        "nearest_held_out": float(np.median(away[:, len(x) :].min(axis=1))),
        "held_out_training": float(np.median(cdist(h, x).min(axis=1))),
    }  # fmt: skip


def nearest(rows: ArrayLike, among: ArrayLike) -> tuple[NDArray[np.intp], Array]:
    """For each row the number of the nearest one `among`, and how far it is."""
    a, b = _rows(rows, among, fewest=1)
    away = cdist(a, b)
    return away.argmin(axis=1), away.min(axis=1)


def _rows(first: ArrayLike, second: ArrayLike, *, fewest: int) -> tuple[Array, Array]:
    pair = [np.asarray(one, np.float64).reshape(len(np.asarray(one)), -1) for one in (first, second)]
    if pair[0].shape[1] != pair[1].shape[1]:
        raise InputError(
            f"the two samples have rows of {pair[0].shape[1]} and {pair[1].shape[1]} numbers; embed them alike"
        )
    if min(map(len, pair)) < fewest:
        raise InputError(f"{len(pair[0])} and {len(pair[1])} pictures were given; {fewest} of each are needed at least")
    if not all(np.isfinite(one).all() for one in pair):
        raise InputError("an embedding holds values that are not finite; the net that gave it has diverged")
    return pair[0], pair[1]


def _cubic(x: Array, y: Array) -> Array:
    return (x @ y.T / x.shape[1] + 1) ** 3


def _with_error(first: Array, second: Array, cross: Array, level: float) -> Figure:
    """The estimate out of kernel values, and its jackknife: each row's values taken out once."""
    own, n = _without_diagonal(first)
    other, m = _without_diagonal(second)
    value = own.sum() / (n * (n - 1)) + other.sum() / (m * (m - 1)) - 2 * cross.mean()
    less_x = (own.sum() - 2 * own) / ((n - 1) * (n - 2)) - 2 * (cross.sum() - cross.sum(axis=1)) / ((n - 1) * m)
    less_y = (other.sum() - 2 * other) / ((m - 1) * (m - 2)) - 2 * (cross.sum() - cross.sum(axis=0)) / (n * (m - 1))
    error = np.sqrt((n - 1) * less_x.var() + (m - 1) * less_y.var())
    reach = float(norm.ppf((1 + level) / 2) * error)
    return {"value": float(value), "low": float(value - reach), "high": float(value + reach)}


def _without_diagonal(kernel: Array) -> tuple[Array, int]:
    """Sums of the rows but for the diagonal, and their number."""
    return kernel.sum(axis=1) - np.diag(kernel), len(kernel)


def _reach(rows: Array, k: int) -> Array:
    """Distance of each row to its `k`-th neighbour among the others."""
    return np.partition(cdist(rows, rows), k, axis=1)[:, k]


def _votes(away: Array) -> Array:
    """How many of the generated rows have each real row for their nearest."""
    near = away <= away.min(axis=1, keepdims=True) * (1 + TIE) + TIE
    return (near / near.sum(axis=1, keepdims=True)).sum(axis=0)


def _strata(strata: tuple[ArrayLike, ArrayLike] | None, n: int, m: int) -> NDArray[Any]:
    if strata is None:
        return np.zeros(n + m, int)
    parts = [np.asarray(part) for part in strata]
    if (len(parts[0]), len(parts[1])) != (n, m):
        raise InputError(f"{len(parts[0])} and {len(parts[1])} classes were given for {n} and {m} pictures")
    return np.concatenate(parts)


def _dealt(
    votes: Array, classes: NDArray[Any], is_training: NDArray[np.bool_], draws: int, random: np.random.Generator
) -> Array:
    """Votes that fall on training when its name is dealt anew within each class, `draws` times."""
    total = np.zeros(draws)
    for name in np.unique(classes):
        here, count = votes[classes == name], int(is_training[classes == name].sum())
        fewer = min(count, len(here) - count)
        drawn = np.array([random.choice(here, fewer, replace=False).sum() for _ in range(draws)])
        total += drawn if fewer == count else here.sum() - drawn
    return total
