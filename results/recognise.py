"""Measure `radiolucent recognise` on the real sets: docs/results/recognise.json.

python results/recognise.py [--only looks|markers|model|pointing]

`looks`: the machine told from numbers and look alone, on those pictures of each set (every second one) that were not seen
while the evidence was weighed. `markers`: how many side letters are read. `model`: the model of `make models`, on its
held-out fifth and on sets of other kinds, which it should call unlike. `pointing`: Grad-CAM of a small net that tells
ultrasound pictures of breasts with a lesion from those without, held against the lesions' masks, 5 folds of pictures that
are no twins; beside it what the middle of the picture hits.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from radiolucent.core import Image
from radiolucent.evaluate import folds, identical, merged, twins
from radiolucent.evaluate.calibrate import wilson
from radiolucent.evaluate.localise import Pointed, hit_rates, pointed
from radiolucent.explain.gradcam import gradcam
from radiolucent.flow.load import load
from radiolucent.flow.recogniser import learned, loaded, seen_by
from radiolucent.learn import KerasClassifier
from radiolucent.read import pixels
from radiolucent.read.prepare import prepare
from radiolucent.recognise.markers import read_markers
from radiolucent.recognise.modality import seen_as
from radiolucent.recognise.traits import planes_of

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data"
PLACE = ROOT / "docs/results/recognise.json"
MODEL = ROOT / "build/results/recognise-model"
MOST, SIDE, SEED = 100, 96, 1
TRUTH = {
    "AbdomenCT": "CT", "BreastMRI": "MR", "CXR": "DX", "ChestCT": "CT", "Hand": "DX", "HeadCT": "CT", "NIH": "DX", "BUSI": "US",
    "Montgomery": "DX", "Knee": "DX", "Lung ultrasound": "US", "Hippocampus": "MR",
}  # fmt: skip


def files(name: str) -> list[Path]:
    """All pictures of a set, in order."""
    places: dict[str, tuple[str, str]] = {
        "NIH": ("nih-cxr-1000-256/images", "*"), "BUSI": ("busi-masks-150-gray", "*).png"),
        "Montgomery": ("montgomery-lungmask-138/images", "*.png"), "Knee": ("knee-oa-400", "*.png"),
        "Lung ultrasound": ("pocus-lus-videos", "*.[ma][pv][4i]"), "Hippocampus": ("msd-hippocampus/images", "*.gz"),
    }  # fmt: skip
    folder, pattern = places.get(name, (f"mednist-6000/{name}", "*"))
    return sorted(file for file in (DATA / folder).rglob(pattern) if file.is_file())


def unseen(name: str) -> list[Path]:
    """At most so many of the second half: every other file."""
    half = files(name)[1::2]
    return half[:: max(1, len(half) // MOST)][:MOST]


def looks() -> dict[str, Any]:
    """By set: how often the likeliest kind is the true one; CT and MR with equal shares count as half each."""
    told = {}
    for name, truth in TRUTH.items():
        right, sure, used = 0.0, 0, unseen(name)
        for file in used:
            shares, _ = seen_as(_first(file))
            top = max(shares.values())
            best = [kind for kind, share in shares.items() if share > top - 0.02]
            told_it = top * len(best) >= 0.5 and len(best) <= 2
            sure += told_it
            right += (truth in best) / len(best) if told_it else 0
        told[name] = {"truth": truth, "n": len(used), "told": sure, "right": right}
    return told


def markers() -> dict[str, Any]:
    """By set of radiographs: pictures with a letter that was read, and what was read."""
    told = {}
    for name in ("NIH", "Montgomery", "Knee"):
        read: Counter[str] = Counter()
        for file in files(name):
            found = read_markers(planes_of(_first(file))[0], least=0.75)
            read[" and ".join(sorted({one.letter for one in found})) or "none"] += 1
        told[name] = dict(read)
    return told


def model() -> dict[str, Any]:
    """The held-out accuracy, and how many pictures of other kinds are called unlike."""
    card = learned(DATA / "mednist-6000", MODEL) if not MODEL.exists() else dict(loaded(MODEL).manifest)  # type: ignore[union-attr]
    kept = loaded(MODEL)
    others = {}
    for name in ("NIH", "Montgomery", "Knee", "BUSI", "Lung ultrasound"):
        said = Counter(seen_by(kept, _first(file))[1][0].says for file in unseen(name))  # type: ignore[arg-type]
        others[name] = dict(said)
    size = sum(file.stat().st_size for file in MODEL.iterdir()) / 1e6
    return {"held_out": card["held_out"], "trained_on": card["trained_on"], "size_mb": size, "others": others}


def pointing() -> dict[str, Any]:
    """Hit rates of Grad-CAM on lesions of held-out pictures, and of the middle of the picture."""
    paths = files("BUSI")
    pictures = np.stack([prepare(pixels(str(path)), size=SIDE) for path in paths])
    y = np.array([path.parent.name != "normal" for path in paths], int)
    groups = merged(np.arange(len(y)), [*twins(pictures).pairs, *identical(pictures)]).groups
    part = folds(y, groups, n_folds=5, seed=SEED)
    found, middle = [], []
    for fold in range(5):
        net = KerasClassifier(size=SIDE, seed=SEED, threads=1).fit(pictures[part != fold], y[part != fold])
        for row in np.flatnonzero((part == fold) & (y == 1)):
            mask = _mask(paths[row])
            heat = gradcam(net.maps_and_gradients, pictures[row][None], 1)[0]
            found.append(pointed(heat, mask))
            middle.append(Pointed(bool(mask[SIDE // 2, SIDE // 2]), 0.0, 0.0, found[-1].area))
    low, high = wilson(sum(one.hit for one in middle), len(middle))
    return dict(hit_rates(found)) | {
        "middle": float(np.mean([one.hit for one in middle])), "middle_low": low, "middle_high": high,
    }  # fmt: skip


def _first(file: Path) -> Image:
    case = load(file, allow_blocked=True)[0]
    return next(iter(case.images.values()))


def _mask(path: Path) -> Any:
    size = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).shape
    masks = (cv2.imread(str(one), cv2.IMREAD_GRAYSCALE) > 0 for one in path.parent.glob(f"{path.stem}_mask*.png"))
    whole = np.logical_or.reduce([mask for mask in masks if mask.shape == size])
    return cv2.resize(whole.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST) > 0


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "looks": looks, "markers": markers, "model": model, "pointing": pointing,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--json", type=Path, default=PLACE)
    given = parser.parse_args()
    told = json.loads(given.json.read_text()) if given.json.exists() else {}
    for name in given.only or PARTS:
        told[name] = PARTS[name]()
        given.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        print(name, json.dumps(told[name], indent=1))


if __name__ == "__main__":
    main()
