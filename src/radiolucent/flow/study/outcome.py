"""From what the candidates said to metrics.json and predictions.csv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ... import __version__
from ...evaluate.audit import audit
from ...evaluate.score import macro_auc
from ...learn.candidates import CONTROL, RECURRENT
from ...learn.model import size_mb
from ...read.key import keyed, secret_key
from ..candidates import candidate
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
    tested, design, question = material.design.tested, material.design, material.question
    picked = [_best({name: [aucs[fold]] for name, aucs in tuning.items()}) for fold in range(design.folds)]
    pairs = [(name, CONTROL) for name in RECURRENT if {name, CONTROL} <= set(fitted)]
    common: dict[str, Any] = {
        "classes": material.classes,
        "patients": material.patients[tested] if material.cohort.patient_column else None,
        "folds": design.fold_of[tested] if design.kind == "folds" else None,
        "seed": question.seed,
        "replicates": question.replicates,
        "official": design.kind == "official",
        "target": material.cohort.target_name,
    }
    free = None if material.leaks.twin_free is None else material.leaks.twin_free[tested]
    found = audit(
        material.y[tested],
        {name: one.probabilities[tested] for name, one in fitted.items()},
        thresholds={name: one.thresholds[tested] for name, one in fitted.items()},
        groups=material.groups.iloc[tested] if len(material.groups.columns) else None,
        best=best,
        twin_free=free,
        pairs=pairs,
        **common,
    )
    for name, one in fitted.items():
        found["candidates"][name] |= _cost(name, one, features_seconds, material.work)
    nested = _nested(fitted, picked, material)
    choice = audit(material.y[tested], {"choice": nested[tested]}, **common)["candidates"]["choice"]["auc"]
    told = {name: {"auc": float(np.mean(aucs))} for name, aucs in tuning.items()}
    metrics = _head(material) | {
        "best": best,
        "tuning": told,
        "choice": {"auc": choice, "picked": picked},
        "leaks": material.leaks.found,
        **found,
        "differences": [row for row in found["differences"] if row["a"] == best],
    }
    if question.frames is not None:
        metrics["recurrence"] = [row for row in found["differences"] if (row["a"], row["b"]) in pairs]
    last = design.folds if design.kind == "folds" else 0
    return Outcome(metrics, fitted, best, fold_path(material.work, best, last).with_suffix(""))


def _tuning(material: Material, one: Fitted) -> list[float]:
    """AUC on the tuning rows of each fold."""
    return [float(macro_auc(material.y[rows], p)[0]) for rows, p in one.tuned]


def _best(tuning: dict[str, list[float]]) -> str:
    """Highest mean AUC on tuning rows; the metadata baseline is no contender unless it is alone."""
    contenders = [name for name in tuning if candidate(name).needs != "table"] or list(tuning)
    return max(contenders, key=lambda name: float(np.mean(tuning[name])))


def _nested(fitted: dict[str, Fitted], picked: list[str], material: Material) -> Any:
    """The probabilities of the selection procedure itself: in each fold, those of the candidate picked there."""
    out = np.full_like(next(iter(fitted.values())).probabilities, np.nan)
    for fold, name in enumerate(picked):
        rows = material.design.test[fold]
        out[rows] = fitted[name].probabilities[rows]
    return out


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
    }


def _head(material: Material) -> dict[str, Any]:
    cohort, design, question = material.cohort, material.design, material.question
    kept, binary = material.usable, len(material.classes) == 2
    tested = design.tested
    return {
        "version": 1,
        "radiolucent": __version__,
        "task": {
            "target": cohort.target_name,
            "kind": "binary" if binary else "multiclass",
            "positive": material.classes[1] if binary else None,
            **({} if question.frames is None else {"unit": "sequence"}),
        },
        "n": int(kept.sum()),
        "patients": material.n_patients,
        "classes": list(material.classes),
        "class_counts": {name: int((material.y[kept] == code).sum()) for code, name in enumerate(material.classes)},
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
        },
        "checks": list(material.prepared.remarks),
    }


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
        p = one.probabilities[tested]
        if len(material.classes) == 2:
            columns |= {name: p[:, 1], f"{name}_threshold": one.thresholds[tested]}
        else:
            columns |= {f"{name}_{label}": p[:, code] for code, label in enumerate(material.classes)}
    return pd.DataFrame(columns)


def _people(material: Material) -> list[str]:
    """The patient's identifier, or the image's where none is known."""
    table = material.cohort.table.iloc[material.design.tested]
    named = table["patient"] if material.cohort.patient_column else table["reference"]
    return named.astype(str).tolist()
