"""Learning a pixel classifier from labelled pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from ...core import unknown
from ...core.cores import cores
from ...learn.model import save
from ..pixels import Settings, learn
from ..radiomics_cohort import regions_of
from .parameters import AllowBlocked, SpacingMm, Threads


def learn_pixels(
    cohort: Annotated[Path, Field(description="a table with the columns image and mask, paths from its own folder")],
    *,
    out: Annotated[Path, Field(description="new folder to write the model to")],
    patient: Annotated[str | None, Field(description="column with the patient; none: each row is one")] = None,
    scales_mm: Annotated[
        tuple[Annotated[float, Field(gt=0)], ...],
        Field(min_length=1, max_length=8, description="scales of the features [mm]"),
    ] = (1.0, 2.0, 4.0),
    normalise: Annotated[
        bool,
        Field(description="bring each picture's 0.5 to 99.5 percentiles to 0..1; leave it out where units count (HU)"),
    ] = True,
    trees: Annotated[int, Field(ge=1, le=2000, description="trees of the forest")] = 60,
    most: Annotated[
        int, Field(ge=10, le=10_000_000, description="pixels drawn from a picture, evenly over its labels")
    ] = 3000,
    folds: Annotated[int, Field(ge=2, le=20, description="folds of patients for the scores")] = 5,
    spacing_mm: SpacingMm = None,
    threads: Threads = None,
    seed: Annotated[int, Field(ge=0, description="of the pixels drawn, the trees and the folds")] = 0,
    allow_blocked: AllowBlocked = False,
) -> str:
    """Learn to label pixels from pictures with masks: features at several scales, and a random forest.

    Features are the value, and at each scale the Gaussian mean, the gradient's magnitude and the Hessian's eigenvalues, in mm.
    The scores are of whole pictures whose patient the forest had not seen; the saved forest has seen all. It is saved without
    pickle; `radiolucent segment pixels` uses it.
    """
    regions, table = regions_of(cohort)
    if patient is not None and patient not in table:
        raise unknown(f"column in {cohort.name}", patient, list(table))
    people = [str(k) for k in range(len(regions))] if patient is None else table[patient].astype(str).tolist()
    chosen = Settings(scales_mm, normalise, trees, most, seed)
    forest, told = learn(
        [(one.image, one.mask) for one in regions], people, chosen,
        n_folds=folds, threads=threads or cores(), spacing_mm=spacing_mm,
        allow_blocked=allow_blocked,
    )  # fmt: skip
    save(out, estimator=forest, manifest=told)
    unseen = told["unseen"] or {}
    dice = [
        f"{told['names'].get(label, label)} {one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}]"
        for label, one in unseen.items()
        if label != "folds" and one["value"] is not None
    ]
    scored = f"Dice of patients not seen: {', '.join(dice)}" if dice else "one patient alone cannot be scored"
    return f"{told['pixels']} pixels of {told['pictures']} pictures, {told['patients']} patients; {scored}: {out}"
