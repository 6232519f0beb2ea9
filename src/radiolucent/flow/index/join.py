"""A table of outcomes beside the index: joined on identifiers that are keyed at once, so that no row holds a raw one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ...core import InputError, unknown
from ...read import keyed
from ...read.table import open_table, typed
from .columns import COLUMNS

IDENTIFIERS = {
    "patientid": "patient", "patient": "patient", "studyinstanceuid": "study", "study": "study",
    "seriesinstanceuid": "series", "series": "series", "accessionnumber": "accession", "accession": "accession",
    "key": "key",
}  # fmt: skip
"""What a table may be joined on, by the name of its column without blanks and case, and the index's column."""

NAMES = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "AccessionNumber", "key")
PERSONAL = frozenset(
    ("patientid", "patientname", "name", "patientbirthdate", "birthdate", "dateofbirth", "dob", "mrn", "accessionnumber",
     "studyinstanceuid", "seriesinstanceuid", "otherpatientids", "patientaddress", "address", "phone", "ssn")
)  # fmt: skip
"""Columns that are left out because they name a person."""


@dataclass
class Outcomes:
    """The table: rows by key, the columns that are taken over (under their new names), those that are left out."""

    name: str
    on: str
    column: str
    rows: Mapping[str, int]
    table: pd.DataFrame
    left_out: tuple[str, ...]
    renamed: Mapping[str, str]
    met: set[int] = field(default_factory=set)
    strange: int = 0

    def schema(self) -> list[tuple[str, pa.DataType]]:
        """The columns that follow those of the index."""
        numeric = pd.api.types.is_float_dtype
        return [(name, pa.float64() if numeric(self.table[name]) else pa.string()) for name in self.table.columns]

    def joined(self, images: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The images that have a row, each with its columns; the others are counted as `strange`."""
        records = self.table.astype(object).where(self.table.notna(), None).to_dict("records")
        for image in images:
            row = self.rows.get(str(image.get(self.column) or ""))
            if row is None:
                self.strange += 1
                continue
            self.met.add(row)
            yield {**image, **{str(name): value for name, value in records[row].items()}}

    def unmet(self) -> list[int]:
        """Rows (as a spreadsheet numbers them) that have no image."""
        return sorted({row + 2 for row in self.rows.values()} - {row + 2 for row in self.met})


def outcomes(path: Path, on: str, key: bytes) -> Outcomes:
    """Read the table and key its identifiers.

    `on` names its column, as `PatientID`; where the table calls it otherwise, as `COLUMN=PatientID`.

    Raises `InputError` where several rows speak of one identifier.
    """
    if not path.exists():
        raise InputError(f"there is no table at {path}")
    source = open_table(path)
    column, _, means = on.partition("=")
    if column not in source:
        raise unknown(f"column in {path.name}", column, list(source.columns))
    ours = IDENTIFIERS.get(_bare(means or column))
    if ours is None:
        raise InputError(
            f"--on {on}: the index does not know what {means or column!r} identifies; "
            f"say {column}=NAME with one of {', '.join(NAMES)}"
        )
    there = source[column].notna()
    source = source[there].drop_duplicates(ignore_index=True) if not there.all() else source.drop_duplicates()
    rows = _rows(path, source[column], key)
    return _parted(path, source, column, ours, rows)


def _rows(path: Path, cells: pd.Series, key: bytes) -> dict[str, int]:
    twice = [name for name, count in Counter(cells).items() if count > 1]
    if twice:
        lines = [str(row + 2) for row in cells.index[cells == twice[0]][:3]]
        raise InputError(
            f"{path}: {len(twice)} values of {cells.name!r} stand in several rows that differ (rows {', '.join(lines)}); "
            "keep one row for each, or join on what tells them apart (StudyInstanceUID, AccessionNumber)"
        )
    numbers = {row: k for k, row in enumerate(cells.index)}
    by_key = {keyed(str(cell), key): numbers[row] for row, cell in cells.items()}
    return by_key | {str(cell): numbers[row] for row, cell in cells.items() if re.fullmatch("[0-9a-f]{16}", str(cell))}


def _parted(path: Path, source: pd.DataFrame, column: str, ours: str, rows: dict[str, int]) -> Outcomes:
    """Without the identifiers, and with other names where the index has such a column itself."""
    left_out = tuple(name for name in source.columns if name == column or _bare(name) in PERSONAL)
    table = source.drop(columns=list(left_out)).reset_index(drop=True)
    taken = {column.name for column in COLUMNS}
    renamed = {name: f"{name}_{path.stem}" for name in table.columns if name in taken}
    table = pd.DataFrame({renamed.get(name, name): _plain(table[name]) for name in table.columns})
    if table.empty and not len(table.columns):
        raise InputError(f"{path} has no column beside {', '.join(left_out)}; there is nothing to join")
    return Outcomes(path.name, column, ours, rows, table, left_out, renamed)


def _plain(cells: pd.Series) -> pd.Series:
    """Numbers as numbers, unless a leading zero shows that they are words."""
    return cells if cells.str.match(r"^[+-]?0\d").any() else typed(cells)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
