"""Measure the U-Net on flat pictures: lesions in breast ultrasound (BUSI), lungs in chest radiographs (Montgomery).

python results/unet2d.py [--only busi|montgomery] [--choose] [--threads 1] [--json FILE]

The study is run by the product's own job, `radiolucent segment learn`: five folds of whole patients (BUSI: pictures that are
twins or suspected to be are one patient), a look at each picture once, by a net that has not seen its patient. Every fold is
kept under build/, and a stopped run goes on there. TAKEN was set before any look at a test fold, by the time that there was
(an hour of one slow core for all ten nets). `--choose` tries the settings of TRIED on an inner split of the first fold's
training rows and keeps their Dice beside the result; that was seen for BUSI before.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd

from radiolucent.cli import main as radiolucent
from radiolucent.evaluate import overlap_summary
from radiolucent.evaluate.split import merged
from radiolucent.evaluate.twins import twins
from radiolucent.flow.outlining import Asked, parts

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data"
BUILD = ROOT / "build" / "results"
SEED, FOLDS = 0, 5
EMPTY = "nothing to find"

TITLES = {"busi": "BUSI lesions", "montgomery": "Montgomery lungs"}
BARS = {"busi": 0.60, "montgomery": 0.96}
Words = dict[str, str]

TRIED: dict[str, dict[str, Words]] = {
    "busi": {"128 px": {"--longest-px": "128", "--batch": "4", "--steps": "1000", "--flips": "1"}},
}
TAKEN: dict[str, Words] = {
    "busi": {"--longest-px": "96", "--batch": "4", "--steps": "1200", "--flips": "1"},
    "montgomery": {"--longest-px": "96", "--batch": "4", "--steps": "800"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=TITLES, action="append")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, default=ROOT / "docs" / "results" / "unet2d.json")
    given = parser.parse_args()
    for name in given.only or TITLES:
        cohort = tabled(name)
        if given.choose and name in TRIED:
            put(given.json, name, {"choice": chosen(name, cohort, given.threads)})
            continue
        told = studied(name, cohort, given.threads)
        put(given.json, name, told)
        log(name, told, given.json.parent)
    return 0


def tabled(name: str) -> Path:
    """The cohort's table: picture, mask of 0 and 1, patient, kind."""
    table = BUILD / f"unet2d-{name}.csv"
    if table.exists():
        return table
    masks = BUILD / f"unet2d-{name}"
    masks.mkdir(parents=True, exist_ok=True)
    rows = []
    for path, kind, found in {"busi": lesions, "montgomery": lungs}[name]():
        mask = masks / path.name
        cv2.imwrite(str(mask), found.astype(np.uint8))
        rows.append({"image": str(path), "mask": str(mask), "kind": kind})
    frame = pd.DataFrame(rows)
    frame["patient"] = alike(frame["image"]) if name == "busi" else np.arange(len(frame))
    frame.to_csv(table, index=False)
    return table


def lesions() -> Iterator[tuple[Path, str, Any]]:
    """BUSI's pictures with all masks of their size united; those of normal breasts are empty."""
    for kind in ("benign", "malignant", "normal"):
        for path in sorted((SHARED / "busi-masks-150-gray" / kind).glob("*).png")):
            size = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).shape
            masks = [
                cv2.imread(str(one), cv2.IMREAD_GRAYSCALE) > 0 for one in path.parent.glob(f"{path.stem}_mask*.png")
            ]
            yield (
                path,
                EMPTY if kind == "normal" else kind,
                np.logical_or.reduce([mask for mask in masks if mask.shape == size]),
            )


def lungs() -> Iterator[tuple[Path, str, Any]]:
    """Montgomery's radiographs, a patient each."""
    for path in sorted((SHARED / "montgomery-lungmask-138" / "images").glob("*.png")):
        mask = cv2.imread(str(path.parents[1] / "masks" / path.name), cv2.IMREAD_GRAYSCALE) > 0
        yield path, "tuberculosis" if path.stem.endswith("_1") else "normal", mask


def alike(paths: pd.Series) -> Any:
    """One number for pictures that are twins or suspected to be: they may be of one breast."""
    small = [cv2.resize(cv2.imread(p, cv2.IMREAD_GRAYSCALE), (64, 64), interpolation=cv2.INTER_AREA) for p in paths]
    found = twins(np.array(small))
    return merged(np.arange(len(paths)), np.concatenate([found.pairs, found.suspects]), most=0.1).groups


def chosen(name: str, cohort: Path, threads: int) -> dict[str, Any]:
    """Dice of each tried setting on a fifth of the patients that the first fold trains on."""
    table = pd.read_csv(cohort)
    groups = table["patient"].astype(str).to_numpy()
    inner = table[parts(Asked(cohort, patient="patient", folds=FOLDS, seed=SEED), table, groups) != 0].copy()
    people = inner["patient"].unique()
    held = np.random.default_rng(SEED).permutation(people)[: len(people) // 5]
    inner["split"] = np.where(inner["patient"].isin(held), "test", "train")
    inner.to_csv(BUILD / f"unet2d-{name}-inner.csv", index=False)
    told = {}
    for way, words in TRIED[name].items():
        run = BUILD / f"unet2d-{name}-{way.replace(' ', '')}"
        metrics = learned(BUILD / f"unet2d-{name}-inner.csv", run, words | {"--split": "split"}, threads)
        told[way] = {"words": words, "dice": scored(inner.reset_index(), metrics)["dice"], "n": metrics["n"],
                     "fit_s": metrics["seconds"]["fit_s"]}  # fmt: skip
    return told


def studied(name: str, cohort: Path, threads: int) -> dict[str, Any]:
    """The folds' scores on the pictures' own grid."""
    metrics = learned(cohort, BUILD / f"unet2d-{name}-run", TAKEN[name] | {"--folds": str(FOLDS)}, threads)
    words = " ".join(f"{key} {value}" for key, value in TAKEN[name].items())
    return scored(pd.read_csv(cohort), metrics) | {
        "bar": BARS[name], "seconds": metrics["seconds"], "threads": threads,
        "command": f"radiolucent segment learn COHORT --patient patient --folds {FOLDS} --seed {SEED} {words}",
    }  # fmt: skip


def learned(cohort: Path, run: Path, words: Words, threads: int) -> dict[str, Any]:
    """What the product's own job says of a cohort."""
    if not (run / "metrics.json").exists():
        flags = [word for pair in words.items() for word in pair] + ["--threads", str(threads), "--seed", str(SEED)]
        again = ["--resume"] if run.exists() else []
        command = [
            "segment",
            "learn",
            str(cohort),
            "-o",
            str(run),
            "--patient",
            "patient",
            "--quiet",
            "--no-keep-model",
            *flags,
            *again,
        ]
        if code := radiolucent(command):
            raise SystemExit(code)
    told: dict[str, Any] = json.loads((run / "metrics.json").read_text())
    return told


def scored(table: pd.DataFrame, metrics: dict[str, Any]) -> dict[str, Any]:
    """Scores of pictures that have something to find, by kind too; and how many of the others were left empty."""
    label = next(iter(metrics["labels"]))
    cases = {case["row"]: case["scores"][label] for case in metrics["cases"]}
    full = [row for row in cases if table["kind"][row] != EMPTY]
    empty = [row for row in cases if table["kind"][row] == EMPTY]
    dice = np.array([cases[row]["dice"] for row in full])
    told = {"n": len(full), "patients": len(set(table["patient"][full])), **means(table, cases, full),
            "median": float(np.median(dice)), "below_half": float((dice < 0.5).mean()),
            "nothing_found": int((dice == 0).sum())}  # fmt: skip
    kinds = {kind: [row for row in full if table["kind"][row] == kind] for kind in dict.fromkeys(table["kind"][full])}
    told["kinds"] = {kind: {"n": len(rows), **means(table, cases, rows)} for kind, rows in kinds.items()}
    if empty:
        told["empty"] = {"n": len(empty), "left_empty": sum(cases[row]["dice"] is None for row in empty)}
    return told


def means(table: pd.DataFrame, cases: dict[int, Any], rows: list[int]) -> dict[str, Any]:
    scores = [{k: np.nan if v is None else v for k, v in cases[row].items()} for row in rows]
    mean = overlap_summary(scores, groups=table["patient"][rows].to_numpy(), seed=SEED)["mean"]
    return {name: mean[name] for name in ("dice", "hd95_px") if name in mean}


def put(path: Path, name: str, told: dict[str, Any]) -> None:
    whole = json.loads(path.read_text()) if path.exists() else {}
    whole[name] = {"title": TITLES[name]} | whole.get(name, {}) | told
    path.write_text(json.dumps(whole, indent=1) + "\n")


def log(name: str, told: dict[str, Any], kept_in: Path) -> None:
    """Every look at test folds is written down, whether it pleases or not."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    figure = [round(told["dice"][key], 4) for key in ("value", "low", "high")]
    with (kept_in / "segment_log.csv").open("a", newline="") as stream:
        row = [datetime.now(UTC).date(), commit.stdout.strip(), f"U-Net, {TITLES[name]}", told["n"], *figure]
        csv.writer(stream).writerow(row)


if __name__ == "__main__":
    raise SystemExit(main())
