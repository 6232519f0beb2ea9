"""The pictures of a cohort in three parts that share no patient: to learn from, held out, and to test on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import InputError
from ..evaluate import check_official, patients_across, tuning
from ..read import pixels
from ..read.cohort import Cohort
from .study.pictures import Seen, prepared
from .study.progress import bar

SIZES = (28, 32, 64)
"""Sides that pictures are brought to [pixels]."""

HELD, TESTED = 0.2, 0.2

LIMITS = {
    "steps": (1, 1_000_000), "encoder_steps": (1, 1_000_000), "width": (2, 256), "batch": (2, 1024), "seed": (0, 2**31),
    "draw": (1, 100_000), "seeds": (0, 100), "synthetic": (0.01, 100), "splits": (1, 100),
}  # fmt: skip
"""What numbers may be asked, by name."""

Codes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Part:
    """Pictures (n, S, S), their classes as codes, whose they are, and their rows in the cohort."""

    pictures: NDArray[np.uint8]
    codes: Codes
    patients: NDArray[np.intp]
    rows: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.codes)

    def of(self, which: NDArray[np.bool_]) -> Part:
        """Some of them."""
        return Part(self.pictures[which], self.codes[which], self.patients[which], self.rows[which])


@dataclass(frozen=True, eq=False)
class Parts:
    """Training, held-out and test pictures; `classes` in the order of the codes, what the sources are, what was left out."""

    training: Part
    held_out: Part
    test: Part
    classes: tuple[str, ...]
    seen: Seen
    skipped: int
    patients_known: bool


def within_limits(asked: Any) -> None:
    """Raise where a number that is asked lies outside what there is."""
    for name, (low, high) in LIMITS.items():
        value = getattr(asked, name, low)
        if not low <= value <= high:
            raise InputError(f"--{name.replace('_', '-')} must lie between {low:g} and {high:g}, got {value:g}")


def side_of(references: list[str], asked: int | None) -> int:
    """The side asked for, or the least one that holds the first picture."""
    if asked is not None:
        if asked not in SIZES:
            raise InputError(f"pictures of {asked} pixels were asked; a side is {', '.join(map(str, SIZES))}")
        return asked
    longest = max(pixels(references[0]).grid.shape)
    return next((size for size in SIZES if size >= longest), SIZES[-1])


def parted(
    cohort: Cohort,
    work: Path,
    *,
    size: int | None,
    seed: int,
    threads: int,
    skip: bool = False,
    allow_blocked: bool = False,
    shown: bool = False,
) -> Parts:
    """Read every picture and deal the rows: by the given split, or three fifths, a fifth and a fifth of the patients."""
    references = cohort.table["reference"].tolist()
    side = side_of(references, size)
    with bar("read images", len(references), shown=shown) as advance:
        ready = prepared(
            references, work, size=side, skip=skip, allow_blocked=allow_blocked, workers=threads, progress=advance
        )
    if ready.seen.colour:
        raise InputError(f"{ready.seen.colour} pictures are in colour; nets that draw or find anomalies take grey ones")
    usable = np.setdiff1d(np.arange(len(references)), list(ready.skipped))
    names, codes = np.unique(cohort.table["target"].to_numpy(str), return_inverse=True)
    people = cohort.table["patient"] if cohort.patient_column else pd.Series(np.arange(len(references)))
    patients = pd.factorize(people)[0].astype(np.intp)
    whole = Part(np.asarray(ready.pictures)[usable], codes[usable], patients[usable], usable)
    split = cohort.table["split"].to_numpy(str)[usable] if cohort.table["split"].notna().all() else None
    is_test, is_held = _dealt(whole, split, seed)
    parts = (whole.of(~is_test & ~is_held), whole.of(is_held), whole.of(is_test))
    return Parts(*parts, tuple(map(str, names)), ready.seen, len(ready.skipped), cohort.patient_column is not None)


def _dealt(whole: Part, split: NDArray[np.str_] | None, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows are tested, and which held out; without validation rows, a part of the training rows is."""
    if split is None:
        is_test = tuning(whole.codes, whole.patients, seed=seed, share=TESTED)
        return is_test, _held(whole, ~is_test, seed)
    given = check_official(split, whole.codes, whole.patients)
    both = sum(map(len, patients_across(whole.patients, given).values()))
    if both:
        raise InputError(f"{both} patients are in several parts of the given split, which leaks; mend it, or give none")
    is_test, is_held = given == "test", given == "val"
    return is_test, is_held if is_held.any() else _held(whole, ~is_test, seed)


def _held(whole: Part, among: NDArray[np.bool_], seed: int) -> NDArray[np.bool_]:
    rows, held = np.flatnonzero(among), np.zeros(len(whole), bool)
    part = tuning(whole.codes[rows], whole.patients[rows], seed=seed + 1, share=HELD / (1 - TESTED))
    held[rows[part]] = True
    return held
