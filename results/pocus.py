"""Does recurrence help on lung ultrasound videos? docs/results/pocus.json.

python results/pocus.py [--only pooling,gru,...] [--score]

pocus-lus-videos without viral pneumonia (4 patients): three classes, five patient folds (twins in one), drawn with three
seeds. Every candidate learns from the same frames; what recurrence adds is the paired difference from the same encoder
without it. Nothing is chosen: the settings below were written down before the first test fold was judged, after one look
at whether training runs at all on inner folds of the training part of the first fold (seed 1). Each finished fold is kept
in build/pocus, and a run goes on there. Probe, source and how the files were made are judged alone, as the confounders
that they are. Intervals: patients drawn with replacement, the same for all candidates and seeds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from radiolucent.evaluate import difference, figure, resamples
from radiolucent.evaluate.interval import Resamples
from radiolucent.evaluate.score import detailed
from radiolucent.evaluate.split import folds, merged
from radiolucent.evaluate.twins import twins
from radiolucent.flow.study.sequences import prepared_sequences
from radiolucent.learn.classic import metadata, svm
from radiolucent.learn.frame_voting import FrameVoting
from radiolucent.learn.sequence import SequenceClassifier
from radiolucent.measure.frames import FrameFeatures

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data" / "pocus-lus-videos"
WORK = ROOT / "build" / "pocus"
KEPT = ROOT / "docs" / "results"
CLASSES = ("bacterial_pneumonia", "covid", "healthy")
SEEDS, FOLDS, REPLICATES = (1, 2, 3), 5, 2000
FRAMES, SIZE = 8, 64
SETTINGS: dict[str, Any] = {"frames": FRAMES, "clips": 3, "width": 8, "units": 32, "batch": 8, "steps": 200}
NETS: dict[str, dict[str, Any]] = {
    "pooling": {"recurrence": "none"},
    "gru": {"recurrence": "gru"},
    "lstm_attention": {"recurrence": "lstm", "pooling": "attention"},
    "convlstm": {"recurrence": "convlstm", "units": 16},
}
ALONE = {"probe": ["probe"], "source": ["source"], "making": ["image height", "image width", "frame rate"]}
CONTROL = "pooling"
FIRST = (*ALONE, "frame_voting", "pooling", "gru", "lstm_attention")
"""What is run for every seed before the rest, which costs more."""
FIGURES = ("balanced_accuracy", "auc", "accuracy")
Array = NDArray[Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="candidates to run, comma-separated (default: all)")
    parser.add_argument("--score", action="store_true", help="write the figures of what is there, run nothing")
    asked = parser.parse_args()
    if not SHARED.is_dir():
        print(f"no shared data at {SHARED.parent}; set RADIOLUCENT_SHARED")
        return 2
    every = (FIRST, tuple(name for name in NETS if name not in FIRST))
    groups = (tuple(asked.only.split(",")),) if asked.only else every
    cohort = Cohort()
    for names in () if asked.score else groups:
        for seed, name, fold in product(SEEDS, names, range(FOLDS)):
            run(cohort, name, seed, fold)
    told = scored(cohort)
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "pocus.json").write_text(json.dumps(told, indent=1) + "\n")
    return 0


class Cohort:
    """The videos of the three classes: frames, classes, patients with twins united, and what is known beside them."""

    def __init__(self) -> None:
        table = pd.read_csv(SHARED / "labels.csv", dtype=str)
        self.left_out = int((~table["label"].isin(CLASSES)).sum())
        table = table[table["label"].isin(CLASSES)].reset_index(drop=True)
        WORK.mkdir(parents=True, exist_ok=True)
        references = [str(SHARED / name) for name in table["file"]]
        ready = prepared_sequences(
            references, WORK, frames=FRAMES, size=SIZE, skip=True, workers=1, progress=lambda _: None
        )
        self.X = np.load(WORK / "sequences.npy", mmap_mode="r")
        self.y = pd.Categorical(table["label"], categories=list(CLASSES)).codes.astype(np.int64)
        self.patients = pd.factorize(table["patient_id_or_name"])[0]
        pairs = twins(ready.pictures).pairs
        across = pairs[self.patients[pairs[:, 0]] != self.patients[pairs[:, 1]]]
        self.twins = len(across)
        self.groups = merged(self.patients, across).groups
        told = table["source_url"].fillna("not stated")
        host = told.str.extract(r"//(?:www\.)?([^/ ]+)")[0]
        source = host.fillna(told.str.extract(r"(?:Data contributed by )?(\w+)")[0]).rename("source")
        self.known = pd.concat([table["probe"], source, ready.made], axis=1)

    def parts(self, seed: int) -> NDArray[np.int64]:
        """The fold of each video."""
        return folds(self.y, self.groups, n_folds=FOLDS, seed=seed)


def made(name: str, seed: int) -> Any:
    """A new classifier of that name."""
    if name in NETS:
        return SequenceClassifier(**(SETTINGS | NETS[name]), seed=seed, threads=1)
    if name == "frame_voting":
        return FrameVoting(FrameFeatures(), svm(seed=seed), frames=FRAMES)
    numeric = [column for column in ALONE[name] if column not in ("probe", "source")]
    return metadata(seed=seed, numeric=numeric, categorical=[c for c in ALONE[name] if c not in numeric])


def run(cohort: Cohort, name: str, seed: int, fold: int) -> None:
    """Fit on four folds, judge the fifth, and keep the probabilities."""
    path = WORK / f"{name}-{seed}-{fold}.npz"
    if path.exists():
        return
    test = cohort.parts(seed) == fold
    X: Any = cohort.known if name in ALONE else cohort.X
    started = time.perf_counter()
    model = made(name, seed * 100 + fold).fit(X[~test], cohort.y[~test])
    fitted = time.perf_counter()
    p = model.predict_proba(X[test])
    part = path.with_suffix(".part.npz")
    np.savez(part, rows=np.flatnonzero(test), p=p, fit_s=fitted - started, predict_s=time.perf_counter() - fitted)
    part.replace(path)
    print(f"{name} seed {seed} fold {fold}: {fitted - started:.0f} s", flush=True)


def done(name: str) -> list[int]:
    """Seeds of which every fold of the candidate is there."""
    return [seed for seed in SEEDS if all((WORK / f"{name}-{seed}-{k}.npz").exists() for k in range(FOLDS))]


def complete() -> tuple[list[str], list[int]]:
    """Candidates that have a seed at all, and the seeds that all of them have: only these are scored."""
    names = [name for name in (*ALONE, "frame_voting", *NETS) if done(name)]
    return names, [seed for seed in SEEDS if all(seed in done(name) for name in names)]


def answers(cohort: Cohort, name: str, seeds: list[int]) -> tuple[Array, dict[str, float]]:
    """Probabilities (seeds, n, classes), and the mean seconds of a fold."""
    p = np.full((len(seeds), len(cohort.y), len(CLASSES)), np.nan)
    seconds: dict[str, list[float]] = {"fit_s": [], "predict_s": []}
    for k, seed in enumerate(seeds):
        for fold in range(FOLDS):
            with np.load(WORK / f"{name}-{seed}-{fold}.npz") as kept:
                p[k, kept["rows"]] = kept["p"]
                for key, values in seconds.items():
                    values.append(float(kept[key]))
    return p, {key: float(np.mean(values)) for key, values in seconds.items()}


def judged(y: Array, p: Array, drawn: Resamples) -> tuple[dict[str, Array], dict[str, Array]]:
    """Figures (seeds,) and their replicates (seeds, replicates); classes by the largest probability."""
    points: dict[str, list[Any]] = {name: [] for name in (*FIGURES, "recall")}
    samples: dict[str, list[Any]] = {name: [] for name in (*FIGURES, "recall")}

    def statistic(each: Array) -> Callable[[Array | None], dict[str, Array]]:
        def of(w: Array | None) -> dict[str, Array]:
            overall, by_class = detailed(y, each, each.argmax(axis=1), w)
            return {name: overall[name] for name in FIGURES} | {"recall": by_class["sensitivity"]}

        return of

    for each in p:
        found, replicates = statistic(each)(None), drawn.apply(statistic(each))
        for name in points:
            points[name].append(found[name][0])
            samples[name].append(replicates[name])
    return {k: np.array(v) for k, v in points.items()}, {k: np.array(v) for k, v in samples.items()}


def scored(cohort: Cohort) -> dict[str, Any]:
    """Figures of every complete candidate (mean over seeds), and the paired differences."""
    y, patients = cohort.y, cohort.patients
    drawn = resamples(y, patients, replicates=REPLICATES, seed=0)
    of_patient = pd.Series(y).groupby(patients).first().to_numpy()
    people = resamples(of_patient, None, replicates=REPLICATES, seed=0)
    candidates, points, samples = {}, {}, {}
    names, seeds = complete()
    for name in names:
        p, seconds = answers(cohort, name, seeds)
        point, sample = judged(y, p, drawn)
        points[name], samples[name] = point, sample
        mean = np.stack([pd.DataFrame(each).groupby(patients).mean().to_numpy() for each in p])
        by_patient = judged(of_patient, mean, people)
        recall = {
            label: figure(point["recall"][:, c].mean(), sample["recall"][:, :, c].mean(axis=0))
            for c, label in enumerate(CLASSES)
        }
        candidates[name] = {
            **{k: figure(point[k].mean(), sample[k].mean(axis=0)) for k in FIGURES},
            "by_seed": point["balanced_accuracy"].tolist(),
            "recall": recall,
            "patient": {k: figure(by_patient[0][k].mean(), by_patient[1][k].mean(axis=0)) for k in FIGURES},
            **seconds,
        }
        log(name, seeds, candidates[name]["balanced_accuracy"], len(y))
    pairs = [(name, CONTROL) for name in NETS if name != CONTROL]
    pairs += [(name, "frame_voting") for name in NETS] + [("frame_voting", "source"), ("pooling", "source")]
    told = [paired(a, b, points, samples) for a, b in pairs if a in candidates and b in candidates]
    return frame(cohort) | {"seeds": seeds, "candidates": candidates, "differences": told}


def paired(a: str, b: str, points: dict[str, Any], samples: dict[str, Any]) -> dict[str, Any]:
    """a less b, each the mean over the seeds, on the same draws of patients."""
    told: dict[str, Any] = {"a": a, "b": b}
    for name in ("balanced_accuracy", "auc"):
        means = [float(points[which][name].mean()) for which in (a, b)]
        gap, p = difference(*means, *(samples[which][name].mean(axis=0) for which in (a, b)))
        told |= {name: gap, f"{name}_p": p}
    return told


def frame(cohort: Cohort) -> dict[str, Any]:
    y, known = cohort.y, cohort.known
    count = {label: int((y == c).sum()) for c, label in enumerate(CLASSES)}
    people = {label: len(np.unique(cohort.patients[y == c])) for c, label in enumerate(CLASSES)}
    tables = {
        column: pd.crosstab(known[column], np.array(CLASSES)[y]).to_dict("index") for column in ("probe", "source")
    }
    return {
        "name": "Lung ultrasound videos (pocus-lus-videos)",
        "command": "python results/pocus.py",
        "videos": len(y),
        "patients": len(np.unique(cohort.patients)),
        "class_counts": count,
        "class_patients": people,
        "left_out": cohort.left_out,
        "twins_across_patients": cohort.twins,
        "folds": FOLDS,
        "settings": SETTINGS | {"size": SIZE, "nets": NETS},
        "tables": tables,
    }


def log(name: str, seeds: list[int], found: dict[str, float | None], n: int) -> None:
    """Every look at test folds is written down, once for each set of kept folds."""
    path = KEPT / "pocus_log.csv"
    newest = max((WORK / f"{name}-{seed}-{fold}.npz").stat().st_mtime for seed in seeds for fold in range(FOLDS))
    row = [
        datetime.fromtimestamp(newest, UTC).isoformat(timespec="minutes"),
        revision(),
        name,
        " ".join(map(str, seeds)),
        n,
    ]
    row += [round(found[key] or 0.0, 4) for key in ("value", "low", "high")]
    lines = list(csv.reader(path.open())) if path.exists() else []
    if any([line[0], line[2], line[3]] == [row[0], name, row[3]] for line in lines):
        return
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        if not lines:
            writer.writerow(["date", "commit", "candidate", "seeds", "n", "balanced_accuracy", "low", "high"])
        writer.writerow(row)


def revision() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
