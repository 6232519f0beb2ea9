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
    alone; without one (None) no descriptors are needed. `statistics` names the F columns, whose gaps become 0. Where the
    array holds them, `columns` (named) follow with their gaps, and last the number of the row's `site`.
    The array may be a memory-map: it is read by 256 rows.
    """

    def __init__(self, words: Any, *, statistics: Sequence[str] = (), columns: Sequence[str] = ()) -> None:
        self.words = words
        self.statistics = statistics
        self.columns = columns

    def fit(self, X: Any, y: Any = None) -> Self:
        """Fit a copy of `words` on the descriptors."""
        X = self._structured(X)
        self.words_ = None if self.words is None else clone(self.words).fit(X["descriptors"], y)
        self.n_words_ = 0 if self.words_ is None else self.words_.transform(X["descriptors"][:1]).shape[1]
        self.n_statistics_ = X.dtype["statistics"].shape[0]
        if self.statistics and len(self.statistics) != self.n_statistics_:
            raise InputError(f"{len(self.statistics)} names were given for {self.n_statistics_} statistics")
        self.more_ = [name for name in ("columns", "site") if name in X.dtype.names]
        return self

    def transform(self, X: Any) -> NDArray[np.float32]:
        """Numeric table (n, words + F), words first."""
        check_is_fitted(self, "words_")
        X = self._structured(X)
        parts = [self._joined(X[start : start + CHUNK]) for start in range(0, len(X), CHUNK)]
        return np.concatenate([np.empty((0, len(self.get_feature_names_out())), np.float32), *parts])

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002 - the contract
        """Names of the table's columns: word_0 ..., then the statistics, the columns and the site."""
        check_is_fitted(self, "words_")
        statistics = self.statistics or [f"statistic_{i}" for i in range(self.n_statistics_)]
        more = [*(self.columns if "columns" in self.more_ else ()), *(["site"] if "site" in self.more_ else ())]
        return np.array([*(f"word_{i}" for i in range(self.n_words_)), *statistics, *more], dtype=object)

    def _joined(self, chunk: Any) -> NDArray[np.float32]:
        words = [] if self.words_ is None else [np.asarray(self.words_.transform(chunk["descriptors"]), np.float32)]
        statistics = np.nan_to_num(np.asarray(chunk["statistics"], np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        more = [np.asarray(chunk[name], np.float32).reshape(len(chunk), -1) for name in self.more_]
        return np.hstack([*words, statistics, *more])

    def _structured(self, X: Any) -> Any:
        names = getattr(getattr(X, "dtype", None), "names", None) or ()
        needed = ("statistics",) if self.words is None else ("descriptors", "statistics")
        if not set(needed) <= set(names):
            fields = " and ".join(map(repr, needed))
            raise InputError(f"rows need the fields {fields}, got {list(names) or type(X).__name__}")
        return X
