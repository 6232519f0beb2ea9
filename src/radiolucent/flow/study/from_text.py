"""Labels that the reports of a cohort give: as its target, or held against the target that it has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from ...core import InputError, unknown
from ...read.cohort import Cohort, cohort
from ...read.key import keyed, secret_key
from ...read.table import open_table
from ...reason.text.labels import OF, WRONG, known_label, value_of_label
from ..report_text import TABLES, read_all, reports_of
from ..report_truth import share, truth_of
from .question import Question
from .wanted import joined, targets


@dataclass(frozen=True, eq=False)
class Said:
    """What the reports say of one label, row by row of the source: 1, 0, -1, missing where it is not named; `unread` rows."""

    label: str
    verdicts: pd.Series
    unread: pd.Series

    @property
    def column(self) -> str:
        """The name of the target that is made of it."""
        return f"{self.label} (from text)"


def cohort_of(question: Question) -> Cohort:
    """The cohort that the question is about; with a target from text where it asks for one."""
    target, positive, rows = question.target, question.positive, None
    if question.report_column is not None:
        rows = source_table(question)
    if question.target_from_text is not None:
        said = said_by_reports(question)
        target, positive = said.column, said.label
    elif question.more_targets:
        rows = source_table(question)
        target = ", ".join(targets(question))
    return cohort(
        question.source,
        image=question.image,
        target=target,
        patient=question.patient,
        groups=question.groups,
        split=question.split,
        image_root=question.image_root,
        positive=positive,
        allow_missing=question.skip_unreadable,
        rows_of=rows,
    )


def source_table(question: Question) -> pd.DataFrame:
    """The table of the question without its reports; with a target from text, its rows are those that have one.

    A report that states the label is of its class, one that denies it or does not name it of the other; one that doubts
    it or cannot be read is left out, and so is the column that the target is checked against.
    """
    if question.report_column is None:
        return _labelled(question, open_table(Path(question.source)))
    table = _table(question, question.report_column)
    kept = table.drop(columns=question.report_column)
    if question.target_from_text is None:
        return _labelled(question, kept)
    said = said_by_reports(question)
    if question.target is not None and question.target not in question.groups:
        kept = kept.drop(columns=question.target)
    names = pd.Series(f"no {said.label}", index=kept.index, dtype="string").mask(_stated(said), said.label)
    return kept.assign(**{said.column: names})[_usable(said)].reset_index(drop=True)


def _labelled(question: Question, table: pd.DataFrame) -> pd.DataFrame:
    """The table with one column for several targets, where there are several."""
    return joined(table, targets(question), source=Path(question.source).name) if question.more_targets else table


@lru_cache(maxsize=2)
def said_by_reports(question: Question) -> Said:
    """Read every report once; the label is the one asked for, or the one that the target is named after."""
    column = question.report_column or ""
    table = _table(question, column)
    label = known_label(question.target_from_text or _label_of_target(question, table))
    read = read_all(reports_of(table, (column,), question.source).texts)
    values = pd.Series([value_of_label(one, label) for one in read], dtype="Int64")
    return Said(label, values, pd.Series([one.problem is not None for one in read]))


def _table(question: Question, column: str) -> pd.DataFrame:
    path = Path(question.source)
    if path.suffix.lower() not in TABLES:
        raise InputError("--report-column names a column of a table; this cohort is a folder or a file of pictures")
    table = open_table(path)
    for name in (column, question.target):
        if name is not None and name not in table:
            raise unknown(f"column in {path.name}", name, table.columns)
    return table


def label_check(question: Question) -> tuple[dict[str, Any], pd.DataFrame] | None:
    """What reports and target say of each other, for metrics.json, and the rows on which they differ (by key)."""
    if question.report_column is None:
        return None
    said = said_by_reports(question)
    told: dict[str, Any] = {
        "label": said.label,
        "report_column": question.report_column,
        "is_target": question.target_from_text is not None,
        "stated": int((said.verdicts == 1).sum()),
        "denied": int((said.verdicts == 0).sum()),
        "not_named": int((said.verdicts.isna() & ~said.unread).sum()),
        "doubted": int((said.verdicts == -1).sum()),
        "unread": int(said.unread.sum()),
        "against": question.target,
        "rules": {"wrong": WRONG, "of": OF, **share(WRONG, OF)},
    }
    if question.target is None:
        return told, pd.DataFrame()
    table = open_table(Path(question.source))
    given = truth_of(table[question.target], said.label, question.positive)
    compared = _usable(said) & given.notna()
    differ = compared & (_stated(said) != given.fillna(False))
    told |= {
        "compared": int(compared.sum()),
        "differ": int(differ.sum()),
        "missed": int((differ & ~_stated(said)).sum()),
        "false": int((differ & _stated(said)).sum()),
        "error": share(int(differ.sum()), int(compared.sum())),
    }
    return told, _rows(table, differ, said, question)


def _rows(table: pd.DataFrame, differ: pd.Series, said: Said, question: Question) -> pd.DataFrame:
    """The rows of the table on which they differ; by row number and key, with neither words nor paths."""
    rows = table.index[differ]
    column = question.patient or question.image or table.columns[0]
    secret = secret_key()
    return pd.DataFrame(
        {
            "row": [int(row) + 2 for row in rows],
            "key": [keyed(str(cell), secret) for cell in table.loc[rows, column]],
            "target": table.loc[rows, question.target].to_numpy(),
            "report": [said.verdicts[row] for row in rows],
        }
    )


def _usable(said: Said) -> pd.Series:
    return ~said.unread & (said.verdicts.fillna(0) != -1).astype(bool)


def _stated(said: Said) -> pd.Series:
    return (said.verdicts.fillna(0) == 1).astype(bool)


def _label_of_target(question: Question, table: pd.DataFrame) -> str:
    """The label that the positive class, a class or the target's own name stands for."""
    names = [question.positive, question.target]
    if question.target is not None:
        names[1:1] = table[question.target].dropna().unique().tolist()
    found = [label for name in names if (label := _label_or_none(name)) is not None]
    if found:
        return next((label for label in found if label != "No Finding"), found[0])
    raise InputError(
        f"--report-column: neither the target {question.target!r} nor its classes bear the name of a label that reports "
        "are read for; name the positive class so (Pneumonia), or leave --report-column out"
    )


def _label_or_none(name: object) -> str | None:
    try:
        return known_label(str(name))
    except InputError:
        return None
