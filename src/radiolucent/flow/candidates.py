"""The recipe that joins measurement and learning: what each candidate of a study sees, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

from sklearn.multiclass import OneVsRestClassifier

from ..core import unknown
from ..learn.candidates import CANDIDATES, Candidate
from ..learn.frame_voting import FrameVoting
from ..learn.regressors import NUMBERS
from ..measure.frames import FrameFeatures
from .classical import classical
from .describe import Description

USUAL = Description()


def candidate(name: str) -> Candidate:
    """The candidate called `name`, or the error that lists those there are."""
    if name not in CANDIDATES:
        raise unknown("candidate", name, CANDIDATES)
    return CANDIDATES[name]


def estimator(
    name: str,
    *,
    seed: int,
    threads: int,
    numeric: Sequence[str] = (),
    categorical: Sequence[str] = (),
    frames: int | None = None,
    description: Description = USUAL,
    search: Mapping[str, Any] | None = None,
    kind: str = "classes",
    patience: int | None = None,
    start: str | None = None,
    checkpoint: str | None = None,
) -> Any:
    """A new scikit-learn estimator for a `kind` of target (classes, ordinal, number, labels).

    `numeric` and `categorical` name the columns of the metadata baseline, `frames` is how many frames of a sequence are
    shown to a classifier at a time. `description` says what rows hold, `search` (of `classical`) whether a classical
    candidate looks for its settings; `patience`, `start` and `checkpoint` are those of a net on pictures.
    """
    chosen = candidate(name)
    offered: dict[str, Any] = {
        "seed": seed,
        "threads": threads,
    }
    if chosen.needs in ("table", "both"):
        offered |= {"numeric": tuple(numeric), "categorical": tuple(categorical)}
    if frames is not None:
        offered["frames"] = frames
    if chosen.needs in ("pictures", "both"):
        offered |= {"patience": patience, "checkpoint": checkpoint, "start": start}
        offered |= {"head": "ordinal"} if kind == "ordinal" else {}
    make = NUMBERS[name] if kind == "number" else chosen.make
    taken = signature(make).parameters
    made = make(**{key: value for key, value in offered.items() if key in taken})
    if kind == "labels" and chosen.needs not in ("pictures", "both"):
        made = OneVsRestClassifier(made)
    if name == "frame_voting":
        return FrameVoting(FrameFeatures(), made, **({} if frames is None else {"frames": frames}))
    if chosen.needs not in ("rows", "features"):
        return made
    return classical(chosen, made, description=description, search=search, seed=seed)
