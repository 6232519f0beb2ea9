"""The rows of an index as Parquet: one file, or a folder of parts; a few thousand rows are in memory at a time."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from ...core import InputError
from ...write.whole import whole_file
from .columns import COLUMNS

ROWS_AT_ONCE, ROWS_A_PART = 2_000, 50_000
_MOST = 2.0**63
_TYPES = {
    "text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_(),
    "wholes": pa.list_(pa.int64()), "numbers": pa.list_(pa.float64()),
}  # fmt: skip
SCHEMA = pa.schema([(column.name, _TYPES[column.kind]) for column in COLUMNS])


def write_parts(rows: Iterable[dict[str, Any]], out: Path, *, more: Iterable[tuple[str, pa.DataType]] = ()) -> int:
    """Write all rows to the file `out`, or into the folder `out` as parts; returns how many there are.

    `more` names the columns that follow those of every index. What was there before is replaced when all is written.
    """
    schema = pa.schema([*SCHEMA, *(pa.field(name, kind) for name, kind in more)])
    if is_file(out):
        with whole_file(out, overwrite=True) as draft:
            return _write(iter(rows), draft, schema, most=None)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=out) as place:
        count, part, left = 0, 0, iter(rows)
        while True:
            made = _write(left, Path(place) / f"part-{part:05d}.parquet", schema, most=ROWS_A_PART)
            count, part = count + made, part + 1
            if made < ROWS_A_PART:
                break
        for old in out.glob("part-*.parquet"):
            old.unlink()
        for new in sorted(Path(place).iterdir()):
            shutil.move(new, out / new.name)
    return count


def is_file(out: Path) -> bool:
    """Whether an index goes to one file; other suffixes than .parquet are refused."""
    if out.suffix.lower() in (".parquet", ".pq"):
        return True
    if out.suffix:
        raise InputError(f"{out}: an index is written as .parquet, or into a folder of parts (a name without suffix)")
    return False


def write_list(rows: Iterable[tuple[str, str]], out: Path) -> int:
    """Write (file, reason) pairs as a table that a spreadsheet opens; without any, no file is left."""
    count = 0
    with whole_file(out, overwrite=True) as draft, draft.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(("file", "reason"))
        for count, row in enumerate(rows, start=1):  # noqa: B007  the last number is the count
            table.writerow(row)
    if not count:
        out.unlink()
    return count


def _write(rows: Iterator[dict[str, Any]], path: Path, schema: pa.Schema, *, most: int | None) -> int:
    count = 0
    with ParquetWriter(path, schema, compression="zstd") as writer:
        while most is None or count < most:
            some = [row for _, row in zip(range(min(ROWS_AT_ONCE, (most or 10**9) - count)), rows)]
            if not some:
                break
            writer.write_table(pa.Table.from_pylist([_typed(row, schema) for row in some], schema=schema))
            count += len(some)
    return count


def _typed(row: dict[str, Any], schema: pa.Schema) -> dict[str, Any]:
    """Whatever a header states where the index wants a number or a word: what does not fit is left empty."""
    return {name: _fit(row.get(name), schema.field(name).type) for name in schema.names}


def _fit(value: Any, kind: pa.DataType) -> Any:
    if value is None or pa.types.is_list(kind) or pa.types.is_boolean(kind):
        return value
    if pa.types.is_string(kind):
        return str(value)
    try:
        number = float(value)
        return number if pa.types.is_floating(kind) else int(number) if abs(number) < _MOST else None
    except (TypeError, ValueError, OverflowError):
        return None


def relative(path: Path, out: Path) -> str:
    """A path as seen from the folder that the table lies in; absolute where there is no way from one to the other."""
    try:
        return Path(os.path.relpath(path, out.parent if is_file(out) else out)).as_posix()
    except ValueError:
        return path.as_posix()
