"""Search for a classifier's settings on inner, patient-grouped folds of the training rows, within a stated time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from time import perf_counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from radiolucent.core import InputError

Space = Mapping[str, Sequence[Any]]
"""Per parameter ("one of", values), or ("log" | "log whole" | "uniform", lowest, highest)."""
Setting = dict[str, Any]
Fold = tuple[NDArray[np.intp], NDArray[np.intp]]

KEPT = 1 / 3
"""Share of the settings that go on from the first half of the inner folds to the second."""


@dataclass(eq=False, repr=False)
class Search(ClassifierMixin, BaseEstimator):
    """A classifier whose settings are drawn from `space` and compared by AUC on `inner` folds that no patient straddles.

    The first of the `settings` is the estimator as it is. All are compared on the first half of the folds, the best
    third (and the first) on the other half too; the highest mean AUC wins, the earlier of two equals, and is fitted on all
    rows. `draft` holds parameters that inner fits take instead, to be quick (fewer trees). `budget_s` ends the search:
    the best of those compared on the most folds is kept; the last inner fit is finished, and the final fit comes on top.
    Without a budget that binds, the same seed gives the same choice.

    Fitted: `chosen_` (what differs from the estimator as it is), `tried_` (each setting with its AUC per inner fold),
    `seconds_`, `exhausted_`, `says_` (why nothing could be compared, or ""), `estimator_`.
    """

    estimator: Any = None
    space: Space | None = None
    _: KW_ONLY
    draft: Mapping[str, Any] | None = None
    settings: int = 24
    inner: int = 4
    budget_s: float | None = None
    seed: int = 0

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:
        """Search and fit on X (n, columns) and classes y (n,); `groups` (n,) are the patients (None: a row is one)."""
        if self.budget_s is not None and self.budget_s <= 0:
            raise InputError(f"a search needs a budget above 0 s, got {self.budget_s:g}; leave the search out instead")
        X, y = validate_data(self, X, y, ensure_all_finite=False)
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"a classifier needs two classes, there is one class: {self.classes_[0]!r}")
        groups = np.arange(len(y)) if groups is None else np.asarray(groups)
        if groups.shape != y.shape:
            raise InputError(f"there are {len(y)} rows but groups of shape {groups.shape}; give one patient a row")
        started = perf_counter()
        folds, self.says_ = inner_folds(y, groups, n_folds=self.inner, seed=self.seed)
        self.tried_ = [{"setting": setting, "aucs": []} for setting in self._drawn(bool(folds))]
        self.exhausted_ = not self._compared(X, y, folds, started)
        self.tried_ = [one for one in self.tried_ if one["aucs"]] or self.tried_[:1]
        self.chosen_ = _best(self.tried_)["setting"]
        self.seconds_ = perf_counter() - started
        self.estimator_ = self._made(self.chosen_).fit(X, y)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Uncalibrated probability of each class (n, classes), by the chosen setting."""
        check_is_fitted(self, "estimator_")
        X = validate_data(self, X, reset=False, ensure_all_finite=False)
        return self.estimator_.predict_proba(X)

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each row."""
        check_is_fitted(self, "estimator_")
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def told(self) -> dict[str, Any]:
        """What a report says of the search, as JSON can hold it."""
        check_is_fitted(self, "estimator_")
        first, best = self.tried_[0], _best(self.tried_)
        return {
            "planned": self.settings if self.space else 1,
            "tried": sum(bool(one["aucs"]) for one in self.tried_),
            "seconds": self.seconds_,
            "budget_s": self.budget_s,
            "exhausted": self.exhausted_,
            "chosen": {name: _plain(value) for name, value in self.chosen_.items()},
            "inner_auc": _mean(best) if best["aucs"] else None,
            "inner_auc_default": _mean(first) if first["aucs"] else None,
            "says": self.says_,
        }

    def _drawn(self, is_compared: bool) -> list[Setting]:
        """The estimator as it is, then settings at random; all are drawn before the first is tried."""
        if not (is_compared and self.space):
            return [{}]
        random = np.random.default_rng(self.seed)
        space = sorted(self.space.items())
        return [{}, *({name: _draw(how, random) for name, how in space} for _ in range(self.settings - 1))]

    def _compared(self, X: Any, y: NDArray[Any], folds: Sequence[Fold], started: float) -> bool:
        """Fill in the AUCs of `tried_`; False where the budget ended it."""
        if len(self.tried_) < 2:
            return True
        half = (len(folds) + 1) // 2
        for one, fold in self._rounds(folds, half):
            if self.budget_s is not None and perf_counter() - started >= self.budget_s:
                return False
            one["aucs"].append(self._auc(X, y, fold, one["setting"]))
        return True

    def _rounds(self, folds: Sequence[Fold], half: int) -> Iterator[tuple[dict[str, Any], Fold]]:
        for one in self.tried_:
            yield from ((one, fold) for fold in folds[:half])
        ranked = sorted(self.tried_, key=lambda one: -_mean(one))
        kept = ranked[: max(2, round(len(ranked) * KEPT))]
        for one in [*kept, *(first for first in self.tried_[:1] if first not in kept)]:
            yield from ((one, fold) for fold in folds[half:])

    def _auc(self, X: Any, y: NDArray[Any], fold: Fold, setting: Setting) -> float:
        rows, held = fold
        model = self._made(setting | dict(self.draft or {})).fit(X[rows], y[rows])
        told = model.predict_proba(X[held])
        each = [
            roc_auc_score(y[held] == label, told[:, column])
            for column, label in enumerate(self.classes_)
            if 0 < np.mean(y[held] == label) < 1
        ]
        return float(each[-1] if len(self.classes_) == 2 else np.mean(each))

    def _made(self, setting: Setting) -> Any:
        plain = LogisticRegression(max_iter=1000) if self.estimator is None else self.estimator
        return clone(plain).set_params(**setting)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = (
            self.estimator is not None and self.estimator.__sklearn_tags__().input_tags.allow_nan
        )
        return tags


def inner_folds(y: NDArray[Any], groups: NDArray[Any], *, n_folds: int, seed: int) -> tuple[list[Fold], str]:
    """Folds that no patient straddles, each with all classes to fit on and two or more to judge by; and what is amiss.

    They are fewer than `n_folds` where a class has fewer patients, and none (with the reason) where one has a single one.
    """
    classes, codes = np.unique(y, return_inverse=True)
    patients = [len(np.unique(groups[codes == code])) for code in range(len(classes))]
    rare, fewest = classes[int(np.argmin(patients))], min(patients)
    if fewest < 2:
        return [], f"class {rare} has one patient among the training rows: no settings could be compared"
    parts = StratifiedGroupKFold(min(n_folds, fewest), shuffle=True, random_state=seed % 2**32)
    folds = [
        (rows, held)
        for rows, held in parts.split(codes, codes, groups)
        if len(np.unique(codes[rows])) == len(classes) and len(np.unique(codes[held])) > 1
    ]
    if not folds:
        return [], "no inner fold has every class on its fitting side: no settings could be compared"
    if len(folds) < n_folds:
        return folds, f"{len(folds)} inner folds instead of {n_folds}: class {rare} has {fewest} patients"
    return folds, ""


def _draw(how: Sequence[Any], random: np.random.Generator) -> Any:
    kind, *rest = how
    if kind == "one of":
        return rest[0][int(random.integers(len(rest[0])))]
    low, high = rest
    if kind == "uniform":
        return float(random.uniform(low, high))
    value = float(np.exp(random.uniform(np.log(low), np.log(high))))
    return round(value) if kind == "log whole" else value


def _best(tried: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The highest mean among the settings that were compared on the most folds."""
    most = max(len(one["aucs"]) for one in tried)
    return max((one for one in tried if len(one["aucs"]) == most), key=_mean)


def _mean(one: Mapping[str, Any]) -> float:
    return float(np.mean(one["aucs"])) if one["aucs"] else float("nan")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
