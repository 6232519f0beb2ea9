"""Bag of visual words: how often each typical keypoint descriptor occurs in a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

PICTURES_AT_ONCE = 128


class Words(TransformerMixin, BaseEstimator):
    """Turn the keypoint descriptors of pictures (n, K, d) into histograms of `n_words` visual words (n, n_words).

    A slot whose descriptor is all zero is absent; a picture without any keypoint gives a row of zeros. Descriptors
    are compared as RootSIFT (the square root of their shares; Arandjelovic and Zisserman 2012,
    doi:10.1109/CVPR.2012.6248018), `sample` of them are clustered by mini-batch k-means, and a histogram is the square
    root of its words' shares (length 1, so that a dot product is the Hellinger affinity).
    A memory-mapped input is read some pictures at a time. Fitted: `centres_` (at most n_words, d) float32.
    """

    def __init__(self, n_words: int = 256, *, sample: int = 50_000, seed: int | None = 0) -> None:
        self.n_words = n_words
        self.sample = sample
        self.seed = seed

    def fit(self, X: NDArray[Any], y: Any = None) -> Self:  # noqa: ARG002 (scikit-learn asks for y)
        """Find the words among `sample` descriptors, drawn alike from all that are present."""
        _check_parameters(self)
        drawn = _drawn(_checked(X), self.sample, np.random.default_rng(self.seed))
        if not len(drawn):
            raise InputError(f"none of the {len(X)} pictures has a keypoint: there is nothing to find words in")
        words = MiniBatchKMeans(
            n_clusters=min(self.n_words, len(drawn)), batch_size=2048, n_init=1, max_iter=30, random_state=self.seed
        )
        self.centres_ = words.fit(_root(drawn)).cluster_centers_.astype(np.float32)
        return self

    def transform(self, X: NDArray[Any]) -> NDArray[np.float32]:
        """Count the words of each picture; the rows have length 1, or 0 where there is no keypoint."""
        check_is_fitted(self, "centres_")
        array = _checked(X)
        if array.shape[2] != self.centres_.shape[1]:
            raise InputError(
                f"descriptors have {array.shape[2]} values; the words were found in descriptors of "
                f"{self.centres_.shape[1]}"
            )
        return np.concatenate([np.zeros((0, self.n_words), np.float32), *map(self._histograms, _batches(array))])

    def _histograms(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        present = batch.any(axis=2)
        distance = (self.centres_**2).sum(axis=1) - 2 * (_root(batch[present]) @ self.centres_.T)
        cell = np.nonzero(present)[0] * self.n_words + distance.argmin(axis=1)
        counts = np.bincount(cell, minlength=len(batch) * self.n_words).reshape(len(batch), self.n_words)
        return np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        return np.array([f"word_{index}" for index in range(self.n_words)], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


def _check_parameters(words: Words) -> None:
    for name in ("n_words", "sample"):
        if getattr(words, name) < 1:
            raise InputError(f"{name} must be at least 1, got {getattr(words, name)}")


def _checked(X: Any) -> NDArray[Any]:
    array = X if isinstance(X, np.ndarray) else np.asarray(X)
    if array.ndim != 3 or array.dtype.kind not in "uif":
        raise InputError(
            f"words need descriptors as numbers of shape (pictures, keypoints, values), "
            f"got shape {array.shape} of {array.dtype}"
        )
    return array


def _batches(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    for start in range(0, len(array), PICTURES_AT_ONCE):
        yield np.asarray(array[start : start + PICTURES_AT_ONCE])


def _drawn(array: NDArray[Any], most: int, random: np.random.Generator) -> NDArray[Any]:
    """At most `most` present descriptors, each with the same chance: one pass counts, a second one picks."""
    present = sum(int(batch.any(axis=2).sum()) for batch in _batches(array))
    chosen = np.sort(random.choice(present, min(most, present), replace=False)) if present else np.zeros(0, np.intp)
    picked, seen = [np.zeros((0, array.shape[2]), array.dtype)], 0
    for batch in _batches(array):
        here = batch[batch.any(axis=2)]
        picked.append(here[chosen[np.searchsorted(chosen, seen) : np.searchsorted(chosen, seen + len(here))] - seen])
        seen += len(here)
    return np.concatenate(picked)


def _root(descriptors: NDArray[Any]) -> NDArray[np.float32]:
    """RootSIFT: the square root of each value's share of its descriptor."""
    shares = descriptors.astype(np.float32)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    return np.sqrt(shares, out=shares)
