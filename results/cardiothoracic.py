"""Compare cardiothoracic ratios of Montgomery's radiographs: from the given lung masks, by `segment.lungs`, by the U-Net.

python results/cardiothoracic.py [--json FILE]

The reference is the same measure on the masks that readers drew: nobody measured the hearts of this set. So this says how
much of the ratio's error comes from finding the lungs, not how near the measure is to a reader's. The U-Net's masks are
those of test folds (results/unet2d.py); without them that column is left out. The measure was designed by looking at the
given masks of every second picture; `other half` are the others.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from radiolucent.flow.anatomy.cardiothoracic import sides, widths_of
from radiolucent.flow.anatomy.chest import chest_lungs
from radiolucent.flow.single import single_image

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RADIOLUCENT_SHARED", ROOT.parent / "shared")) / "data" / "montgomery-lungmask-138"
JOURNAL = ROOT / "build" / "cardiothoracic.jsonl"
FOUND = ROOT / "build" / "results" / "unet2d-montgomery-run" / "masks"
Ratios = dict[str, float | None]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, default=ROOT / "docs" / "results" / "cardiothoracic.json")
    given = parser.parse_args()
    rows = list(worked())
    told: dict[str, Any] = {"n": len(rows), "reference": spread([row["given"] for row in rows])}
    ways = [way for way in ("classical", "deep") if any(row.get(way) is not None for row in rows)]
    for way in ways:
        told[way] = agreement(rows, way) | {"other half": agreement(rows[1::2], way)}
    given.json.write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told, indent=1))
    return 0


def worked() -> Iterator[Ratios]:
    """Each picture's ratios; those of an earlier run as it left them, but for the net's, whose masks may be new."""
    JOURNAL.parent.mkdir(exist_ok=True)
    done = {one["name"]: one for one in map(json.loads, JOURNAL.read_text().splitlines())} if JOURNAL.exists() else {}
    with JOURNAL.open("a") as file:
        for row, path in enumerate(sorted((SHARED / "images").glob("*.png"))):
            if path.name not in done:
                grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
                mask = cv2.imread(str(SHARED / "masks" / path.name), cv2.IMREAD_GRAYSCALE)
                ours = chest_lungs(np.asarray(grey, np.float32))
                done[path.name] = {"name": path.name, "given": ratio(mask > 0), "classical": ratio(ours)}
                file.write(json.dumps(done[path.name]) + "\n")
                file.flush()
            deep = FOUND / f"{row}.nii.gz"
            yield done[path.name] | ({"deep": ratio(np.asarray(single_image(deep).array) > 0)} if deep.exists() else {})


def ratio(labels: NDArray[Any]) -> float | None:
    pair = sides(np.asarray(labels))
    widths = None if pair is None else widths_of(*pair)
    return None if widths is None else widths.ratio


def agreement(rows: list[Ratios], way: str) -> dict[str, Any]:
    """Bland and Altman's bias and limits with their intervals (1986, doi:10.1016/S0140-6736(86)90837-8), and calls at 0.5."""
    both = np.array([(row[way], row["given"]) for row in rows if row.get(way) is not None and row["given"] is not None])
    off = both[:, 0] - both[:, 1]
    bias, sd, n = float(off.mean()), float(off.std(ddof=1)), len(off)
    drawn = np.random.default_rng(0).integers(n, size=(2000, n))
    biases, spreads = off[drawn].mean(axis=1), off[drawn].std(axis=1, ddof=1)
    return {
        "n": n, "missing": len(rows) - n,
        "bias": figure(bias, biases), "lower": figure(bias - 1.96 * sd, biases - 1.96 * spreads),
        "upper": figure(bias + 1.96 * sd, biases + 1.96 * spreads),
        "absolute": figure(float(np.abs(off).mean()), np.abs(off)[drawn].mean(axis=1)),
        "beyond_005": int((np.abs(off) > 0.05).sum()),
        "same_side_of_half": int(((both[:, 0] > 0.5) == (both[:, 1] > 0.5)).sum()),
        "over_half_by_reference": int((both[:, 1] > 0.5).sum()),
        "over_half_by_both": int((both > 0.5).all(axis=1).sum()),
    }  # fmt: skip


def figure(value: float, drawn: NDArray[np.float64]) -> dict[str, float]:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {"value": value, "low": float(low), "high": float(high)}


def spread(values: list[float | None]) -> dict[str, Any]:
    known = np.array([value for value in values if value is not None])
    return {"n": len(known), **{f"p{k}": float(np.percentile(known, k)) for k in (0, 5, 50, 95, 100)}}


if __name__ == "__main__":
    raise SystemExit(main())
