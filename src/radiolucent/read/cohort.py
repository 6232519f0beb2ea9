"""A cohort: one row per picture, by reference, with its target, patient, split and groups."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import pandas as pd

from radiolucent.core import InputError, unknown

from . import folders, medmnist, npz, table

Kind = Literal["table", "folders", "npz"]


@dataclass(frozen=True, eq=False)
class Cohort:
    """`table` has the columns `reference`, `target`, `patient`, `split` and the groups under their own names.

    `classes` is sorted (by number where all are numbers); for two classes the last one is the positive one.
    `patient_column` is `None` where patients are unknown; then `table.patient` is missing in every row.
    """

    table: pd.DataFrame
    classes: tuple[str, ...]
    target_name: str
    patient_column: str | None
    group_columns: tuple[str, ...]
    kind: Kind
    source_hash: str

    def __len__(self) -> int:
        return len(self.table)


def cohort(
    source: str | Path,
    *,
    image: str | None = None,
    target: str | None = None,
    patient: str | None = None,
    groups: Sequence[str] = (),
    split: str | None = None,
    image_root: str | Path | None = None,
    positive: str | None = None,
    allow_missing: bool = False,
    rows_of: pd.DataFrame | None = None,
) -> Cohort:
    """Read a cohort from a table (CSV, XLSX, Parquet), a folder of class folders, a MedMNIST-form npz or
    `medmnist:NAME[@SIZE]`.

    The names are columns of a table. Relative image paths start at `image_root`, or at the table's own folder.
    `positive` names the class to be found, where there are two. With `allow_missing` rows whose file is absent stay in
    (reading them raises `UnreadableError`). `rows_of` stands for the rows of the table, where they were made from it.

    Raises `InputError` that names the rows, and what to do.
    """
    if str(source).startswith(medmnist.PREFIX):
        source = medmnist.fetch(str(source))
    path = Path(source).expanduser().absolute()
    if not path.exists():
        raise InputError(f"there is no cohort at {path}; give a table, a folder, an npz file or medmnist:NAME")
    columns = table.Columns(image, target, patient, tuple(groups), split)
    if path.is_dir():
        _no_columns(path, columns, "a folder of class folders")
        return _made(folders.rows(path), "class", None, (), "folders", folders.listing_hash(path), positive)
    if path.suffix.lower() == ".npz":
        _no_columns(path, columns, "an npz file")
        return _made(npz.rows(path), "label", None, (), "npz", _file_hash(path), positive)
    rows, target_name = table.rows(path, columns, image_root=image_root, allow_missing=allow_missing, source=rows_of)
    return _made(rows, target_name, patient, columns.groups, "table", _file_hash(path), positive)


def _no_columns(path: Path, columns: table.Columns, kind: str) -> None:
    given = [f"--{field.name.removesuffix('s')}" for field in fields(columns) if getattr(columns, field.name)]
    if given:
        raise InputError(f"{path} is {kind}, which has no columns; leave {', '.join(given)} out, or give a table")


def _made(
    rows: pd.DataFrame,
    target_name: str,
    patient_column: str | None,
    group_columns: tuple[str, ...],
    kind: Kind,
    source_hash: str,
    positive: str | None,
) -> Cohort:
    for column in ("patient", "split"):
        if column not in rows:
            rows[column] = pd.array([pd.NA] * len(rows), dtype="string")
    for column in ("reference", "target", "patient", "split"):
        rows[column] = rows[column].astype("string")
    classes = _classes(rows["target"], positive)
    ordered = rows[["reference", "target", "patient", "split", *group_columns]].reset_index(drop=True)
    return Cohort(ordered, classes, target_name, patient_column, group_columns, kind, source_hash)


def _classes(target: pd.Series, positive: str | None) -> tuple[str, ...]:
    found = sorted(target.unique().tolist(), key=_number_first)
    if len(found) < 2:
        raise InputError(f"all {len(target)} rows have the target {found[0]!r}; at least two classes are needed")
    if positive is None:
        return tuple(found)
    if positive not in found:
        raise unknown("class", positive, found)
    if len(found) > 2:
        raise InputError(f"--positive is for two classes, there are {len(found)}; leave it out")
    return (*(name for name in found if name != positive), positive)


def _number_first(name: str) -> tuple[int, float, str]:
    try:
        return 0, float(name), name
    except ValueError:
        return 1, 0.0, name


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
