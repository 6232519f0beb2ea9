"""Measure what the small residual net tells of modality and body part: docs/results/mednist.json.

python results/mednist.py [--json FILE]

Six classes of 1,000 pictures of 64 pixels (MedNIST); who the patients are is not known, so this is a check that training
works, not a study. Pictures that are nearly the same (correlation above 0.99) are kept in one fold; were any torn apart, the
page would say how many.
The recipe is chosen on a quarter of the first fold's training rows, held out: the cheaper one, unless the dearer is right
in 0.2 % more of them. The five test folds are looked at once; a fold that is done is kept in build/mednist.jsonl, and every
look is appended to docs/results/mednist_log.csv.
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

from radiolucent.evaluate.calibrate import wilson
from radiolucent.evaluate.split import folds, merged, tuning
from radiolucent.evaluate.twins import twins
from radiolucent.learn import KerasClassifier

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data"
KEPT = ROOT / "docs" / "results"
DONE = ROOT / "build" / "mednist.jsonl"
SEED, FOLDS, BAR, MARGIN = 0, 5, 0.995, 0.002

RECIPES: dict[str, dict[str, Any]] = {
    "48 pixels, 300 steps": {"size": 48, "steps": 300},
    "64 pixels, 500 steps": {"size": 64, "steps": 500},
}
"""From cheap to dear; what is not named is the net's default, but that one net is trained and not several."""


def read() -> tuple[NDArray[np.uint8], NDArray[np.int64], list[str]]:
    """Pictures (n, 64, 64), the class of each, and the classes' names."""
    folders = sorted(path for path in (SHARED / "mednist-6000").iterdir() if path.is_dir())
    files = [(path, code) for code, folder in enumerate(folders) for path in sorted(folder.glob("*.jpeg"))]
    pictures = np.stack([cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path, _ in files])
    return pictures, np.array([code for _, code in files]), [folder.name for folder in folders]


def past() -> str:
    """What was done before."""
    return DONE.read_text() if DONE.exists() else ""


def kept(name: str, work: Any) -> dict[str, Any]:
    """What `work()` tells, or what it told when it was done before."""
    lines = [json.loads(line) for line in past().splitlines()]
    before = next((line for line in lines if line["name"] == name), None)
    if before is not None:
        return before
    told = {"name": name, **work()}
    DONE.parent.mkdir(exist_ok=True)
    with DONE.open("a") as stream:
        stream.write(json.dumps(told) + "\n")
    return told


def tried(X: Any, y: Any, fit: Any, test: Any, recipe: str, seed: int) -> dict[str, Any]:
    """Train on some rows, predict others, and say what was right and how long it took."""
    net = KerasClassifier(members=1, seed=seed, threads=int(os.environ.get("OMP_NUM_THREADS", "2")), **RECIPES[recipe])
    start = time.perf_counter()
    net.fit(X[fit], y[fit])
    fitted = time.perf_counter()
    found = net.predict(X[test])
    return {
        "recipe": recipe,
        "n": len(test),
        "right": int((found == y[test]).sum()),
        "fit_seconds": fitted - start,
        "predict_seconds": time.perf_counter() - fitted,
        "test": [int(row) for row in test],
        "found": found.tolist(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=KEPT / "mednist.json")
    given = parser.parse_args()
    X, y, names = read()
    pairs = twins(X).pairs
    groups = merged(np.arange(len(y)), pairs).groups
    part = folds(y, groups, n_folds=FOLDS, seed=SEED)
    train = np.flatnonzero(part != 0)
    held = tuning(y[train], groups[train], seed=SEED)
    tries = [
        kept(f"try {name}", lambda name=name: tried(X, y, train[~held], train[held], name, SEED)) for name in RECIPES
    ]
    cheap, dear = tries
    chosen = dear if dear["right"] / dear["n"] > cheap["right"] / cheap["n"] + MARGIN else cheap
    done, looked = [], not all(f'"fold {fold}"' in past() for fold in range(FOLDS))
    for fold in range(FOLDS):
        fit, test = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        work = lambda fit=fit, test=test, fold=fold: tried(X, y, fit, test, chosen["recipe"], SEED + 1 + fold)  # noqa: E731
        done.append(kept(f"fold {fold}", work))
    told = summed(done, tries, y, names, torn=int((part[pairs[:, 0]] != part[pairs[:, 1]]).sum()), pairs=len(pairs))
    if looked:
        log(told)
    given.json.write_text(json.dumps(told, indent=1) + "\n")
    print(f"accuracy {told['accuracy']['value']:.4f} (bar {BAR}), {told['right']} of {told['n']}")


def summed(done: list[Any], tries: list[Any], y: Any, names: list[str], *, torn: int, pairs: int) -> dict[str, Any]:
    """All folds together: every picture was tested once."""
    n, right = sum(one["n"] for one in done), sum(one["right"] for one in done)
    low, high = wilson(right, n)
    confusion = np.zeros((len(names), len(names)), int)
    for one in done:
        np.add.at(confusion, (y[one["test"]], one["found"]), 1)
    figures = ("recipe", "n", "right", "fit_seconds", "predict_seconds")
    return {
        "command": "python results/mednist.py",
        "note": "patients unknown; slices that are nearly the same are kept in one fold where that can be",
        "n": n,
        "right": right,
        "accuracy": {"value": right / n, "low": low, "high": high, "interval": "Wilson 95 %"},
        "bar": BAR,
        "met": right / n >= BAR,
        "recipe": done[0]["recipe"],
        "tried": [{key: one[key] for key in figures} for one in tries],
        "folds": [{key: one[key] for key in figures} for one in done],
        "classes": names,
        "confusion": confusion.tolist(),
        "twins": {"pairs": pairs, "torn_apart": torn},
        "seconds": sum(one["fit_seconds"] + one["predict_seconds"] for one in done),
    }


def log(told: dict[str, Any]) -> None:
    """Every look at the test folds is written down."""
    path = KEPT / "mednist_log.csv"
    is_new = not path.exists()
    git = ["git", "rev-parse", "--short", "HEAD"]
    revision = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(["date", "commit", "recipe", "n", "accuracy", "low", "high"])
        figures = [round(told["accuracy"][key], 4) for key in ("value", "low", "high")]
        writer.writerow([datetime.now(UTC).date(), revision, told["recipe"], told["n"], *figures])


if __name__ == "__main__":
    main()
