"""The recipe of a classical candidate: measured rows, gaps filled, sites evened out, columns and settings searched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline

from ..learn.candidates import Candidate
from ..learn.harmonise import Harmonised
from ..learn.rows import Rows
from ..learn.spaces import SPACES, searched
from ..measure.harmonise import Combat
from ..measure.words import Words
from .describe import Description

N_WORDS = 128
"""Size of the vocabulary; twice as many gave nothing more in cross-validation on BreastMNIST's training rows."""


def is_searched(name: str, search: Mapping[str, Any] | None) -> bool:
    """Whether the settings of this candidate are searched for; it then takes `classify__groups` when it is fitted."""
    return search is not None and name in SPACES


def classical(
    chosen: Candidate, made: Any, *, description: Description, search: Mapping[str, Any] | None, seed: int
) -> Any:
    """The classifier `made`, with what comes before it; everything in it is fitted on training rows alone.

    `search` holds `budget_s` and `settings` of one search, or is None. Words are learned once, without labels; what
    follows them is fitted anew in every inner fold.
    """
    has_gaps = bool(description.columns) or (chosen.needs == "features" and description.site is not None)
    before: list[tuple[str, Any]] = []
    if has_gaps or (chosen.needs == "features" and is_searched(chosen.name, search)):
        before.append(("fill", SimpleImputer(strategy="median", keep_empty_features=True)))
    if description.site is not None:
        before.append(("harmonise", Harmonised(Combat())))
    classifier = Pipeline([*before, ("classify", made)]) if before else made
    if search is not None and is_searched(chosen.name, search):
        classifier = searched(chosen.name, made, before=before, seed=seed, **search)
    if chosen.needs == "features":
        return Pipeline([("classify", classifier)]) if is_searched(chosen.name, search) else classifier
    words = Words(N_WORDS, seed=seed) if "words" in description.parts else None
    rows = Rows(words, statistics=description.names, columns=description.columns)
    return Pipeline([("rows", rows), ("classify", classifier)])
