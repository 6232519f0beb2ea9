"""Apply a saved model to new images: probabilities, and where the model looks."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import Image, InputError, UnreadableError
from ..learn.model import Model, load
from ..read import pixels
from ..read.key import keyed, secret_key
from ..read.prepare import prepare
from ..write.picture import overlay, png_bytes
from .answers import answers, decided, words
from .candidates import candidate
from .heat import METHODS, heat_maps
from .predict_sequences import sequence_rows
from .predict_table import description_of, net_of, table_rows, takes_table, unknown_sites
from .progress import bar
from .study.pictures import Seen, unlike
from .study.rows import measured

CHUNK = 64


def predict(model: Path, source: str, out: Path, *, threads: int, heat: bool = True, shown: bool = True) -> str:
    """Write out/predictions.csv (and out/heat/KEY.png) for an image, a folder or a glob; gives one sentence.

    A model of sequences takes videos, volumes and folders of frames, and writes out/frames.csv with the probabilities of
    each frame instead; a model that learned from columns of a table takes a table with these columns. An image unlike
    the training data is refused with the reason in its row; when every image is refused, so is the run.
    Tables carry keys; out/keys.csv says which file each key is, and is not for sharing.
    """
    loaded = load(model)
    needs = candidate(loaded.manifest["candidate"]).needs
    if needs == "table":
        raise InputError(
            "the best candidate of this study looked at no picture (metadata alone): there is none to apply"
        )
    if needs == "both":
        raise InputError(
            "the best candidate of this study (fusion) needs the metadata of every picture, which images alone do not bring; "
            "learn again without it for a model that takes images"
        )
    is_table = takes_table(loaded, needs)
    what = "sequences" if needs == "sequences" else "rows" if is_table else "images"
    with _whole(out) as folder:
        if needs == "sequences":
            rows = list(sequence_rows(loaded, source, folder, shown=shown))
        elif is_table:
            rows = list(table_rows(loaded, needs, source, model, threads=threads))
        else:
            net, paths = net_of(loaded, model), images_of(source)
            rows = list(_rows(loaded, needs, paths, folder, net=net, threads=threads, heat=heat, shown=shown))
        refused = [row for row in rows if row["refused"]]
        if len(refused) == len(rows):
            raise InputError(f"none of {len(rows)} {what} can be judged; the first: {refused[0]['refused']}")
        pd.DataFrame([{k: v for k, v in row.items() if k != "file"} for row in rows]).to_csv(
            folder / "predictions.csv", index=False
        )
        with (folder / "keys.csv").open("w", newline="") as stream:
            csv.writer(stream).writerows([("key", "file"), *((row["key"], row["file"]) for row in rows)])
    counted = f"{len(rows) - len(refused)} {what} judged" + (f", {len(refused)} refused" if refused else "")
    counted += unknown_sites(loaded, source)
    kept = "keys.csv says which file each key is: do not share it"
    return f"{counted}: {out / 'predictions.csv'} ({kept}; research software, not for diagnosis)"


def images_of(source: str) -> list[Path]:
    """The files that a path, a folder (all below it) or a glob means, in order."""
    path = Path(source)
    if path.is_file():
        return [path]
    found = sorted(path.rglob("*")) if path.is_dir() else sorted(map(Path, glob(source, recursive=True)))
    files = [file for file in found if file.is_file() and not file.name.startswith(".")]
    if not files:
        raise InputError(f"there is no image at {source}; give a file, a folder with images or a glob in quotes")
    return files


def _rows(
    model: Model, needs: str, paths: list[Path], folder: Path, *, net: Any, threads: int, heat: bool, shown: bool
) -> Iterator[dict[str, Any]]:
    key = secret_key()
    if heat:
        (folder / "heat").mkdir()
    with bar("predict", len(paths), shown=shown) as advance:
        for start in range(0, len(paths), CHUNK):
            chunk = paths[start : start + CHUNK]
            read = [_read(path, model) for path in chunk]
            pictures = [item for item in read if not isinstance(item, str)]
            told = iter(_told(model, needs, np.stack(pictures), threads, heat, net) if pictures else ())
            for path, item in zip(chunk, read, strict=True):
                row = {"key": keyed(str(path.resolve()), key), "file": str(path)}
                yield row | (
                    {"refused": item} if isinstance(item, str) else _judged(row["key"], item, next(told), folder)
                )
            advance(len(chunk))


def _judged(
    key: str, picture: NDArray[np.uint8], told: tuple[dict[str, Any], NDArray[np.float32] | None], folder: Path
) -> dict[str, Any]:
    """The figures of one picture; its heat map goes into a file."""
    figures, map_ = told
    if map_ is not None:
        (folder / "heat" / f"{key}.png").write_bytes(png_bytes(overlay(picture, np.clip(map_, 0, None))))
    return {**figures, "refused": ""}


def _read(path: Path, model: Model) -> NDArray[np.uint8] | str:
    """The prepared picture, or why it cannot be judged."""
    try:
        image: Image = pixels(str(path))
    except UnreadableError as error:
        return str(error)
    return unlike(image, Seen(**model.manifest["seen"])) or prepare(image, size=model.manifest["size"])


def _told(
    model: Model, needs: str, pictures: NDArray[np.uint8], threads: int, heat: bool, net: Any
) -> Iterator[tuple[dict[str, Any], NDArray[np.float32] | None]]:
    how: Any = {"workers": threads, "description": description_of(model), "net": net}
    X = pictures if needs == "pictures" else measured(pictures, **how)
    told = answers(model, X)
    maps = heat_maps(model.estimator, needs, pictures, decided(model, told), **how) if heat else [None] * len(told)
    for row, map_ in zip(told, maps, strict=True):
        yield {**words(model, row), "explained_by": METHODS[needs] if heat else ""}, map_


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A folder that appears with all its content, or not at all."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"the output folder {out} is not empty; give another with -o")
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        part.replace(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
