"""Measure the cohort job on the real sets: predeclared seeds, official splits or patient folds.

``make results`` runs it; a run that is there is not run again. Every look at a test part is appended to docs/results/log.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT / "../shared"))
RUNS = ROOT / "build" / "results"
KEPT = ROOT / "docs" / "results"
SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Cohort:
    """A set, its arguments to `radiolucent learn` (paths relative to the shared data), and what to say beside it."""

    name: str
    source: str
    arguments: tuple[str, ...]
    seeds: tuple[int, ...]
    note: str


COHORTS = (
    Cohort(
        "BreastMNIST",
        "medmnist28-dev/breastmnist.npz",
        ("--allow-leaks",),
        SEEDS,
        "official split; the file has the official counts but is not byte-equal to the official one (labels of shape (N,)); "
        "published ResNet-18 at 28 px: AUC 0.901; at n = 156 an AUC of 0.90 has an interval of about 0.05 to either side",
    ),
    Cohort(
        "PneumoniaMNIST",
        "medmnist28-dev/pneumoniamnist_rebuilt.npz",
        ("--allow-leaks",),
        SEEDS,
        "official split, rebuilt (the order of the training rows differs); 8 of 524 validation images have an identical twin "
        "in training; published ResNet-18 at 28 px: AUC 0.944",
    ),
    Cohort(
        "NIH chest radiographs",
        "nih-cxr-1000-256/metadata.csv",
        (
            *("--image", "file", "--image-root", "{images}", "--target", "pneumonia", "--patient", "patient_id"),
            *("--group", "sex", "--group", "view", "--group", "age"),
        ),
        (1,),
        "1000 radiographs of NIH ChestX-ray14, 5 patient folds; labels were text-mined, and view is confounded with the label",
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="a part of the set's name")
    only = parser.parse_args().only
    if not SHARED.is_dir():
        print(f"no shared data at {SHARED}; set RADIOLUCENT_SHARED")
        return 2
    KEPT.mkdir(parents=True, exist_ok=True)
    chosen = [cohort for cohort in COHORTS if not only or only.lower() in cohort.name.lower()]
    for cohort in chosen:
        for seed in cohort.seeds:
            run(cohort, seed)
    told = [
        summed(cohort) for cohort in COHORTS if all((folder(cohort, s) / "metrics.json").exists() for s in cohort.seeds)
    ]
    (KEPT / "learn.json").write_text(json.dumps(told, indent=1) + "\n")
    return 0


def folder(cohort: Cohort, seed: int) -> Path:
    return RUNS / f"{cohort.name.lower().replace(' ', '-')}-seed{seed}"


def command(cohort: Cohort, seed: int, source: str, images: str, out: str) -> list[str]:
    arguments = [argument.format(images=images) for argument in cohort.arguments]
    return ["learn", source, *arguments, "--seed", str(seed), "-o", out]


def run(cohort: Cohort, seed: int) -> None:
    out = folder(cohort, seed)
    if (out / "metrics.json").exists():
        return
    source = SHARED / "data" / cohort.source
    resume = ["--resume"] if (out / "work" / "question.json").exists() else []
    started = time.perf_counter()
    asked = [*command(cohort, seed, str(source), str(source.parent / "images"), str(out)), *resume]
    subprocess.run([sys.executable, "-m", "radiolucent", *asked], check=True)
    seconds = time.perf_counter() - started
    (out / "seconds.json").write_text(json.dumps({"seconds": seconds, "resumed": bool(resume)}))
    shutil.rmtree(out / "work", ignore_errors=True)
    log(cohort, seed, json.loads((out / "metrics.json").read_text()))


def log(cohort: Cohort, seed: int, metrics: dict[str, Any]) -> None:
    """Every evaluation of a test part is written down, whether it pleases or not."""
    path = KEPT / "log.csv"
    is_new = not path.exists()
    auc = metrics["candidates"][metrics["best"]]["auc"]
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(["date", "commit", "set", "seed", "n", "chosen", "auc", "low", "high"])
        revision = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.strip()
        row = [datetime.now(UTC).date(), revision, cohort.name, seed, metrics["design"]["n_evaluated"], metrics["best"]]
        writer.writerow([*row, *(round(auc[key], 4) for key in ("value", "low", "high"))])


def summed(cohort: Cohort) -> dict[str, Any]:
    """One set over its seeds: what was chosen, every candidate's mean, and the cost."""
    told = [json.loads((folder(cohort, seed) / "metrics.json").read_text()) for seed in cohort.seeds]
    seconds = [json.loads((folder(cohort, seed) / "seconds.json").read_text())["seconds"] for seed in cohort.seeds]
    return {
        "name": cohort.name,
        "note": cohort.note,
        "command": "radiolucent " + " ".join(command(cohort, cohort.seeds[0], cohort.source, "images", "RUN")),
        "n": told[0]["design"]["n_evaluated"],
        "patients": told[0]["patients"] if told[0]["design"]["patient_column"] else None,
        "twin_free_n": (told[0].get("twin_free") or {}).get("n"),
        "seeds": list(cohort.seeds),
        "chosen": [metrics["best"] for metrics in told],
        "chosen_auc": [metrics["candidates"][metrics["best"]]["auc"] for metrics in told],
        "chosen_twin_free": [_twin_free(metrics, metrics["best"]) for metrics in told],
        "candidates": {name: _candidate(told, name) for name in told[0]["candidates"]},
        "leaks": [{key: leak[key] for key in ("kind", "severity", "count", "says")} for leak in told[0]["leaks"]],
        "confounding": {name: found["says"] for name, found in (told[0].get("confounding") or {}).items()},
        "seconds": seconds,
        "peak_mb": max(figures["peak_mb"] for metrics in told for figures in metrics["candidates"].values()),
    }


def _twin_free(metrics: dict[str, Any], name: str) -> dict[str, Any] | None:
    found = metrics.get("twin_free")
    return found["candidates"][name]["auc"] if found else None


def _candidate(told: list[dict[str, Any]], name: str) -> dict[str, Any]:
    each = [metrics["candidates"][name] for metrics in told]
    values = [figures["auc"]["value"] for figures in each]
    free = [found["value"] for metrics in told if (found := _twin_free(metrics, name))]
    return {
        "auc": statistics.mean(values),
        "sd": statistics.stdev(values) if len(values) > 1 else None,
        "low": each[0]["auc"]["low"],
        "high": each[0]["auc"]["high"],
        "twin_free": statistics.mean(free) if free else None,
        "fit_seconds": statistics.mean(figures["fit_seconds"] for figures in each),
        "peak_mb": max(figures["peak_mb"] for figures in each),
        "size_mb": each[0]["size_mb"],
    }


if __name__ == "__main__":
    sys.exit(main())
