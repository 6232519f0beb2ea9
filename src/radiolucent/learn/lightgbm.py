"""LightGBM's boosted trees with scikit-learn's contract, kept as LightGBM's own text so that no pickle is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from radiolucent.core import require


@dataclass(kw_only=True, eq=False, repr=False)
class LightGBM(ClassifierMixin, BaseEstimator):
    """Gradient boosting by LightGBM (Ke et al. 2017), a fixed number of trees, classes weigh the same.

    Needs the extra `lightgbm`. `text_` is the model in LightGBM's own text form. The same seed gives the same trees with
    any number of `threads`.
    """

    trees: int = 200
    learning_rate: float = 0.06
    leaves: int = 12
    least: int = 10
    l2: float = 1.0
    column_share: float = 0.2
    seed: int = 0
    threads: int = 1

    def fit(self, X: Any, y: Any) -> Self:
        """Grow the trees on a numeric table (n, columns), where NaN is allowed, and classes y (n,)."""
        lightgbm = require("lightgbm", extra="lightgbm")
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"a classifier needs two classes, there is one class: {self.classes_[0]!r}")
        data = lightgbm.Dataset(X, codes, weight=compute_sample_weight("balanced", codes), params={"verbosity": -1})
        self.text_ = lightgbm.train(self._told(), data, num_boost_round=self.trees).model_to_string()
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Uncalibrated probability of each class (n, classes)."""
        check_is_fitted(self, "text_")
        X = validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan")
        booster = require("lightgbm", extra="lightgbm").Booster(model_str=self.text_)
        told = np.asarray(booster.predict(X, num_threads=self.threads), np.float64)
        return np.column_stack([1 - told, told]) if told.ndim == 1 else told

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each row."""
        check_is_fitted(self, "text_")
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _told(self) -> dict[str, Any]:
        many = len(self.classes_) > 2
        return {
            **({"objective": "multiclass", "num_class": len(self.classes_)} if many else {"objective": "binary"}),
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.least,
            "lambda_l2": self.l2,
            "feature_fraction": self.column_share,
            "seed": self.seed,
            "num_threads": self.threads,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
