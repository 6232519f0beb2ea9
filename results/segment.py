"""Measure segmentation without training on the real sets: docs/results/segment.json.

python results/segment.py [--only families|clicks|chest|volumes] [--every 1] [--repeats 1] [--json FILE]

Each part keeps what is done in build/segment-PART.jsonl, picture by picture, and goes on there. `page.py` shows it.
- families: every family on the lesions of BUSI, halved to 208 pixels, default parameters, seeds drawn from the reference;
  the slow ones (SLOW) on a part of the lesions that is drawn by their names.
- clicks: `segment lesion` on BUSI, 5 clicks a lesion; arguments chosen on training folds (5 folds, twins in one).
- chest: `segment lungs` on the Montgomery radiographs; the way of growing chosen on training folds.
- volumes: `segment lesion` with 5 clicks on spinal cords (SCT) and sarcomas (STS), by its own rule.
The methods were designed by looking at every second lesion and radiograph in the order of their names; `unseen` is the rest,
but that the six worst radiographs of the first evaluation were looked at, too, before the second (segment_log.csv has both).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.core import Grid, Image, InputError
from radiolucent.evaluate import overlap, overlap_summary
from radiolucent.evaluate.split import folds, merged
from radiolucent.evaluate.twins import twins
from radiolucent.flow.anatomy.chest import Ways, chest_lungs
from radiolucent.flow.anatomy.lesion import lesion
from radiolucent.flow.compare import METHODS, runs
from radiolucent.flow.seeding import drawn
from radiolucent.flow.single import single_image

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data"
BUILD = ROOT / "build"
SEED, FOLDS, CLICKS = 0, 5, 5
Flags = NDArray[np.bool_]
Case = tuple[str, Image, Flags]

TONES: dict[str, dict[str, Any]] = {
    "auto, 0.45": {},
    "dark, 0.45": {"tone": "dark"},
    "dark, 0.3": {"tone": "dark", "largest_share": 0.3},
}
SLOW = {"level_sets": 4, "geodesic_active_contour": 4, "grabcut": 2}
"""Methods that take more than a second a picture run on every so manieth."""

WAYS = {f"lift {lift}": replace(Ways(), lift=lift) for lift in (0.25, 0.35, 0.45)}


def lesions() -> Iterator[Case]:
    """BUSI's lesions; a mask of another size than its picture, and second masks, are left out."""
    for kind in ("benign", "malignant"):
        for path in sorted((SHARED / "busi-masks-150-gray" / kind).glob("*).png")):
            grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            mask = cv2.imread(str(path.with_name(f"{path.stem}_mask.png")), cv2.IMREAD_GRAYSCALE) > 0
            if mask.shape == grey.shape and mask.any():
                yield f"{kind} {path.stem}", Image(grey, Grid(grey.shape, "yx")), mask


def radiographs() -> Iterator[Case]:
    """Montgomery's radiographs, a patient each."""
    for path in sorted((SHARED / "montgomery-lungmask-138/images").glob("*.png")):
        grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        mask = cv2.imread(str(path.parents[1] / "masks" / path.name), cv2.IMREAD_GRAYSCALE) > 0
        yield path.stem, Image(grey, Grid(grey.shape, "yx"), "DX"), mask


def volumes() -> Iterator[Case]:
    """Cords of the spinal cord toolbox, and sarcomas in CT, PET and MR."""
    spine, sarcoma = SHARED / "sct-spine-mri", SHARED / "sts-ctpetmr-dev"
    pairs = {f"cord {kind}": (spine / kind / f"{image}.nii.gz", spine / kind / f"{mask}.nii.gz") for kind, image, mask in
             (("t1", "t1w", "t1w_seg-manual"), ("t2", "t2", "t2_seg-manual"), ("t2s", "t2s", "t2s_seg"))}  # fmt: skip
    for folder in sorted(sarcoma.glob("STS_*")):
        for kind in ("CT", "PET", "MR_T1"):
            pairs[f"sarcoma {kind} {folder.name}"] = (folder / f"{kind}_image.nii.gz", folder / f"{kind}_mask.nii.gz")
    for name, (image, mask) in pairs.items():
        picture = single_image(image)
        modality = "PT" if " PET " in name else picture.modality
        yield name, replace(picture, modality=modality), np.asarray(single_image(mask).array) > 0


def part_families(name: str, image: Image, mask: Flags, repeats: int) -> dict[str, Any]:
    """Every method on one picture at half its size, a pixel taken as a millimetre."""
    size = tuple(n // 2 for n in mask.shape)
    half = cv2.resize(np.asarray(image.array), size[::-1], interpolation=cv2.INTER_AREA)
    small = cv2.resize(mask.astype(np.uint8), size[::-1], interpolation=cv2.INTER_NEAREST) > 0
    picture = Image(half, Grid(size, "yx", (1.0, 1.0)), "US")
    seeds = [drawn(small, picture.grid, seed=derived(name, k)) for k in range(repeats)]
    told: dict[str, Any] = {}
    for method in METHODS:
        if derived(name, 0) % SLOW.get(method, 1):
            continue
        try:
            each = [{k: v for k, v in one.items() if k != "mask"} for one in runs(method, picture, small, seeds)]
            told[method] = [kept(one) for one in each]
        except InputError as error:
            told[method] = str(error)
    return told


def kept(one: dict[str, Any]) -> dict[str, Any]:
    """What the table needs of one run."""
    return {name: one["scores"][name] for name in ("dice", "hd95_mm")} | {
        name: one[name] for name in ("seconds", "peak_mb") if name in one
    }


def part_clicks(name: str, image: Image, mask: Flags, repeats: int) -> dict[str, Any]:  # noqa: ARG001
    """Dice for each choice of arguments, from each click; dark is what the rule says of a picture that states US."""
    clicks = [drawn(mask, image.grid, seed=derived(name, k)).click for k in range(CLICKS)]
    found = {way: [dice(image, mask, click, args) for click in clicks] for way, args in TONES.items()}
    return found | {"twin": cv2.resize(np.asarray(image.array), (64, 64), interpolation=cv2.INTER_AREA).tolist()}


def part_chest(name: str, image: Image, mask: Flags, repeats: int) -> dict[str, Any]:  # noqa: ARG001
    """Scores for each way of growing."""
    values = np.asarray(image.array, np.float32)
    return {way: short(overlap(chest_lungs(values, ways) > 0, mask)) for way, ways in WAYS.items()}


def part_volumes(name: str, image: Image, mask: Flags, repeats: int) -> dict[str, Any]:  # noqa: ARG001
    """Dice from each click by the rule, and by each family alone."""
    clicks = [drawn(mask, image.grid, seed=derived(name, k)).click for k in range(CLICKS)]
    known: dict[str, Any] = {"assume_hu": " CT " in name}
    ways = {"auto": known, "slices": known | {"family": "slices"}, "level": known | {"family": "level"}}
    return {way: [dice(image, mask, click, args) for click in clicks] for way, args in ways.items()}


PARTS: dict[str, tuple[Callable[[], Iterator[Case]], Callable[..., dict[str, Any]]]] = {
    "clicks": (lesions, part_clicks),
    "chest": (radiographs, part_chest),
    "volumes": (volumes, part_volumes),
    "families": (lesions, part_families),
}


def dice(image: Image, mask: Flags, click: tuple[int, ...], args: dict[str, Any]) -> float:
    found = lesion(image, seed_point=tuple(float(k) for k in click), **args).array > 0
    return float(2 * (found & mask).sum() / (found.sum() + mask.sum()))


def short(scores: dict[str, float]) -> dict[str, float]:
    return {name: scores[name] for name in ("dice", "hd95_px")}


def derived(name: str, k: int) -> int:
    """A seed for each picture and repeat."""
    return int(np.random.SeedSequence([SEED, k, *name.encode()]).generate_state(1)[0])


def worked(part: str, every: int, repeats: int) -> dict[str, Any]:
    """All pictures of a part, those of an earlier run as it left them."""
    cases, work = PARTS[part]
    journal = BUILD / f"segment-{part}.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []
    done = {line["name"]: line["told"] for line in lines}
    with journal.open("a") as file:
        for number, (name, image, mask) in enumerate(cases()):
            if name in done or number % every:
                continue
            done[name] = work(name, image, mask, repeats)
            file.write(json.dumps({"name": name, "told": done[name]}) + "\n")
            file.flush()
    return done


def summed(part: str, done: dict[str, Any]) -> dict[str, Any]:
    """The table of a part."""
    return {"clicks": of_clicks, "chest": of_chest, "volumes": of_volumes, "families": of_families}[part](done)


def of_families(done: dict[str, Any]) -> dict[str, Any]:
    rows = []
    for method, family in METHODS.items():
        met = {name: told[method] for name, told in done.items() if not isinstance(told.get(method, ""), str)}
        each = [(name, one) for name, runs_of in met.items() for one in runs_of]
        if not each:
            continue
        scores = [{"dice": one["dice"], "hd_mm": one["hd95_mm"], "hd95_mm": one["hd95_mm"]} for _, one in each]
        mean = overlap_summary(scores, groups=[name for name, _ in each])["mean"]
        rows.append({"method": method, "family": family, "n": len(met), "dice": mean["dice"], "hd95": mean["hd95_mm"],
                     "seconds": median(one.get("seconds") for _, one in each),
                     "peak_mb": median(one.get("peak_mb") for _, one in each)})  # fmt: skip
    return {"n": len(done), "rows": sorted(rows, key=lambda row: -row["dice"]["value"])}


def of_clicks(done: dict[str, Any]) -> dict[str, Any]:
    names = list(done)
    pictures = np.array([done[name]["twin"] for name in names], np.uint8)
    pairs = twins(pictures).pairs
    kinds = [name.split()[0] for name in names]
    groups = merged(np.arange(len(names)), pairs).groups
    scores = {way: np.array([done[name][way] for name in names]) for way in TONES}
    order = np.array([kinds[: k + 1].count(kind) - 1 for k, kind in enumerate(kinds)])
    told = chosen(scores, folds(kinds, groups, n_folds=FOLDS, seed=SEED), groups, unseen=order % 2 == 1)
    return told | {"twins": len(pairs), "clicks": CLICKS, "whole": {way: float(s.mean()) for way, s in scores.items()}}


def of_chest(done: dict[str, Any]) -> dict[str, Any]:
    names = list(done)
    scores = {way: np.array([[done[name][way]["dice"]] for name in names]) for way in WAYS}
    sick = [name.rsplit("_", 1)[1] for name in names]
    told = chosen(scores, folds(sick, np.arange(len(names)), n_folds=FOLDS, seed=SEED), np.arange(len(names)),
                  unseen=np.arange(len(names)) % 2 == 1)  # fmt: skip
    return told | {"whole": {way: float(s.mean()) for way, s in scores.items()}}


def of_volumes(done: dict[str, Any]) -> dict[str, Any]:
    return {"clicks": CLICKS, "rows": [{"name": name, **{way: [float(np.mean(v)), float(np.min(v)), float(np.max(v))]
                                                         for way, v in told.items()}} for name, told in done.items()]}  # fmt: skip


def chosen(scores: dict[str, NDArray[Any]], fold: NDArray[np.int64], groups: Any, *, unseen: Flags) -> dict[str, Any]:
    """The way that is best on the training folds, scored on each test fold; `unseen` are the rows nobody designed by."""
    rows, picked = np.full(next(iter(scores.values())).shape, np.nan), []
    for number in range(FOLDS):
        best = max(scores, key=lambda way: float(scores[way][fold != number].mean()))
        rows[fold == number] = scores[best][fold == number]
        picked.append(best)
    return {"n": len(rows), "dice": mean_of(rows, np.asarray(groups)), "median": float(np.median(rows)), "picked": picked,
            "below_half": float((rows < 0.5).mean()), "unseen_n": int(unseen.sum()),
            "unseen": mean_of(rows[unseen], np.asarray(groups)[unseen])}  # fmt: skip


def mean_of(rows: NDArray[Any], groups: NDArray[Any]) -> Any:
    each = [{"dice": float(value), "hd_px": 0.0} for row in rows for value in row]
    return overlap_summary(each, groups=np.repeat(groups, rows.shape[1]))["mean"]["dice"]


def median(values: Iterator[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def log(part: str, told: dict[str, Any], kept_in: Path) -> None:
    """Every evaluation is written down, whether it pleases or not."""
    path = kept_in / "segment_log.csv"
    is_new = not path.exists()
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    figure = told.get("dice") or (told["rows"][0].get("dice") if told.get("rows") else None) or {}
    with path.open("a", newline="") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(["date", "commit", "part", "n", "dice", "low", "high"])
        values = [figure.get(key) for key in ("value", "low", "high")]
        writer.writerow([datetime.now(UTC).date(), revision.stdout.strip(), part, told.get("n", len(told.get("rows", ()))),
                         *("" if v is None else round(v, 4) for v in values)])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--every", type=int, default=1, help="every k-th picture")
    parser.add_argument("--repeats", type=int, default=1, help="seeds a picture for the table of families")
    parser.add_argument("--json", type=Path, default=ROOT / "docs/results/segment.json")
    given = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    cv2.setNumThreads(1)
    for part in given.only or PARTS:
        told = summed(part, worked(part, given.every, given.repeats))
        whole = json.loads(given.json.read_text()) if given.json.exists() else {}
        given.json.write_text(json.dumps(whole | {part: told}, indent=1) + "\n")
        log(part, told, given.json.parent)
        print(part, json.dumps({k: v for k, v in told.items() if k != "rows"})[:600], flush=True)


if __name__ == "__main__":
    main()
