"""Bootstraps, twins and DeLong beside plain loops over scikit-learn and numpy; and whether the intervals cover."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from side_by_side import Pair, main
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from radiolucent.evaluate import auc_figure, delong_difference, folds, macro_auc, resamples, scores, twins

Array = NDArray[Any]


def cohort(n: int, seed: int = 0) -> tuple[Array, Array, Array]:
    """Targets, probabilities (n, 2) and patients, about two images each, alike within a patient."""
    rng = np.random.default_rng(seed)
    patients = np.sort(rng.integers(0, n // 2, n))
    y = (patients * 7919 % 2).astype(int)
    z = rng.standard_normal(n // 2)[patients] + 0.5 * rng.standard_normal(n) + y
    p = 1 / (1 + np.exp(-z))
    return y, np.column_stack([1 - p, p]), patients


def loop_auc(y: Array, p: Array, weights: Array) -> Array:
    return np.array([roc_auc_score(y, p[:, 1], sample_weight=w) for w in weights])


def all_scores(y: Array, p: Array, patients: Array, replicates: int) -> dict[str, Array]:
    decided = (p[:, 1] >= 0.5).astype(int)
    return resamples(y, patients, replicates=replicates).apply(lambda w: scores(y, p, decided, w))


def plain_correlation(pictures: Array) -> Array:
    r = np.corrcoef(pictures.reshape(len(pictures), -1))
    return np.argwhere(np.triu(r, 1) >= 0.95)


def delong_by_pairs(y: Array, a: Array, b: Array) -> Array:
    kernels = [np.subtract.outer(s[y], s[~y]) for s in (a, b)]
    shares = [(k > 0) + (k == 0) / 2 for k in kernels]
    above, below = np.cov([k.mean(1) for k in shares]), np.cov([k.mean(0) for k in shares])
    return above / y.sum() + below / (~y).sum()


def peer_folds(y: Array, patients: Array) -> list[Any]:
    return list(StratifiedGroupKFold(5, shuffle=True, random_state=0).split(y, y, patients))


def pairs() -> Iterator[Pair]:
    y, p, patients = cohort(5000)
    weights = next(resamples(y, patients, replicates=100).weights())
    yield Pair(
        "AUC, 100 patient draws of 5000 rows", partial(macro_auc, y, p, weights),
        "scikit-learn", partial(loop_auc, y, p, weights), 3,
    )  # fmt: skip
    yield Pair(
        "all 12 figures against AUC only, 100 draws", partial(all_scores, y, p, patients, 100),
        "scikit-learn", partial(loop_auc, y, p, weights), 1,
    )  # fmt: skip
    yield Pair(
        "DeLong difference, 5000 rows", partial(delong_difference, y == 1, p[:, 1], p[::-1, 1]),
        "all pairs", partial(delong_by_pairs, y == 1, p[:, 1], p[::-1, 1]), 10,
    )  # fmt: skip
    yield Pair("patient folds, 5000 rows", partial(folds, y, patients, n_folds=5, seed=0),
               "scikit-learn", partial(peer_folds, y, patients), 2)  # fmt: skip
    pictures = gaussian_filter(np.random.default_rng(0).standard_normal((1500, 128, 128)), (0, 2, 2))
    grey = np.clip(128 + 120 * pictures / np.abs(pictures).max(), 0, 255).astype(np.uint8)
    yield Pair(
        "twins among 1500 pictures of 128^2", partial(twins, grey),
        "numpy.corrcoef", partial(plain_correlation, grey), 1,
    )  # fmt: skip


def coverage(draw: Callable[[int], tuple[Array, Array, Array]], truth: float, times: int = 300) -> tuple[float, float]:
    """Share of 95 % intervals that hold the true AUC: resampling patients, and (wrongly) images."""
    hits = np.zeros(2)
    for k in range(times):
        y, p, patients = draw(k + 1)
        found = [auc_figure(y, p, who, replicates=500, seed=k) for who in (patients, None)]
        hits += [(f["low"] or 0) <= truth <= (f["high"] or 1) for f in found]
    return hits[0] / times, hits[1] / times


if __name__ == "__main__":
    if "--coverage" in sys.argv:
        true_y, true_p, _ = cohort(400_000)
        for size in (100, 300, 1000):
            by_patient, by_image = coverage(partial(cohort, size), float(macro_auc(true_y, true_p)[0]))
            print(f"{size:5} images: {100 * by_patient:.1f} % resampling patients, {100 * by_image:.1f} % images")
    else:
        main(pairs, __doc__ or "")
