"""Classical classifiers on numeric tables: functions that return scikit-learn estimators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler
from sklearn.svm import SVC

from radiolucent.core import InputError


class MarginSVC(SVC):
    """`SVC` whose probability is the logistic (softmax) of its margin: free, and in the margin's order by construction.

    Platt's scaling can turn the order round where there is no signal, and costs five more fits; calibration proper is
    done outside, on rows that were not fitted.
    """

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Uncalibrated probability of each class (n, classes)."""
        margin = self.decision_function(X)
        if margin.ndim == 1:
            positive = expit(margin)
            return np.column_stack([1 - positive, positive])
        return softmax(margin, axis=1)


def svm(*, seed: int = 0, c: float = 3.0) -> BaseEstimator:
    """Support vector machine with a Gaussian kernel on standardised columns."""
    machine = MarginSVC(C=c, gamma="scale", class_weight="balanced", break_ties=True, cache_size=500, random_state=seed)
    return make_pipeline(StandardScaler(), machine)


def svm_linear(*, seed: int = 0, c: float = 0.01) -> BaseEstimator:
    """Support vector machine without a kernel on standardised columns."""
    machine = MarginSVC(
        C=c, kernel="linear", class_weight="balanced", break_ties=True, cache_size=500, random_state=seed
    )
    return make_pipeline(StandardScaler(), machine)


def logistic(*, seed: int = 0, c: float = 0.01) -> BaseEstimator:
    """Logistic regression, shrunk by the squares of its weights (ridge), on standardised columns."""
    model = LogisticRegression(C=c, class_weight="balanced", max_iter=2000, random_state=seed)
    return make_pipeline(StandardScaler(), model)


def elastic_net(*, seed: int = 0, c: float = 0.05, l1_ratio: float = 0.5) -> BaseEstimator:
    """Logistic regression, shrunk by the squares and the sizes of its weights: many become 0."""
    model = LogisticRegression(
        C=c, l1_ratio=l1_ratio, solver="saga", class_weight="balanced", tol=1e-3, max_iter=300, random_state=seed
    )
    return make_pipeline(StandardScaler(), model)


def forest(*, seed: int = 0, threads: int = 1) -> BaseEstimator:
    """Random forest; classes weigh the same."""
    return RandomForestClassifier(
        500,
        min_samples_leaf=2,
        max_features="sqrt",
        class_weight="balanced_subsample",
        random_state=seed,
        n_jobs=threads,
    )


def extra_trees(*, seed: int = 0, threads: int = 1) -> BaseEstimator:
    """Forest whose trees cut at random places (Geurts et al. 2006, doi:10.1007/s10994-006-6226-1); classes weigh the same."""
    return ExtraTreesClassifier(
        500, min_samples_leaf=2, max_features="sqrt", class_weight="balanced", random_state=seed, n_jobs=threads
    )


BOOSTING: Mapping[str, Any] = {
    "max_iter": 200,
    "learning_rate": 0.06,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 10,
    "l2_regularization": 1.0,
    "max_features": 0.2,
    "early_stopping": False,
}
"""Boosted trees of classes and of numbers: a fixed number of them, for an inner split would ignore patients."""


def boosting(*, seed: int = 0) -> BaseEstimator:
    """Gradient boosting on binned columns; classes weigh the same."""
    return HistGradientBoostingClassifier(**BOOSTING, class_weight="balanced", random_state=seed)


def features(*, seed: int = 0, threads: int = 1) -> BaseEstimator:
    """Random forest on measured features, whose gaps (a feature undefined for a region) become the column's median."""
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), forest(seed=seed, threads=threads))


def metadata(*, seed: int = 0, numeric: Sequence[str] = (), categorical: Sequence[str] = ()) -> BaseEstimator:
    """Logistic regression on what is known without looking at the picture (age, sex, view ...): the honest baseline."""
    columns = known_columns(numeric=numeric, categorical=categorical)
    return make_pipeline(columns, LogisticRegression(class_weight="balanced", max_iter=2000, random_state=seed))


def known_columns(*, numeric: Sequence[str] = (), categorical: Sequence[str] = ()) -> ColumnTransformer:
    """Metadata as numbers: numbers with their square and a mark where they are missing, words one-hot.

    A gap becomes the column's median; a value never seen counts as none.
    """
    if not numeric and not categorical:
        raise InputError("the metadata baseline needs at least one column, such as age, sex or view; none was given")
    numbers = Pipeline(
        [
            ("fill", SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)),
            ("scale", StandardScaler()),
            ("square", PolynomialFeatures(2, include_bias=False)),
        ]
    )
    words = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer([("numbers", numbers, list(numeric)), ("words", words, list(categorical))])
