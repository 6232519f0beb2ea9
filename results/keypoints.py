"""How keypoints hold under known changes of real pictures: docs/results/keypoints.json (a page of it: keypoints_page.py).

python results/keypoints.py [--only repeat|recover|classify] [--images 3] [--most 150] [--json FILE]

Each part takes minutes on one core, is kept when it is done (build/keypoints-PART.json) and not run again.
- repeat: share of the points in the common field that are found again (1.5 px), and of matches that are right (3 px),
  for turns, scales, blur, noise and grey values, per detector, beside OpenCV's own objects with their own settings.
- recover: a similarity (turn, scale, shift, other grey values, noise) found back by keypoints and by grey values.
- classify: 5 folds of MedNIST by each descriptor's words and a linear SVM. Neighbouring slices of one patient are in it:
  a sanity check, not evidence.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import nibabel
import numpy as np
from joblib import Memory
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from radiolucent.core import Grid, Image, InputError
from radiolucent.measure import register, register_keypoints
from radiolucent.measure.detectors import BITS, Found, described_at, finder, opencv
from radiolucent.measure.fisher import Fisher
from radiolucent.measure.rows import descriptors
from radiolucent.measure.vlad import Vlad
from radiolucent.measure.words import Words

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared"))
BUILD = ROOT / "build"
KINDS = ("sift", "surf", "orb", "brisk", "akaze", "kaze")
MOST = 500
Picture = NDArray[np.uint8]


def pictures(images: int) -> Iterator[tuple[str, Picture]]:
    """Some pictures of each modality, the longer side 256 pixels."""
    for path in sorted((SHARED / "data/montgomery-lungmask-138/images").glob("*.png"))[:: max(1, 138 // images)][
        :images
    ]:
        yield "X-ray", sized(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))
    names = sorted(p for p in (SHARED / "data/busi-masks-150-gray").glob("*/*.png") if "mask" not in p.name)
    for path in names[:: max(1, len(names) // images)][:images]:
        yield "US", sized(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))
    for modality, name in (("CT", "CT_image"), ("MR", "MR_T1_image")):
        for path in sorted((SHARED / "data/sts-ctpetmr-dev").glob(f"*/{name}.nii.gz"))[:images]:
            volume = np.asarray(nibabel.load(path).dataobj, np.float32)
            plane = volume[..., volume.shape[2] // 2].T
            low, high = (-160, 240) if modality == "CT" else np.percentile(plane, [0.5, 99.5])
            yield modality, sized(np.clip((plane - low) / (high - low) * 255, 0, 255).astype(np.uint8))


def sized(picture: NDArray[Any]) -> Picture:
    factor = 256 / max(picture.shape)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how)


def motion(shape: tuple[int, ...], degrees: float = 0, scale: float = 1, shift: tuple[float, float] = (0, 0)) -> Any:
    matrix = np.vstack([cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), degrees, scale), [0, 0, 1]])
    matrix[:2, 2] += shift
    return matrix


def warped(picture: Picture, matrix: Any) -> Picture:
    return cv2.warpPerspective(picture, matrix, picture.shape[::-1], flags=cv2.INTER_CUBIC)


def noisy(picture: Picture, sigma: float) -> Picture:
    noise = np.random.default_rng(0).normal(0, sigma, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def regrey(picture: Picture, gamma: float) -> Picture:
    return np.rint(255 * (picture / 255) ** gamma).astype(np.uint8)


CHANGES: dict[str, tuple[dict[str, float], Callable[[Picture], Picture]]] = {
    "turn 15°": ({"degrees": 15}, lambda p: p),
    "turn 45°": ({"degrees": 45}, lambda p: p),
    "scale 0.7": ({"scale": 0.7}, lambda p: p),
    "scale 1.4": ({"scale": 1.4}, lambda p: p),
    "blur 1 px": ({}, lambda p: cv2.GaussianBlur(p, (0, 0), 1)),
    "blur 2 px": ({}, lambda p: cv2.GaussianBlur(p, (0, 0), 2)),
    "noise 5": ({}, partial(noisy, sigma=5)),
    "noise 10": ({}, partial(noisy, sigma=10)),
    "gamma 0.7": ({}, partial(regrey, gamma=0.7)),
    "gamma 1.5": ({}, partial(regrey, gamma=1.5)),
}


def peers() -> dict[str, Any]:
    """OpenCV's own objects as they come."""
    more = cv2.xfeatures2d if hasattr(cv2.xfeatures2d, "AKAZE") else cv2
    return {
        "sift": cv2.SIFT.create(nfeatures=MOST), "orb": cv2.ORB.create(nfeatures=MOST), "brisk": more.BRISK.create(),
        "akaze": more.AKAZE.create(), "kaze": more.KAZE.create(),
    }  # fmt: skip


def repeat(images: int, _: int) -> dict[str, Any]:
    """Repeatability and matching score [%] per detector, modality and change; `opencv` beside ours."""
    finders = {("ours", kind): finder(kind, MOST) for kind in KINDS}
    finders |= {("opencv", kind): partial(opencv, made, kind, MOST) for kind, made in peers().items()}
    rows = []
    for modality, picture in pictures(images):
        for (whose, kind), find in finders.items():
            here = find(picture, None)
            for change, (place, grey) in CHANGES.items():
                matrix = motion(picture.shape, **place)
                there = find(grey(warped(picture, matrix)), None)
                again, right = held(here, there, matrix, picture.shape, kind)
                rows.append({"modality": modality, "whose": whose, "kind": kind, "change": change,
                             "points": len(here.place), "repeatability": again, "matching": right})  # fmt: skip
        print(modality, flush=True)
    return {"rows": rows, "pictures": images, "points": MOST}


def held(here: Found, there: Found, matrix: Any, shape: tuple[int, ...], kind: str) -> tuple[float, float]:
    """Share of the points in the common field found again, and of all matches that are right [%]."""
    place, inside = carried(here.place, matrix, shape)
    _, outside = carried(there.place, np.linalg.inv(matrix), shape)
    place, other = place[inside], there.place[outside]
    if not len(place) or not len(other):
        return 0.0, 0.0
    away = np.linalg.norm(place[:, None] - other[None], axis=-1)
    pairs = min(int((away.min(1) <= 1.5).sum()), int((away.min(0) <= 1.5).sum()))
    norm = cv2.NORM_HAMMING if kind in BITS else cv2.NORM_L2
    dtype = np.uint8 if kind in BITS else np.float32
    found = cv2.BFMatcher(norm, crossCheck=True).match(
        here.descriptors[inside].astype(dtype), there.descriptors[outside].astype(dtype)
    )
    right = sum(away[m.queryIdx, m.trainIdx] <= 3 for m in found)
    least = min(len(place), len(other))
    return 100 * pairs / least, 100 * float(right) / least


def carried(place: Any, matrix: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    points = np.column_stack([place[:, ::-1], np.ones(len(place))]) @ matrix.T
    moved = points[:, 1::-1] / points[:, 2:]
    return moved, ((moved >= 0) & (moved <= np.array(shape) - 1)).all(axis=1)


def recover(images: int, _: int) -> dict[str, Any]:
    """Median error [pixels] over the picture of a similarity found back, for each way and pair."""
    random = np.random.default_rng(0)
    ways: dict[str, Callable[[Image, Image], Any]] = {
        kind: partial(register_keypoints, detector=kind, model="similarity") for kind in KINDS
    }
    ways["grey values"] = partial(register, model="similarity", metric="mutual_information")
    rows = []
    for modality, picture in pictures(images):
        for pair in range(2):
            shift = tuple(random.uniform(-0.06, 0.06, 2) * picture.shape[::-1])
            matrix = motion(picture.shape, random.uniform(-15, 15), random.uniform(0.9, 1.1), shift)
            other = noisy(regrey(warped(picture, matrix), random.uniform(0.8, 1.25)), 2)
            for name, way in ways.items():
                rows.append({"modality": modality, "way": name, "pair": pair, **tried(way, picture, other, matrix)})
        print(modality, flush=True)
    return {"rows": rows, "degrees": 15, "scale": [0.9, 1.1], "shift_share": 0.06, "pictures": images}


def tried(way: Callable[[Image, Image], Any], picture: Picture, other: Picture, matrix: Any) -> dict[str, Any]:
    grid = Grid(picture.shape, "yx")
    start = time.perf_counter()
    try:
        found = way(Image(picture, grid), Image(other, grid))["transform"].matrix
    except InputError as error:
        return {"error_px": None, "says": str(error)}
    y, x = (np.linspace(0.1 * side, 0.9 * side, 7) for side in picture.shape)
    points = np.stack([*np.meshgrid(x, y), np.ones((7, 7))]).reshape(3, -1)
    got, want = found[np.ix_([0, 1, 3], [0, 1, 3])] @ points, matrix @ points
    off = np.hypot(*(got[:2] / got[2] - want[:2] / want[2]))
    return {"error_px": float(np.median(off)), "seconds": time.perf_counter() - start}


def classify(_: int, most: int) -> dict[str, Any]:
    """Accuracy over 5 folds by each descriptor's words; words and SVM are fitted on the training folds only."""
    paths = [sorted(folder.glob("*")) for folder in sorted((SHARED / "data/mednist-6000").iterdir()) if folder.is_dir()]
    files = [path for group in paths for path in group[:: max(1, len(group) // most)][:most]]
    target = np.array([path.parent.name for path in files])
    kept = Memory(BUILD / "keypoints", verbose=0)
    rows = []
    for kind in KINDS:
        field = kept.cache(described)(kind, [str(path) for path in files])
        values = "bits" if kind in BITS else "counts" if kind == "sift" else "real"
        encoders = {
            "words": Words(256, values=values),
            "vlad": Vlad(32, values=values),
            "fisher": Fisher(16, values=values),
        }
        for name, encoder in encoders.items():
            if name != "words" and kind != "sift":
                continue
            folds = StratifiedKFold(5, shuffle=True, random_state=0)
            said = cross_val_predict(make_pipeline(encoder, LinearSVC(C=10)), field, target, cv=folds)
            rows.append({"kind": kind, "encoder": name, "accuracy": float((said == target).mean()), "n": len(target)})
            print(rows[-1], flush=True)
    return {"rows": rows, "folds": 5}


def described(kind: str, files: list[str]) -> NDArray[Any]:
    """Descriptors (n, K, d) of pictures enlarged to 128 pixels: the strongest 100 points and an upright grid of 7 x 7."""
    cv2.setNumThreads(1)
    blocks = []
    for file in files:
        picture = cv2.imread(file, cv2.IMREAD_GRAYSCALE)
        if kind == "sift":
            blocks.append(descriptors(picture, most=200))
            continue
        large = cv2.resize(picture, (128, 128), interpolation=cv2.INTER_CUBIC)
        places = np.stack(np.meshgrid(*[np.arange(9.0, 128, 18)] * 2, indexing="ij"), -1).reshape(-1, 2)
        points = finder(kind, 100)(large, None).descriptors
        grid = described_at(kind, large, places, 9.0)[1]
        block = np.zeros((149, points.shape[1]), points.dtype)
        block[: len(points) + len(grid)] = np.concatenate([points, grid])
        blocks.append(block)
    return np.stack(blocks)


PARTS = {"repeat": repeat, "recover": recover, "classify": classify}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument("--images", type=int, default=3, help="pictures of each modality (3)")
    parser.add_argument("--most", type=int, default=150, help="pictures of each class to classify (150; all: 1000)")
    parser.add_argument("--json", type=Path, default=ROOT / "docs/results/keypoints.json")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    BUILD.mkdir(exist_ok=True)
    told = {}
    for name, part in PARTS.items():
        path = BUILD / f"keypoints-{name}.json"
        asked = {"images": given.images, "most": given.most if name == "classify" else 0}
        if path.exists() and json.loads(path.read_text())["asked"] == asked:
            told[name] = json.loads(path.read_text())
        elif given.only in (None, name):
            with threadpool_limits(1):
                told[name] = {"asked": asked, **part(given.images, given.most)}
            path.write_text(json.dumps(told[name]))
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(told, indent=1) + "\n")
    print("\n".join(summary(told)))


def summary(told: dict[str, Any]) -> Iterator[str]:
    """The tables in words."""
    for figure in ("repeatability", "matching"):
        rows = told.get("repeat", {}).get("rows", [])
        for kind in KINDS if rows else ():
            cells = [f"{change} {mean(rows, figure, kind, 'ours', change):.0f}/{mean(rows, figure, kind, 'opencv', change):.0f}"
                     for change in CHANGES]  # fmt: skip
            yield f"{figure} {kind} (ours/OpenCV, %): " + ", ".join(cells)
    rows = told.get("recover", {}).get("rows", [])
    for way in dict.fromkeys(row["way"] for row in rows):
        for modality in dict.fromkeys(row["modality"] for row in rows):
            errors = [row["error_px"] for row in rows if (row["way"], row["modality"]) == (way, modality)]
            found = [error for error in errors if error is not None]
            middle = f"{np.median(found):.2f} px" if found else "-"
            yield f"recover {way} {modality}: median {middle}, {len(errors) - len(found)} of {len(errors)} refused"
    for row in told.get("classify", {}).get("rows", []):
        yield f"classify {row['kind']} {row['encoder']}: accuracy {row['accuracy']:.4f} (n = {row['n']})"


def mean(rows: list[dict[str, Any]], figure: str, kind: str, whose: str, change: str) -> float:
    found = [r[figure] for r in rows if (r["kind"], r["whose"], r["change"]) == (kind, whose, change)]
    return float(np.mean(found)) if found else float("nan")


if __name__ == "__main__":
    main()
