"""Series by series from files to images, and then the name of each image as reading its path would give it."""

from __future__ import annotations

import json
import posixpath
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...core import InputError
from ...dicom.scan import scan
from ...dicom.walk import Wanted
from ...read import content_key
from ...read.volumes import Known, Row, labelled, rows
from .state import Series, State, Told

_UID = Wanted(("SeriesInstanceUID",))
_IMAGES = """
CREATE TEMP TABLE images (
    n INTEGER PRIMARY KEY, of TEXT, path TEXT, number INTEGER, series TEXT, label TEXT, is_slice INTEGER, first TEXT,
    patient TEXT, day INTEGER, told TEXT
);
"""
_INDEXES = """
CREATE INDEX temp.by_case ON images (of, path);
CREATE INDEX temp.by_path ON images (path, of);
CREATE INDEX temp.by_patient ON images (patient, day);
"""


def images(state: State, root: Path, key: bytes) -> Iterator[dict[str, Any]]:
    """One dictionary of columns for each image, in the order of their paths (which are relative to `root`)."""
    run = state.sql
    run.executescript(_IMAGES)
    for series in state.series():
        for files in _best_parted(state, series):
            run.executemany(
                "INSERT INTO images VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_kept(row, series) for row in _rows(files, root, key)),
            )
    run.executescript(_INDEXES)
    for of, path in run.execute("SELECT DISTINCT of, path FROM images ORDER BY path, of"):
        names = _names(run, of, path, root)
        own = run.execute("SELECT n, patient, day, told FROM images WHERE of = ? AND path = ? ORDER BY n", (of, path))
        for n, patient, day, told in own.fetchall():
            first = run.execute("SELECT MIN(day) FROM images WHERE patient = ?", (patient,)).fetchone()[0]
            days = day - first if patient and day is not None else None
            yield {"path": path, "name": names[n], "days": days, **json.loads(told)}


def _best_parted(state: State, series: Series) -> Iterator[list[Told]]:
    """A series that lies in several folders is one image, unless its files fit together only folder by folder."""
    files = state.files(series)
    folders = sorted({told.file.name.rpartition("/")[0] for told in files})
    if len(folders) < 2 or not any("problem" in row.columns for row in rows([told.file for told in files])):
        yield files
        return
    for folder in folders:
        yield state.files(series._replace(folder=folder))


def _rows(files: list[Told], root: Path, key: bytes) -> Iterator[tuple[Row, list[Known]]]:
    known = {told.file.name: told for told in files}
    for row in rows([told.file for told in files]):
        own = [known[name] for name in row.names]
        columns = row.columns
        columns |= {"files": len(own), "bytes": sum(told.size for told in own)}
        columns["copies"] = sum(told.copies for told in own)
        columns["key"] = columns.get("key") or _content_key(root / row.names[0], key)
        if columns["copies"] and columns["format"] == "dicom" and len(own) > 1:
            said = f"{columns['copies']} copies of files lie beside them, and reading refuses these"
            columns["problem"] = "; ".join(filter(None, (said, columns.get("problem"))))
        yield row, [told.file for told in own]


def _content_key(path: Path, key: bytes) -> str | None:
    try:
        return content_key(path, key)
    except OSError:
        return None  # it has vanished


def _kept(made: tuple[Row, list[Known]], series: Series) -> tuple[Any, ...]:
    row, files = made
    columns = dict(row.columns)
    names = [file.name for file in files]
    path = names[0] if len(names) == 1 else posixpath.commonpath([name.rpartition("/")[0] for name in names]) or "."
    is_slice = len(names) == 1 and len(files[0].record.frames) <= 1
    day, patient = columns.pop("day", None), columns.get("patient")
    told = json.dumps({name: value for name, value in columns.items() if value is not None})
    return series.of, path, series.number, series.series, row.label, is_slice, names[0], patient, day, told


def _names(run: sqlite3.Connection, of: str, path: str, root: Path) -> dict[int, str]:
    """The names of all images of a case that lie at or below a path, by their number."""
    # 0 follows the slash; the root has everything below it
    ends = ("", "\U0010ffff") if path == "." else (f"{path}/", f"{path}0")
    found = run.execute(
        "SELECT n, number, series, label, is_slice, first, path FROM images"
        " WHERE of = ? AND (path = ? OR (path > ? AND path < ?))",
        (of, path, *ends),
    ).fetchall()
    order = _order(found, root)
    found.sort(key=lambda row: (row[1], order.get(row[2], row[2]), row[0]))
    labels = ["" if is_slice and at == path else label for _, _, _, label, is_slice, _, at in found]
    return {row[0]: name for row, name in zip(found, labelled(labels), strict=True)}


def _order(found: list[tuple[Any, ...]], root: Path) -> dict[str, str]:
    """Reading orders series of one number by their unique identifiers, of which the index has keys only."""
    series = {(number, one): first for _, number, one, _, _, first, _ in found if one}
    numbers = [number for number, _ in series]
    tied = {one: first for (number, one), first in series.items() if numbers.count(number) > 1}
    return {one: _uid(root / first) for one, first in tied.items()}


def _uid(path: Path) -> str:
    try:
        return str(scan(path, _UID).get("SeriesInstanceUID") or "")
    except InputError:
        return ""
