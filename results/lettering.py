"""Recall of rendered text and area of false alarms on real pictures that nothing was chosen on. Writes docs/results/lettering.json.

    python results/lettering.py [--draw first|second|third] [--json FILE]

Settings were chosen on Montgomery, knees, benign BUSI, one sarcoma CT and MR (008), spines and brains, on a quarter of NIH's
patients and half of the clips' (`lettering_development.py`), with other fonts. The first draw (evenly spread, seed 11) and the
second (drawn by `SEED`) were measured with earlier weights too; what the second told led to new ones. The third, of what neither
of them, nor the tests, nor choosing looked at, was declared before it was looked at. Slices of a volume are neighbours of
slices of earlier draws. Real writing in the pictures (side letters, words) was marked by eye, before the detector saw them, in
`lettering_writing.json`: what is found there is no false alarm. Ticks of a scale are no writing. Every look is logged.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import lettering_development as development
import nibabel
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import rendered_text as text

from radiolucent.kernels.lettering import WEIGHTS, Box, covered, still_text_boxes, text_boxes

SEED, FIRST_SEED, THIRD_SEED = 20261123, 11, 20261209
SEEDS = {"first": FIRST_SEED, "second": SEED, "third": THIRD_SEED}
FIRST_COUNT, COUNT, THIRD_COUNT = 6, 10, 20
"""Pictures a set of each draw; sets that hold fewer give all they have."""

KEPT = Path(__file__).parents[1] / "docs" / "results"
WRITING = Path(__file__).with_name("lettering_writing.json")
AROUND = 12
"""A box around real writing may be so much larger [pixels] than what was marked."""


class Shown(NamedTuple):
    """A picture, or the frames of a clip, and the name by which its writing is marked."""

    name: str
    frames: np.ndarray


def spread(items: list[Any], count: int) -> list[Any]:
    """Evenly spread, the first and the last among them."""
    return [items[k] for k in np.unique(np.linspace(0, len(items) - 1, count).round().astype(int))]


def some(items: list[Any], count: int, seed: int, salt: str) -> list[Any]:
    """Drawn by `seed`, in their order."""
    rng = np.random.default_rng([seed, *salt.encode()])
    return [items[k] for k in sorted(rng.choice(len(items), min(count, len(items)), replace=False))]


def picked(items: list[Any], draw: str, salt: str, closed: Callable[[set[Any]], set[Any]]) -> list[Any]:
    """The items of a draw; the second has none of the first, the third none of both, nor of what is `closed` given both."""
    first = spread(items, FIRST_COUNT)
    second = some([item for item in items if item not in first], COUNT, SEED, salt)
    if draw != "third":
        return first if draw == "first" else second
    seen = {*first, *second}
    return some([item for item in items if item not in seen | closed(seen)], THIRD_COUNT, THIRD_SEED, salt)


def drawn(folder: Path, pattern: str, draw: str, *, is_nih: bool = False) -> Iterator[Shown]:
    files = [path for path in sorted(folder.glob(pattern)) if "_mask" not in path.name]

    def closed(seen: set[Path]) -> set[Path]:
        return development.tested(files) | (development.nih(files, seen) if is_nih else set())

    for path in picked(files, draw, folder.name, closed):
        yield Shown(path.name, cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)[None])


def slices(paths: list[Path], draw: str) -> Iterator[Shown]:
    """Sections of volumes, enlarged twice where they are small."""
    for path in paths:
        volume = np.asarray(nibabel.load(path).dataobj, np.float32)
        volume = volume.reshape(*volume.shape[:3], -1)[..., 0]
        for level in levels(volume.shape[2], len(paths), draw, f"{path.parent.name}{path.name}"):
            plane = np.rot90(volume[:, :, level])
            plane = cv2.resize(plane, None, fx=2, fy=2) if min(plane.shape) < 200 else plane
            yield Shown(f"{path.parent.name} {path.name} {level}", text.eight_bit(plane)[None])


def levels(depth: int, volumes: int, draw: str, salt: str) -> list[int]:
    """Slices of one of several volumes."""
    first = [int(share * depth) for share in np.linspace(0.25, 0.75, FIRST_COUNT // volumes)]
    others = [k for k in range(depth // 10, depth - depth // 10) if k not in first]
    second = some(others, COUNT // volumes, SEED, salt)
    if draw != "third":
        return first if draw == "first" else second
    return some([k for k in others if k not in second], THIRD_COUNT // volumes, THIRD_SEED, salt)


def clips(folder: Path, draw: str, most: int = 24) -> Iterator[Shown]:
    """The first frames of videos, grey."""
    files = sorted(folder.glob("*/*.*"))
    for path in picked(files, draw, folder.name, lambda seen: development.pocus(files, seen, folder / "labels.csv")):
        source, frames = cv2.VideoCapture(str(path)), []
        while len(frames) < most:
            there, frame = source.read()
            if not there:
                break
            frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
        if len(frames) > 4:
            yield Shown(path.name, np.stack(frames))


def sets(data: Path, draw: str) -> dict[str, Iterator[Shown]]:
    """By name; the part before the colon is the modality."""
    sts, busi = data / "sts-ctpetmr-dev", data / "busi-masks-150-gray"
    held = ("STS_019", "STS_024")
    return {
        "X-ray: NIH chest 256": drawn(data / "nih-cxr-1000-256/images", "**/*.jpg", draw, is_nih=True),
        "Ultrasound: BUSI malignant": drawn(busi / "malignant", "*.png", draw),
        "Ultrasound: BUSI normal (RGB)": drawn(busi / "normal", "*.png", draw),
        "CT: sarcoma 019, 024": slices([sts / name / "CT_image.nii.gz" for name in held], draw),
        "MR: sarcoma 019, 024 T1": slices([sts / name / "MR_T1_image.nii.gz" for name in held], draw),
        "Ultrasound clips: POCUS": clips(data / "pocus-lus-videos", draw),
    }


def found(frames: np.ndarray, *, colour: bool) -> list[Box]:
    if len(frames) > 1:
        return still_text_boxes(frames)
    return text_boxes(np.repeat(frames[0][..., None], 3, -1) if colour else frames[0])


def tried(shown: Shown, rng: np.random.Generator, *, colour: bool) -> Iterator[tuple[text.Written, bool]]:
    """Lines of every contrast and height (clips: one height a contrast), and whether 90 % of the ink was found."""
    files = list(text.fonts().items())
    for contrast in text.CONTRASTS:
        for height in text.HEIGHTS if len(shown.frames) == 1 else [int(rng.choice(text.HEIGHTS))]:
            name, file = files[int(rng.integers(len(files)))]
            made = text.write_on(shown.frames[0], rng, name=name, file=file, height=height, contrast=contrast)
            if made is None:
                continue
            change = made.picture.astype(np.int16) != shown.frames[0]
            written = np.where(change, made.picture, shown.frames).astype(np.uint8)
            yield made, text.share_hidden(found(written, colour=colour), made.ink) >= 0.9


def alarms(shown: Shown, writing: list[list[int]], *, colour: bool) -> tuple[float, float]:
    """Share of the picture in boxes; and of it without what covers real writing."""
    shape = shown.frames.shape[1:3]
    boxes = found(shown.frames, colour=colour)
    real = [Box(t - AROUND, le - AROUND, b + AROUND, r + AROUND) for t, le, b, r in writing]
    false = [box for box in boxes if not any(_meet(box, one) for one in real)]
    return float(covered(boxes, shape).mean()), float(covered(false, shape).mean())


def _meet(a: Box, b: Box) -> bool:
    return a.top < b.bottom and b.top < a.bottom and a.left < b.right and b.left < a.right


def measured(name: str, pictures: Iterator[Shown], draw: str) -> dict[str, Any]:
    """One set: recall by everything that may matter, and false alarms."""
    rng = np.random.default_rng([SEEDS[draw], *name.encode()])
    marked = json.loads(WRITING.read_text()).get(name, {}) if WRITING.exists() else {}
    hits, all_, shares, written, colour = Counter[str](), Counter[str](), [], 0, "RGB" in name
    for shown in pictures:
        written += shown.name in marked
        shares.append(alarms(shown, marked.get(shown.name, []), colour=colour))
        for made, is_hit in tried(shown, rng, colour=colour):
            for key in _keys(made, name.split(":")[0]):
                all_[key] += 1
                hits[key] += is_hit
    area, false = np.array(shares).T
    row = {"set": name, "pictures": len(shares), "with_writing": written}
    row |= {"area": float(area.mean()), "false_area": float(false.mean()), "worst": float(false.max())}
    row |= {"interval": interval(false), "false_areas": [round(float(share), 5) for share in false]}
    print(
        f"{name:32} false area {false.mean():.2%} (worst {false.max():.2%}, with writing {area.mean():.2%}), ", end=""
    )
    print(f"recall {hits['all']}/{all_['all']}", flush=True)
    return row | {"recall": {key: [hits[key], all_[key]] for key in sorted(all_)}}


def interval(shares: np.ndarray) -> list[float]:
    """95 % of the means of 2,000 draws of as many pictures, with replacement."""
    again = np.random.default_rng(0).choice(shares, (2000, len(shares)))
    return [float(value) for value in np.percentile(again.mean(axis=1), [2.5, 97.5])]


def _keys(made: text.Written, modality: str) -> tuple[str, ...]:
    polarity = "darker than its ground" if made.inverted else "brighter than its ground"
    height, contrast = f"{made.height} px", f"CNR {made.contrast:g}"
    return "all", contrast, height, f"{contrast}, {height}", made.font, polarity, modality


def summed(rows: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Hits, trials and the 95 % interval (Wilson) over all sets."""
    hits, all_ = Counter[str](), Counter[str]()
    for row in rows:
        for key, (hit, n) in row["recall"].items():
            hits[key] += hit
            all_[key] += n
    return {key: [hits[key], all_[key], *text.wilson(hits[key], all_[key])] for key in sorted(all_)}


def log(draw: str, told: dict[str, Any]) -> None:
    """One more line in the log of looks."""
    path, all_ = KEPT / "lettering_log.csv", told["recall"]
    is_new = not path.exists()
    with path.open("a", newline="") as file:
        rows = csv.writer(file)
        if is_new:
            rows.writerow(["time", "weights", "draw", "hits", "n", "hits_cnr3", "n_cnr3", "worst_false_area"])
        worst = max(row["false_area"] for row in told["sets"])
        now = datetime.now(UTC).isoformat(timespec="minutes")
        rows.writerow([now, told["weights"], draw, *all_["all"][:2], *all_["CNR 3"][:2], f"{worst:.4f}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    parser.add_argument("--draw", choices=tuple(SEEDS), action="append")
    parser.add_argument("--json", type=Path, default=KEPT / "lettering.json")
    given = parser.parse_args()
    weights = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()[:12]
    kept = json.loads(given.json.read_text()) if given.json.exists() else {}
    for draw in given.draw or ("third", "second", "first"):
        told = kept.get(draw, {})
        if told.get("weights") != weights:
            told = {"weights": weights, "seed": SEEDS[draw], "sets": []}
        known = {row["set"] for row in told["sets"]}
        for name, pictures in sets(given.data, draw).items():
            if name not in known:
                told["sets"].append(measured(name, pictures, draw))
                kept[draw] = told
                given.json.write_text(json.dumps(kept, indent=1) + "\n")
        if "recall" not in told:
            told["recall"] = summed(told["sets"])
            log(draw, told)
        given.json.write_text(json.dumps(kept, indent=1) + "\n")
        for key, (hit, n, low, high) in told["recall"].items():
            print(f"  {key:32} {hit:4}/{n:4} = {hit / n:.3f} [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    main()
