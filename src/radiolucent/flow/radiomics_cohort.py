"""Radiomics of many regions: rows of a table, several at a time, resumable, with what failed told beside the result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

from .. import __version__
from ..core import Image, InputError, Mask, unknown
from ..kernels.grey import robust_limits
from ..measure.radiomics import Settings
from ..read.table import open_table
from ..write import whole_file
from ..write.picture import png_bytes, windowed
from .load import content_hash, load_pair
from .progress import bar
from .radiomics import Filter, features_of

WRITES = {".csv": "to_csv", ".parquet": "to_parquet"}


@dataclass(frozen=True)
class Region:
    """One row of the work: which image, which mask, and which label (`None`: every label that the mask holds)."""

    row: int
    image: str
    mask: str
    label: int | None = None


@dataclass(frozen=True)
class Work:
    """What is to be measured and how."""

    regions: tuple[Region, ...]
    chosen: Settings
    filters: tuple[Filter, ...] = ()
    pictures: Path | None = None
    allow_blocked: bool = False

    def hash(self) -> str:
        """SHA-256 of the settings and of the places of all files: work on the same can be taken up again."""
        told: dict[str, Any] = {
            "version": __version__,
            "settings": asdict(self.chosen),
            "filters": [str(one) for one in self.filters],
            "pictures": str(self.pictures),
            "allow_blocked": self.allow_blocked,
        }
        told |= {"regions": [[*asdict(one).values(), *_state(one)] for one in self.regions]}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Measured:
    """A table with a row for each region, and one of remarks: `severity` is `block` where a row could not be measured."""

    features: pd.DataFrame
    remarks: pd.DataFrame

    @property
    def failed(self) -> int:
        """The number of rows that could not be measured."""
        return int(self.remarks["row"][self.remarks["severity"] == "block"].nunique())


def regions_of(path: Path) -> tuple[tuple[Region, ...], pd.DataFrame]:
    """The regions that a table names in its columns `image`, `mask` and, if it has one, `label`; and the table itself.

    Paths start at the table's folder.
    """
    table = open_table(path)
    for name in ("image", "mask"):
        if name not in table:
            raise unknown(f"column in {path.name}", name, list(table))
        empty = np.flatnonzero(table[name].isna())
        if len(empty):
            raise InputError(f"{path}: row {empty[0] + 2} has no {name}; fill it in, or remove the row")
    labels = [_label(path, row, cell) for row, cell in enumerate(table["label"])] if "label" in table else []
    root = path.absolute().parent
    return tuple(
        Region(row, str(root / image), str(root / mask), labels[row] if labels else None)
        for row, (image, mask) in enumerate(zip(table["image"], table["mask"], strict=True))
    ), table


def measured(work: Work, journal: Path, *, threads: int, shown: bool = False) -> Measured:
    """Measure all regions on `threads` cores; `journal` keeps what is done, so that a stopped run goes on there."""
    lines = begun(journal, work.hash())
    done = {line["row"] for line in lines}
    waiting = [one for one in work.regions if one.row not in done]
    with bar("radiomics", len(work.regions), shown=shown) as advance, journal.open("a", encoding="utf-8") as file:
        advance(len(done))
        for line in _each(waiting, work, threads):
            file.write(json.dumps(line) + "\n")
            file.flush()
            lines.append(line)
            advance(1)
    return _tables(lines)


def joined(found: Measured, table: pd.DataFrame) -> pd.DataFrame:
    """The cohort's own columns, then the features; a row that failed is not in it."""
    clash = sorted(set(table.columns) & set(found.features.columns) - {"row", "label"})
    if clash:
        raise InputError(f"the table has columns named as features are ({', '.join(clash[:3])}); rename them")
    own = table.drop(columns=[name for name in ("label",) if name in table])
    return found.features.join(own, on="row")[[*own.columns, *found.features.columns.drop("row")]]


def save_table(table: pd.DataFrame, path: Path, *, overwrite: bool = False) -> None:
    """Write a table as CSV or Parquet, whole or not at all."""
    check_table(path)
    with whole_file(path, overwrite=overwrite) as draft:
        getattr(table, WRITES[path.suffix])(draft, index=False)


def check_table(path: Path) -> None:
    """Refuse a suffix that no table is written with, before anything is computed."""
    if path.suffix not in WRITES:
        raise unknown("file form for a table", path.suffix or path.name, WRITES)


def _each(waiting: Sequence[Region], work: Work, threads: int) -> Iterator[dict[str, Any]]:
    if threads == 1 or len(waiting) < 2:
        yield from (_measure(one, work) for one in waiting)
        return
    with Parallel(n_jobs=threads, return_as="generator_unordered", pre_dispatch="2*n_jobs") as parallel:
        yield from parallel(delayed(_measure)(one, replace(work, regions=())) for one in waiting)


def _measure(region: Region, work: Work) -> dict[str, Any]:
    """One line of the journal: every label of a region with its features and remarks, or why there are none."""
    try:
        return {"row": region.row, "labels": list(_labels(region, work))}
    except Exception as error:  # one case among many must not stop the others: it is told with its reason
        name = "" if isinstance(error, InputError) else f"{type(error).__name__}: "
        return {"row": region.row, "error": name + " ".join(str(error).split())}


def _labels(region: Region, work: Work) -> Iterator[dict[str, Any]]:
    image, mask = read_region(region, allow_blocked=work.allow_blocked)
    for label in present(region, mask):
        features, remarks = features_of(image, mask, label, work.chosen, work.filters)
        named = {"label_name": mask.names[label]} if label in mask.names else {}
        if work.pictures is not None:
            file = work.pictures / f"{region.row + 2}_{label}.png"
            file.write_bytes(png_bytes(picture_of(image, mask, label)))
            named |= {"picture": str(file)}
        yield {"label": label, **named, "features": features, "remarks": [one.says for one in remarks]}


def picture_of(image: Image, mask: Mask, label: int) -> NDArray[np.uint8]:
    """The slice in which the label is largest, around it with a quarter of its size more on each side, in 8 bits."""
    inside = (mask.array == label)[(None,) * (3 - mask.array.ndim)]
    grey = image.array[(None,) * (3 - image.array.ndim)]
    index = int(inside.sum(axis=(1, 2)).argmax())
    here = tuple(_widened(inside[index].any(axis=1 - axis)) for axis in (0, 1))
    return windowed(grey[index][here], robust_limits(grey[index][here]))


def _widened(there: NDArray[np.bool_]) -> slice:
    first, last = (int(np.flatnonzero(there)[end]) for end in (0, -1))
    more = max((last - first) // 4, 8)
    return slice(max(first - more, 0), last + 1 + more)


def present(region: Region, mask: Mask) -> list[int]:
    """The labels to measure: the one asked for, or all that the mask holds."""
    if region.label is not None:
        return [region.label]
    labels = [int(label) for label in np.unique(mask.array) if label]
    if not labels:
        raise InputError("the mask is empty: it has no label")
    return labels


def read_region(region: Region, *, allow_blocked: bool = False) -> tuple[Image, Mask]:
    """The image and the mask of a region."""
    return load_pair(region.image, region.mask, allow_blocked=allow_blocked)


def _state(region: Region) -> list[str]:
    """What tells that files were changed between two runs; those that are not there will be told when their turn comes."""
    paths = [Path(region.image), Path(region.mask)]
    return [content_hash(path) if path.is_file() else "" for path in paths]


def begun(journal: Path, asked: str) -> list[dict[str, Any]]:
    """The lines that an earlier run of the same work left; another work's journal is begun anew."""
    text = journal.read_text(encoding="utf-8") if journal.exists() else ""
    whole = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
    if not whole or json.loads(whole[0]).get("work") != asked:
        whole = [json.dumps({"work": asked}) + "\n"]
    journal.write_text("".join(whole), encoding="utf-8")
    return [json.loads(line) for line in whole[1:]]


def _tables(lines: list[dict[str, Any]]) -> Measured:
    """The tables, in the order of rows and labels whatever the order of the work."""
    rows, remarks = [], []
    for line in sorted(lines, key=lambda one: int(one["row"])):
        if "error" in line:
            remarks.append((line["row"], None, "block", line["error"]))
        for one in line.get("labels", ()):
            named = {name: one[name] for name in ("label", "label_name", "picture") if name in one}
            rows.append({"row": line["row"], **named, **one["features"]})
            remarks += [(line["row"], one["label"], "info", says) for says in one["remarks"]]
    features = pd.DataFrame(rows) if rows else pd.DataFrame(columns=["row", "label"])
    told = pd.DataFrame(remarks, columns=["row", "label", "severity", "says"])
    return Measured(features, told.astype({"label": "Int64"}))


def _label(path: Path, row: int, cell: Any) -> int | None:
    if pd.isna(cell):
        return None
    if not str(cell).isdigit() or int(cell) < 1:
        raise InputError(f"{path}: row {row + 2} has the label {cell!r}; a label is a whole number from 1")
    return int(cell)
