"""The index of a folder: read what is new, forget what is gone, and write one row for each image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core import InputError
from ...read import secret_key
from ..progress import bar
from .files import FEW, read_all, there
from .images import images
from .join import Outcomes, outcomes
from .parts import is_file, relative, write_list, write_parts
from .state import State, opened


@dataclass(frozen=True)
class Indexed:
    """What was found and done: counts of images and files, and the table that was joined."""

    images: int
    files: int
    read: int
    unchanged: int
    gone: int
    others: int
    unreadable: int
    unreadable_list: Path
    joined: Outcomes | None


def index(
    root: Path,
    out: Path,
    *,
    join: Path | None = None,
    on: str = "",
    workers: int = 1,
    anew: bool = False,
    shown: bool = False,
) -> Indexed:
    """Write the index of all images below `root` to `out` (.parquet, or a folder of parts).

    A second time only files that are new or changed (by size and time) are read. With `join` the rows are those of the
    images that the table knows, with its columns. `anew` forgets what an earlier run kept.

    Raises `InputError` where there is no image, or where `out` is there and no index.
    """
    root, out, key = root.absolute(), out.absolute(), secret_key()
    if not root.is_dir():
        raise InputError(f"{root}: there is no such folder")
    table = outcomes(join, on, key) if join is not None else None
    known, unreadable = _beside(out, anew=anew)
    is_new = not known.exists()
    with opened(known, root, key) as state:
        todo, unchanged, gone = state.settle(there(root, without=None if is_file(out) else out))
        _read(state, root, key, todo, workers=workers, shown=shown)
        bad = write_list(state.unreadable(), unreadable)
        files, others = state.count("image"), state.count("none")
        count = _write(state, root, out, key, table) if files else 0
    if not files:
        if is_new:
            known.unlink()
        listed = f", see {unreadable}" if bad else ""
        raise InputError(f"{root} holds no image that can be read (other files: {others}, unreadable: {bad}{listed})")
    return Indexed(count, files, todo, unchanged, gone, others, bad, unreadable, table)


def _beside(out: Path, *, anew: bool) -> tuple[Path, Path]:
    """Where the state and the list of unreadable files lie."""
    if is_file(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        known, unreadable = out.with_suffix(".files.sqlite"), out.with_suffix(".unreadable.csv")
    else:
        known, unreadable = out / "_files.sqlite", out / "_unreadable.csv"
        if out.exists() and not known.exists() and any(out.iterdir()) and not anew:
            raise InputError(f"{out} is a folder with other things in it; give another name")
        out.mkdir(parents=True, exist_ok=True)
    if is_file(out) and out.exists() and not known.exists() and not anew:
        raise InputError(f"{out} exists and nothing beside it says that it is an index; --overwrite replaces it")
    if anew:
        known.unlink(missing_ok=True)
    return known, unreadable


def _read(state: State, root: Path, key: bytes, todo: int, *, workers: int, shown: bool) -> None:
    few = todo < FEW
    with bar("reading headers", todo, shown=shown and not few) as advance:
        try:
            for seen in read_all(root, key, state.todo(), workers=1 if few else workers):
                state.keep(seen)
                advance(len(seen))
        finally:
            state.save()


def _write(state: State, root: Path, out: Path, key: bytes, table: Outcomes | None) -> int:
    found = _placed(images(state, root, key), root, out)
    if table is None:
        return write_parts(found, out)
    count = write_parts(table.joined(found), out, more=table.schema())
    if not count:
        raise InputError(
            f"no image has a row in {table.name} by {table.on}: {len(table.rows)} values there, {table.strange} images; "
            "look whether a spreadsheet has dropped leading zeros, and whether the images were de-identified"
        )
    return count


def _placed(found: Iterator[dict[str, Any]], root: Path, out: Path) -> Iterator[dict[str, Any]]:
    for image in found:
        yield {**image, "path": relative(root / image["path"], out)}
