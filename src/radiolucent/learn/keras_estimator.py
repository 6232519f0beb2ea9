"""Nets with scikit-learn's contract: `fit(X, y)` on pictures, then `predict_proba(X)` or `predict(X)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import type_of_target

from radiolucent.core import InputError, unknown

from .batches import checked
from .beside import Beside
from .heads import Categorical, Head, Labels, Number, Ordinal
from .lesson import coded, row_weights
from .picture_net import PictureNet

HEADS = ("categorical", "ordinal")


@dataclass(kw_only=True, eq=False, repr=False)
class KerasClassifier(ClassifierMixin, PictureNet):
    """A small net trained on a fixed schedule: AdamW, warm-up and cosine, averaged weights, `members` nets averaged.

    `X` is uint8 (n, size, size) or (n, size, size, colours), or volumes (n, slices, size, size, 1) that a net in 3-D sees;
    in memory or a memory-map read picture by picture; only a copy reduced to `size` x `size` is held.
    Without `patience` there is no inner validation set: nothing is chosen while training. With it, a fifth of the `groups`
    is held out and looked at 40 times; training ends after so many looks without a lower loss there, and the weights that
    were best are kept.
    The same seed gives the same weights again on the same machine with the same number of threads.
    `y` is one class a picture; with `head="ordinal"` the classes are grades in sorted order. An indicator matrix
    (n, labels) of 0 and 1 asks for several labels at once (scikit-learn's multilabel-indicator).

    Parameters that change the result: `net` (out of `nets.NETS`) and its `width`, `blocks` (`None`: its own), `dropout`;
    `size` [pixels] (`None`: the picture's own up to 64, else 96); `steps` (`None`: by the number of pictures), `batch`
    (smaller where memory does not hold it, with a warning), `learning_rate`, `weight_decay`, `smoothing` (of labels),
    `mixup` and `cutmix` (the beta distribution's parameter, 0 for none), `augmentations` (names out of
    `augment.AUGMENTATIONS`), `mirrored` (average the prediction with the mirrored picture's), `members` (nets averaged;
    `None`: up to three where training is short, one under 200 pictures), `class_weight` (`None` or "balanced"), `head`
    ("categorical" or "ordinal"), `start` (a file of weights that `start.py` reads; what they fitted is `started_`), `seed`.
    `budget_s` ends the schedule early on a slow machine (`None`: never; the result then depends on its speed).
    With `numeric` and `categorical` columns `X` is `Beside(pictures, table)`, and the net joins both before its last layer.
    `checkpoint` names a file in which training keeps every minute what it has reached: a fit with the same arguments and
    data goes on from there, and ends as it would have. `curve_` tells the losses on the way, `remarks_` what ended it early.
    `threads` and `progress` (called with the finished fraction, 0..1) change speed and sight only.
    """

    smoothing: float = 0.05
    class_weight: str | None = None
    head: str = "categorical"

    def fit(self, X: Any, y: Any, *, groups: Any = None) -> Self:
        """Train on pictures `X` and their classes `y` (n,), or labels (n, labels) of 0 and 1; `groups` are the patients."""
        X = checked_all(X)
        codes, head = self._codes(np.asarray(y), len(X))
        weights = row_weights(codes, self.class_weight)
        self._learn(X, codes, head, smoothing=self.smoothing, weights=weights, groups=groups)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probability of each class (n, classes), columns as in `classes_`, or of each label; not calibrated."""
        return self._answers(X)

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each picture (of grades: the one nearest to the mean), or its labels as 0 and 1."""
        p = self._answers(X)
        if isinstance(self.head_, Labels):
            return (p >= 0.5).astype(np.int64)
        if isinstance(self.head_, Ordinal):
            return self.classes_[nearest_grade(p)]
        return self.classes_[p.argmax(axis=1)]

    def _codes(self, y: NDArray[Any], n: int) -> tuple[NDArray[Any], Head]:
        if self.head not in HEADS:
            raise unknown("head", self.head, HEADS)
        if len(y) != n or y.ndim not in (1, 2):
            raise InputError(f"there are {n} pictures but labels of shape {y.shape}; give one label a picture")
        if y.ndim == 2:
            return self._indicators(y)
        self.classes_, codes = coded(y, "pictures")
        kind = Ordinal if self.head == "ordinal" else Categorical
        return codes, kind(len(self.classes_))

    def _indicators(self, y: NDArray[Any]) -> tuple[NDArray[Any], Head]:
        if type_of_target(y) != "multilabel-indicator":
            raise InputError(f"labels of shape {y.shape} must be 0 or 1, a column a label, two columns at least")
        if self.head != "categorical":
            raise InputError("several labels a picture are no grades; leave head='ordinal' out")
        self.classes_ = np.arange(y.shape[1])
        return y.astype(np.int64), Labels(y.shape[1])

    def _fitted(self) -> dict[str, Any]:
        return {**super()._fitted(), "classes": self.classes_.tolist()}

    def _restore(self, fitted: Mapping[str, Any]) -> None:
        super()._restore(fitted)
        self.classes_ = np.asarray(fitted["classes"])


class KerasRegressor(RegressorMixin, PictureNet):
    """The same nets for a number, such as age: Huber's loss on the number in units of its spread in training.

    The parameters are those of `KerasClassifier` but `smoothing`, `class_weight` and `head`.
    """

    def fit(self, X: Any, y: Any, *, groups: Any = None) -> Self:
        """Train on pictures `X` and their numbers `y` (n,); `groups` are the patients."""
        X = checked_all(X)
        y = np.asarray(y, float)
        if y.shape != (len(X),):
            raise InputError(f"there are {len(X)} pictures but numbers of shape {y.shape}; give one number a picture")
        missing = np.flatnonzero(~np.isfinite(y))
        if len(missing):
            raise InputError(
                f"{len(missing)} numbers are missing or infinite, the first in row {missing[0]}; drop them"
            )
        if np.ptp(y) == 0:
            raise InputError(f"all {len(y)} numbers are {y[0]:g}; there is nothing to learn")
        head = Number(float(y.mean()), float(y.std()))
        self._learn(X, y, head, smoothing=0.0, weights=np.ones(len(y), np.float32), groups=groups)
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """The number of each picture (n,)."""
        return self._answers(X)[:, 0]


def checked_all(X: Any) -> Any:
    """Pictures, or pictures beside a table, or the error that says what was given."""
    if isinstance(X, Beside):
        checked(X.pictures)
        return X
    return checked(X)


def nearest_grade(p: NDArray[np.float64]) -> NDArray[np.intp]:
    """Code of the grade nearest to the mean grade under probabilities (n, grades)."""
    return np.rint(p @ np.arange(p.shape[1])).astype(np.intp)
