"""Labels of reports against labels, predictions and measurements of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import Field

from ...core import InputError, unknown
from ...read.table import open_table, typed
from ...reason.text.labels import counted, known_label, label_of, value_of_label
from ...reason.text.report import Observation, Reading
from ..radiomics_cohort import check_table, save_table
from ..report_text import read_all, reports_of
from ..report_truth import share, truth_of

COLUMNS = ("row", "against", "report", "given", "sentence")


@dataclass(frozen=True, eq=False)
class Held:
    """Reports held against one column: what is compared, where they differ, and both sides as they are shown."""

    against: str
    compared: pd.Series
    differ: pd.Series
    report: pd.Series
    given: pd.Series


def label_check(
    source: Annotated[Path, Field(description="a table with a report in each row (.csv, .xlsx, .parquet)")],
    *,
    out: Annotated[Path, Field(description="table of disagreements to write, .csv or .parquet")],
    label: Annotated[str, Field(description="what is compared, such as pneumonia or 'pleural effusion'")],
    column: Annotated[
        tuple[str, ...], Field(description="column(s) that hold the report (none: one of a usual name)")
    ] = (),
    target: Annotated[str | None, Field(description="column with the label that was given")] = None,
    positive: Annotated[str | None, Field(description="what the target is called where the label is there")] = None,
    prediction: Annotated[str | None, Field(description="column with the probability that a model gave")] = None,
    threshold: Annotated[
        float, Field(ge=0, le=1, description="probability from which a prediction states the label")
    ] = 0.5,
    size: Annotated[str | None, Field(description="column with the size that was measured [mm]")] = None,
    tolerance_mm: Annotated[float, Field(ge=0, description="difference of sizes that is none")] = 2.0,
    overwrite: Annotated[bool, Field(description="replace what exists")] = False,
) -> str:
    """List where reports speak against given labels, predictions or measurements of the same rows.

    A report that doubts the label, or cannot be read, is not compared; one that does not name it counts as denying it.
    Each disagreement stands with the report's sentence, so that a person can tell who is right.
    """
    check_table(out)
    if target is None and prediction is None and size is None:
        raise InputError("say what the reports are held against: --target, --prediction or --size")
    table, name = open_table(source), known_label(label)
    for asked in (target, prediction, size):
        if asked is not None and asked not in table:
            raise unknown(f"column in {source.name}", asked, table.columns)
    read = read_all(reports_of(table, column, source.name).texts)
    said = pd.Series([value_of_label(one, name) for one in read], dtype="Int64")
    usable = pd.Series([one.problem is None for one in read]) & (said.fillna(0) != -1).astype(bool)
    held: list[Held] = []
    if target is not None:
        held.append(_truth(target, said, usable, truth_of(table[target], name, positive), table[target]))
    if prediction is not None:
        held.append(_truth(prediction, said, usable, _probable(table[prediction], threshold), table[prediction]))
    if size is not None:
        held.append(_sizes(size, read, name, table[size], tolerance_mm))
    lines = [line for one in held for line in _lines(one, read, name)]
    save_table(pd.DataFrame(lines, columns=COLUMNS), out, overwrite=overwrite)
    unread, doubted = sum(one.problem is not None for one in read), int((said == -1).sum())
    return f"{name} in {len(read)} reports ({doubted} doubt it, {unread} cannot be read). {' '.join(map(_told, held))} {out}"


def _truth(against: str, said: pd.Series, usable: pd.Series, given: pd.Series, shown: pd.Series) -> Held:
    stated = (said.fillna(0) == 1).astype(bool)
    compared = usable & given.notna()
    return Held(against, compared, compared & (stated != given.fillna(False).astype(bool)), said, shown)


def _probable(cells: pd.Series, threshold: float) -> pd.Series:
    numbers = typed(cells)
    if not pd.api.types.is_numeric_dtype(numbers) or not numbers.dropna().between(0, 1).all():
        raise InputError(f"column {cells.name!r} holds no probabilities; they are numbers from 0 to 1")
    return (numbers >= threshold).astype("boolean").mask(numbers.isna())


def _sizes(against: str, read: list[Reading], label: str, cells: pd.Series, tolerance_mm: float) -> Held:
    """The largest size that a report gives of the label against the one that was measured [mm]."""
    numbers = typed(cells)
    if not pd.api.types.is_numeric_dtype(numbers):
        raise InputError(f"column {cells.name!r} holds no sizes in mm; they are numbers")
    told = pd.Series([_largest(one, label) for one in read], dtype="Float64")
    compared = told.notna() & numbers.notna()
    return Held(against, compared, compared & ((told - numbers).abs() > tolerance_mm).fillna(False), told, cells)


def _largest(read: Reading, label: str) -> float | None:
    return max((one.size.largest_mm for one in _of_label(read, label) if one.size is not None), default=None)


def _of_label(read: Reading, label: str) -> Iterator[Observation]:
    for one in counted(read):
        if label in (label_of(one), label_of(one, scheme="chestxray14"), one.mention.concept.replace("_", " ")):
            yield one


def _lines(held: Held, read: list[Reading], label: str) -> Iterator[dict[str, Any]]:
    for row in held.differ.index[held.differ]:
        sentences = dict.fromkeys(read[row].quoted(one) for one in _of_label(read[row], label))
        yield {
            "row": int(row) + 2,
            "against": held.against,
            "report": held.report[row],
            "given": held.given[row],
            "sentence": " | ".join(sentences),
        }


def _told(held: Held) -> str:
    n, differ = int(held.compared.sum()), int(held.differ.sum())
    if not n:
        return f"Nothing could be compared with {held.against}."
    found = share(differ, n)
    return f"Against {held.against} {differ} of {n} differ ({found['value']:.1%} [{found['low']:.1%}, {found['high']:.1%}])."
