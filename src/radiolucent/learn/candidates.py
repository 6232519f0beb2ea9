"""The candidates of a study: an ordered list of names, what each needs to see, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from . import classic
from .keras_estimator import KerasClassifier

Needs = Literal["rows", "pictures", "features", "table"]


@dataclass(frozen=True)
class Candidate:
    """How a classifier is made (`make(seed=..., ...)`) and what its X is.

    "rows": the numeric table that `Rows` joins; "pictures": uint8 (n, size, size); "features": a
    data frame of measured features; "table": a data frame of metadata.
    """

    name: str
    needs: Needs
    make: Callable[..., Any]
    says: str


_ALL = (
    Candidate("svm", "rows", classic.svm, "Support vector machine on keypoint words and statistics"),
    Candidate("forest", "rows", classic.forest, "Random forest on keypoint words and statistics"),
    Candidate("boosting", "rows", classic.boosting, "Gradient boosting on keypoint words and statistics"),
    Candidate("cnn", "pictures", KerasClassifier, "Small residual net on the pictures"),
    Candidate("features", "features", classic.features, "Random forest on the table's own columns of features"),
    Candidate("metadata", "table", classic.metadata, "Logistic regression on the metadata alone"),
)

CANDIDATES: Mapping[str, Candidate] = MappingProxyType({candidate.name: candidate for candidate in _ALL})
"""Every candidate by name, in the order in which a study runs and shows them."""
