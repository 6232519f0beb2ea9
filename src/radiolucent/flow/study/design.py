"""Which rows are fitted on, tuned on and tested on: drawn once, before anything is learned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...core import InputError
from ...evaluate.split import folds, tuning

Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Design:
    """One line per fold of row masks (folds, n): a model is fitted on `fit`, calibrated on `tune`, judged on `test`.

    With patient folds there is one more line than `folds`, without test rows: the model that is kept at the end.
    An official split has one line, and its model is the one that is kept.
    """

    kind: str
    folds: int
    fit: Rows
    tune: Rows
    test: Rows

    @property
    def tested(self) -> NDArray[np.intp]:
        """The rows that are tested, in the cohort's order."""
        return np.flatnonzero(self.test.any(axis=0))

    @property
    def fold_of(self) -> NDArray[np.intp]:
        """Per row the fold that tests it, -1 for none."""
        return np.where(self.test.any(axis=0), self.test.argmax(axis=0), -1)

    @property
    def used(self) -> Rows:
        """Rows that take part at all."""
        return np.any(self.fit | self.tune | self.test, axis=0)

    def save(self, path: Path) -> None:
        np.savez(path, kind=self.kind, folds=self.folds, fit=self.fit, tune=self.tune, test=self.test)

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path) as kept:
            return cls(str(kept["kind"]), int(kept["folds"]), kept["fit"], kept["tune"], kept["test"])


def patient_folds(y: NDArray[np.intp], groups: NDArray[np.intp], usable: Rows, *, n_folds: int, seed: int) -> Design:
    """Cross-validation by patient over the `usable` rows, a quarter of each fold's training patients for tuning."""
    rows = np.flatnonzero(usable)
    test = np.zeros((n_folds + 1, len(y)), bool)
    test[folds(y[rows], groups[rows], n_folds=n_folds, seed=seed), rows] = True
    tune = np.zeros_like(test)
    for line in range(n_folds + 1):
        tune[line] = _tuned(y, groups, usable & ~test[line], seed=seed + line)
    return Design("folds", n_folds, usable & ~test & ~tune, tune, test)


def official_split(
    y: NDArray[np.intp], groups: NDArray[np.intp], split: NDArray[np.str_], usable: Rows, *, seed: int
) -> Design:
    """The split that came with the data: fitted on train, tuned on val (or, without one, on a part of train)."""
    test, train, tune = (usable & (split == name) for name in ("test", "train", "val"))
    for name, rows in (("train", train), ("test", test)):
        if len(np.unique(y[rows])) < len(np.unique(y)):
            raise InputError(f"the given split has no {name} row of some class; give another split, or use --folds")
    if len(np.unique(y[tune])) < len(np.unique(y)):
        tune = _tuned(y, groups, train | tune, seed=seed)
    return Design("official", 1, (train & ~tune)[None], tune[None], test[None])


def _tuned(y: NDArray[np.intp], groups: NDArray[np.intp], training: Rows, *, seed: int) -> Rows:
    rows = np.flatnonzero(training)
    mask = np.zeros(len(y), bool)
    mask[rows[tuning(y[rows], groups[rows], seed=seed)]] = True
    return mask
