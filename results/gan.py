"""Measure generators and f-AnoGAN on BreastMNIST and PneumoniaMNIST: docs/results/gan.json.

python results/gan.py [--only train|quality|downstream|anomaly] [--threads 1]

What was fixed before any test picture was looked at: both kinds of GAN learn the 28-pixel training pictures (width 16,
batches of 32, seed 1; 2,000 steps of dcgan, 1,500 of wgan-gp); the embedding is the small residual net (width 16, 200
steps) trained on the training pictures; the kind with the lower mean KID against halves of the training pictures goes on
to the downstream test, where the same net learns with 5 seeds in each of 4 arms (1 generated picture for each real one)
and the test split is looked at once. f-AnoGAN learns the 1,214 normal radiographs of PneumoniaMNIST's training split
(width 16, 1,500 steps and 1,500 of the encoder, seed 1, kappa 1 as published, no choice) and the test split is looked at
once, beside the standard deviation of grey values (turned as validation says) and the correlation with 5 nearest normals.

Training goes on where it was stopped; every fit is kept in build/gan. Each look at a test split is a line of
docs/results/gan_log.csv. The two files are not byte-equal to the official ones, the counts and splits are.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radiolucent.evaluate import macro_auc, plain, twin_free, twins
from radiolucent.flow.anomalies import Asked, tested
from radiolucent.flow.generating_quality import ARMS, Net, copied, downstream, quality, scored
from radiolucent.flow.study.pictures import Seen
from radiolucent.flow.three_parts import Part, Parts
from radiolucent.learn import GAN, AnoGAN, KerasClassifier, load, save
from radiolucent.write.picture import png_bytes

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data" / "medmnist28-dev"
BUILD, KEPT = ROOT / "build" / "gan", ROOT / "docs" / "results"
SETS = {"BreastMNIST": "breastmnist.npz", "PneumoniaMNIST": "pneumoniamnist_rebuilt.npz"}
STEPS = {"dcgan": 2000, "wgan-gp": 1500}
SEED, SEEDS, SPLITS, SAMPLE = 1, (1, 2, 3, 4, 5), 10, 2000
NET = {"width": 16, "steps": 200}
NORMAL = "0"
PARTS = ("train", "quality", "downstream", "anomaly")


def parts_of(name: str) -> Parts:
    """The official split; patients are unknown, so every picture is its own."""
    with np.load(SHARED / SETS[name]) as kept:
        pictures = {split: kept[f"{split}_images"] for split in ("train", "val", "test")}
        codes = {split: kept[f"{split}_labels"].ravel().astype(np.intp) for split in ("train", "val", "test")}
    first, made = 0, []
    for split in ("train", "val", "test"):
        rows = np.arange(first, first + len(codes[split]))
        made.append(Part(pictures[split], codes[split], rows, rows))
        first += len(rows)
    return Parts(*made, ("0", "1"), Seen({}, {}, 0, 28, 28), 0, False)


def generator(name: str, kind: str, threads: int) -> GAN:
    """A generator, trained or taken up from what an earlier run left."""
    folder, training = BUILD / f"{name}-{kind}", parts_of(name).training
    if not folder.exists():
        made = GAN(kind=kind, width=16, batch=32, steps=STEPS[kind], seed=SEED, threads=threads,
                   checkpoint=BUILD / f"{name}-{kind}.npz").fit(training.pictures, training.codes)  # fmt: skip
        save(folder, estimator=made, manifest={"draws": "synthetic pictures", "seconds": made.seconds_})
    return load(folder).estimator


def judge(name: str, threads: int) -> KerasClassifier:
    """The net whose embedding pictures are compared in, trained on the training pictures alone."""
    folder, training = BUILD / f"{name}-judge", parts_of(name).training
    if not folder.exists():
        net = Net(**NET, threads=threads).made(SEED, classic=True).fit(training.pictures, training.codes)
        save(folder, estimator=net, manifest={"classes": ["0", "1"]})
    return load(folder).estimator


def measured(name: str, kind: str, threads: int) -> dict[str, Any]:
    """Quality and copying of one generator."""
    parts, made, net = parts_of(name), generator(name, kind, threads), judge(name, threads)
    training = thinned(parts.training)
    told = {
        "n": {"training": len(parts.training), "compared": len(training), "held_out": len(parts.held_out)},
        "auc": float(macro_auc(parts.held_out.codes, net.predict_proba(parts.held_out.pictures))[0]),
        "quality": quality(made, training, parts.held_out, net, splits=SPLITS, seed=SEED),
        "copied": copied(made, parts.training, parts.held_out, n=min(SAMPLE, len(parts.training)), seed=SEED),
    }
    sheet = made.sample(100, seed=SEED)[0].reshape(10, 10, 28, 28).transpose(0, 2, 1, 3).reshape(280, 280)
    (BUILD / f"{name}-{kind}.png").write_bytes(png_bytes(sheet))
    return told


def thinned(part: Part) -> Part:
    """At most SAMPLE pictures, drawn once: kernels of all pairs grow with the square."""
    if len(part) <= SAMPLE:
        return part
    return part.of(np.isin(np.arange(len(part)), np.random.default_rng(SEED).choice(len(part), SAMPLE, replace=False)))


def gained(name: str, kind: str, threads: int) -> dict[str, Any]:
    """The downstream test, on all test pictures and on those without a twin among training and validation."""
    parts, work = parts_of(name), BUILD / f"{name}-{kind}-downstream"
    told = downstream(
        generator(name, kind, threads), parts.training, parts.test, Net(**NET, threads=threads), seeds=SEEDS, work=work
    )
    free = without_twins(parts)
    found = {arm: [np.load(work / f"{arm}-{seed}.npy")[free] for seed in SEEDS] for arm in ARMS}
    return told | {"kind": kind, "twin_free": scored(found, parts.test.of(free), replicates=1000)}


def without_twins(parts: Parts) -> NDArray[np.bool_]:
    """Test pictures that nothing in training or validation is a twin of."""
    every = np.concatenate([part.pictures for part in (parts.training, parts.held_out, parts.test)])
    is_test = np.arange(len(every)) >= len(every) - len(parts.test)
    return twin_free(twins(every).pairs, held=is_test, seen=~is_test)[is_test]


def detected(threads: int) -> dict[str, Any]:
    """f-AnoGAN on radiographs of PneumoniaMNIST."""
    parts, folder = parts_of("PneumoniaMNIST"), BUILD / "f-anogan"
    normals = parts.training.pictures[parts.training.codes == 0]
    if not folder.exists():
        made = AnoGAN(size=28, width=16, batch=32, steps=1500, encoder_steps=1500, seed=SEED, threads=threads,
                      checkpoint=BUILD / "PneumoniaMNIST-f-anogan.npz").fit(normals)  # fmt: skip
        save(folder, estimator=made, manifest={"normal": NORMAL})
    return tested(Asked("pneumoniamnist_rebuilt.npz", normal=NORMAL), parts, load(folder).estimator)


def log(part: str, name: str, n: int, figure: dict[str, Any]) -> None:
    """Every look at a test split is written down, whether it pleases or not."""
    path = KEPT / "gan_log.csv"
    is_new = not path.exists()
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(["date", "commit", "part", "set", "n", "figure", "low", "high"])
        values = [None if figure[key] is None else round(figure[key], 4) for key in ("value", "low", "high")]
        writer.writerow([datetime.now(UTC).date(), told.stdout.strip(), part, name, n, *values])


def work(part: str, told: dict[str, Any], threads: int) -> None:
    """One part on all sets; what is there already is not measured again."""
    if part == "anomaly":
        if "anomaly" not in told:
            told["anomaly"] = detected(threads)
            log(part, "PneumoniaMNIST", told["anomaly"]["n"]["test"], told["anomaly"]["scores"]["f_anogan"])
        return
    for name in SETS:
        one = told.setdefault(name, {})
        for kind in STEPS if part in ("train", "quality") else ():
            generator(name, kind, threads)
            if part == "quality" and kind not in one:
                one[kind] = measured(name, kind, threads)
        if part == "downstream" and "downstream" not in one:
            chosen = min(STEPS, key=lambda kind: one[kind]["quality"]["rows"]["generated"]["kid"]["value"])
            one["downstream"] = gained(name, chosen, threads)
            log(part, name, one["downstream"]["n"], one["downstream"]["differences"][-1]["auc"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    path = KEPT / "gan.json"
    for part in [given.only] if given.only else PARTS:
        told = json.loads(path.read_text()) if path.exists() else {}
        work(part, told, given.threads)
        now = json.loads(path.read_text()) if path.exists() else {}  # another part may have ended meanwhile
        now |= {name: now.get(name, {}) | one for name, one in told.items()}
        path.write_text(json.dumps(plain(now), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
