"""One candidate, fold by fold, in a process of its own: so its peak memory is its own, and a stop loses one fold at most.

``python -m radiolucent.flow.study.worker WORK NAME --folds 0 1 2 --threads 2``
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...learn.beside import Beside
from ...learn.model import save
from ...learn.picture_net import PictureNet
from ...learn.sequence import SequenceClassifier
from ...learn.sequences import Chosen
from ..candidates import candidate, estimator
from ..classical import is_searched
from ..describe import Description
from .design import Design
from .kinds import Kind, Mended, kind_of
from .question import write_json

SEEDS = 1_000_000
"""Seeds stay below this, for some libraries multiply theirs within 32 bits."""


def main(argv: list[str] | None = None) -> int:
    """Fit, calibrate, save and apply `NAME` on each asked fold that is not finished yet."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("name")
    parser.add_argument("--folds", type=int, nargs="+", required=True)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args(argv)
    job = json.loads((arguments.work / "job.json").read_text())
    design = Design.load(arguments.work / "design.npz")
    for fold in arguments.folds:
        if not (fold_path(arguments.work, arguments.name, fold)).exists():
            _fold(arguments.work, arguments.name, fold, design=design, job=job, threads=arguments.threads)
        print(json.dumps({"fold": fold}), flush=True)
    return 0


def fold_path(work: Path, name: str, fold: int) -> Path:
    """The file that a finished fold of a candidate leaves; its model lies in the folder of the same stem."""
    return work / name / f"fold_{fold}.npz"


def inputs(work: Path, name: str) -> Any:
    """What the candidate learns from: pictures, rows of descriptors and statistics, or the table (memory-mapped)."""
    kind = candidate(name).needs
    if kind == "both":
        return Beside(np.load(work / "pictures.npy", mmap_mode="r"), pd.read_parquet(work / "table.parquet"))
    if kind in ("table", "features"):
        return pd.read_parquet(work / f"{kind}.parquet")
    return np.load(work / f"{kind}.npy", mmap_mode="r")


def take(X: Any, rows: NDArray[np.intp]) -> Any:
    """Some rows of what a candidate learns from; of sequences, which are large, nothing is copied."""
    if isinstance(X, pd.DataFrame):
        return X.iloc[rows]
    if isinstance(X, Beside):
        return X.rows(rows)
    return Chosen(X, rows) if "frames" in (X.dtype.names or ()) else X[rows]


def _fold(work: Path, name: str, fold: int, *, design: Design, job: dict[str, Any], threads: int) -> None:
    fit, tune, test = (np.flatnonzero(mask[fold]) for mask in (design.fit, design.tune, design.test))
    X, y = inputs(work, name), np.array(job["y"])
    model = estimator(
        name,
        seed=seed_of(job["seed"], name, fold),
        threads=threads,
        frames=job.get("frames"),
        description=Description.from_dict(job["described"]),
        search=job["search"],
        kind=job["kind"],
        patience=job["patience"],
        start=job["start"],
        checkpoint=str(fold_path(work, name, fold).with_suffix(".net.npz")),
        **job["columns"],
    )
    kind = kind_of(job["kind"], job["classes"])
    searched = is_searched(name, job["search"])
    started = time.perf_counter()
    model.fit(take(X, fit), y[fit], **_groups(model, np.array(job["people"])[fit], searched=searched))
    raw = kind.raw(model, take(X, tune))
    mended = kind.mended(raw, y[tune])
    tuned = mended.transform(raw)
    bound = kind.bound(y[tune], tuned)
    fitted = time.perf_counter()
    tested = mended.transform(kind.raw(model, take(X, test))) if len(test) else np.empty((0, tuned.shape[1]))
    predicted = time.perf_counter()
    path = fold_path(work, name, fold)
    path.parent.mkdir(exist_ok=True)
    manifest = job["manifest"] | {"candidate": name, "threshold": bound, "calibrator": mended.to_dict()}
    shutil.rmtree(path.with_suffix(""), ignore_errors=True)  # left by a stop between the model and its figures
    save(path.with_suffix(""), estimator=model, manifest=manifest)
    part = path.with_suffix(".part.npz")
    np.savez(part, tune=tune, tuned=tuned, test=test, tested=tested, threshold=np.nan if bound is None else bound)
    cost = {"fit_seconds": fitted - started, "predict_seconds": predicted - fitted, "peak_mb": peak_mb()}
    cost |= {"search": model.named_steps["classify"].told()} if searched else {}
    cost |= _learning(model, kind, take(X, tune), y[tune], mended)
    write_json(path.with_suffix(".json"), cost)
    part.replace(path)


def _groups(model: Any, people: NDArray[Any], *, searched: bool) -> dict[str, Any]:
    """Whose each row is, for a fit that splits its rows once more."""
    if searched:
        return {"classify__groups": people}
    return {"groups": people} if getattr(model, "patience", None) is not None else {}


def _learning(model: Any, kind: Kind, X: Any, y: NDArray[Any], mended: Mended) -> dict[str, Any]:
    """How nets learned: their curve, what ended it early, and how good each is alone on tuning rows."""
    if not isinstance(model, PictureNet | SequenceClassifier):
        return {}
    alone = [kind.merit(y, mended.transform(raw)) for raw in model.each(X)] if model.members_ > 1 else []
    return {"learning": {"curve": model.curve_, "remarks": model.remarks_, "alone": alone}}


def seed_of(seed: int, name: str, fold: int) -> int:
    """A seed from (seed, candidate, fold), so that a resumed run equals an uninterrupted one."""
    return int(np.random.SeedSequence([seed, *name.encode(), fold]).generate_state(1)[0] % SEEDS)


def peak_mb() -> float:
    """The largest resident memory of this process so far [MB]."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    sys.exit(main())
