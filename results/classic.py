"""Measure what a search for settings is worth: every classical family as it is and searched, on the same folds.

python results/classic.py [--only SET]

BreastMNIST and PneumoniaMNIST have official splits (test rows scored once), the NIH radiographs 5 patient folds. Both fits
of a family see the same rows and the same description (keypoint words and statistics), are calibrated on the same tuning
rows and scored on the same test rows; the search never sees a row beyond those that are fitted. Each fit is kept in
build/classic/, and a later run goes on there; what is scored goes to docs/results/classic.json, every look to classic_log.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from radiolucent.evaluate.audit import audit
from radiolucent.evaluate.calibrate import Calibrator
from radiolucent.evaluate.split import merged
from radiolucent.evaluate.twins import twins
from radiolucent.flow.candidates import estimator
from radiolucent.flow.study.design import Design, patient_folds
from radiolucent.flow.study.rows import measure_all
from radiolucent.flow.study.worker import seed_of

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data"
BUILD, KEPT = ROOT / "build" / "classic", ROOT / "docs" / "results"
FAMILIES = ("svm", "svm_linear", "logistic", "elastic_net", "forest", "extra_trees", "boosting", "lightgbm")
SEED, SETTINGS = 1, 24
BUDGETS_S = {"BreastMNIST": 30.0, "PneumoniaMNIST": 30.0, "NIH chest radiographs": 6.0}
"""Of one search; the NIH radiographs need five for each family."""
QUICK = {"NIH chest radiographs": ("svm", "logistic", "extra_trees", "lightgbm")}
"""Sets on which a part of the families stands for all, for want of machine time."""


@dataclass(frozen=True)
class Set:
    """Pictures (n, S, S), classes, whose each is (twins united), and which rows are fitted, tuned and tested."""

    name: str
    pictures: NDArray[np.uint8]
    y: NDArray[np.intp]
    patients: NDArray[np.intp] | None
    groups: NDArray[np.intp]
    design: Design


def medmnist(name: str, file: str) -> Set:
    with np.load(SHARED / "medmnist28-dev" / file) as kept:
        parts = {part: kept[f"{part}_images"] for part in ("train", "val", "test")}
        y = np.concatenate([kept[f"{part}_labels"].reshape(-1) for part in parts]).astype(np.intp)
    pictures = np.concatenate(list(parts.values()))
    is_part = np.repeat(list(parts), [len(part) for part in parts.values()])
    fit, tune, test = (is_part == part for part in parts)
    groups = _united(pictures, np.arange(len(y)))
    return Set(name, pictures, y, None, groups, Design("official", 1, fit[None], tune[None], test[None]))


def nih() -> Set:
    folder = SHARED / "nih-cxr-1000-256"
    table = pd.read_csv(folder / "metadata.csv")
    pictures = np.stack([cv2.imread(str(folder / "images" / file), cv2.IMREAD_GRAYSCALE) for file in table["file"]])
    y, patients = table["pneumonia"].to_numpy(np.intp), pd.factorize(table["patient_id"])[0].astype(np.intp)
    groups = _united(pictures, patients)
    design = patient_folds(y, groups, np.ones(len(y), bool), n_folds=5, seed=SEED)
    return Set("NIH chest radiographs", pictures, y, patients, groups, design)


def _united(pictures: NDArray[np.uint8], patients: NDArray[np.intp]) -> NDArray[np.intp]:
    return merged(patients, np.sort(twins(pictures).pairs, axis=1)).groups


SETS = {
    "BreastMNIST": lambda: medmnist("BreastMNIST", "breastmnist.npz"),
    "NIH chest radiographs": nih,
    "PneumoniaMNIST": lambda: medmnist("PneumoniaMNIST", "pneumoniamnist_rebuilt.npz"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="a part of a set's name")
    only = parser.parse_args().only
    for name in (name for name in SETS if not only or only.lower() in name.lower()):
        path = KEPT / "classic.json"
        told = json.loads(path.read_text()) if path.exists() else {}
        if name in told:
            continue
        measured = SETS[name]()
        work = BUILD / name.lower().replace(" ", "-")
        work.mkdir(parents=True, exist_ok=True)
        seconds = measure_all(measured.pictures, work, workers=1, progress=print_rows)
        told[name] = scored(measured, work) | {"measuring_s": seconds}
        path.write_text(json.dumps(told, indent=1, allow_nan=False) + "\n")
        log(name, told[name])
    return 0


def print_rows(rows: int) -> None:
    """Show that measuring goes on."""
    print(f"{rows} rows measured", flush=True)


def scored(one: Set, work: Path) -> dict[str, Any]:
    """Fit all that is not fitted yet, then score every family twice on the rows that were tested."""
    families = QUICK.get(one.name, FAMILIES)
    fits = {(family, way): fitted(one, work, family, way) for family in families for way in ("default", "searched")}
    tested = one.design.tested
    found = audit(
        one.y[tested],
        {f"{family} {way}": fit["p"][tested] for (family, way), fit in fits.items()},
        classes=["0", "1"],
        patients=None if one.patients is None else one.patients[tested],
        folds=one.design.fold_of[tested] if one.design.folds > 1 else None,
        pairs=[(f"{family} searched", f"{family} default") for family in families],
        best=f"{families[0]} searched",
        seed=SEED,
    )
    pairs = {(row["a"], row["b"]): row for row in found["differences"]}
    rows = []
    for family in families:
        difference = pairs[f"{family} searched", f"{family} default"]
        row: dict[str, Any] = {"family": family, "difference": difference["auc"], "p": difference["p"]}
        for way in ("default", "searched"):
            row[way] = found["candidates"][f"{family} {way}"]["auc"]
            row[f"{way}_s"] = float(sum(fits[family, way]["seconds"]))
        row["searches"] = fits[family, "searched"]["searches"]
        rows.append(row)
    return {
        "n": len(tested),
        "patients": None if one.patients is None else len(np.unique(one.patients[tested])),
        "folds": one.design.folds,
        "settings": SETTINGS,
        "budget_s": BUDGETS_S[one.name],
        "seed": SEED,
        "rows": rows,
    }


def fitted(one: Set, work: Path, family: str, way: str) -> dict[str, Any]:
    """Calibrated probabilities of the tested rows over all folds, with what each fold took and chose."""
    p, seconds, searches = np.full((len(one.y), 2), np.nan), [], []
    for fold in range(one.design.folds):
        path = work / f"{family}-{way}-{fold}.npz"
        if not path.exists():
            _fit(one, work, family, way, fold, path)
        with np.load(path) as kept:
            p[one.design.test[fold]] = kept["p"]
            seconds.append(float(kept["seconds"]))
            searches += [json.loads(str(kept["told"]))] if way == "searched" else []
    return {"p": p, "seconds": seconds, "searches": searches}


def _fit(one: Set, work: Path, family: str, way: str, fold: int, path: Path) -> None:
    fit, tune, test = (np.flatnonzero(mask[fold]) for mask in (one.design.fit, one.design.tune, one.design.test))
    X = np.load(work / "rows.npy", mmap_mode="r")
    search = {"budget_s": BUDGETS_S[one.name], "settings": SETTINGS} if way == "searched" else None
    model = estimator(family, seed=seed_of(SEED, family, fold), threads=1, search=search)
    began = time.perf_counter()
    model.fit(X[fit], one.y[fit], **({"classify__groups": one.groups[fit]} if search else {}))
    seconds = time.perf_counter() - began
    calibrator = Calibrator().fit(model.predict_proba(X[tune]), one.y[tune])
    told = model.named_steps["classify"].told() if search else None
    part = path.with_suffix(".part.npz")
    np.savez(part, p=calibrator.transform(model.predict_proba(X[test])), seconds=seconds, told=json.dumps(told))
    part.replace(path)
    print(f"{one.name} {family} {way} fold {fold}: {seconds:.0f} s", flush=True)


def log(name: str, told: dict[str, Any]) -> None:
    """Every look at test rows is written down."""
    path = KEPT / "classic_log.csv"
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    is_new = not path.exists()
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(["date", "commit", "set", "n", "family", "auc default", "auc searched"])
        for row in told["rows"]:
            figures = [round(row[way]["value"], 4) for way in ("default", "searched")]
            writer.writerow([datetime.now(UTC).date(), revision, name, told["n"], row["family"], *figures])


if __name__ == "__main__":
    raise SystemExit(main())
