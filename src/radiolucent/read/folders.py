"""A cohort as folders: one folder per class, or train, val and test folders with one folder per class in each."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from radiolucent.core import InputError

from .splits import split_name

_NOT_PICTURES = {
    ".csv",
    ".txt",
    ".md",
    ".json",
    ".xlsx",
    ".html",
    ".pdf",
    ".ini",
    ".db",
    ".py",
    ".yaml",
    ".yml",
    ".tsv",
}


def rows(path: Path) -> pd.DataFrame:
    """One row per file: `reference`, `target` and, where the folders say so, `split`."""
    inside = _folders(path)
    if not inside:
        raise InputError(
            f"{path} has no folder per class in it; put the pictures of each class into a folder of its own"
        )
    if all(split_name(folder.name) for folder in inside):
        found = [(file, label, split_name(s.name)) for s in inside for c in _folders(s) for file, label in _class(c)]
    else:
        found = [(file, label, None) for folder in inside for file, label in _class(folder)]
    if not found:
        raise InputError(f"the folders in {path} hold no picture")
    table = pd.DataFrame(found, columns=["reference", "target", "split"])
    return table if table["split"].notna().all() else table.drop(columns="split")


def listing_hash(path: Path) -> str:
    """SHA-256 over the relative names and sizes of all files."""
    digest = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\n".encode())
    return digest.hexdigest()


def _folders(path: Path) -> list[Path]:
    return sorted(folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith((".", "__")))


def _class(folder: Path) -> list[tuple[str, str]]:
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    return [(str(file), folder.name) for file in files if file.suffix.lower() not in _NOT_PICTURES]
