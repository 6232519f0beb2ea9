"""The recipe that joins measurement and learning: what each candidate of a study sees, and how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from typing import Any

from sklearn.pipeline import Pipeline

from ..core import unknown
from ..learn.candidates import CANDIDATES, Candidate
from ..learn.rows import Rows
from ..measure.rows import STATISTICS
from ..measure.words import Words

N_WORDS = 128
"""Size of the vocabulary; twice as many gave nothing more in cross-validation on BreastMNIST's training rows."""


def candidate(name: str) -> Candidate:
    """The candidate called `name`, or the error that lists those there are."""
    if name not in CANDIDATES:
        raise unknown("candidate", name, CANDIDATES)
    return CANDIDATES[name]


def estimator(
    name: str, *, seed: int, threads: int, numeric: Sequence[str] = (), categorical: Sequence[str] = ()
) -> Any:
    """A new scikit-learn classifier; `numeric` and `categorical` name the columns of the metadata baseline."""
    chosen = candidate(name)
    offered = {"seed": seed, "threads": threads, "numeric": tuple(numeric), "categorical": tuple(categorical)}
    taken = signature(chosen.make).parameters
    made = chosen.make(**{key: value for key, value in offered.items() if key in taken})
    if chosen.needs != "rows":
        return made
    return Pipeline([("rows", Rows(Words(N_WORDS, seed=seed), statistics=STATISTICS)), ("classify", made)])
