"""Which real pictures were looked at while the finder of text was built, so that no draw that it is measured on holds them."""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from rendered_text import few

NIH_SHARE, POCUS_SHARE = 64, 128
"""Of 256: the patients of the two sets whose pictures settings were chosen on, unless an earlier draw holds one of them."""


def byte_of(patient: str) -> int:
    """A fixed number of 0 to 255 for each patient."""
    return hashlib.sha256(f"lettering {patient}".encode()).digest()[0]


def tested(files: list[Path]) -> set[Path]:
    """The pictures that `tests/reference/test_rendered_text.py` looks at."""
    return {*few(files, 2), *few(files, 20)}


def nih(files: list[Path], drawn: set[Path]) -> set[Path]:
    """Radiographs for choosing: of a quarter of the patients, none of them in an earlier draw or in the tests."""
    closed = {_number(path) for path in drawn | tested(files)}
    return {path for path in files if _number(path) not in closed and byte_of(str(_number(path))) < NIH_SHARE}


def _number(path: Path) -> int:
    return int(path.name.split("_")[0])


def pocus(files: list[Path], drawn: set[Path], labels: Path) -> set[Path]:
    """Clips for choosing: of half of the patients, none of them in an earlier draw."""
    with labels.open(newline="") as file:
        patients = {Path(row["file"]).name: row["patient_id_or_name"].strip() for row in csv.DictReader(file)}
    closed = {patients[path.name] for path in drawn}
    return {path for path in files if patients[path.name] not in closed and byte_of(patients[path.name]) < POCUS_SHARE}
