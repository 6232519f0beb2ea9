"""A U-Net that learns the masks of a cohort, as a study with folds of whole patients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from ...evaluate import plain
from ...report.outlining import lowest_dice, outlining_page
from ...report.study import Picture
from ...write import whole_text
from ...write.picture import contours, png_bytes
from ..outlining import Asked, learned, shown_slice
from .parameters import AllowBlocked, Quiet, Threads


def learn(
    cohort: Annotated[Path, Field(description="a table (CSV, XLSX, Parquet) with a row for each image and its mask")],
    *,
    out: Annotated[Path, Field(description="folder for the study; must be new")],
    image: Annotated[str, Field(description="column with the images' paths")] = "image",
    mask: Annotated[str, Field(description="column with the masks' paths")] = "mask",
    patient: Annotated[
        str | None, Field(description="column that identifies the patient; every split obeys it")
    ] = None,
    split: Annotated[
        str | None, Field(description="column of an official split: `test` where it is to be tested")
    ] = None,
    folds: Annotated[int, Field(ge=2, le=20, description="patient folds where no split is given")] = 5,
    steps: Annotated[int, Field(ge=1, le=1_000_000, description="steps of training for each net")] = 2000,
    batch: Annotated[int, Field(ge=1, le=256, description="patches in a step")] = 2,
    width: Annotated[int, Field(ge=2, le=64, description="filters at the finest scale")] = 16,
    patch: Annotated[
        tuple[int, ...] | None, Field(description="sides of the patches [pixels]; none: by the images")
    ] = None,
    longest_px: Annotated[
        int | None,
        Field(
            ge=16, le=4096, description="bring images to this longest side before learning; none: to the median spacing"
        ),
    ] = None,
    dimensions: Annotated[
        int | None, Field(ge=2, le=3, description="2 learns volumes slice by slice, 3 in space; none: by their depth")
    ] = None,
    slices: Annotated[
        int, Field(ge=1, le=15, description="with 2 dimensions, neighbouring slices seen at once; odd")
    ] = 1,
    flips: Annotated[
        tuple[int, ...], Field(description="axes of the array along which anatomy may be mirrored, as numbers from 0")
    ] = (),
    tolerance_mm: Annotated[float, Field(ge=0, description="distance that the surface score forgives [mm]")] = 1.0,
    seed: Annotated[int, Field(ge=0, description="the same seed gives the same numbers again")] = 0,
    threads: Threads = None,
    keep_model: Annotated[
        bool, Field(description="after the folds, fit the model that is kept on all rows; without it, only test")
    ] = True,
    resume: Annotated[bool, Field(description="go on with what was begun in the same folder")] = False,
    quiet: Quiet = False,
    allow_blocked: AllowBlocked = False,
) -> str:
    """Learn the masks of a cohort with a U-Net, tested on patients that it has not seen.

    Writes `report.html`, `metrics.json`, the masks of all test cases in `masks`, and `model` (if kept), which `radiolucent segment
    unet` applies. A stopped run goes on with `--resume`: every finished fold is kept.
    """
    net = {
        "steps": steps, "batch": batch, "width": width, "patch": patch and list(patch), "dimensions": dimensions,
        "slices": slices, "flips": list(flips),
    }  # fmt: skip
    asked = Asked(
        cohort, image, mask, patient, split, folds, seed, tolerance_mm,
        allow_blocked=allow_blocked, longest_px=longest_px, keep_model=keep_model, net=net,
    )  # fmt: skip
    told = learned(asked, out, threads=threads, resume=resume, shown=not quiet)
    text = json.dumps(plain(told), indent=1)
    whole_text(out / "metrics.json", text, overwrite=True)
    told = json.loads(text)
    whole_text(out / "report.html", outlining_page(told, _shots(asked, told, out)), overwrite=True)
    each = ", ".join(f"{one['name']} {one['mean']['dice']['value'] or 0:.3f}" for one in told["labels"].values())
    return f"Dice on {told['n']} unseen images: {each}; {out / 'report.html'}"


def _shots(asked: Asked, told: dict[str, Any], out: Path, most: int = 7) -> list[Picture]:
    """Cases from the worst to the best, evenly."""
    lowest = [lowest_dice(case["scores"]) for case in told["cases"]]
    order = np.argsort(lowest, kind="stable")
    shots = []
    for at in order[np.unique(np.linspace(0, len(order) - 1, min(most, len(order))).astype(int))]:
        case = told["cases"][int(at)]
        picture, given, found = shown_slice(asked, case["row"], out)
        both = np.concatenate([contours(picture, given), contours(picture, found)], axis=1)
        dice = f"{lowest[int(at)]:.2f}" if lowest[int(at)] <= 1 else "-"
        shots.append(Picture(png_bytes(both), f"{case['key']}, {case['row'] + 1}: {dice}"))
    return shots
