"""A cohort as a table: CSV, XLSX or Parquet whose columns are named by the user; every complaint names its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from radiolucent.core import InputError, unknown

from .npz import MARK
from .splits import split_name

MISSING = ["", "NA", "N/A", "n/a", "nan", "NaN", "NAN", "#N/A", "#NA", "<NA>", "null", "NULL"]
"""Cells that mean "not there"; `None` and `none` are left alone, for they name a class as often."""

_USUAL_IMAGE = (
    "image",
    "file",
    "path",
    "filename",
    "file_name",
    "image_path",
    "image_file",
    "img",
    "filepath",
    "dicom",
)


@dataclass(frozen=True)
class Columns:
    """Which column means what."""

    image: str | None = None
    target: str | None = None
    patient: str | None = None
    groups: tuple[str, ...] = ()
    split: str | None = None


def rows(
    path: Path,
    columns: Columns,
    *,
    image_root: str | Path | None,
    allow_missing: bool,
    source: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, str]:
    """The rows as `reference`, `target`, `patient`, `split` and groups, and the name of the target column.

    `source` stands for the table in `path` where its rows were already read and changed.
    """
    source = open_table(path) if source is None else source
    if source.empty:
        raise InputError(f"{path} has no rows below its header")
    image, target = _found(path, source, columns)
    root = Path(image_root).expanduser().absolute() if image_root else path.parent
    made = pd.DataFrame(index=source.index)
    made["reference"] = _references(path, source[image], root, allow_missing=allow_missing)
    made["target"] = _complete(path, source[target], "label")
    if columns.patient:
        made["patient"] = _complete(path, source[columns.patient], "patient")
    if columns.split:
        made["split"] = _splits(path, source[columns.split])
    for name in columns.groups:
        made[name] = typed(source[name])
    return made, target


def open_table(path: Path) -> pd.DataFrame:
    """The table with every cell as text, and missing cells missing."""
    kind = path.suffix.lower()
    if not path.exists():
        raise InputError(f"there is no table {path}; give a CSV, TSV, XLSX or Parquet file")
    try:
        if kind in (".xlsx", ".xlsm"):
            return _as_text(pd.read_excel(path, dtype=object, keep_default_na=False, na_values=MISSING))
        if kind in (".parquet", ".pq"):
            return _as_text(pd.read_parquet(path))
        if kind in (".csv", ".tsv", ".txt"):
            return _csv(path)
    except (ValueError, OSError, KeyError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as a table: {' '.join(str(error).split())[:160]}") from error
    raise InputError(f"{path} is no table that can be read; give CSV, TSV, XLSX or Parquet, a folder or an npz file")


def _csv(path: Path) -> pd.DataFrame:
    data = path.read_bytes()
    if not data.strip():
        raise InputError(f"{path} is empty")
    text = _decoded(data)
    delimiter = _delimiter(text.splitlines()[0])
    frame = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, na_values=MISSING)
    return _as_text(frame.rename(columns=str.strip))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _delimiter(header: str) -> str:
    """The candidate that cuts the header into most cells, commas first."""
    return max(",;\t|", key=lambda mark: len(next(csv.reader([header], delimiter=mark))))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text without blanks around it; a whole number stays one (1, not 1.0), as it was typed."""
    return pd.DataFrame({str(name): pd.array([_text(v) for v in frame[name]], dtype="string") for name in frame})


def _text(value: object) -> str | None:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return None if text in MISSING else text


def _found(path: Path, source: pd.DataFrame, columns: Columns) -> tuple[str, str]:
    """The image and the target column, when all names that were given exist and do not collide."""
    names = list(source.columns)
    if columns.target is None:
        raise InputError(f"{path} has the columns {', '.join(names)}; say which one holds the label with --target")
    named = [columns.target, columns.patient, columns.split, columns.image, *columns.groups]
    for name in named:
        if name is not None and name not in names:
            raise unknown(f"column in {path.name}", name, names)
    if columns.target in columns.groups or columns.target == columns.patient:
        raise InputError(f"{columns.target!r} is the target and cannot be a group or the patient as well")
    taken = sorted({"reference", "target", "patient", "split"} & set(columns.groups))
    if taken:
        raise InputError(f"a group cannot be called {taken[0]!r}, the cohort uses this word; rename the column")
    return columns.image or image_column(path, names), columns.target


def image_column(path: Path, names: list[str]) -> str:
    """The column that names the pictures, by its usual words."""
    for usual in _USUAL_IMAGE:
        for name in names:
            if name.lower().replace(" ", "_") == usual:
                return name
    raise InputError(f"{path} has the columns {', '.join(names)}; say which one names the picture with --image")


def _references(path: Path, cells: pd.Series, root: Path, *, allow_missing: bool) -> list[str]:
    cells = _complete(path, cells, "image")
    twice = cells[cells.duplicated(keep=False)]
    if len(twice):
        raise InputError(
            f"{path}: {cells.duplicated().sum()} pictures stand in several rows ({_lines(twice.index)}: "
            f"{twice.iloc[0]}); keep one row per picture"
        )
    found = [_reference(cell.replace("\\", "/"), root) for cell in cells]
    absent = [k for k, name in enumerate(found) if not Path(name.split(MARK)[0]).exists()]
    if absent and not (allow_missing and len(absent) < len(found)):
        shown = ", ".join(cells.iloc[k] for k in absent[:3])
        raise InputError(
            f"{path}: {len(absent)} of {len(found)} files are not there ({_lines(absent)}: {shown}); they were looked "
            f"for in {root}; say --image-root FOLDER, or mend the table"
        )
    return found


def _reference(cell: str, root: Path) -> str:
    name = Path(cell).expanduser()
    return str(name if name.is_absolute() else root / name)


def _complete(path: Path, cells: pd.Series, what: str) -> pd.Series:
    missing = cells.index[cells.isna()]
    if len(missing):
        raise InputError(
            f"{path}: the {what} (column {cells.name!r}) is missing in {len(missing)} of {len(cells)} rows "
            f"({_lines(missing)}); fill it in, or remove these rows"
        )
    return cells


def _splits(path: Path, cells: pd.Series) -> list[str]:
    parts = [split_name(cell) for cell in _complete(path, cells, "split")]
    strange = [k for k, part in enumerate(parts) if part is None]
    if strange:
        raise InputError(
            f"{path}: {cells.iloc[strange[0]]!r} ({_lines(strange[:1])}) is no split; write train, val or test"
        )
    known = [part for part in parts if part is not None]
    for needed in ("train", "test"):
        if needed not in known:
            raise InputError(f"{path}: column {cells.name!r} has no {needed} row; a given split needs train and test")
    return known


def typed(cells: pd.Series) -> pd.Series:
    """Numbers where every cell that is there is one, else text."""
    numbers = pd.to_numeric(cells, errors="coerce")
    return numbers.astype(float) if (numbers.notna() == cells.notna()).all() else cells


def _lines(rows: Iterable[int], most: int = 5) -> str:
    """Row numbers as the spreadsheet shows them: the header is row 1."""
    numbers = [int(row) + 2 for row in rows]
    shown = ", ".join(map(str, numbers[:most]))
    return f"row{'s' if len(numbers) > 1 else ''} {shown}" + (" ..." if len(numbers) > most else "")
