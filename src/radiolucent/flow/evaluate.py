"""Audit anyone's predictions: a table with targets and scores is enough, no model and no picture."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import __version__
from ..core import InputError, unknown
from ..evaluate.audit import audit
from ..read.table import open_table, typed
from ..report.page import study_page
from ..report.study import Study
from ..report.summary import summary
from .study.provenance import provenance
from .study.question import write_json

PLACE = "{class}"


def evaluate(
    source: Path,
    out: Path,
    *,
    target: str,
    scores: tuple[str, ...],
    groups: tuple[str, ...] = (),
    patient: str | None = None,
    fold: str | None = None,
    positive: str | None = None,
    threshold: float | None = None,
    seed: int = 0,
    replicates: int = 1000,
    command: str = "",
) -> str:
    """Write out/report.html and out/metrics.json; gives a summary to print.

    A score is a column with the probability of the positive class, or, for more classes, a pattern such as
    ``p_{class}`` that names one column per class.
    """
    started = time.time()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"the output folder {out} is not empty; give another with -o")
    frame = open_table(source)
    for column in [target, *groups, *filter(None, (patient, fold))]:
        if column not in frame:
            raise unknown(f"column in {source.name}", column, frame.columns)
    classes, y = _codes(frame[target], positive)
    bound = 0.5 if threshold is None else threshold
    found = audit(
        y,
        {name.replace(PLACE, "").strip("_") or "score": _probabilities(frame, name, classes) for name in scores},
        classes=classes,
        patients=None if patient is None else frame[patient].astype(str).to_numpy(),
        folds=None if fold is None else pd.factorize(frame[fold])[0],
        thresholds=None,
        threshold=bound,
        groups=frame[list(groups)].apply(typed) if groups else None,
        seed=seed,
        replicates=replicates,
    )
    metrics = found | _frame(frame, y, classes, target, patient, fold, seed, replicates)
    study = Study(metrics, provenance(started, command=command, seed=seed, inputs={source.name: source}))
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "metrics.json", metrics)
    (out / "report.html").write_text(study_page(study), encoding="utf-8")
    return f"{summary(study)}\n\nThe report is {out / 'report.html'}"


def _codes(values: pd.Series, positive: str | None) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    missing = np.flatnonzero(values.isna())
    if len(missing):
        raise InputError(
            f"the target is missing in {len(missing)} rows, the first is row {missing[0] + 1}; fill or drop them"
        )
    text = values.astype(str)
    classes = sorted(text.unique())
    if len(classes) < 2:
        raise InputError(f"the target has one class only ({classes[0]}); there is nothing to tell apart")
    if positive is not None:
        if positive not in classes:
            raise unknown("class", positive, classes)
        classes = [name for name in classes if name != positive] + [positive]
    return tuple(classes), pd.Categorical(text, categories=classes).codes.astype(np.intp)


def _probabilities(frame: pd.DataFrame, score: str, classes: tuple[str, ...]) -> NDArray[np.float64]:
    names = [score.replace(PLACE, name) for name in classes] if PLACE in score else [score]
    for name in names:
        if name not in frame:
            raise unknown("score column", name, frame.columns)
    values = frame[names].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    wrong = np.flatnonzero(~((values >= 0) & (values <= 1)).all(axis=1))
    if len(wrong):
        raise InputError(
            f"{', '.join(names)}: row {wrong[0] + 1} (and {len(wrong) - 1} more) holds no probability from 0 to 1; "
            "give probabilities, for example by the logistic function of your scores"
        )
    if len(names) > 1:
        return values / values.sum(axis=1, keepdims=True)
    if len(classes) > 2:
        raise InputError(
            f"{len(classes)} classes need one score column each: --score 'p_{PLACE}' stands for p_{classes[0]} ..."
        )
    return np.column_stack([1 - values[:, 0], values[:, 0]])


def _frame(
    frame: pd.DataFrame,
    y: NDArray[np.intp],
    classes: tuple[str, ...],
    target: str,
    patient: str | None,
    fold: str | None,
    seed: int,
    replicates: int,
) -> dict[str, Any]:
    """The parts of metrics.json that say what was evaluated."""
    n, people = len(frame), len(frame) if patient is None else int(frame[patient].nunique())
    return {
        "version": 1,
        "radiolucent": __version__,
        "task": {
            "target": target,
            "kind": "binary" if len(classes) == 2 else "multiclass",
            "positive": classes[1] if len(classes) == 2 else None,
        },
        "n": n,
        "patients": people,
        "classes": list(classes),
        "class_counts": {name: int((y == code).sum()) for code, name in enumerate(classes)},
        "design": {
            "kind": "folds" if fold else "official",
            "folds": int(frame[fold].nunique()) if fold else 1,
            "patient_column": patient,
            "seed": seed,
            "aggregation": "mean",
            "bootstrap": replicates,
            "n_evaluated": n,
            "patients_evaluated": people,
            "allow_leaks": False,
            "skipped": [],
        },
        "tuning": {},
        "leaks": [],
    }
