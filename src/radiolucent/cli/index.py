"""radiolucent index DIR -o index.parquet"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from ..core.cores import cores
from ..core.errors import InputError
from .threads import at_least_one

GO_ON = "what was read is kept; give the same command to go on"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command line."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the export: a folder with all that is in it")
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="INDEX",
        help="a .parquet file, or a folder for parts (a name without suffix); if it is there, only files that are new "
        "or changed are read",
    )  # fmt: skip
    parser.add_argument(
        "--join", type=Path, metavar="TABLE", help="outcomes (CSV, XLSX, Parquet): the index becomes the cohort table "
        "that `learn` takes, with the images that have a row and with the table's columns",
    )  # fmt: skip
    parser.add_argument(
        "--on", metavar="COLUMN", help="the table's column that identifies the patient (PatientID), or the study "
        "(StudyInstanceUID, AccessionNumber); COLUMN=PatientID where the table calls it otherwise",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=at_least_one, default=cores(), metavar="N", help="processes that read (default: every core)"
    )
    parser.add_argument("--overwrite", action="store_true", help="forget what an earlier run kept, and read all anew")
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def run(given: argparse.Namespace) -> int:
    """Make or renew the index, and say what is in it and what is not."""
    if (given.join is None) != (given.on is None):
        raise InputError("--join TABLE and --on COLUMN go together")
    flow = import_module("radiolucent.flow.index.job")
    done = flow.index(
        given.folder, given.out, join=given.join, on=given.on or "", workers=given.workers, anew=given.overwrite,
        shown=not given.quiet,
    )  # fmt: skip
    print(
        f"{_many(done.images, 'image')} in {_many(done.files, 'file')} ({done.read} read, {done.unchanged} unchanged, "
        f"{done.gone} gone; {_many(done.others, 'other file')}): {given.out}"
    )
    if done.unreadable:
        print(f"{_many(done.unreadable, 'file')} cannot be read: {done.unreadable_list}")
    if done.joined is not None:
        _say_joined(done.joined)
    print(
        "Patients and studies stand there as keys, never by their identifiers; paths are as on disk and may identify."
    )
    return 0


def _say_joined(table: Any) -> None:
    unmet, met = table.unmet(), len(table.met)
    has = "row has" if met == 1 else "rows have"
    print(f"{table.name}: {met} {has} images; {_many(table.strange, 'image')} without a row were left out")
    if unmet:
        shown = ", ".join(map(str, unmet[:10])) + (" ..." if len(unmet) > 10 else "")
        has, row = ("rows have", "rows") if len(unmet) > 1 else ("row has", "row")
        print(f"{table.name}: {len(unmet)} {has} no image ({row} {shown})")
    why = "they identify" if len(table.left_out) > 1 else "it identifies"
    print(f"{table.name}: {', '.join(table.left_out)} left out, for {why}; `{table.column}` has the key instead")
    for old, new in table.renamed.items():
        print(f"{table.name}: {old} is called {new}, for the index has a column {old}")


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
