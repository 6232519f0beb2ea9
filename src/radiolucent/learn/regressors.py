"""The candidates of a study whose target is a number: the regressors that stand for its classifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import ElasticNet, RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

from .candidates import LARGER
from .classic import BOOSTING, known_columns
from .keras_estimator import KerasRegressor


def svr(*, c: float = 1.0, kernel: str = "rbf") -> BaseEstimator:
    """Support vector regression on standardised columns and a standardised target."""
    machine = SVR(C=c, gamma="scale", kernel=kernel, cache_size=500)
    return _scaled(make_pipeline(StandardScaler(), machine))


def ridge() -> BaseEstimator:
    """Linear regression with the weight of its squared coefficients chosen by leaving one row out at a time."""
    return make_pipeline(StandardScaler(), RidgeCV(np.logspace(0, 6, 13)))


def elastic_net(*, seed: int = 0) -> BaseEstimator:
    """Linear regression with coefficients drawn to zero, on a standardised target."""
    return _scaled(make_pipeline(StandardScaler(), ElasticNet(0.05, max_iter=5000, random_state=seed)))


def forest(*, seed: int = 0, threads: int = 1) -> BaseEstimator:
    """Random forest; a third of the columns is looked at in each split."""
    return RandomForestRegressor(500, min_samples_leaf=2, max_features=1 / 3, random_state=seed, n_jobs=threads)


def extra_trees(*, seed: int = 0, threads: int = 1) -> BaseEstimator:
    """Extremely randomised trees."""
    return ExtraTreesRegressor(500, min_samples_leaf=2, max_features=1 / 3, random_state=seed, n_jobs=threads)


def boosting(*, seed: int = 0) -> BaseEstimator:
    """Gradient boosting on binned columns."""
    return HistGradientBoostingRegressor(**BOOSTING, random_state=seed)


def features(*, seed: int = 0, threads: int = 1) -> BaseEstimator:
    """Random forest on measured features, whose gaps become the column's median."""
    return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), forest(seed=seed, threads=threads))


def metadata(*, numeric: Sequence[str] = (), categorical: Sequence[str] = ()) -> BaseEstimator:
    """Linear regression (ridge) on what is known without looking at the picture: the honest baseline."""
    columns = known_columns(numeric=numeric, categorical=categorical)
    return make_pipeline(columns, RidgeCV(np.logspace(-2, 4, 13)))


def _scaled(regressor: BaseEstimator | Pipeline) -> BaseEstimator:
    return TransformedTargetRegressor(regressor, transformer=StandardScaler())


NUMBERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "svm": svr,
        "svm_linear": partial(svr, kernel="linear", c=0.01),
        "forest": forest,
        "boosting": boosting,
        "logistic": ridge,
        "elastic_net": elastic_net,
        "extra_trees": extra_trees,
        "cnn": KerasRegressor,
        **{name: partial(KerasRegressor, **parameters) for name, parameters in LARGER.items()},
        "fusion": KerasRegressor,
        "features": features,
        "metadata": metadata,
    }
)
"""How each candidate is made where the target is a number; those that are not here answer in classes only."""
