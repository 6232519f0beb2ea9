"""Bag of visual words: how often each typical keypoint descriptor occurs in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans

from .descriptors import OfDescriptors, prepared


@dataclass(eq=False, repr=False)
class Words(OfDescriptors):
    """Turn the keypoint descriptors of pictures (n, K, d) into histograms of `n_words` visual words (n, n_words).

    A slot whose descriptor is all zero is absent; a picture without any keypoint gives a row of zeros. `values` says
    what a descriptor holds, and so how two are compared: `counts` as RootSIFT, `bits`, or `real` numbers. `sample` of
    them are clustered by mini-batch k-means, and a histogram is the square root of its words' shares (length 1, so that
    a dot product is the Hellinger affinity). A memory-mapped input is read some pictures at a time.
    Fitted: `centres_` (at most n_words, d) float32, `length_` of a descriptor.
    """

    n_words: int = 256

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        return np.array([f"word_{index}" for index in range(self.n_words)], dtype=object)

    def _learn(self, descriptors: NDArray[np.float32]) -> None:
        self.centres_ = centres(descriptors, self.n_words, self.seed)

    def _rows(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        present = batch.any(axis=2)
        word = nearest(prepared(batch[present], self.values), self.centres_)
        cell = np.nonzero(present)[0] * self.n_words + word
        counts = np.bincount(cell, minlength=len(batch) * self.n_words).reshape(len(batch), self.n_words)
        return np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(np.float32)


def centres(descriptors: NDArray[np.float32], n_words: int, seed: int | None) -> NDArray[np.float32]:
    """At most `n_words` typical descriptors, by mini-batch k-means."""
    words = MiniBatchKMeans(
        n_clusters=min(n_words, len(descriptors)), batch_size=2048, n_init=1, max_iter=30, random_state=seed
    )
    return words.fit(descriptors).cluster_centers_.astype(np.float32)


def nearest(descriptors: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.intp]:
    """Which word is nearest to each descriptor."""
    distance = (words**2).sum(axis=1) - 2 * (descriptors @ words.T)
    return distance.argmin(axis=1)
