"""Which features are robust: by perturbing every region of a cohort, or from a table of repeated measurements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from ...core import InputError, unknown
from ...core.cores import cores
from ...measure.discretise import Bins, BinWidth, OutlierSigma, RangeHigh, RangeLow
from ...measure.radiomics import Config, Neighbours, Profile, Settings
from ...measure.regrid import Interpolation, Rounded, SpacingMm
from ...measure.stability import Form
from ...read.table import open_table, typed
from ..radiomics import filters_of
from ..radiomics_cohort import Work, check_table, regions_of, save_table
from ..radiomics_stability import agreement, repeats_of_all
from .parameters import AllowBlocked, Filters, Label, Overwrite, Quiet, Threads

WAYS: dict[str, Form] = {"one-way": "1,1", "absolute": "2,1", "consistency": "3,1"}


def stability(
    source: Annotated[
        Path,
        Field(
            description="a table with the columns image and mask (and label); with --repeat, one of measured features"
        ),
    ],
    *,
    out: Annotated[Path, Field(description="table of features with their agreement, .csv or .parquet")],
    repeat: Annotated[
        str | None, Field(description="IN is a table of features; this column numbers the repeats (test, retest)")
    ] = None,
    subject: Annotated[
        str, Field(description="with --repeat: the column that identifies patient or region")
    ] = "patient",
    model: Annotated[
        Literal["one-way", "absolute", "consistency"],
        Field(description="ICC(1,1), ICC(2,1) or ICC(3,1) of Shrout and Fleiss"),
    ] = "one-way",
    label: Label = None,
    filters: Filters = (),
    config: Config = None,
    profile: Profile = "common",
    neighbours: Neighbours = None,
    spacing_mm: SpacingMm = None,
    interpolation: Interpolation = "linear",
    rounded: Rounded = False,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
    threads: Threads = None,
    quiet: Quiet = False,
    allow_blocked: AllowBlocked = False,
    overwrite: Overwrite = False,
) -> str:
    """Say which features survive small changes of image and mask, or agree between test and retest.

    Every region is measured as it is and after ten perturbations (turned by 3 and 6 degrees, shifted by parts of a
    voxel, grown and shrunk by a tenth, with noise). The table gives each feature's intraclass correlation with its
    95 % interval; the interval's lower end says poor (below 0.5), moderate, good (0.75) or excellent (0.9).
    """
    check_table(out)
    chosen = Settings(
        profile, neighbours, spacing_mm, interpolation, rounded, bins, bin_width, None, None,
        range_low, range_high, outlier_sigma,
    )  # fmt: skip
    chosen = chosen if config is None else chosen.of_config(config)
    failed: list[str] = []
    if repeat is not None:
        measured = _features(source, subject, repeat)
    else:
        regions = tuple(replace(one, label=one.label or label) for one in regions_of(source)[0])
        work = Work(regions, chosen, filters_of(filters), allow_blocked=allow_blocked)
        measured, failed = repeats_of_all(work, threads=threads or cores(), shown=not quiet)
        subject, repeat = "subject", "repeat"
    found = agreement(measured, subject=subject, repeat=repeat, form=WAYS[model])
    save_table(found, out, overwrite=overwrite)
    return _told(found, failed, out)


def _features(path: Path, subject: str, repeat: str) -> pd.DataFrame:
    table = open_table(path)
    for name in (subject, repeat):
        if name not in table:
            raise unknown(f"column in {path.name}", name, list(table))
    text = table[[subject, repeat]]
    numbers = table.drop(columns=[subject, repeat, *[name for name in ("label", "row") if name in table]]).apply(typed)
    if not numbers.select_dtypes("number").shape[1]:
        raise InputError(f"{path} has no column of numbers beside {subject} and {repeat}")
    return pd.concat([text, numbers], axis=1)


def _told(found: pd.DataFrame, failed: list[str], out: Path) -> str:
    counts = found["agreement"].value_counts()
    words = [
        f"{counts[word]} {word}" for word in ("excellent", "good", "moderate", "poor", "undefined") if word in counts
    ]
    least, most = found["subjects"].min(), found["subjects"].max()
    n = f"{most}" if least == most else f"{least} to {most}"
    lines = [f"{len(found)} features of {n} subjects with {found['repeats'].max()} repeats: {', '.join(words)}: {out}"]
    return "\n".join([*lines, *(f"not measured: {one}" for one in failed)])
