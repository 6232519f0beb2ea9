"""A classifier of pixels: a random forest on a sample of them that weighs labels as they occur."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from radiolucent.core import InputError


@dataclass(frozen=True, eq=False)
class Sample:
    """Pixels drawn from one picture: features (n, f), labels (n,), and for how many pixels each stands (n,)."""

    features: NDArray[np.float32]
    labels: NDArray[np.int64]
    weights: NDArray[np.float64]


def drawn(features: NDArray[np.float32], labels: NDArray[Any], *, most: int, seed: Sequence[int]) -> Sample:
    """At most `most` pixels, as many of each label as there are; features (*shape, f), labels (*shape)."""
    random = np.random.default_rng(seed)
    rows, flat = features.reshape(-1, features.shape[-1]), np.asarray(labels, np.int64).ravel()
    kept, weights = [], []
    present = np.unique(flat)
    for label in present:
        there = np.flatnonzero(flat == label)
        few = min(len(there), max(1, most // len(present)))
        kept.append(np.sort(random.choice(there, few, replace=False)))
        weights.append(np.full(few, len(there) / few))
    at = np.concatenate(kept)
    return Sample(rows[at], flat[at], np.concatenate(weights))


def fitted(samples: Sequence[Sample], *, trees: int, seed: int, threads: int = 1) -> RandomForestClassifier:
    """The forest of all samples; its `classes_` are the labels, the background 0 among them."""
    labels = np.concatenate([one.labels for one in samples])
    if len(np.unique(labels)) < 2:
        raise InputError(f"all pixels drawn have the label {labels[0]}; the masks must hold two labels or more")
    forest = RandomForestClassifier(trees, min_samples_leaf=5, max_features="sqrt", random_state=seed, n_jobs=threads)
    weights = np.concatenate([one.weights for one in samples])
    return forest.fit(np.concatenate([one.features for one in samples]), labels, weights / weights.mean())
