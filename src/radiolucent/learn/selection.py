"""Keep the columns of a table that tell the classes apart: ranked one by one, without repeats, or by a model."""

from __future__ import annotations

from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_selection import SelectorMixin
from sklearn.linear_model import SGDClassifier
from sklearn.utils.validation import check_is_fitted, validate_data

from radiolucent.core import unknown

How = Literal["none", "univariate", "mrmr", "importance", "elastic_net"]
"""No selection; F statistic; F over redundancy (mRMR); importance in random trees; weights of an elastic net."""

Numbers = NDArray[np.float64]


class Select(SelectorMixin, BaseEstimator):
    """Keep at most `k` columns, those that rank first by `how`; fitted on training rows and their classes alone.

    `mrmr` takes one column after another, each with the greatest F statistic over its mean absolute correlation with
    those taken (FCQ; Ding and Peng 2005, doi:10.1142/S0219720005001004). Constant columns rank last; ties go by order.
    """

    def __init__(self, *, how: How = "univariate", k: int = 64, seed: int = 0) -> None:
        self.how = how
        self.k = k
        self.seed = seed

    def fit(self, X: Any, y: Any) -> Self:
        """Rank the columns of X (n, columns) by the classes y (n,)."""
        if self.how not in get_args(How):
            raise unknown("way to select", self.how, get_args(How))
        X, y = validate_data(self, X, y, dtype=np.float64)
        self.kept_ = np.ones(X.shape[1], bool)
        if self.how != "none" and self.k < X.shape[1]:
            self.kept_ = np.zeros(X.shape[1], bool)
            self.kept_[self._first(X, np.unique(y, return_inverse=True)[1])] = True
        return self

    def _first(self, X: Numbers, codes: NDArray[np.intp]) -> NDArray[np.intp]:
        k = max(1, self.k)
        if self.how == "mrmr":
            return _unlike(X, f_statistic(X, codes), k)
        worth = {"univariate": f_statistic, "importance": self._importance, "elastic_net": self._weights}[self.how]
        return np.argsort(-worth(X, codes), kind="stable")[:k]

    def _importance(self, X: Numbers, codes: NDArray[np.intp]) -> Numbers:
        trees = ExtraTreesClassifier(100, min_samples_leaf=3, class_weight="balanced", random_state=self.seed)
        found: Numbers = trees.fit(X, codes).feature_importances_
        return found

    def _weights(self, X: Numbers, codes: NDArray[np.intp]) -> Numbers:
        """The largest weight in any class of a logistic regression on standardised columns."""
        if not codes.any():
            return np.zeros(X.shape[1])
        net = SGDClassifier(
            "log_loss", penalty="elasticnet", alpha=0.01, l1_ratio=0.5, class_weight="balanced", random_state=self.seed
        )
        found: Numbers = np.abs(net.fit(_standard(X), codes).coef_).max(axis=0)
        return found

    def _get_support_mask(self) -> NDArray[np.bool_]:
        check_is_fitted(self, "kept_")
        return self.kept_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def f_statistic(X: Numbers, codes: NDArray[np.intp]) -> Numbers:
    """F of the analysis of variance of each column between the classes; 0 where a column is constant."""
    member = np.eye(codes.max() + 1)[codes]
    counts = member.sum(axis=0)
    middle = X - X.mean(axis=0)
    means = member.T @ middle / counts[:, None]
    between = counts @ means**2
    total = (middle**2).sum(axis=0)
    within = total - between
    varies = total > 1e-24 * np.maximum(1.0, (X**2).sum(axis=0))
    freedom = (len(X) - len(counts)) / max(len(counts) - 1, 1)
    found = np.divide(between, within, out=np.full(X.shape[1], np.inf), where=within > 1e-12 * total) * freedom
    return np.where(varies, found, 0.0)


def _unlike(X: Numbers, relevance: Numbers, k: int) -> NDArray[np.intp]:
    """Columns taken one by one: relevant, and little correlated with those taken before."""
    standard = _standard(X) / np.sqrt(len(X))
    relevance = np.minimum(relevance, 1e12)
    taken = [int(relevance.argmax())]
    likeness = np.zeros(len(relevance))
    open_ = np.ones(len(relevance), bool)
    while len(taken) < k:
        open_[taken[-1]] = False
        likeness += np.abs(standard[:, taken[-1]] @ standard)
        worth = relevance / np.maximum(likeness / len(taken), 1e-3)
        taken.append(int(np.where(open_, worth, -1.0).argmax()))
    return np.array(taken, np.intp)


def _standard(X: Numbers) -> Numbers:
    middle = X - X.mean(axis=0)
    spread = middle.std(axis=0)
    found: Numbers = middle / np.where(spread > 1e-12, spread, 1.0)
    return found
