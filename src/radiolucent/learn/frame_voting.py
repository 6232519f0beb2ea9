"""Sequences judged frame by frame: a classifier of frames, and the mean of its votes."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from radiolucent.core import InputError

from .sequences import as_sequences, spread

CHUNK = 64
"""Sequences described at once."""


class FrameVoting(ClassifierMixin, BaseEstimator):
    """Teach `classify` each frame with its sequence's class; a sequence gets the mean probability of its frames.

    `X` is what `SequenceClassifier` takes. `describe` is a transformer from frames (k, size, size) uint8 to numbers;
    both are fitted on copies. At most `frames` frames of a sequence, evenly spaced, learn and vote.
    """

    def __init__(self, describe: Any, classify: Any, *, frames: int = 16) -> None:
        self.describe = describe
        self.classify = classify
        self.frames = frames

    def fit(self, X: Any, y: Any) -> Self:
        """Fit on sequences `X` and their classes `y` (n,)."""
        X, y = as_sequences(X), np.asarray(y)
        if y.shape != (len(X),):
            raise InputError(f"there are {len(X)} sequences but labels of shape {y.shape}; give one label a sequence")
        check_classification_targets(y)
        pictures, rows = self._frames(X)
        self.describe_ = clone(self.describe).fit(pictures)
        self.classify_ = clone(self.classify).fit(self.describe_.transform(pictures), y[rows])
        self.classes_ = self.classify_.classes_
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Mean probability of each class (n, classes) over the frames of each sequence."""
        check_is_fitted(self, "classify_")
        X = as_sequences(X)
        return np.concatenate([self._votes(X[start : start + CHUNK]) for start in range(0, len(X), CHUNK)])

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each sequence."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def predict_frames(self, X: Any) -> NDArray[np.float64]:
        """Probability of each class (n, frames, classes) for each frame; NaN where there is none or it did not vote."""
        check_is_fitted(self, "classify_")
        X = as_sequences(X)
        out = np.full((len(X), X.dtype["frames"].shape[0], len(self.classes_)), np.nan)
        for row in range(len(X)):
            picked = spread(int(X["length"][row]), self.frames)
            out[row, picked] = self.classify_.predict_proba(self.describe_.transform(X[row]["frames"][picked]))
        return out

    def _votes(self, X: Any) -> NDArray[np.float64]:
        pictures, rows = self._frames(X)
        each = self.classify_.predict_proba(self.describe_.transform(pictures))
        total = np.zeros((len(X), each.shape[1]))
        np.add.at(total, rows, each)
        return total / np.bincount(rows, minlength=len(X))[:, None]

    def _frames(self, X: Any) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        """The voting frames of all sequences, and whose each is."""
        picked = [spread(int(length), self.frames) for length in X["length"]]
        pictures = np.concatenate([X[row]["frames"][indices] for row, indices in enumerate(picked)])
        return pictures, np.repeat(np.arange(len(X)), [len(indices) for indices in picked])
