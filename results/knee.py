"""Measure Kellgren-Lawrence grades on knee-oa-400, the same subject folds for all: docs/results/knee.json.

python results/knee.py [--json FILE]

Declared before any fold was tested, and nothing was chosen on a test fold: five folds by subject (seed 0); two nets that
differ in nothing but their head (`RECIPE`: grades by CORN against plain softmax); HOG + PCA + SVR, whose components and C
are chosen by subject folds inside each training fold. The first figure is quadratic weighted kappa of the grade nearest to
the expected grade; the most probable grade stands beside it. Each finished fold is kept in build/knee/.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.feature import hog
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

from radiolucent.evaluate import difference, figure, folds, resamples
from radiolucent.evaluate.ordinal import grade_scores, nearest_grade
from radiolucent.learn import KerasClassifier

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data" / "knee-oa-400"
BUILD, KEPT = ROOT / "build" / "knee", ROOT / "docs" / "results"
SEED, FOLDS, REPLICATES, GRADES = 0, 5, 2000, 5
RECIPE: dict[str, Any] = {"size": 128, "batch": 32, "steps": 400, "members": 1, "threads": 1}
METHODS = ("svr", "ordinal", "categorical")
Array = NDArray[Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=KEPT / "knee.json")
    out = parser.parse_args().json
    pictures, y, subjects = knees()
    fold = folds(y, subjects, n_folds=FOLDS, seed=SEED)
    told, seconds = {}, {}
    for method in METHODS:
        parts = [tested(method, k, pictures, y, subjects, fold) for k in range(FOLDS)]
        told[method] = np.concatenate([part["told"] for part in parts])
        seconds[method] = float(sum(part["seconds"] for part in parts))
    rows = np.concatenate([np.flatnonzero(fold == k) for k in range(FOLDS)])
    found = judged(told, y[rows], subjects[rows]) | {
        "n": len(y),
        "subjects": len(np.unique(subjects)),
        "folds": FOLDS,
        "recipe": RECIPE,
        "seconds": seconds,
        "command": "python results/knee.py",
    }
    out.write_text(json.dumps(found, indent=1) + "\n")
    log(found)
    return 0


def knees() -> tuple[NDArray[np.uint8], NDArray[np.intp], NDArray[np.str_]]:
    """Pictures, grades and subjects (the digits of the name; the letter is the side)."""
    paths = sorted(SHARED.glob("*/*"), key=lambda path: (path.parent.name, path.name))
    pictures = np.stack([cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in paths])
    grades = np.array([int(path.parent.name) for path in paths])
    return pictures, grades, np.array(["".join(c for c in path.stem if c.isdigit()) for path in paths])


def tested(method: str, k: int, pictures: Array, y: Array, subjects: Array, fold: Array) -> dict[str, Array]:
    """What a method trained without fold k says of it: probabilities (n, grades) or a number (n, 1)."""
    path = BUILD / f"{method}-{k}.npz"
    if not path.exists():
        train, test = fold != k, fold == k
        started = time.perf_counter()
        answer = by_svr if method == "svr" else by_net
        told = answer(method, k, pictures[train], y[train], subjects[train], pictures[test])
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, told=told, seconds=time.perf_counter() - started)
    with np.load(path) as kept:
        return dict(kept)


def by_net(head: str, k: int, pictures: Array, y: Array, subjects: Array, asked: Array) -> Array:  # noqa: ARG001
    return KerasClassifier(head=head, seed=SEED + k, **RECIPE).fit(pictures, y).predict_proba(asked)


def by_svr(method: str, k: int, pictures: Array, y: Array, subjects: Array, asked: Array) -> Array:  # noqa: ARG001
    pipeline = make_pipeline(StandardScaler(), PCA(random_state=SEED), SVR())
    grid = {"pca__n_components": [50, 100, 150], "svr__C": [0.3, 1, 3]}
    inner = GroupKFold(4, shuffle=True, random_state=SEED)
    search = GridSearchCV(pipeline, grid, cv=inner, scoring="neg_mean_squared_error")
    return search.fit(gradients(pictures), y, groups=subjects).predict(gradients(asked))[:, None]


def gradients(pictures: Array) -> Array:
    """Histograms of oriented gradients of the pictures at 128 pixels."""
    small = [cv2.resize(picture, (128, 128), interpolation=cv2.INTER_AREA) for picture in pictures]
    return np.stack([hog(one, orientations=9, pixels_per_cell=(16, 16), cells_per_block=(2, 2)) for one in small])


def judged(told: dict[str, Array], y: Array, subjects: Array) -> dict[str, Any]:
    """Figures with subject-clustered intervals, and paired differences of kappa."""
    drawn = resamples(y, subjects, replicates=REPLICATES, seed=SEED)
    decided = {name: nearest_grade(p) if p.shape[1] > 1 else rounded(p[:, 0]) for name, p in told.items()}
    decided |= {f"{name}, most probable": p.argmax(axis=1) for name, p in told.items() if p.shape[1] > 1}
    points = {name: grade_scores(y, one, GRADES) for name, one in decided.items()}
    samples = {name: drawn.apply(lambda w, one=one: grade_scores(y, one, GRADES, w)) for name, one in decided.items()}
    rows = {
        name: {key: figure(value[0], samples[name][key]) for key, value in point.items()}
        for name, point in points.items()
    }
    pairs = [("ordinal", "svr"), ("categorical", "svr"), ("ordinal", "categorical")]
    gaps = []
    for a, b in pairs:
        values = (points[a]["kappa"][0], points[b]["kappa"][0])
        gap, p = difference(*values, samples[a]["kappa"], samples[b]["kappa"])
        gaps.append({"a": a, "b": b, "kappa": gap, "p": p})
    return {"methods": rows, "differences": gaps}


def rounded(values: Array) -> Array:
    return np.clip(np.rint(values), 0, GRADES - 1).astype(int)


def log(found: dict[str, Any]) -> None:
    """One line for every look at the test folds."""
    path, is_new = KEPT / "knee_log.csv", not (KEPT / "knee_log.csv").exists()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(["date", "commit", "method", "n", "kappa", "low", "high"])
        for name, row in found["methods"].items():
            kappa = [round(row["kappa"][key], 4) for key in ("value", "low", "high")]
            writer.writerow([datetime.now(UTC).date(), commit.strip(), name, found["n"], *kappa])


if __name__ == "__main__":
    raise SystemExit(main())
