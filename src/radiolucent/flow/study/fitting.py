"""Start one process per candidate, follow its folds, and gather what they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core import InputError
from ..progress import bar
from .design import Design
from .question import write_json
from .worker import fold_path


@dataclass(frozen=True)
class Fitted:
    """What a candidate gave over the folds: calibrated probabilities (n, C), NaN where a row was not tested.

    Of a number they are value, low, high (n, 3); of labels a probability each (n, labels). `thresholds` holds for each row
    the threshold of its fold (n,), of labels (n, labels), NaN where none decides; `tuned` per fold the probabilities of its
    tuning rows, `learning` how its nets learned, `searches` what a search for settings tried and chose (if there was one).
    """

    probabilities: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    tuned: tuple[tuple[NDArray[np.intp], NDArray[np.float64]], ...]
    fit_seconds: float
    predict_seconds: float
    peak_mb: float
    searches: tuple[dict[str, Any], ...] = ()
    learning: tuple[dict[str, Any], ...] = ()


def fit(
    work: Path, name: str, fold_numbers: Iterable[int], *, threads: int, shown: bool, label: str | None = None
) -> None:
    """Fit the folds of one candidate in a process of its own; finished ones are kept.

    Ctrl-C reaches the process as well; the folds it has finished stay.
    """
    asked = [str(fold) for fold in fold_numbers]
    _run("worker", work, name, ["--folds", *asked], len(asked), threads, label or f"fit {name}", shown)


def look(
    work: Path, name: str, cases: dict[str, list[int]], decided: NDArray[np.intp], *, threads: int, shown: bool
) -> None:
    """Explain a candidate on some cases, for the class it decided on, in a process of its own."""
    rows = sorted({row for listed in cases.values() for row in listed})
    write_json(work / name / "asked.json", {"rows": rows, "columns": [int(decided[row]) for row in rows]})
    _run("looking", work, name, [], 1, threads, f"explain {name}", shown)


def _run(
    module: str, work: Path, name: str, more: list[str], steps: int, threads: int, label: str, shown: bool
) -> None:
    command = [sys.executable, "-m", f"{__package__}.{module}", str(work), name, *more, "--threads", str(threads)]
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    log = work / f"{name}.log"
    with (
        bar(label, steps, shown=shown) as advance,
        log.open("a") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as process,
    ):
        for _ in process.stdout or ():
            advance(1)
    if process.returncode:
        raise _failed(name, process.returncode, log)


def _failed(name: str, code: int, log: Path) -> Exception:
    lines = [line for line in log.read_text().splitlines() if line.strip()]
    last = lines[-1] if lines else f"exit code {code}"
    if code == -9:
        last = "it was killed, most likely for want of memory; try --size with fewer pixels or --candidates without it"
    if "[Errno 28]" in last:
        return InputError(f"candidate {name}: the disk is full; make room, and go on with --resume")
    prefix = "radiolucent.core.errors.InputError: "
    if last.startswith(prefix):
        return InputError(f"candidate {name}: {last.removeprefix(prefix)}")
    return RuntimeError(f"candidate {name} failed: {last} (its log is {log})")


def gather(work: Path, name: str, design: Design, n_classes: int) -> Fitted:
    """Read what the folds of a candidate left."""
    shape = (design.fit.shape[1], n_classes)
    probabilities = np.full(shape, np.nan)
    bounds: list[tuple[NDArray[np.intp], NDArray[np.float64]]] = []
    tuned, costs = [], []
    for fold in range(design.folds):
        path = fold_path(work, name, fold)
        with np.load(path) as left:
            probabilities[left["test"]] = left["tested"]
            bounds.append((left["test"], left["threshold"]))
            tuned.append((left["tune"], left["tuned"]))
        costs.append(json.loads(path.with_suffix(".json").read_text()))
    thresholds = np.full((shape[0], *bounds[0][1].shape), np.nan)
    for rows, bound in bounds:
        thresholds[rows] = bound
    return Fitted(
        probabilities,
        thresholds,
        tuple(tuned),
        fit_seconds=sum(cost["fit_seconds"] for cost in costs),
        predict_seconds=sum(cost["predict_seconds"] for cost in costs),
        peak_mb=max(cost["peak_mb"] for cost in costs),
        searches=tuple(cost["search"] for cost in costs if "search" in cost),
        learning=tuple(cost["learning"] for cost in costs if "learning" in cost),
    )
