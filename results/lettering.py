"""Recall of rendered text and area of false alarms on real pictures; the sets below were not looked at before.

Thresholds were chosen on Montgomery, knee, benign BUSI, the T2 spine and one CT; measured is on the rest.

    python results/lettering.py --pictures 6 --json out.json
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import nibabel
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import rendered_text as text

from radiolucent.kernels.lettering import covered, still_text_boxes, text_boxes

Pictures = list[np.ndarray]


def some(items: list[Any], count: int) -> list[Any]:
    """Evenly spread."""
    return [items[k] for k in np.unique(np.linspace(0, len(items) - 1, count).round().astype(int))]


def drawn(folder: Path, pattern: str, count: int) -> Pictures:
    files = [path for path in sorted(folder.glob(pattern)) if "_mask" not in path.name]
    return [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in some(files, count)]


def slices(paths: list[Path], count: int) -> Pictures:
    """Sections of volumes, enlarged twice where they are small."""
    made = []
    for path in paths:
        volume = np.asarray(nibabel.load(path).dataobj, np.float32)
        volume = volume.reshape(*volume.shape[:3], -1)[..., 0]
        for share in np.linspace(0.25, 0.75, max(1, count // len(paths))):
            plane = np.rot90(volume[:, :, int(share * volume.shape[2])])
            plane = cv2.resize(plane, None, fx=2, fy=2) if min(plane.shape) < 200 else plane
            made.append(text.eight_bit(plane))
    return made


def clip(path: Path, count: int = 24) -> np.ndarray | None:
    """The first frames of a video, grey."""
    source, frames = cv2.VideoCapture(str(path)), []
    while len(frames) < count:
        there, frame = source.read()
        if not there:
            break
        frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
    return np.stack(frames) if len(frames) > 4 else None


def sets(data: Path, count: int) -> dict[str, Pictures]:
    """Pictures that nothing was chosen on."""
    sts = data / "sts-ctpetmr-dev"
    return {
        "X-ray: NIH chest 256": drawn(data / "nih-cxr-1000-256/images", "**/*.jpg", count),
        "US: BUSI malignant": drawn(data / "busi-masks-150-gray/malignant", "*.png", count),
        "US: BUSI normal": drawn(data / "busi-masks-150-gray/normal", "*.png", count),
        "CT: sarcoma 019, 024": slices([sts / f"STS_{n}/CT_image.nii.gz" for n in ("019", "024")], count),
        "MR: sarcoma T1": slices([sts / f"STS_{n}/MR_T1_image.nii.gz" for n in ("019", "024")], count),
    }


def tried(pictures: Pictures, seed: int, *, colour: bool = False) -> tuple[Counter[str], Counter[str]]:
    """Hits and trials by contrast, height and font; a hit hides at least 90 % of the ink."""
    rng, hits, all_ = np.random.default_rng(seed), Counter[str](), Counter[str]()
    files = list(text.fonts().items())
    for picture in pictures:
        for contrast in text.CONTRASTS:
            for height in text.HEIGHTS:
                name, file = files[int(rng.integers(len(files)))]
                made = text.write_on(picture, rng, name=name, file=file, height=height, contrast=contrast)
                if made is None:
                    continue
                shown = np.repeat(made.picture[..., None], 3, -1) if colour else made.picture
                hit = text.share_hidden(text_boxes(shown), made.ink) >= 0.9
                keys = ("all", f"CNR {contrast:g}", f"{height} px", name, "inverted" if made.inverted else "bright")
                for key in (*keys, f"CNR {contrast:g}, {height} px"):
                    all_[key] += 1
                    hits[key] += hit
    return hits, all_


def moving(data: Path, count: int, seed: int) -> tuple[Counter[str], Counter[str], list[float]]:
    """The same for clips, with the text in every frame; false alarms of the clips as they are."""
    rng, hits, all_, alarms = np.random.default_rng(seed), Counter[str](), Counter[str](), []
    files = list(text.fonts().items())
    for path in some(sorted((data / "pocus-lus-videos").glob("*/*.*")), count):
        frames = clip(path)
        if frames is None:
            continue
        alarms.append(float(covered(still_text_boxes(frames), frames.shape[1:]).mean()))
        for contrast in text.CONTRASTS:
            name, file = files[int(rng.integers(len(files)))]
            height = int(rng.choice(text.HEIGHTS))
            made = text.write_on(frames[0], rng, name=name, file=file, height=height, contrast=contrast)
            if made is None:
                continue
            change = made.picture.astype(np.int16) - frames[0]
            written = np.where(change != 0, made.picture, frames).astype(np.uint8)
            hit = text.share_hidden(still_text_boxes(written), made.ink) >= 0.9
            for key in ("all", f"CNR {contrast:g}", f"{height} px"):
                all_[key] += 1
                hits[key] += hit
    return hits, all_, alarms


def told(name: str, hits: Counter[str], all_: Counter[str], alarms: list[float]) -> dict[str, Any]:
    row: dict[str, Any] = {"set": name, "pictures": len(alarms), "alarm_area": float(np.mean(alarms))}
    row["recall"] = {key: [hits[key], all_[key], *text.wilson(hits[key], all_[key])] for key in sorted(all_)}
    low, high = text.wilson(hits["all"], all_["all"])
    print(f"{name:24} alarms {np.mean(alarms):.2%} (worst {max(alarms):.2%}, n={len(alarms)})", end="  ")
    print(
        f"recall {hits['all']}/{all_['all']} = {hits['all'] / max(all_['all'], 1):.3f} [{low:.3f}, {high:.3f}]",
        flush=True,
    )
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    parser.add_argument("--pictures", type=int, default=6)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows, hits, all_ = [], Counter[str](), Counter[str]()
    for name, pictures in sets(given.data, given.pictures).items():
        found = tried(pictures, given.seed, colour="normal" in name)
        alarms = [float(covered(text_boxes(one), one.shape).mean()) for one in pictures]
        rows.append(told(name, *found, alarms))
        hits, all_ = hits + found[0], all_ + found[1]
    found = moving(given.data, given.pictures, given.seed)
    rows.append(told("US clips: POCUS", *found))
    hits, all_ = hits + found[0], all_ + found[1]
    for key in sorted(all_):
        low, high = text.wilson(hits[key], all_[key])
        print(f"  {key:32} {hits[key]:4}/{all_[key]:4} = {hits[key] / all_[key]:.3f} [{low:.3f}, {high:.3f}]")
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
