"""What the last layer of a net says: how many numbers, how they are taught, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from radiolucent.core import unknown

Array = NDArray[Any]


class Head(Protocol):
    """One kind of answer; all of it follows from a JSON-able description."""

    @property
    def outputs(self) -> int:
        """Numbers that the net's last layer gives for a picture."""

    def targets(self, y: Array) -> NDArray[np.float32]:
        """What these numbers are taught (n, outputs), from codes, indicators or numbers."""

    def loss(self, keras: Any, smoothing: float) -> Any:
        """The loss between `targets` and outputs, for Keras."""

    def told(self, outputs: Array) -> NDArray[np.float64]:
        """What the outputs mean: probabilities (n, classes) or (n, labels), or numbers (n, 1)."""

    def score(self, ops: Any, outputs: Any, column: int) -> Any:
        """One differentiable number a picture that grows with what speaks for `column`; `ops` is `keras.ops`."""


@dataclass(frozen=True)
class Categorical:
    """One of several classes: a logit each, softmax."""

    classes: int

    @property
    def outputs(self) -> int:
        return self.classes

    def targets(self, y: Array) -> NDArray[np.float32]:
        return np.eye(self.classes, dtype=np.float32)[y]

    def loss(self, keras: Any, smoothing: float) -> Any:
        return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)

    def told(self, outputs: Array) -> NDArray[np.float64]:
        return softmax(np.asarray(outputs, np.float64), axis=1)

    def score(self, ops: Any, outputs: Any, column: int) -> Any:
        others = [i for i in range(self.classes) if i != column]
        return outputs[:, column] - ops.logsumexp(ops.take(outputs, others, axis=1), axis=1)


@dataclass(frozen=True)
class Ordinal:
    """One of several grades in order: output k is the log odds of being above grade k, given being above grade k - 1.

    CORN: each output learns from the pictures that passed the one before, and the probability of being above grade k is
    the product of the first k + 1, so it can only fall with k. Shi, Cao & Raschka 2023,
    doi:10.1007/s10044-023-01181-9; the idea of K - 1 binary answers: Cao, Mirjalili & Raschka 2020,
    doi:10.1016/j.patrec.2020.11.008.
    """

    classes: int

    @property
    def outputs(self) -> int:
        return self.classes - 1

    def targets(self, y: Array) -> NDArray[np.float32]:
        return np.greater.outer(np.asarray(y), np.arange(self.outputs)).astype(np.float32)

    def loss(self, keras: Any, smoothing: float) -> Any:
        ops = keras.ops

        def corn(above: Any, outputs: Any) -> Any:
            asked = ops.concatenate([ops.ones_like(above[:, :1]), above[:, :-1]], axis=1)
            wanted = above * (1 - smoothing) + smoothing / 2
            return ops.sum(asked * _entropy(ops, wanted, outputs), axis=1)

        return corn

    def told(self, outputs: Array) -> NDArray[np.float64]:
        above = np.cumprod(expit(np.asarray(outputs, np.float64)), axis=1)
        edges = np.hstack([np.ones((len(above), 1)), above, np.zeros((len(above), 1))])
        return edges[:, :-1] - edges[:, 1:]

    def score(self, ops: Any, outputs: Any, column: int) -> Any:
        """Log odds of the grade."""
        passed = ops.sum(ops.log_sigmoid(outputs[:, :column]), axis=1)
        stays = ops.log_sigmoid(-outputs[:, column]) if column < self.outputs else ops.zeros_like(passed)
        log_p = ops.minimum(passed + stays, -1e-6)
        return log_p - ops.log1p(-ops.exp(log_p))


@dataclass(frozen=True)
class Labels:
    """Any number of labels at once: a logit each, sigmoid."""

    labels: int

    @property
    def outputs(self) -> int:
        return self.labels

    def targets(self, y: Array) -> NDArray[np.float32]:
        return np.asarray(y, np.float32)

    def loss(self, keras: Any, smoothing: float) -> Any:
        return keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=smoothing)

    def told(self, outputs: Array) -> NDArray[np.float64]:
        return expit(np.asarray(outputs, np.float64))

    def score(self, ops: Any, outputs: Any, column: int) -> Any:  # noqa: ARG002 - the protocol
        return outputs[:, column]


@dataclass(frozen=True)
class Number:
    """A number, learned in units of its spread around its centre by Huber's loss (doi:10.1214/aoms/1177703732)."""

    centre: float = 0.0
    spread: float = 1.0

    @property
    def outputs(self) -> int:
        return 1

    def targets(self, y: Array) -> NDArray[np.float32]:
        return ((np.asarray(y, float) - self.centre) / self.spread).astype(np.float32)[:, None]

    def loss(self, keras: Any, smoothing: float) -> Any:  # noqa: ARG002 - a number has no label to smooth
        return keras.losses.Huber(delta=1.0)

    def told(self, outputs: Array) -> NDArray[np.float64]:
        return np.asarray(outputs, np.float64) * self.spread + self.centre

    def score(self, ops: Any, outputs: Any, column: int) -> Any:  # noqa: ARG002 - the protocol
        return outputs[:, 0]


_HEADS: Mapping[str, type[Categorical] | type[Ordinal] | type[Labels] | type[Number]] = {
    "categorical": Categorical,
    "ordinal": Ordinal,
    "labels": Labels,
    "number": Number,
}


def described(head: Head) -> dict[str, Any]:
    """What a head is made of again, for JSON."""
    name = next(name for name, kind in _HEADS.items() if type(head) is kind)
    return {"kind": name, **asdict(head)}  # type: ignore[call-overload]


def head_of(description: Mapping[str, Any]) -> Head:
    """The head that `described` described."""
    told = dict(description)
    kind = told.pop("kind")
    if kind not in _HEADS:
        raise unknown("kind of head", kind, _HEADS)
    made: Head = _HEADS[kind](**told)
    return made


def _entropy(ops: Any, wanted: Any, outputs: Any) -> Any:
    """Binary cross-entropy of each output."""
    return -(wanted * ops.log_sigmoid(outputs) + (1 - wanted) * ops.log_sigmoid(-outputs))
