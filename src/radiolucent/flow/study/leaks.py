"""The leak check, before anything is fitted, and the design that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...evaluate.leak import leaks, twin_free
from ...evaluate.split import check_official, merged
from ...evaluate.twins import Twins, identical, twins
from .design import Design, official_split, patient_folds
from .question import Question
from .technical import differences
from .wanted import Wanted


@dataclass(frozen=True)
class Leaks:
    """What was found (the list of metrics.json), the design, and, in a split that leaks, which test rows have no twin.

    `groups` are the patients, those united whom twins link: what no fold, outer or inner, may tear apart.
    """

    found: list[dict[str, Any]]
    design: Design
    twin_free: NDArray[np.bool_] | None
    groups: NDArray[np.intp]

    @property
    def blocking(self) -> list[dict[str, Any]]:
        """Leaks into the test part of a given split."""
        return [leak for leak in self.found if leak["severity"] == "block"]


def examined(
    question: Question,
    *,
    wanted: Wanted,
    patients: NDArray[np.intp],
    split: NDArray[np.str_] | None,
    usable: NDArray[np.bool_],
    pictures: NDArray[np.uint8],
    metadata: pd.DataFrame,
    made: pd.DataFrame,
    target: str,
) -> Leaks:
    """Compare all pictures and columns, then draw folds that keep twins together, or take the split that was given."""
    y, number = wanted.strata, wanted.y if wanted.name == "number" else None
    same, alike = _usable(identical(pictures), usable), _alike(pictures, usable)
    linked = np.unique(np.vstack([same, np.sort(alike.pairs, axis=1)]), axis=0)
    names = None if split is None else _names(split, y, patients, usable)
    united = merged(patients, linked)
    chains: tuple[NDArray[Any], ...] = ()
    if names is None:
        chains = united.chains
        design = patient_folds(y, united.groups, usable, n_folds=question.folds, seed=question.seed)
    else:
        design = official_split(y, patients, names, usable, seed=question.seed)
    found = leaks(
        y,
        patients,
        same=same,
        alike=alike,
        split=names,
        chains=chains,
        table=metadata,
        used=question.groups,
        classes=wanted.bands,
        number=number,
        target=target,
        seed=question.seed,
    )
    if number is not None:  # twins whose numbers lie in neighbouring bands contradict each other in nothing
        found = [leak for leak in found if leak["kind"] != "label_conflict"]
        target = f"the bands of {target}"
    found += differences(made, y, patients, classes=wanted.bands, target=target, seed=question.seed)
    seen = design.fit[0] | design.tune[0]
    free = None if names is None else twin_free(linked, held=design.test[0], seen=seen)
    free = free if free is not None and (free != design.test[0]).any() else None
    return Leaks(found, design, free, united.groups)


def _usable(pairs: NDArray[Any], usable: NDArray[np.bool_]) -> NDArray[Any]:
    return pairs[usable[pairs].all(axis=1)]


def _alike(pictures: NDArray[np.uint8], usable: NDArray[np.bool_]) -> Twins:
    """Unreadable rows hold constant pictures, which correlate with nothing; those pairs are left out all the same."""
    found = twins(pictures)
    kept = usable[found.a] & usable[found.b]
    return Twins(found.a[kept], found.b[kept], found.r[kept], found.twin, found.suspect, found.recall, found.cut)


def _names(
    split: NDArray[np.str_], y: NDArray[np.intp], patients: NDArray[np.intp], usable: NDArray[np.bool_]
) -> NDArray[np.str_]:
    names = np.full(len(y), "unused", dtype="<U6")
    names[usable] = check_official(split[usable], y[usable], patients[usable])
    return names
