"""Measure the U-Net on the hippocampus volumes: a fixed split of 200 and 60 patients, and one look at the 60.

`python results/hippocampus.py [--threads N]` writes docs/results/hippocampus.json and a line in docs/results/log.csv; the
study itself stays under build/. A stopped run goes on when the command is given again.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from radiolucent.cli import main as radiolucent

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "results"
HELD_OUT, SEED = 60, 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--run", type=Path, default=ROOT / "build" / "results" / "hippocampus")
    given = parser.parse_args()
    folder = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data" / "msd-hippocampus"
    table = given.run.parent / "hippocampus.csv"
    table.parent.mkdir(parents=True, exist_ok=True)
    cohort(folder, table)
    words = ["--patient", "patient", "--split", "split", "--seed", str(SEED), "--threads", str(given.threads)]
    if not (given.run / "metrics.json").exists():
        resume = ["--resume"] if given.run.exists() else []
        if code := radiolucent(["segment", "learn", str(table), "-o", str(given.run), *words, *resume]):
            return code
    told = json.loads((given.run / "metrics.json").read_text())
    (KEPT / "hippocampus.json").write_text(json.dumps(kept(told, given.threads), indent=1) + "\n")
    log(told)
    return 0


def cohort(folder: Path, table: Path) -> None:
    """Every volume with its mask; which 60 are tested is drawn once and for all."""
    names = sorted(path.name for path in (folder / "images").glob("*.nii.gz"))
    test = {names[k] for k in np.random.default_rng(SEED).permutation(len(names))[:HELD_OUT]}
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "mask", "patient", "split"])
        for name in names:
            row = [folder / "images" / name, folder / "labels" / name, name.split(".")[0]]
            writer.writerow([*row, "test" if name in test else "train"])


def kept(told: dict[str, Any], threads: int) -> dict[str, Any]:
    """What the page of results shows."""
    return {
        "name": "Hippocampus (MSD Task04), 3-D U-Net",
        "command": "python results/hippocampus.py",
        "n": told["n"],
        "trained_on": 200,
        "threads": threads,
        "labels": {one["name"]: one["mean"] for one in told["labels"].values()},
        "both": float(np.mean([one["mean"]["dice"]["value"] for one in told["labels"].values()])),
        "seconds": told["seconds"],
        "net": told["asked"]["net"],
    }


def log(told: dict[str, Any]) -> None:
    """Append this look at the test part, once for each label."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout
    with (KEPT / "log.csv").open("a", newline="") as file:
        for one in told["labels"].values():
            dice = [round(one["mean"]["dice"][key], 4) for key in ("value", "low", "high")]
            who = [f"Hippocampus, {one['name']} (Dice)", SEED, told["n"], "unet"]
            csv.writer(file).writerow([date.today().isoformat(), commit.strip(), *who, *dice])


if __name__ == "__main__":
    raise SystemExit(main())
