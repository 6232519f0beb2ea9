"""What is measured of a frame of a sequence: gradients, local binary patterns and co-occurrence, as one row of numbers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from .texture import gradient_names, hog_of, pattern_names, patterns_of


class FrameFeatures(TransformerMixin, BaseEstimator):
    """Turn grey frames (n, size, size) uint8 into histograms of gradients and of patterns (n, features) float32.

    `cells` x `cells` histograms of `orientations` gradients (Dalal & Triggs 2005, doi:10.1109/CVPR.2005.177), then the
    shares of local binary patterns and co-occurrence features of the whole frame. Nothing is fitted.
    """

    def __init__(self, *, cells: int = 6, orientations: int = 8) -> None:
        self.cells = cells
        self.orientations = orientations

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 - the contract
        """Nothing is learned."""
        return self

    def transform(self, X: Any) -> NDArray[np.float32]:
        """One row of numbers per frame."""
        names = pattern_names()
        rows = []
        for frame in X:
            patterns = patterns_of(np.ascontiguousarray(frame)[None])
            told = [patterns.get(name, 0.0) for name in names]
            rows.append(np.concatenate([hog_of(frame, self.cells, self.orientations).ravel(), told]))
        return np.array(rows, np.float32).reshape(len(rows), -1)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002 - the contract
        return np.array([*gradient_names(self.cells, self.orientations), *pattern_names()], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True
