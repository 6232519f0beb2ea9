"""An output folder appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import InputError


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Say before any work is done that the output is there already."""
    if (path.exists() or path.is_symlink()) and not overwrite:
        raise InputError(f"{path} exists; give another name, or --overwrite to replace it")


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """An empty folder to write in; it takes the name `path`, replacing what was there, only when all went well."""
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".radiolucent-", dir=path.absolute().parent))
    try:
        fresh = place / "new"
        fresh.mkdir()
        yield fresh
        if path.is_dir() and not path.is_symlink():
            os.replace(path, place / "old")
        os.replace(fresh, path)
    finally:
        shutil.rmtree(place, ignore_errors=True)
