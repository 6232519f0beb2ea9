"""From what the candidates said to metrics.json and predictions.csv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ... import __version__
from ...learn.candidates import CONTROL, RECURRENT
from ...learn.model import size_mb
from ...read.key import keyed, secret_key
from ..candidates import candidate
from .audits import audited
from .features import harmonised
from .fitting import Fitted
from .material import Material
from .worker import fold_path


@dataclass(frozen=True)
class Outcome:
    """What a study found: metrics.json, the candidates' probabilities, the best one and the folder of its final model."""

    metrics: dict[str, Any]
    fitted: dict[str, Fitted]
    best: str
    model: Path


def judged(material: Material, fitted: dict[str, Fitted], *, features_seconds: float) -> Outcome:
    """Choose on tuning rows, then audit every candidate on the rows that were tested."""
    tuning = {name: _tuning(material, one) for name, one in fitted.items()}
    best = _best(tuning)
    design, question, headline = material.design, material.question, material.wanted.kind.headline
    picked = [_best({name: [merits[fold]] for name, merits in tuning.items()}) for fold in range(design.folds)]
    pairs = [(name, CONTROL) for name in RECURRENT if {name, CONTROL} <= set(fitted)]
    found = audited(
        material,
        {name: one.probabilities for name, one in fitted.items()},
        {name: one.thresholds for name, one in fitted.items()},
        best=best,
        pairs=pairs,
    )
    for name, one in fitted.items():
        found["candidates"][name] |= _cost(name, one, features_seconds, material.work)
    nested, bounds = _nested(fitted, picked, material)
    alone = audited(material, {"choice": nested}, {"choice": bounds}, best="choice", is_whole=False)
    sign = -1 if headline == "mae" else 1
    told = {name: {headline: sign * float(np.mean(merits))} for name, merits in tuning.items()}
    metrics = _head(material) | {
        "best": best,
        "tuning": told,
        "choice": {headline: alone["candidates"]["choice"][headline], "picked": picked},
        "leaks": material.leaks.found,
        **found,
        "differences": [row for row in found["differences"] if row["a"] == best],
    }
    if question.frames is not None:
        metrics["recurrence"] = [row for row in found["differences"] if (row["a"], row["b"]) in pairs]
    last = design.folds if design.kind == "folds" else 0
    return Outcome(metrics, fitted, best, fold_path(material.work, best, last).with_suffix(""))


def _tuning(material: Material, one: Fitted) -> list[float]:
    """How good it was on the tuning rows of each fold; higher is better."""
    return [material.wanted.kind.merit(material.wanted.y[rows], p) for rows, p in one.tuned]


def _best(tuning: dict[str, list[float]]) -> str:
    """The best on tuning rows on average; the metadata baseline is no contender unless it is alone."""
    contenders = [name for name in tuning if candidate(name).needs != "table"] or list(tuning)
    return max(contenders, key=lambda name: float(np.mean(tuning[name])))


def _nested(fitted: dict[str, Fitted], picked: list[str], material: Material) -> tuple[Any, Any]:
    """What the selection procedure itself said, and its thresholds: in each fold, those of the candidate picked there."""
    first = next(iter(fitted.values()))
    out, bounds = np.full_like(first.probabilities, np.nan), np.full_like(first.thresholds, np.nan)
    for fold, name in enumerate(picked):
        rows = material.design.test[fold]
        out[rows], bounds[rows] = fitted[name].probabilities[rows], fitted[name].thresholds[rows]
    return out, bounds


def _cost(name: str, one: Fitted, features_seconds: float, work: Path) -> dict[str, Any]:
    """Seconds of all folds (and, where it needs them, of measuring the pictures once), peak memory and size on disk."""
    measuring = features_seconds if candidate(name).needs == "rows" else 0.0
    return {
        "seconds": measuring + one.fit_seconds + one.predict_seconds,
        "fit_seconds": measuring + one.fit_seconds,
        "predict_seconds": one.predict_seconds,
        "peak_mb": one.peak_mb,
        "size_mb": size_mb(fold_path(work, name, 0).with_suffix("")),
        **({"search": list(one.searches)} if one.searches else {}),
        **({"learning": list(one.learning)} if one.learning else {}),
    }


def _head(material: Material) -> dict[str, Any]:
    cohort, design, question = material.cohort, material.design, material.question
    kept, wanted, tested = material.usable, material.wanted, design.tested
    counts = wanted.y if wanted.name == "labels" else np.eye(len(material.classes), dtype=int)[material.y]
    counted = wanted.names if wanted.name == "labels" else material.classes
    return {
        "version": 1,
        "radiolucent": __version__,
        "task": _task(material),
        "n": int(kept.sum()),
        "patients": material.n_patients,
        "classes": list(material.classes),
        "class_counts": {name: int(counts[kept, code].sum()) for code, name in enumerate(counted)},
        "design": {
            "kind": design.kind,
            "folds": design.folds,
            "patient_column": cohort.patient_column,
            "seed": question.seed,
            "aggregation": "mean",
            "bootstrap": question.replicates,
            "n_evaluated": len(tested),
            "patients_evaluated": len(np.unique(material.patients[tested])),
            "allow_leaks": question.allow_leaks,
            "allow_blocked": question.allow_blocked,
            "skipped": [{"row": row, "why": why} for row, why in material.prepared.skipped.items()],
            "left_out": material.left_out,
            **harmonised(material.question, cohort, material.description, design),
            "target_says": wanted.says,
        },
        "checks": list(material.prepared.remarks),
    }


def _task(material: Material) -> dict[str, Any]:
    wanted, target = material.wanted, material.cohort.target_name
    unit = {} if material.question.frames is None else {"unit": "sequence"}
    if wanted.name == "classes":
        binary = len(wanted.names) == 2
        kind = "binary" if binary else "multiclass"
        return {"target": target, "kind": kind, "positive": wanted.names[1] if binary else None, **unit}
    more = {"labels": list(wanted.names)} if wanted.name == "labels" else {}
    return {"target": target, "kind": wanted.name, "positive": None, "headline": wanted.kind.headline, **more, **unit}


def predictions(material: Material, outcome: Outcome) -> pd.DataFrame:
    """One row per tested image: keys (never raw ids or paths), fold, target, group columns, probabilities, thresholds."""
    tested, secret = material.design.tested, secret_key()
    table = material.cohort.table.iloc[tested]
    columns: dict[str, Any] = {
        "key": [keyed(reference, secret) for reference in table["reference"]],
        "patient": [keyed(f"patient {number}", secret) for number in _people(material)],
        "fold": material.design.fold_of[tested],
        "target": table["target"].to_numpy(),
    }
    columns |= {f"group_{name}": material.groups[name].to_numpy()[tested] for name in material.groups}
    for name, one in outcome.fitted.items():
        columns |= _told(material, name, one.probabilities[tested], one.thresholds[tested])
    return pd.DataFrame(columns)


def _told(material: Material, name: str, p: Any, thresholds: Any) -> dict[str, Any]:
    """A candidate's columns: one probability of two, one a class or label, or a number with its interval."""
    wanted = material.wanted
    if wanted.name == "number":
        return {name: p[:, 0], f"{name}_low": p[:, 1], f"{name}_high": p[:, 2]}
    if wanted.name == "classes" and len(wanted.names) == 2:
        return {name: p[:, 1], f"{name}_threshold": thresholds}
    return {f"{name}_{label}": p[:, code] for code, label in enumerate(wanted.names)}


def _people(material: Material) -> list[str]:
    """The patient's identifier, or the image's where none is known."""
    table = material.cohort.table.iloc[material.design.tested]
    named = table["patient"] if material.cohort.patient_column else table["reference"]
    return named.astype(str).tolist()
