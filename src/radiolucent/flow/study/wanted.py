"""What is to be learned of each row: the kind of target, and the target itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...core import InputError, unknown
from ...learn.regressors import NUMBERS
from ...read.cohort import Cohort
from ..candidates import candidate
from .design import Design
from .kinds import NAMES, Kind, Name, kind_of
from .question import Question

SEPARATOR = "|"
NOTHING = {"", "no finding", "no findings", "none", "normal", "negative"}
"""Cells of a column of labels that mean: none of them."""
YES, NO = {"1", "1.0", "yes", "true", "positive", "present"}, {"0", "0.0", "no", "false", "negative", "absent"}
MOST_CLASSES = 10
"""Whole numbers of more values than these are learned as numbers unless --kind says otherwise."""
PATIENTS_A_FOLD = 3
"""A label with fewer patients than this many a fold, with it or without, is left out: it could not be judged."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """`y` holds codes (n,), numbers (n,) or indicators (n, labels); `strata` are codes that splits spread evenly, with
    `bands` for names: the classes themselves, bands of a number, the rarest label of a row. `says` tells how the kind
    was found, and what was left out.
    """

    name: Name
    names: tuple[str, ...]
    y: NDArray[Any]
    strata: NDArray[np.intp]
    bands: tuple[str, ...]
    says: str

    @property
    def kind(self) -> Kind:
        return kind_of(self.name, self.names)


def wanted(question: Question, cohort: Cohort, patients: NDArray[np.intp], *, parts: int) -> Wanted:
    """What the question asks to learn of the cohort; `parts` is how many parts every stratum is dealt to."""
    target = cohort.table["target"]
    name, why = _kind(question, cohort)
    if name == "number":
        y = _numbers(target, cohort.target_name)
        strata, bands = _bands(y, patients, parts)
        return Wanted(name, (cohort.target_name,), y, strata, bands, why)
    if name == "labels":
        return _labels(target, patients, parts, why)
    codes = pd.Categorical(target, categories=list(cohort.classes)).codes.astype(np.intp)
    if name == "ordinal" and len(cohort.classes) < 3:
        raise InputError(f"grades need three classes at least, {cohort.target_name!r} has two; leave --kind out")
    return Wanted(name, cohort.classes, codes, codes, cohort.classes, why)


def _kind(question: Question, cohort: Cohort) -> tuple[Name, str]:
    """The kind that was asked for, or the one that the cells suggest, and the sentence that says so."""
    about = f"{cohort.target_name!r}"
    if question.kind is not None:
        if question.kind not in NAMES:
            raise unknown("kind of target", question.kind, NAMES)
        return question.kind, f"{about} is learned as {SAYS[question.kind]}, as asked."
    cells = cohort.table["target"].astype(str)
    if question.more_targets or cells.str.contains(SEPARATOR, regex=False).any():
        return "labels", f"{about} is learned as {SAYS['labels']}: a cell may name several (--kind says otherwise)."
    numbers = pd.to_numeric(cells, errors="coerce")
    if numbers.isna().any():
        return "classes", f"{about} is learned as {SAYS['classes']}: its cells are words."
    whole = (numbers % 1 == 0).all()
    if whole and numbers.nunique() <= MOST_CLASSES:
        grades = " (if they are grades, say --kind ordinal)" if numbers.nunique() > 2 else ""
        return "classes", f"{about} is learned as {SAYS['classes']}: {numbers.nunique()} whole numbers{grades}."
    found = f"{numbers.nunique()} {'whole' if whole else 'different'} numbers"
    return "number", f"{about} is learned as {SAYS['number']}: {found} (--kind says otherwise)."


SAYS = {
    "classes": "classes",
    "ordinal": "grades in order",
    "number": "a number",
    "labels": "labels, any number a row",
}


def _numbers(target: pd.Series, name: str) -> NDArray[np.float64]:
    numbers = pd.to_numeric(target, errors="coerce").to_numpy(float, na_value=np.nan)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        rows = ", ".join(str(row + 2) for row in wrong[:5]) + (" ..." if len(wrong) > 5 else "")
        raise InputError(
            f"the target {name!r} is no finite number in {len(wrong)} of {len(numbers)} rows (rows {rows}: "
            f"{target.iloc[wrong[0]]}); mend or remove them, or say --kind classes"
        )
    if np.ptp(numbers) == 0:
        raise InputError(f"the target {name!r} is {numbers[0]:g} in every row; there is nothing to learn")
    return numbers


def _bands(y: NDArray[np.float64], patients: NDArray[np.intp], parts: int) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """As many bands of equal mass, up to four, as have a patient for every part."""
    for count in (4, 3, 2):
        edges = np.unique(np.quantile(y, np.arange(1, count) / count))
        band = np.searchsorted(edges, y, side="left")
        codes = np.unique(band, return_inverse=True)[1].astype(np.intp)
        each = [len(np.unique(patients[codes == code])) for code in range(codes.max() + 1)]
        if len(each) > 1 and min(each) >= 2 * parts:
            break
    names = [f"{y[codes == code].min():g} to {y[codes == code].max():g}" for code in range(codes.max() + 1)]
    return codes, tuple(names)


def _labels(target: pd.Series, patients: NDArray[np.intp], parts: int, why: str) -> Wanted:
    cells = [_parted(cell) for cell in target.astype(str)]
    every = sorted({label for cell in cells for label in cell})
    y = np.array([[label in cell for label in every] for cell in cells], np.int64).reshape(len(cells), len(every))
    few = {}
    for k, label in enumerate(every):
        fewest = min(len(np.unique(patients[y[:, k] == value])) for value in (0, 1))
        if fewest < PATIENTS_A_FOLD * parts:
            few[label] = fewest
    kept = [k for k, label in enumerate(every) if label not in few]
    told = ", ".join(f"{label} ({n})" for label, n in few.items())
    if len(kept) < 2:
        raise InputError(
            f"several labels need two with {PATIENTS_A_FOLD * parts} patients at least with and without each; there are "
            f"{len(kept)}, and these have fewer: {told or 'none'}; ask for fewer --folds, or learn one label as classes"
        )
    names, y = tuple(every[k] for k in kept), y[:, kept]
    rarest = np.argsort(y.sum(axis=0))
    strata = np.full(len(y), len(names), np.intp)
    for k in rarest[::-1]:
        strata[y[:, k] == 1] = k
    codes, found = _enough(strata, patients, parts, len(names))
    bands = tuple(names[k] if k < len(names) else "no label" for k in found)
    left = f" Left out, for too few patients have them: {told}." if few else ""
    return Wanted("labels", names, y, codes, bands, why + left)


def _enough(
    strata: NDArray[np.intp], patients: NDArray[np.intp], parts: int, rest: int
) -> tuple[NDArray[np.intp], list[int]]:
    """Codes 0 ... of the strata; one with fewer patients than parts is counted with the rows of no label."""
    for code in np.unique(strata):
        if len(np.unique(patients[strata == code])) < 2 * parts:
            strata = np.where(strata == code, rest, strata)
    found, codes = np.unique(strata, return_inverse=True)
    return codes.astype(np.intp), [int(code) for code in found]


def _parted(cell: str) -> set[str]:
    parts = {part.strip() for part in cell.split(SEPARATOR)}
    return {part for part in parts if part.lower() not in NOTHING}


def able(
    kind: Name, question: Question, names: tuple[str, ...], left_out: dict[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The candidates that can answer in this kind; one that was asked for and cannot is an error."""
    unable = {}
    for name in names:
        needs = candidate(name).needs
        if kind == "number" and name not in NUMBERS:
            unable[name] = "it tells classes, not a number"
        elif kind == "labels" and needs == "sequences":
            unable[name] = "it tells one class of a sequence, not several labels"
    for name, why in unable.items():
        if name in question.candidates:
            raise InputError(f"candidate {name} cannot run: {why}; leave it out, or change --kind")
    if question.search and kind in ("number", "labels"):
        raise InputError(
            f"--search looks for settings of classifiers, and the target is {SAYS[kind]}; leave --search out"
        )
    kept = tuple(name for name in names if name not in unable)
    if not kept:
        raise InputError(f"no candidate can learn {SAYS[kind]} here: {unable}")
    return kept, left_out | unable


def complete(wanted: Wanted, design: Design) -> None:
    """Raise InputError where some label is borne by all or none in a part of a fold: nothing could be tuned or tested."""
    if wanted.name != "labels":
        return
    for part, masks in (("fitting", design.fit), ("tuning", design.tune), ("test", design.test[: design.folds])):
        for fold, mask in enumerate(masks):
            share = wanted.y[mask].mean(axis=0)
            for label, value in zip(wanted.names, share, strict=True):
                if value in (0, 1):
                    raise InputError(
                        f"label {label!r} is borne by {'all' if value else 'none'} of the {part} rows of fold {fold + 1}; "
                        "ask for fewer --folds, or leave the label out"
                    )


def targets(question: Question) -> tuple[str, ...]:
    """Every column that is a target."""
    return tuple(name for name in (question.target, *question.more_targets) if name is not None)


def joined(table: pd.DataFrame, columns: tuple[str, ...], *, source: str) -> pd.DataFrame:
    """The table with one column of labels for several columns of yes and no."""
    for name in columns:
        if name not in table:
            raise unknown(f"column in {source}", name, table.columns)
    cells = [""] * len(table)
    for name in columns:
        for row, cell in enumerate(table[name]):
            if str(cell).lower() in YES:
                cells[row] += f"{SEPARATOR}{name}" if cells[row] else name
            elif str(cell).lower() not in NO:
                raise InputError(
                    f"column {name!r}: row {row + 2} holds {cell!r}, neither yes nor no (1, 0, true, false, present, "
                    "absent); with several --target each column is a label"
                )
    told = pd.Series([cell or "none" for cell in cells], index=table.index, dtype="string")
    return table.drop(columns=list(columns)).assign(**{", ".join(columns): told})
