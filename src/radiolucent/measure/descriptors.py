"""What bags of words, VLAD and Fisher vectors share: descriptors of many pictures, read some pictures at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError, unknown

Array = NDArray[Any]

PICTURES_AT_ONCE = 128

Values = Literal["counts", "bits", "real"]
"""What descriptors hold: histograms (SIFT), bytes of bits (ORB, BRISK, AKAZE), or numbers with a sign (SURF, KAZE)."""


@dataclass(eq=False, repr=False)
class OfDescriptors(TransformerMixin, BaseEstimator):
    """A transformer of descriptors (n, K, d); a slot whose descriptor is all zero is absent.

    Whoever inherits has `n_words`, learns from drawn descriptors in `_learn` and turns a batch of pictures into rows in
    `_rows`.
    """

    _: KW_ONLY
    sample: int = 50_000
    values: Values = "counts"
    seed: int | None = 0

    def fit(self, X: Array, y: Any = None) -> Self:  # noqa: ARG002 (scikit-learn asks for y)
        """Learn from `sample` descriptors, drawn alike from all that are present."""
        self._check_parameters()
        array = checked(X)
        found = drawn(array, self.sample, np.random.default_rng(self.seed))
        if not len(found):
            raise InputError(f"none of the {len(X)} pictures has a keypoint: there is nothing to find words in")
        self.length_ = array.shape[2]
        self._learn(prepared(found, self.values))
        return self

    def transform(self, X: Array) -> NDArray[np.float32]:
        """A row for each picture, of length 1, or 0 where there is no keypoint."""
        check_is_fitted(self, "length_")
        array = checked(X)
        if array.shape[2] != self.length_:
            raise InputError(
                f"descriptors have {array.shape[2]} values; the words were found in descriptors of {self.length_}"
            )
        width = len(self.get_feature_names_out())
        return np.concatenate([np.zeros((0, width), np.float32), *map(self._rows, batches(array))])

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns."""
        raise NotImplementedError

    def _learn(self, descriptors: NDArray[np.float32]) -> None:
        raise NotImplementedError

    def _rows(self, batch: Array) -> NDArray[np.float32]:
        raise NotImplementedError

    def _check_parameters(self) -> None:
        for name in ("n_words", "sample"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.values not in get_args(Values):
            raise unknown("kind of descriptor values", self.values, get_args(Values))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


def checked(X: Any) -> Array:
    """Descriptors as an array of three axes, or the error that says what they are."""
    array = X if isinstance(X, np.ndarray) else np.asarray(X)
    if array.ndim != 3 or array.dtype.kind not in "uif":
        raise InputError(
            f"words need descriptors as numbers of shape (pictures, keypoints, values), "
            f"got shape {array.shape} of {array.dtype}"
        )
    return array


def batches(array: Array) -> Iterator[Array]:
    """The pictures, some at a time."""
    for start in range(0, len(array), PICTURES_AT_ONCE):
        yield np.asarray(array[start : start + PICTURES_AT_ONCE])


def drawn(array: Array, most: int, random: np.random.Generator) -> Array:
    """At most `most` present descriptors, each with the same chance: one pass counts, a second one picks."""
    present = sum(int(batch.any(axis=2).sum()) for batch in batches(array))
    chosen = np.sort(random.choice(present, min(most, present), replace=False)) if present else np.zeros(0, np.intp)
    picked, seen = [np.zeros((0, array.shape[2]), array.dtype)], 0
    for batch in batches(array):
        here = batch[batch.any(axis=2)]
        picked.append(here[chosen[np.searchsorted(chosen, seen) : np.searchsorted(chosen, seen + len(here))] - seen])
        seen += len(here)
    return np.concatenate(picked)


def prepared(descriptors: Array, values: Values) -> NDArray[np.float32]:
    """Descriptors (n, d) as they are compared by Euclidean distance.

    Counts become RootSIFT (the square root of each value's share; Arandjelovic and Zisserman 2012,
    doi:10.1109/CVPR.2012.6248018), bytes become their bits, real values are brought to length 1.
    """
    if values == "bits":
        return np.unpackbits(descriptors.astype(np.uint8), axis=1).astype(np.float32)
    rows = descriptors.astype(np.float32)
    if values == "real":
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    rows /= np.maximum(rows.sum(axis=1, keepdims=True), 1e-12)
    return np.sqrt(rows, out=rows)


def unit_rows(rows: Array) -> NDArray[np.float32]:
    """Each row brought to length 1; a row of zeros stays."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(length > 0, length, 1)).astype(np.float32)
