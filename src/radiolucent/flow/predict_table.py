"""Apply a saved model to the rows of a table: models that learned from measured features, alone or beside pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import InputError, UnreadableError
from ..learn.model import Model, load
from ..read import pixels
from ..read.key import keyed, secret_key
from ..read.prepare import prepare
from ..read.table import image_column, open_table, typed
from .answers import answers, words
from .describe import SITE, Description
from .study.pictures import Seen, unlike
from .study.rows import measured

EMBEDDING = "embedding"
"""Folder of the net in the folder of a model that sees its vectors."""


def description_of(model: Model) -> Description:
    """What the rows of a model hold."""
    return Description.from_dict(model.manifest.get("described") or {})


def net_of(model: Model, folder: Path) -> Any:
    """The net whose vectors a model sees, from the model's own folder; None where it sees none."""
    if not description_of(model).embedding:
        return None
    net = load(folder / EMBEDDING)
    if net.manifest["seal"] != model.manifest.get("embedding_seal"):
        raise InputError(
            f"{folder / EMBEDDING} is not the net that this model was trained with; restore the model folder"
        )
    return net.estimator


def takes_table(model: Model, needs: str) -> bool:
    """Whether a model learned from columns of a table, and so is applied to one."""
    return needs == "features" or (needs == "rows" and bool(description_of(model).columns))


def table_rows(model: Model, needs: str, source: str, folder: Path, *, threads: int) -> Iterator[dict[str, Any]]:
    """Key, row, prediction and probabilities of every row of the table at `source`, or why it is refused."""
    path, description = Path(source).expanduser(), description_of(model)
    table = _opened(path)
    columns = _columns(model, needs)
    numbers = _numbers(table, columns, path)
    sites = table.get(description.site)
    refused = {int(row): "every feature is missing" for row in np.flatnonzero(numbers.isna().all(axis=1))}
    X: Any = numbers
    if needs == "features" and description.site is not None:
        X = numbers.assign(**{SITE: -1 if sites is None else description.number_of(sites)})
    if needs == "rows":
        X = description.filled(len(table), columns=numbers, sites=sites)
    files = [f"{path} row {row + 1}" for row in range(len(table))]
    if needs == "rows" and description.sees_pictures:
        files = _files(table, path, model)
        X = _seen(X, files, model, folder, refused, threads)
    told = _judged(model, X, [row not in refused for row in range(len(table))])
    key = secret_key()
    for row, file in enumerate(files):
        head = {"key": keyed(str(Path(file).resolve()), key), "file": file, "row": row + 1}
        yield head | ({"refused": refused[row]} if row in refused else next(told) | {"refused": ""})


def unknown_sites(model: Model, source: str) -> str:
    """A phrase on rows that could not be harmonised; "" where all could, or none had to be."""
    description = description_of(model)
    if description.site is None:
        return ""
    path = Path(source).expanduser()
    known = "features" in model.manifest and path.is_file() and path.suffix.lower() in TABLES
    table = _opened(path) if known else pd.DataFrame()
    if description.site not in table:
        return f"; no row says its {description.site}, so none was harmonised"
    strangers = int((description.number_of(table[description.site]) < 0).sum())
    return (
        f"; {strangers} of {len(table)} are of no known {description.site} and were not harmonised" if strangers else ""
    )


TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet", ".pq")


def _opened(path: Path) -> pd.DataFrame:
    if path.suffix.lower() not in TABLES or not path.is_file():
        raise InputError(
            f"this model learned from columns of features, and {path.name} is no table; give a CSV, TSV, XLSX or Parquet "
            "file with a row for each case"
        )
    table = open_table(path).reset_index(drop=True)
    if not len(table):
        raise InputError(f"{path} has no row to judge")
    return table


def _columns(model: Model, needs: str) -> list[str]:
    if needs == "rows":
        return list(description_of(model).columns)
    told = model.manifest.get("features") or model.estimator.feature_names_in_
    return [str(name) for name in told if name != SITE]


def _numbers(table: pd.DataFrame, columns: list[str], path: Path) -> pd.DataFrame:
    missing = [name for name in columns if name not in table]
    if missing:
        shown = ", ".join(missing[:5]) + (" and others" if len(missing) > 5 else "")
        raise InputError(
            f"{path} lacks {len(missing)} of the {len(columns)} columns that the model learned from ({shown}); "
            "measure them as for the training table, under the same names"
        )
    found = table[columns].apply(typed)
    words = [name for name in columns if not pd.api.types.is_numeric_dtype(found[name]) and found[name].notna().any()]
    if words:
        raise InputError(f"features are numbers; column {words[0]!r} of {path} holds words")
    return found.apply(pd.to_numeric).astype(np.float64)


def _files(table: pd.DataFrame, path: Path, model: Model) -> list[str]:
    column = model.manifest.get("image") or image_column(path, [str(name) for name in table])
    if column not in table:
        raise InputError(
            f"this model looks at pictures as well, and {path} lacks the column {column!r} that names them"
        )
    return [str(path.parent / str(name)) for name in table[column]]


def _seen(
    rows: NDArray[Any], files: list[str], model: Model, folder: Path, refused: dict[int, str], threads: int
) -> NDArray[Any]:
    """The rows with what is measured of their pictures; rows whose picture cannot be judged join `refused`."""
    size, seen = model.manifest["size"], Seen(**model.manifest["seen"])
    pictures = np.zeros((len(files), size, size), np.uint8)
    for row, file in enumerate(files):
        try:
            image = pixels(file)
        except UnreadableError as error:
            refused[row] = str(error)
            continue
        why = unlike(image, seen)
        if why is None:
            pictures[row] = prepare(image, size=size)
        else:
            refused[row] = why
    net = net_of(model, folder)
    return measured(pictures, workers=threads, description=description_of(model), net=net, base=rows)


def _judged(model: Model, X: Any, kept: list[bool]) -> Iterator[dict[str, Any]]:
    rows = np.flatnonzero(kept)
    if not len(rows):
        return
    for told in answers(model, X.iloc[rows] if isinstance(X, pd.DataFrame) else X[rows]):
        yield words(model, told)
