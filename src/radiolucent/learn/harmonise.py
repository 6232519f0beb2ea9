"""Take the mark of the site out of a table whose last column is the site, inside a pipeline and thus inside the folds."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted, validate_data

from radiolucent.core import InputError

UNKNOWN = -1
"""Number of a site that has no name."""


class Harmonised(TransformerMixin, BaseEstimator):
    """Bring the rows of every site to a common mean and spread, and leave the column of the site out.

    `combat` has `fit(X, batch=...)` and `transform(X, batch=...)`; a copy is fitted on the rows given to `fit` alone. Rows
    of a site that was not among them, or that had fewer than `least` rows there, stay as they are, for nothing is
    known of it; so do all where fewer than two sites have enough.
    Fitted: `combat_` (or None), `sites_` (numbers of the sites that are adjusted).
    """

    def __init__(self, combat: Any, *, least: int = 5) -> None:
        self.combat = combat
        self.least = least

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's word
        """Learn what each site adds and stretches, from rows (n, features + 1) whose last column is the site's number."""
        X = validate_data(self, X, dtype=np.float64)
        if X.shape[1] < 2:
            raise InputError(
                "a table to harmonise needs a feature and, as its last column, the site; there is 1 feature(s)"
            )
        sites, counts = np.unique(X[:, -1], return_counts=True)
        self.sites_ = sites[(counts >= self.least) & (sites != UNKNOWN)]
        self.combat_ = None
        if len(self.sites_) > 1:
            known = self.knows(X)
            self.combat_ = clone(self.combat).fit(X[known, :-1], batch=X[known, -1])
        return self

    def transform(self, X: Any) -> NDArray[np.float64]:
        """The features (n, features) as if all came from one site."""
        check_is_fitted(self, "sites_")
        X = validate_data(self, X, dtype=np.float64, reset=False)
        made = X[:, :-1].copy()
        known = self.knows(X)
        if self.combat_ is not None and known.any():
            made[known] = self.combat_.transform(X[known, :-1], batch=X[known, -1])
        return made

    def knows(self, X: NDArray[Any]) -> NDArray[np.bool_]:
        """Which rows come from a site that is adjusted."""
        return np.isin(X[:, -1], self.sites_)
