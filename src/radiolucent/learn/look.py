"""Looks at a net while it trains: its loss, and how it does on rows that were held out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .batches import scaled
from .engine import keras_on
from .heads import Head
from .inner import held_figure
from .lesson import Lesson

LOOKS = 40
"""Points of a learning curve, if training runs to its end."""
PICTURES = 64


@dataclass(eq=False)
class Look:
    """Adds a point to `curve` at every look, and says when training has gone on for too long without gain.

    Held-out rows are judged by their mean loss under the averaged weights, those that would be kept.
    """

    head: Head
    net: Any
    held: Lesson | None
    patience: int | None
    best: list[NDArray[Any]]
    curve: list[dict[str, Any]]
    member: int
    since: int = field(init=False)
    best_step: int = field(init=False)

    def __post_init__(self) -> None:
        mine = [point for point in self.curve if point["member"] == self.member and "held_loss" in point]
        lowest = min(mine, key=lambda point: point["held_loss"], default=None)
        self.best_step = lowest["step"] if lowest else 0
        self.since = sum(point["step"] > self.best_step for point in mine)
        self._lowest = lowest["held_loss"] if lowest else np.inf

    def is_over(self, step: int, loss: float) -> bool:
        """Look, after `step` steps with this mean loss since the last look."""
        self.net.reset_metrics()
        point: dict[str, Any] = {"member": self.member, "step": step, "loss": round(loss, 6)}
        self.curve.append(point)
        if self.held is None or self.patience is None:
            return False
        raw = self.net.get_weights()
        averaged = self._averaged()
        point |= self._judged(self.held)
        self.net.set_weights(raw)
        if point["held_loss"] < self._lowest:
            self._lowest, self.best, self.best_step, self.since = point["held_loss"], averaged, step, 0
            return False
        self.since += 1
        return self.since >= self.patience

    def weights(self) -> list[NDArray[Any]]:
        """The weights to keep: the best on held-out rows, or, without any, the averaged ones of now."""
        return self.best or self._averaged()

    def _averaged(self) -> list[NDArray[Any]]:
        self.net.optimizer.finalize_variable_values(self.net.trainable_variables)
        return [np.array(weight) for weight in self.net.get_weights()]

    def _judged(self, held: Lesson) -> dict[str, float | None]:
        parts = range(0, len(held.targets), PICTURES)
        outputs = np.concatenate([self.net.predict_on_batch(_seen(held, slice(k, k + PICTURES))) for k in parts])
        loss = self.head.loss(keras_on(), 0.0)(held.targets, outputs)
        told = self.head.told(outputs)
        return {
            "held_loss": float(np.mean(np.asarray(loss))),
            "held_figure": held_figure(self.head, held.targets, told),
        }


def _seen(held: Lesson, rows: slice) -> Any:
    """What the net sees of some rows: pictures, and the table beside them where there is one."""
    pictures = scaled(held.pictures[rows])
    return pictures if held.table is None else [pictures, held.table[rows]]
