"""The whole audit of anyone's predictions: the parts of metrics.json that need no images and no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from radiolucent.core import InputError, unknown

from .calibrate import expected_ece, reliability
from .confound import confounders
from .decision import net_benefit, roc
from .figures import figure, number, plain
from .interval import Resamples, delong, difference, resamples
from .score import confidence, confusion, detailed, macro_auc
from .subgroup import FIGURES, by_column, class_group

Array = NDArray[Any]


@dataclass(frozen=True)
class Answers:
    """What one candidate said of some rows: probabilities (n, C) and decisions (n,)."""

    y: Array
    p: Array
    decided: Array
    drawn: Resamples


def audit(
    y: ArrayLike,
    probabilities: Mapping[str, ArrayLike],
    *,
    classes: Sequence[str],
    patients: ArrayLike | None = None,
    folds: ArrayLike | None = None,
    thresholds: Mapping[str, ArrayLike] | None = None,
    threshold: float = 0.5,
    groups: pd.DataFrame | None = None,
    best: str | None = None,
    twin_free: ArrayLike | None = None,
    pairs: Sequence[tuple[str, str]] = (),
    seed: int = 0,
    replicates: int = 1000,
    official: bool = False,
    target: str = "the target",
) -> dict[str, Any]:
    """Score every candidate on the same rows, with patient-clustered intervals: parts of metrics.json, ready for JSON.

    `y` are codes 0 ... C - 1 of `classes`, `probabilities` arrays (n, C) by candidate, all from models that did not see
    the row (calibrated, where folds are pooled); `thresholds` one per row, from tuning rows; without them `threshold`
    serves all rows. `best` is the candidate that groups and differences refer to; without it the first (taking the
    highest here would choose on test rows); `pairs` names further differences (a, b). `official` says that one fitted
    model served all rows, so that DeLong holds where each patient has one row. Three or more classes are decided by the
    largest probability.
    """
    label, answers = _checked(y, probabilities, classes)
    best = _best(best, answers)
    drawn = resamples(label, patients, replicates=replicates, seed=seed)
    rows = {name: _limits(name, p, thresholds, threshold) for name, p in answers.items()}
    said = {name: Answers(label, p, _decide(p, rows[name]), drawn) for name, p in answers.items()}
    single = official and len(np.unique(drawn.patient)) == len(label)
    fold = None if folds is None else np.asarray(folds)
    candidates, samples = {}, {}
    for name, one in said.items():
        candidates[name], samples[name] = _candidate(one, classes, fold, rows[name], clustered=patients is not None)
        binary = one.p.shape[1] == 2
        candidates[name]["delong"] = delong(label == 1, one.p[:, 1]) if single and binary else None
    chosen = said[best]
    found = {
        "candidates": candidates,
        "differences": _differences(best, candidates, samples, pairs),
        "twin_free": _twin_free(said, twin_free, patients, replicates, seed),
        **by_column(groups, partial(class_group, label, chosen.p, chosen.decided, drawn), FIGURES),
        "confounding": confounders(groups, label, classes=classes, groups=patients, target=target, seed=seed),
    }
    return dict(plain(found))


def _checked(y: ArrayLike, given: Mapping[str, ArrayLike], classes: Sequence[str]) -> tuple[Array, dict[str, Array]]:
    label = np.asarray(y)
    if not len(label) or not given:
        raise InputError(f"nothing to evaluate: {len(label)} rows, {len(given)} candidates")
    if len(classes) < 2 or label.dtype.kind not in "iub" or label.min() < 0 or label.max() >= len(classes):
        raise InputError(f"the target must be codes 0 to {len(classes) - 1} of {len(classes)} classes (2 at least)")
    answers = {name: np.asarray(p, dtype=float) for name, p in given.items()}
    for name, p in answers.items():
        if p.shape != (len(label), len(classes)):
            raise InputError(
                f"candidate {name}: probabilities of shape {p.shape}, not ({len(label)} rows, {len(classes)} classes)"
            )
        wrong = np.flatnonzero(~np.isfinite(p).all(axis=1) | (p < 0).any(axis=1) | (p > 1).any(axis=1))
        if len(wrong):
            raise InputError(
                f"candidate {name}: row {wrong[0]} has no probability from 0 to 1 ({len(wrong)} such rows)"
            )
    return label.astype(np.int64), answers


def _best(best: str | None, answers: Mapping[str, Array]) -> str:
    if best is not None and best not in answers:
        raise unknown("candidate", best, answers)
    return best or next(iter(answers))


def _limits(name: str, p: Array, thresholds: Mapping[str, ArrayLike] | None, threshold: float) -> Array | None:
    """Threshold of each row; None where the largest probability decides."""
    if p.shape[1] > 2:
        return None
    if thresholds is None:
        return np.full(len(p), threshold)
    if name not in thresholds:
        raise unknown("candidate with thresholds", name, thresholds)
    limits = np.asarray(thresholds[name], dtype=float)
    if limits.shape != (len(p),):
        raise InputError(f"candidate {name}: {limits.size} thresholds for {len(p)} rows; give one per row")
    return limits


def _decide(p: Array, limits: Array | None) -> Array:
    return p.argmax(axis=1) if limits is None else (p[:, 1] >= limits).astype(np.int64)


def _candidate(
    one: Answers, classes: Sequence[str], fold: Array | None, limits: Array | None, *, clustered: bool
) -> tuple[dict[str, Any], Array]:
    figures, each, samples = _scored(one)
    event, p = confidence(one.y, one.p)
    counts = np.bincount(one.y, minlength=len(classes))
    made = {
        **figures,
        "threshold": _threshold(limits, fold),
        "confusion": confusion(one.y, one.decided, len(classes))[0].astype(int),
        "per_class": {name: {**each[c], "n": int(counts[c])} for c, name in enumerate(classes)},
        "auc_fold_mean": _fold_mean(one, fold),
        "patient": _per_patient(one, limits) if clustered else None,
        "curves": {
            "roc": roc(event, p) if len(classes) == 2 else [],
            "reliability": reliability(event, p),
            "decision": net_benefit(event, p) if len(classes) == 2 else [],
        },
    }
    return made, samples["auc"]


def _scored(one: Answers) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Array]]:
    """Figures, figures of each class, and the replicates behind the figures."""
    point, point_each = detailed(one.y, one.p, one.decided)

    def statistic(w: Array) -> dict[str, Array]:
        overall, each = detailed(one.y, one.p, one.decided, w)
        return {**overall, **{f"class {name}": value for name, value in each.items()}}

    samples = one.drawn.apply(statistic)
    samples["ece"] = _unbiased(samples["ece"], float(point["ece"][0]))
    behind, behind_each = _patients_behind(one)
    figures: dict[str, Any] = {
        name: figure(value[0], samples[name], patients=behind.get(name, 0)) for name, value in point.items()
    }
    mean, high = expected_ece(confidence(one.y, one.p)[1])
    figures["ece"] = {**figures["ece"], "expected": mean, "expected_high": high}
    each = [
        {
            name: figure(value[0, c], samples[f"class {name}"][:, c], patients=behind_each[name][c])
            for name, value in point_each.items()
        }
        for c in range(one.p.shape[1])
    ]
    return figures, each, samples


def _unbiased(samples: Array, value: float) -> Array:
    """Replicates moved so that their mean is the value: resampling adds noise, and noise only ever raises an ECE."""
    return np.maximum(samples - (np.nanmean(samples) - value), 0) if np.isfinite(samples).any() else samples


def _patients_behind(one: Answers) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Number of patients that each share rests on, overall and per class; of an AUC those of the rarer side."""

    def each(codes: Array) -> list[int]:
        return [len(np.unique(one.drawn.patient[codes == c])) for c in range(one.p.shape[1])]

    true, called = each(one.y), each(one.decided)
    rarest = min(true)
    behind = {"auc": rarest, "f1": rarest, "balanced_accuracy": rarest, "accuracy": len(np.unique(one.drawn.patient))}
    if len(true) == 2:
        behind |= {"sensitivity": true[1], "specificity": true[0], "ppv": called[1], "npv": called[0]}
    else:
        behind |= {"sensitivity": rarest, "specificity": rarest, "ppv": min(called), "npv": min(called)}
    return behind, {"auc": [rarest] * len(true), "sensitivity": true, "ppv": called}


def _threshold(limits: Array | None, fold: Array | None) -> dict[str, Any] | None:
    if limits is None:
        return None
    parts = [limits] if fold is None else [limits[fold == k] for k in np.unique(fold)]
    return {"mean": float(limits.mean()), "per_fold": [float(part.mean()) for part in parts]}


def _fold_mean(one: Answers, fold: Array | None) -> dict[str, Any]:
    """AUC of each fold, their mean and standard deviation: what a paper's "mean over folds" means."""
    masks = [np.ones(len(one.y), dtype=bool)] if fold is None else [fold == k for k in np.unique(fold)]
    each = [number(macro_auc(one.y[mask], one.p[mask])[0]) for mask in masks]
    known = [value for value in each if value is not None]
    return {
        "value": float(np.mean(known)) if known else None,
        "sd": float(np.std(known, ddof=1)) if len(known) > 1 else None,
        "per_fold": each,
    }


def _per_patient(one: Answers, limits: Array | None) -> dict[str, Any]:
    """The figures with one row per patient: probabilities (and thresholds) averaged over the patient's images.

    A patient whose images bear several classes counts once for each of them, with the images of that class.
    """
    both = np.column_stack([one.drawn.patient, one.y])
    units, unit = np.unique(both, axis=0, return_inverse=True)
    unit, size = unit.reshape(-1), np.bincount(unit.reshape(-1))

    def mean(values: Array) -> Array:
        return np.bincount(unit, values) / size

    p = np.column_stack([mean(column) for column in one.p.T])
    decided = _decide(p, None if limits is None else mean(limits))
    figures, _, _ = _scored(Answers(units[:, 1], p, decided, one.drawn.of(units[:, 0])))
    return {**figures, "n": len(units), "patients": len(np.unique(units[:, 0]))}


def _differences(
    best: str, candidates: dict[str, Any], samples: dict[str, Array], pairs: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    found = []
    for a, b in dict.fromkeys([*((best, name) for name in candidates if name != best), *pairs]):
        gap, p = difference(candidates[a]["auc"]["value"], candidates[b]["auc"]["value"], samples[a], samples[b])
        found.append({"a": a, "b": b, "auc": gap, "p": p})
    return found


def _twin_free(
    said: Mapping[str, Answers], free: ArrayLike | None, patients: ArrayLike | None, replicates: int, seed: int
) -> dict[str, Any] | None:
    """The figures again, on rows without a twin among those a model was fitted or tuned on."""
    if free is None:
        return None
    mask = np.asarray(free, dtype=bool)
    first = next(iter(said.values()))
    if mask.shape != first.y.shape:
        raise InputError(f"twin_free has shape {mask.shape}, wanted one truth value for each of {len(first.y)} rows")
    if not mask.any():
        return {"n": 0, "candidates": {}}
    kept = None if patients is None else np.asarray(patients)[mask]
    drawn = resamples(first.y[mask], kept, replicates=replicates, seed=seed)
    parts = {name: Answers(one.y[mask], one.p[mask], one.decided[mask], drawn) for name, one in said.items()}
    return {"n": int(mask.sum()), "candidates": {name: _scored(part)[0] for name, part in parts.items()}}
