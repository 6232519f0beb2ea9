"""Which frame of a sequence spoke most for what was decided: what the report shows of sequences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...learn.model import load
from ...learn.sequences import Chosen
from .design import Design
from .worker import fold_path

FILE = "frames.npz"


def tell(work: Path, name: str, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> None:
    """Leave work/name/frames.npz: of each row the frame with the highest probability of its column, by the model of the
    fold that tested the row, with the highest and the lowest probability of all its frames."""
    design, X = Design.load(work / "design.npz"), np.load(work / "sequences.npy", mmap_mode="r")
    p = np.zeros((len(rows), X.dtype["frames"].shape[0]))
    for fold in np.unique(design.fold_of[rows]):
        here = np.flatnonzero(design.fold_of[rows] == fold)
        model = load(fold_path(work, name, int(fold)).with_suffix("")).estimator
        each = model.predict_frames(Chosen(X, rows[here]))
        p[here] = each[np.arange(len(here)), :, columns[here]]
    at = np.nanargmax(p, axis=1) if len(rows) else np.zeros(0, np.intp)
    np.savez_compressed(
        work / name / FILE,
        rows=rows,
        at=at,
        of=X["length"][rows],
        frames=X["frames"][rows, at],
        high=np.nanmax(p, axis=1, initial=0),
        low=np.nanmin(p, axis=1, initial=1),
    )


def telling_frames(
    work: Path, name: str, pictures: NDArray[np.uint8], captions: dict[int, str]
) -> tuple[Any, dict[int, str]]:
    """Pictures and captions of cases, with the frames that `tell` found where it left any."""
    path = work / name / FILE
    if not path.exists():
        return pictures, captions
    with np.load(path) as kept:
        found = {name: kept[name] for name in kept.files}
    where = {int(row): k for k, row in enumerate(found["rows"]) if int(row) in captions}
    shown = {row: found["frames"][k] for row, k in where.items()}
    said = {
        row: f"{captions[row]}; frame {found['at'][k] + 1} of the {found['of'][k]} kept spoke most for it "
        f"({found['high'][k]:.2f}, the least {found['low'][k]:.2f})"
        for row, k in where.items()
    }
    return {row: shown.get(row, pictures[row]) for row in captions}, {**captions, **said}


__all__ = ["tell", "telling_frames"]
