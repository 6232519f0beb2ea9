"""Keypoint descriptors and statistics joined into one numeric table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

CHUNK = 256


class Rows(TransformerMixin, BaseEstimator):
    """Turn a structured array (n,) of `descriptors` (K, d) and `statistics` (F,) into a table (n, words + F) float32.

    `words` is a transformer from descriptors (n, K, d) to (n, words); it is fitted here, on the rows given to `fit`
    alone. `statistics` names the F columns. The array may be a memory-map: it is read by 256 rows.
    """

    def __init__(self, words: Any, *, statistics: Sequence[str] = ()) -> None:
        self.words = words
        self.statistics = statistics

    def fit(self, X: Any, y: Any = None) -> Self:
        """Fit a copy of `words` on the descriptors."""
        X = _structured(X)
        self.words_ = clone(self.words).fit(X["descriptors"], y)
        self.n_words_ = self.words_.transform(X["descriptors"][:1]).shape[1]
        self.n_statistics_ = X.dtype["statistics"].shape[0]
        if self.statistics and len(self.statistics) != self.n_statistics_:
            raise InputError(f"{len(self.statistics)} names were given for {self.n_statistics_} statistics")
        return self

    def transform(self, X: Any) -> NDArray[np.float32]:
        """Numeric table (n, words + F), words first."""
        check_is_fitted(self, "words_")
        X = _structured(X)
        parts = [self._joined(X[start : start + CHUNK]) for start in range(0, len(X), CHUNK)]
        return np.concatenate([np.empty((0, self.n_words_ + self.n_statistics_), np.float32), *parts])

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002 - the contract
        """Names of the table's columns: word_0 ..., then the statistics."""
        check_is_fitted(self, "words_")
        statistics = self.statistics or [f"statistic_{i}" for i in range(self.n_statistics_)]
        return np.array([*(f"word_{i}" for i in range(self.n_words_)), *statistics], dtype=object)

    def _joined(self, chunk: Any) -> NDArray[np.float32]:
        words = np.asarray(self.words_.transform(chunk["descriptors"]), np.float32)
        statistics = np.asarray(chunk["statistics"], np.float32)
        return np.hstack([words, np.nan_to_num(statistics, nan=0.0, posinf=0.0, neginf=0.0)])


def _structured(X: Any) -> Any:
    names = getattr(getattr(X, "dtype", None), "names", None) or ()
    if not {"descriptors", "statistics"} <= set(names):
        raise InputError(f"rows need the fields 'descriptors' and 'statistics', got {list(names) or type(X).__name__}")
    return X
