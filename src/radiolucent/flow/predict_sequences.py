"""Apply a saved model of sequences: probabilities of each sequence, and of each frame that was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from ..core import InputError, UnreadableError
from ..learn.model import Model
from ..learn.sequences import spread
from ..read import sequence
from ..read.key import keyed, secret_key
from .answers import answers, words
from .progress import bar
from .study.pictures import Seen, unlike
from .study.sequences import KINDS, SPARE, frames_of, row_of

FRAMES = "frames.csv"


def sequences_of(source: str) -> list[Path]:
    """The sequences that a path or a glob means, in order: a file, a folder of frames or slices, or all in a folder."""
    path = Path(source)
    if path.is_file():
        return [path]
    if not path.is_dir():
        found = sorted(map(Path, glob(source, recursive=True)))
    else:
        found = sorted(path.iterdir())
        files = [one for one in found if one.is_file() and not one.name.startswith(".")]
        if files and len(files) == len(found) and _is_still(files[0]):
            return [path]
    kept = [one for one in found if not one.name.startswith(".")]
    if not kept:
        raise InputError(
            f"there is no sequence at {source}; give a video, a volume, a folder of frames, a folder of these, or a glob"
        )
    return kept


def sequence_rows(model: Model, source: str, folder: Path, *, shown: bool = True) -> Iterator[dict[str, Any]]:
    """A row per sequence of `source`; the frames' probabilities go into folder/frames.csv, uncalibrated."""
    paths, key = sequences_of(source), secret_key()
    with bar("predict", len(paths), shown=shown) as advance:
        for path in paths:
            row = {"key": keyed(str(path.resolve()), key), "file": str(path)}
            read = _read(path, model)
            if isinstance(read, str):
                yield row | {"refused": read}
            else:
                _tell_frames(model, row["key"], read, folder / FRAMES)
                yield row | _judged(model, read[0]) | {"refused": ""}
            advance(1)


def _is_still(file: Path) -> bool:
    """Whether a file is one picture, and so a frame or slice of something."""
    try:
        return sequence(file)[0].grid.axes == "yx"
    except UnreadableError:
        return False


def _read(path: Path, model: Model) -> tuple[NDArray[Any], int] | str:
    """The prepared sequence as a row and how many frames there are, or why it cannot be judged."""
    manifest = model.manifest
    try:
        image, _ = sequence(path)
    except UnreadableError as error:
        return str(error)
    if image.grid.axes not in manifest["kinds"]:
        known = ", ".join(KINDS[kind] for kind in manifest["kinds"])
        return f"it is {KINDS[image.grid.axes]}, the model was trained on {known}"
    most = SPARE * manifest["frames"]
    frames, _, still = frames_of(image, most=most, size=manifest["size"])
    count = image.grid.shape[0] if image.grid.axes != "yx" else 1
    return unlike(still, Seen(**manifest["seen"])) or (row_of(frames, most=most), count)


def _judged(model: Model, X: NDArray[Any]) -> dict[str, Any]:
    (told,) = answers(model, X)
    return {**words(model, told), "frames": int(X["length"][0])}


def _tell_frames(model: Model, key: str, read: tuple[NDArray[Any], int], path: Path) -> None:
    """Append the probabilities of the frames that were looked at, by their number in the source (0 is the first)."""
    X, count = read
    (each,) = model.estimator.predict_frames(X)
    told = pd.DataFrame(each, columns=[f"p_{name}" for name in model.manifest["classes"]])[: int(X["length"][0])]
    told.insert(0, "frame", spread(count, X.dtype["frames"].shape[0]))
    told.insert(0, "key", key)
    told.dropna().to_csv(path, mode="a", header=not path.exists(), index=False, float_format="%.6f")


__all__ = ["sequence_rows", "sequences_of"]
