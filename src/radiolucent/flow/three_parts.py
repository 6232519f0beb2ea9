"""The pictures of a cohort in three parts that share no patient: to learn from, held out, and to test on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import __version__
from ..core import InputError
from ..evaluate import check_official, patients_across, tuning
from ..read import pixels
from ..read.cohort import Cohort, cohort
from .progress import bar
from .study.pictures import Seen, prepared
from .study.question import finished_in

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


@dataclass(frozen=True)
class Asked:
    """What every training on such parts is asked: the cohort, the columns of its table, and the size of net and training."""

    source: str
    image: str | None = None
    target: str | None = None
    patient: str | None = None
    split: str | None = None
    image_root: str | None = None
    size: int | None = None
    width: int = 24
    steps: int = 3000
    batch: int = 32
    seed: int = 0
    skip_unreadable: bool = False
    allow_blocked: bool = False

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name, low)
            if not low <= value <= high:
                raise InputError(f"--{name.replace('_', '-')} must lie between {low:g} and {high:g}, got {value:g}")


def cohort_of(asked: Asked) -> Cohort:
    """The cohort that was asked for."""
    return cohort(
        asked.source, image=asked.image, target=asked.target, patient=asked.patient, split=asked.split,
        image_root=asked.image_root, allow_missing=asked.skip_unreadable,
    )  # fmt: skip


@contextmanager
def finished_parts(
    asked: Asked, read: Cohort, out: Path, *, threads: int, resume: bool, shown: bool
) -> Iterator[tuple[Parts, Path, Path]]:
    """Yield the parts of the cohort, a folder for what is unfinished, and one whose content lies in `out` in the end."""
    told = asdict(asked) | {"data": read.source_hash, "version": __version__}
    with finished_in(out, told, resume=resume) as (work, final):
        parts = parted(
            read, work, size=asked.size, seed=asked.seed, threads=threads, skip=asked.skip_unreadable,
            allow_blocked=asked.allow_blocked, shown=shown,
        )  # fmt: skip
        yield parts, work, final


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
