"""What differs between the kinds of target: how a model answers, how its answer is mended, judged and decided upon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ...evaluate.calibrate import Calibrator, threshold
from ...evaluate.ordinal import grade_scores, nearest_grade
from ...evaluate.reach import Reach
from ...evaluate.score import auc, macro_auc

Array = NDArray[Any]
Name = Literal["classes", "ordinal", "number", "labels"]
NAMES: tuple[Name, ...] = ("classes", "ordinal", "number", "labels")


class Mended(Protocol):
    """What was fitted on tuning rows and is laid over a model's raw answer."""

    def transform(self, raw: Array) -> Array: ...

    def to_dict(self) -> dict[str, Any]: ...


class Kind(Protocol):
    """One kind of target; `width` is how many numbers stand for a row's answer."""

    @property
    def headline(self) -> str: ...

    @property
    def width(self) -> int: ...

    def raw(self, model: Any, X: Any) -> Array:
        """What a fitted model says of rows."""

    def mended(self, raw: Array, y: Array) -> Mended:
        """Calibration (classes, labels) or an interval (a number), from tuning rows."""

    def bound(self, y: Array, told: Array) -> Any:
        """Threshold of the tuning rows where one decides: a number, one a label, or None."""

    def merit(self, y: Array, told: Array) -> float:
        """How good it was on tuning rows; higher is better."""

    def decided(self, told: Array, bounds: Any) -> Array:
        """The decision on each row."""


@dataclass(frozen=True)
class Named:
    """What has names, and a probability for each."""

    names: tuple[str, ...]
    headline: str = "auc"

    @property
    def width(self) -> int:
        return len(self.names)

    def raw(self, model: Any, X: Any) -> Array:
        return np.asarray(model.predict_proba(X))


class Classes(Named):
    """One of several classes."""

    def mended(self, raw: Array, y: Array) -> Mended:
        return Calibrator().fit(raw, y)

    def bound(self, y: Array, told: Array) -> Any:
        return threshold(y, told[:, 1]) if len(self.names) == 2 else None

    def merit(self, y: Array, told: Array) -> float:
        return float(macro_auc(y, told)[0])

    def decided(self, told: Array, bounds: Any) -> Array:
        if len(self.names) == 2:
            return (told[:, 1] >= bounds).astype(int)
        return np.nan_to_num(told).argmax(axis=1)


@dataclass(frozen=True)
class Grades(Classes):
    """One of several grades in order, decided by the grade nearest to the mean under the probabilities."""

    headline: str = "kappa"

    def bound(self, y: Array, told: Array) -> Any:  # noqa: ARG002 - the mean decides
        return None

    def merit(self, y: Array, told: Array) -> float:
        return float(grade_scores(y, nearest_grade(told), len(self.names))["kappa"][0])

    def decided(self, told: Array, bounds: Any) -> Array:  # noqa: ARG002
        return nearest_grade(np.nan_to_num(told))


@dataclass(frozen=True)
class Number:
    """A number with its unit in its name; the answer is (value, low, high)."""

    headline: str = "mae"
    width: int = 3

    def raw(self, model: Any, X: Any) -> Array:
        return np.asarray(model.predict(X), float).reshape(-1, 1)

    def mended(self, raw: Array, y: Array) -> Mended:
        return Reach.fit(raw, y)

    def bound(self, y: Array, told: Array) -> Any:  # noqa: ARG002
        return None

    def merit(self, y: Array, told: Array) -> float:
        return -float(np.abs(told[:, 0] - y).mean())

    def decided(self, told: Array, bounds: Any) -> Array:  # noqa: ARG002
        return np.zeros(len(told), int)


class LabelSet(Named):
    """Any number of labels at once, each with a probability and a threshold of its own."""

    def mended(self, raw: Array, y: Array) -> Mended:
        return EachLabel(tuple(Calibrator().fit(_both(raw[:, k]), y[:, k]) for k in range(self.width)))

    def bound(self, y: Array, told: Array) -> Any:
        return [float(threshold(y[:, k], told[:, k])) for k in range(self.width)]

    def merit(self, y: Array, told: Array) -> float:
        return float(np.mean([auc(y[:, k] == 1, told[:, k])[0] for k in range(self.width)]))

    def decided(self, told: Array, bounds: Any) -> Array:
        """The label that reaches farthest beyond its threshold: what heat maps are drawn for."""
        return np.nan_to_num(told - bounds).argmax(axis=1)


@dataclass(frozen=True)
class EachLabel:
    """A calibrator a label."""

    each: tuple[Calibrator, ...]

    def transform(self, raw: Array) -> Array:
        return np.column_stack([one.transform(_both(raw[:, k]))[:, 1] for k, one in enumerate(self.each)])

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "labels", "each": [one.to_dict() for one in self.each]}


def kind_of(name: str, names: Sequence[str]) -> Kind:
    """The kind of this name for these classes, grades or labels."""
    if name == "number":
        return Number()
    made: Mapping[str, type[Classes] | type[LabelSet]] = {"ordinal": Grades, "labels": LabelSet}
    return made.get(name, Classes)(tuple(names))


def mended_of(saved: Mapping[str, Any]) -> Mended:
    """What `to_dict` described."""
    if saved["kind"] == "reach":
        return Reach.from_dict(saved)
    if saved["kind"] == "labels":
        return EachLabel(tuple(Calibrator.from_dict(one) for one in saved["each"]))
    return Calibrator.from_dict(saved)


def _both(p: Array) -> Array:
    p = np.clip(p, 0, 1)
    return np.column_stack([1 - p, p])
