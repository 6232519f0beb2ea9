"""Explain a classical model by families of measurements, for no reader wants the share of the 317th gradient.

A table of row numbers, one column per family, stands for the measurements: entry (i, f) says from which row the values
of family f are taken. Shuffling a column then shuffles a whole family, and so the tools for plain tables serve.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

PREFIXES = {
    "word_": "keypoint words",
    "lbp_": "texture",
    "glcm_": "texture",
    **dict.fromkeys(("glrlm_", "glszm_", "gldzm_", "ngtdm_", "ngldm_"), "texture"),
    "morphology_": "shape",
    "hog_": "gradients",
    "pixel_": "coarse picture",
    "embedding_": "vector of the net",
    "number of the site": "site",
    "site": "site",
}
"""What the beginning of a column's name says about its family; the rest is first-order intensity."""
REST = "intensity"


def family(column: str) -> str:
    """The family of a column."""
    return next((name for prefix, name in PREFIXES.items() if column.startswith(prefix)), REST)


class ByFamily(ClassifierMixin, BaseEstimator):
    """A fitted classifier of `table` (n, columns), seen through a table of row numbers (m, families)."""

    def __init__(self, classifier: Any, table: NDArray[Any], columns: Sequence[str]) -> None:
        self.classifier = classifier
        self.table = table
        self.columns = columns

    def fit(self, X: Any = None, y: Any = None) -> Self:  # noqa: ARG002 - nothing is learned, the classifier is fitted
        """Sort the columns into families."""
        belongs = [family(column) for column in self.columns]
        self.families_ = tuple(dict.fromkeys(belongs))
        self.members_ = [np.flatnonzero([b == name for b in belongs]) for name in self.families_]
        self.classes_ = self.classifier.classes_
        return self

    def fit_columns(self) -> Self:
        """Let every column be a family of its own (for a table of metadata)."""
        self.families_ = tuple(self.columns)
        self.members_ = [np.array([position]) for position in range(len(self.columns))]
        self.classes_ = self.classifier.classes_
        return self

    def predict_proba(self, X: NDArray[Any]) -> NDArray[np.float64]:
        """Probabilities of rows whose families come from the rows that `X` (m, families) names."""
        source = np.asarray(X).astype(np.intp)
        mixed = np.empty((len(source), self.table.shape[1]), self.table.dtype)
        for position, columns in enumerate(self.members_):
            mixed[:, columns] = self.table[np.ix_(source[:, position], columns)]
        return self.classifier.predict_proba(mixed)

    def predict(self, X: NDArray[Any]) -> NDArray[Any]:
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def rows(self, numbers: NDArray[np.intp]) -> NDArray[np.intp]:
        """Row numbers as rows of this table: every family from the row itself."""
        return np.repeat(np.asarray(numbers)[:, None], len(self.families_), axis=1)
