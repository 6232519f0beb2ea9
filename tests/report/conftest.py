"""Studies whose figures hang together: scores are drawn, curves and rates are computed from them."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, roc_auc_score, roc_curve

from radiolucent.report import Gallery, Importance, Picture, Study

Metrics = dict[str, Any]
NAMES = {"cnn": 1.0, "boosting": 0.95, "forest": 0.85, "svm": 0.6, "metadata": 0.45}


def figure(value: float, half: float, high: float = 1.0) -> Metrics:
    return {"value": value, "low": max(-1.0, value - half), "high": min(high, value + half)}


def rate(k: int, n: int) -> Metrics:
    """A share with its Wilson interval."""
    if n == 0:
        return {"value": None, "low": None, "high": None}
    p, z = k / n, 1.96
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return {"value": p, "low": (middle - half) / (1 + z * z / n), "high": (middle + half) / (1 + z * z / n)}


def auc_figure(y: np.ndarray, score: np.ndarray) -> Metrics:
    if len(set(y.tolist())) < 2:
        return {"value": None, "low": None, "high": None}
    auc = float(roc_auc_score(y, score))
    return figure(auc, 1.96 * math.sqrt(auc * (1 - auc) / max(2, min(y.sum(), len(y) - y.sum()))))


def binary_scores(y: np.ndarray, score: np.ndarray, *, with_patient: bool = True) -> Metrics:
    """SCORES of metrics.json for one binary candidate."""
    called = score >= 0.5
    tp, fn = int((called & (y == 1)).sum()), int((~called & (y == 1)).sum())
    fp, tn = int((called & (y == 0)).sum()), int((~called & (y == 0)).sum())
    n = len(y)
    fpr, tpr, _ = roc_curve(y, score)
    keep = np.linspace(0, len(fpr) - 1, 150).astype(int)
    scores = {
        "auc": auc_figure(y, score),
        "average_precision": figure(float(auc_figure(y, score)["value"]) - 0.02, 0.05),
        "sensitivity": rate(tp, tp + fn),
        "specificity": rate(tn, tn + fp),
        "ppv": rate(tp, tp + fp),
        "npv": rate(tn, tn + fn),
        "f1": figure(2 * tp / max(1, 2 * tp + fp + fn), 0.04),
        "mcc": figure(0.36, 0.06),
        "accuracy": rate(tp + tn, n),
        "balanced_accuracy": figure(0.68, 0.03),
        "brier": figure(float(np.mean((score - y) ** 2)), 0.012),
        "ece": {**figure(0.047, 0.015), "expected": 0.031, "expected_high": 0.052},
    }
    patient = {key: figure(v["value"], 0.05) for key, v in scores.items()} if with_patient else None
    return scores | {
        "threshold": {"mean": 0.48, "per_fold": [0.47, 0.5, 0.46, 0.49, 0.48]},
        "confusion": [[tn, fp], [fn, tp]],
        "per_class": {},
        "auc_fold_mean": {"value": 0.74, "sd": 0.03, "per_fold": folds_of(scores["auc"]["value"])},
        "patient": patient,
        "delong": None,
        "curves": {
            "roc": [[float(fpr[i]), float(tpr[i])] for i in keep],
            "reliability": reliability(y, score),
            "decision": decision(y, score),
        },
    }


def folds_of(auc: float) -> list[float]:
    return [round(min(1.0, auc + d), 3) for d in (-0.03, 0.02, 0.0, 0.034, -0.024)]


def reliability(y: np.ndarray, score: np.ndarray) -> list[Metrics]:
    bins = []
    for part in np.array_split(np.argsort(score), 8):
        share = rate(int(y[part].sum()), len(part))
        bins.append({"mean": float(score[part].mean()), "observed": share["value"], "n": len(part)} | {
            "low": share["low"], "high": share["high"]})  # fmt: skip
    return bins


def decision(y: np.ndarray, score: np.ndarray) -> list[Metrics]:
    rows, n = [], len(y)
    for t in np.linspace(0.01, 0.95, 60):
        called = score >= t
        tp, fp = (called & (y == 1)).sum(), (called & (y == 0)).sum()
        odds = t / (1 - t)
        rows.append({
            "threshold": float(t), "model": float(tp / n - fp / n * odds), "all": float(y.mean() - (1 - y.mean()) * odds),
        })  # fmt: skip
    return rows


def cost(k: int) -> Metrics:
    return {"seconds": 190.0 / (k + 1), "fit_seconds": 180.0 / (k + 1), "predict_seconds": 2.1, "peak_mb": 1800.0 / (k + 1),
            "size_mb": 4.2 / (k + 1)}  # fmt: skip


def binary(*, n: int = 1000, strength: float = 1.0, names: dict[str, float] = NAMES, seed: int = 0) -> Metrics:
    """The metrics of a folds run on chest radiographs; `strength` 0 gives chance."""
    rng = np.random.default_rng(seed)
    y = (np.arange(n) % 2).astype(int)
    view = np.where(rng.random(n) < np.where(y == 1, 0.68, 0.45), "AP", "PA")
    sex = rng.choice(["F", "M"], n)
    age = rng.choice(["0–40", "41–60", "61+"], n, p=[0.32, 0.41, 0.27])
    site = np.where(np.arange(n) < 12, "C", rng.choice(["A", "B"], n))
    common = rng.normal(size=n)
    logits = {
        name: strength * w * (1.0 * y - 0.5) + 0.5 * common + 0.45 * rng.normal(size=n) for name, w in names.items()
    }
    scores = {name: 1 / (1 + np.exp(-logit)) for name, logit in logits.items()}
    candidates = {name: binary_scores(y, score) | cost(k) for k, (name, score) in enumerate(scores.items())}
    best = next(iter(names))
    columns = {"sex": sex, "view": view, "age": age, "site": site}
    return {
        "version": 1, "radiolucent": "0.1.0",
        "task": {"target": "pneumonia", "kind": "binary", "positive": "1"},
        "n": n, "patients": int(n * 0.682), "classes": ["0", "1"],
        "class_counts": {"0": int((y == 0).sum()), "1": int((y == 1).sum())},
        "design": {"kind": "folds", "folds": 5, "patient_column": "patient_id", "seed": 7, "aggregation": "mean",
                   "bootstrap": 2000, "n_evaluated": n, "patients_evaluated": int(n * 0.682), "allow_leaks": False,
                   "skipped": [{"row": 17, "why": "00000017.png cannot be decoded"}]},
        "best": best,
        "tuning": {name: {"auc": candidates[name]["auc"]["value"] - 0.01} for name in names},
        "choice": {"auc": figure(candidates[best]["auc"]["value"] - 0.008, 0.04), "picked": [best] * 4 + [list(names)[-1]]},
        "leaks": [
            {"kind": "twin", "severity": "warn", "count": 6, "rows": [[3, 90], [8, 411]], "column": None, "says": "twins"},
            {"kind": "label_conflict", "severity": "warn", "count": 2, "rows": [[3, 90]], "column": None, "says": "labels"},
            {"kind": "confounder", "severity": "warn", "count": n, "rows": [], "column": "view", "says": "view"},
        ],
        "candidates": candidates,
        "differences": [
            {"a": best, "b": name, "auc": difference(candidates[best], candidates[name]), "p": 0.2}
            for name in names if name != best
        ],
        "twin_free": None,
        "groups": {name: groups(column, y, scores[best]) for name, column in columns.items()},
        "gaps": {"view": {"auc": figure(0.06, 0.05) | {"between": ["PA", "AP"]},
                          "tpr": figure(0.04, 0.06) | {"between": ["AP", "PA"]}}},
        "confounding": {name: confounding(name, column, y) for name, column in columns.items() if name != "site"},
    }  # fmt: skip


def difference(a: Metrics, b: Metrics) -> Metrics:
    value = a["auc"]["value"] - b["auc"]["value"]
    return {"value": value, "low": value - 0.025, "high": value + 0.025}


def groups(column: np.ndarray, y: np.ndarray, score: np.ndarray) -> Metrics:
    found = {}
    for value in sorted(set(column.tolist())):
        inside = column == value
        part, called = y[inside], score[inside] >= 0.5
        found[value] = {
            "n": int(inside.sum()), "patients": int(inside.sum() * 0.7), "positives": int(part.sum()),
            "auc": auc_figure(part, score[inside]), "tpr": rate(int((called & (part == 1)).sum()), int(part.sum())),
            "fpr": rate(int((called & (part == 0)).sum()), int((part == 0).sum())), "prevalence": float(part.mean()),
            "flag": "fewer than 20 images of a class" if inside.sum() < 40 else None,
        }  # fmt: skip
    return found


def confounding(name: str, column: np.ndarray, y: np.ndarray) -> Metrics:
    values = sorted(set(column.tolist()))
    table = {v: {c: int(((column == v) & (y == int(c))).sum()) for c in "01"} for v in values}
    strong = name == "view"
    return {"table": table, "cramers_v": 0.231 if strong else 0.03, "p": 1e-9 if strong else 0.4,
            "auc_alone": 0.615 if strong else 0.52, "says": f"{name} and the label"}  # fmt: skip


def multiclass(n: int = 600) -> Metrics:
    """Three tissue classes, no baseline and no groups."""
    rng = np.random.default_rng(3)
    y = rng.integers(0, 3, n)
    guess = np.where(rng.random(n) < 0.72, y, rng.integers(0, 3, n))
    matrix = confusion_matrix(y, guess)
    classes = ["adipose", "stroma", "tumour <1 cm"]
    rates = ("auc", "average_precision", "sensitivity", "specificity", "ppv", "npv", "f1", "mcc", "accuracy")
    scores = {key: figure(0.8, 0.03) for key in (*rates, "balanced_accuracy")}
    scores |= {"brier": figure(0.31, 0.02), "ece": {**figure(0.09, 0.02), "expected": 0.03, "expected_high": 0.05}}
    scores |= {
        "threshold": None, "confusion": matrix.tolist(), "auc_fold_mean": {"value": 0.8, "sd": 0.02, "per_fold": [0.8] * 5},
        "per_class": {c: {"auc": figure(0.82, 0.04), "sensitivity": figure(0.8, 0.05), "ppv": figure(0.78, 0.05),
                          "n": int(matrix[i].sum())} for i, c in enumerate(classes)},
        "patient": None, "delong": None,
        "curves": {"roc": [], "decision": [], "reliability": [
            {"mean": p, "observed": p - 0.08, "low": p - 0.14, "high": p - 0.02, "n": 100} for p in (0.45, 0.6, 0.75, 0.9)]},
    }  # fmt: skip
    metrics = binary(n=100)
    metrics |= {
        "task": {"target": "tissue", "kind": "multiclass", "positive": None}, "n": n, "patients": n, "classes": classes,
        "class_counts": {c: int((y == i).sum()) for i, c in enumerate(classes)}, "best": "forest", "leaks": [],
        "candidates": {"forest": scores | cost(0), "svm": scores | cost(1)}, "tuning": {"forest": {"auc": 0.8}},
        "choice": None, "differences": [{"a": "forest", "b": "svm", "auc": figure(0.01, 0.02), "p": 0.4}],
        "groups": {}, "gaps": {}, "confounding": {},
    }  # fmt: skip
    metrics["design"] |= {"n_evaluated": n, "patients_evaluated": n, "skipped": []}
    return metrics


def official(*, allow_leaks: bool = True) -> Metrics:
    """BreastMNIST's situation: an official split, no patients, twins across it."""
    names = {key: NAMES[key] * 2.2 for key in ("cnn", "svm", "forest")}
    metrics = binary(n=156, names=names, seed=5)
    metrics["task"] |= {"target": "label", "positive": "malignant"}
    metrics["choice"] = {"auc": metrics["candidates"]["cnn"]["auc"], "picked": ["cnn"]}
    metrics["design"]["left_out"] = {"metadata": "no group column was given"}
    metrics |= {"n": 780, "patients": 780, "classes": ["normal, benign", "malignant"], "groups": {}, "gaps": {}}
    metrics |= {"class_counts": {"normal, benign": 570, "malignant": 210}, "confounding": {}}
    metrics["design"] |= {"kind": "official", "folds": 1, "patient_column": None, "allow_leaks": allow_leaks,
                          "n_evaluated": 156, "patients_evaluated": 156, "skipped": []}  # fmt: skip
    pairs = [[i, i + 600] for i in range(39)]
    metrics["leaks"] = [
        {
            "kind": "twin",
            "severity": "block",
            "count": 39,
            "rows": pairs,
            "column": None,
            "says": "twins across the split",
        },
        {"kind": "suspect", "severity": "warn", "count": 20, "rows": pairs[:20], "column": None, "says": "suspects"},
        {
            "kind": "label_conflict",
            "severity": "warn",
            "count": 2,
            "rows": pairs[:2],
            "column": None,
            "says": "conflict",
        },
    ]
    for scores in metrics["candidates"].values():
        scores |= {"patient": None, "delong": figure(scores["auc"]["value"], 0.05)}
        scores["auc_fold_mean"] = {"value": scores["auc"]["value"], "sd": 0.0, "per_fold": [scores["auc"]["value"]]}
    keys = ("auc", "sensitivity", "specificity")
    metrics["twin_free"] = {"n": 117, "candidates": {
        name: {key: figure(scores[key]["value"] - 0.04, 0.07) for key in keys}
        for name, scores in metrics["candidates"].items()}}  # fmt: skip
    return metrics


def evaluated() -> Metrics:
    """Anyone's predictions: one score column, no model, no cost."""
    metrics = binary(n=400, names={"score": 1.1}, seed=2)
    for key in cost(0):
        del metrics["candidates"]["score"][key]
    metrics["candidates"]["score"] |= {"auc_fold_mean": None, "threshold": None}
    metrics["design"] |= {"kind": "official", "folds": 0, "seed": None, "skipped": []}
    metrics |= {"tuning": {}, "choice": None, "differences": [], "leaks": []}
    return metrics


def one_class() -> Metrics:
    """Nothing defined: only one class among the scored rows."""
    metrics = binary(n=40)
    null = {"value": None, "low": None, "high": None}
    for scores in metrics["candidates"].values():
        for key, value in list(scores.items()):
            if isinstance(value, dict) and "value" in value and key != "auc_fold_mean":
                scores[key] = dict(null)
        scores["ece"] |= {"expected": None, "expected_high": None}
        scores |= {"threshold": None, "confusion": [[40, 0], [0, 0]], "patient": None}
        scores["auc_fold_mean"] = {"value": None, "sd": None, "per_fold": [None] * 5}
        scores["curves"] = {"roc": [], "reliability": [], "decision": []}
    for row in metrics["differences"]:
        row |= {"auc": dict(null), "p": None}
    for column in metrics["groups"].values():
        for group in column.values():
            group |= {"auc": dict(null), "tpr": dict(null), "fpr": dict(null), "flag": "one class only"}
    metrics["gaps"], metrics["choice"] = {}, {"auc": dict(null), "picked": ["cnn"] * 5}
    return metrics


def png(grey: np.ndarray) -> bytes:
    """An 8-bit grey PNG, written here so that the tests need no picture library."""
    height, width = grey.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(grey, np.uint8))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def chest(seed: int, size: int = 128, *, heat: bool = False) -> bytes:
    """Something like a radiograph: two dark lungs in a bright body."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    body = 200 * np.exp(-((x / 0.9) ** 4) - (y / 1.2) ** 6)
    for side in (-0.4, 0.4):
        body -= 120 * np.exp(-(((x - side) / 0.28) ** 4) - ((y + 0.05) / 0.6) ** 4)
    spot = np.exp(-(((x - 0.4) / 0.12) ** 2) - ((y - 0.2) / 0.12) ** 2)
    body += 40 * spot * rng.random() + rng.normal(0, 4, x.shape) + (90 * spot if heat else 0)
    return png(np.clip(body + 20, 0, 255).astype(np.uint8))


def gallery(kind: str, n: int, *, with_heat: bool = True) -> Gallery:
    sentence = f"Cases of the kind: {kind}."
    shots = tuple(
        Picture(chest(i), f"case {i:04x}: p 0.{90 - i}, pneumonia", chest(i, heat=True) if with_heat else None)
        for i in range(n)
    )
    return Gallery(kind.capitalize(), sentence, kind, shots)  # type: ignore[arg-type]


def cohort(metrics: Metrics) -> Metrics:
    rng = np.random.default_rng(1)
    n = metrics["n"]

    def spread(total: int) -> list[int]:
        return rng.multinomial(total, [0.2] * 5).tolist()

    shares = {
        "sex": {"F": 0.44, "M": 0.56},
        "view": {"AP": 0.565, "PA": 0.435},
        "age": {"0–40": 0.32, "41–60": 0.41, "61+": 0.27},
    }
    rows = {
        c: [{"value": v, "all": round(n * p), "folds": spread(round(n * p))} for v, p in part.items()]
        for c, part in shares.items()
    }
    return {
        "flow": [{"label": "Rows in the table", "n": n + 9}, {"label": "without a label", "n": 8, "out": True},
                 {"label": "image unreadable", "n": 1, "out": True}, {"label": "Images used", "n": n},
                 {"label": "Patients", "n": metrics["patients"]}],
        "demographics": [{"column": c, "rows": r} for c, r in rows.items()],
        "missing": [{"column": "age", "n": 3}, {"column": "sex", "n": 0}],
    }  # fmt: skip


PROVENANCE = {
    "command": ["radiolucent", "learn", "metadata.csv", "--target", "pneumonia", "--patient", "patient_id"],
    "seed": 7,
    "versions": {"python": "3.11.2", "radiolucent": "0.1.0", "numpy": "2.4.6", "scikit-learn": "1.9.1", "tensorflow": "2.21.0"},
    "hashes": {"metadata.csv": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    "started": "2026-11-23 02:10:00", "finished": "2026-11-23 02:22:31", "seconds": 751.3,
    "machine": "2 cores, 8 GB, Linux",
}  # fmt: skip
METHODS = {
    "metadata_columns": ["age", "sex", "view"],
    "modality": "frontal chest radiographs",
    "preprocessing": "Pictures were scaled to 8 bits between their 0.5th and 99.5th percentile and resized to 128 × 128 pixels.",
    "candidates": {"cnn": "a small residual network, trained from random weights with flips and shifts.",
                   "svm": "a support vector machine on visual words and first-order statistics."},
}  # fmt: skip
WORDS = tuple(
    {"name": f"word {i}", "value": 0.03 / (i + 1), "low": 0.01 / (i + 1), "high": 0.05 / (i + 1)} for i in range(18)
)
LOCAL = ({"name": "mean", "value": 0.21}, {"name": "entropy", "value": -0.12}, {"name": "word 40", "value": 0.02})
IMPORTANCES = (
    Importance("What the forest rests on", "Loss of AUC when a feature is shuffled, and its range.", WORDS),
    Importance("One case in detail: 00a3", "SHAP values: what moved this case's score up or down.", LOCAL),
)


def make(kind: str) -> Study:
    """A study of one of the KINDS."""
    if kind == "evaluate":
        return Study(evaluated())
    metrics = {"folds": binary, "multiclass": multiclass, "official": official, "one class": one_class,
               "chance": lambda: binary(strength=0.0, n=120), "clean": clean}[kind]()  # fmt: skip
    shots = (gallery("best", 4), gallery("worst", 4), gallery("uncertain", 3), gallery("errors", 6, with_heat=False))
    twins = (gallery("twins", 4, with_heat=False), gallery("conflicts", 2, with_heat=False)) if metrics["leaks"] else ()
    return Study(metrics, PROVENANCE, cohort(metrics), twins + shots, IMPORTANCES, METHODS)


def clean() -> Metrics:
    """A folds run without anything to complain about."""
    metrics = binary(strength=2.0)
    metrics |= {"leaks": [], "gaps": {}, "confounding": {}}
    metrics["design"]["skipped"] = []
    for column in metrics["groups"].values():
        for group in column.values():
            group["flag"] = None
    return metrics


KINDS = ("folds", "multiclass", "official", "evaluate", "one class", "chance", "clean")


@pytest.fixture(scope="session")
def studies() -> dict[str, Study]:
    """One study of each kind."""
    return {kind: make(kind) for kind in KINDS}


@pytest.fixture
def metrics() -> Callable[[], Metrics]:
    """The metrics of a folds run, fresh, to be changed by a test."""
    return binary
