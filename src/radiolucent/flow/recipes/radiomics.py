"""Radiomics from files to a table: one image and its mask, or a cohort of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import Field

from ...core import InputError
from ...core.cores import cores
from ...measure.discretise import Bins, BinWidth, OutlierSigma, RangeHigh, RangeLow
from ...measure.ivh import IvhBins
from ...measure.radiomics import Config, Neighbours, Profile, Settings
from ...measure.regrid import Interpolation, Rounded, SpacingMm
from ..radiomics import filters_of
from ..radiomics_cohort import Measured, Region, Work, check_table, joined, measured, regions_of, save_table
from .parameters import AllowBlocked, Filters, Label, Overwrite, Quiet, Threads


def radiomics(
    image: Annotated[Path | None, Field(description="the image, a file or a folder of one series")] = None,
    mask: Annotated[Path | None, Field(description="the mask, a file on the image's grid")] = None,
    *,
    out: Annotated[Path, Field(description="table of the features, .csv or .parquet; a row for each label")],
    cohort: Annotated[
        Path | None,
        Field(description="a table with the columns image and mask (and label, patient ...) instead of both"),
    ] = None,
    label: Label = None,
    config: Config = None,
    filters: Filters = (),
    profile: Profile = "common",
    neighbours: Neighbours = None,
    spacing_mm: SpacingMm = None,
    interpolation: Interpolation = "linear",
    rounded: Rounded = False,
    bins: Bins = 32,
    bin_width: BinWidth = None,
    ivh_bins: IvhBins = None,
    ivh_bin_width: BinWidth = None,
    range_low: RangeLow = None,
    range_high: RangeHigh = None,
    outlier_sigma: OutlierSigma = None,
    pictures: Annotated[
        Path | None,
        Field(
            description="folder for a picture of each region's largest slice, named in the column picture, for `learn`"
        ),
    ] = None,
    threads: Threads = None,
    quiet: Quiet = False,
    allow_blocked: AllowBlocked = False,
    overwrite: Overwrite = False,
) -> str:
    """Measure the radiomics features of regions by the definitions of IBSI, a row for each region.

    A cohort's rows are measured on several cores; a row that fails is told in OUT's `.remarks.csv` and the others go
    on; a stopped run goes on where it was when the same command is given again. The table keeps the cohort's own
    columns.
    """
    check_table(out)
    chosen = Settings(
        profile, neighbours, spacing_mm, interpolation, rounded, bins, bin_width, ivh_bins, ivh_bin_width,
        range_low, range_high, outlier_sigma,
    )  # fmt: skip
    chosen = chosen if config is None else chosen.of_config(config)
    regions, table = _asked(image, mask, cohort, label)
    journal = out.with_name(out.name + ".part")
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    work = Work(regions, chosen, filters_of(filters), _folder(pictures), allow_blocked=allow_blocked)
    found = measured(work, journal, threads=threads or cores(), shown=not quiet)
    if not len(found.features):
        journal.unlink()
        raise InputError(f"nothing could be measured: {found.remarks['says'].iloc[0]}")
    notes = out.with_name(f"{out.stem}.remarks.csv")
    _save(found, table, out, notes, overwrite=overwrite)
    journal.unlink()
    return _told(found, len(regions), out, notes)


def _asked(
    image: Path | None, mask: Path | None, cohort: Path | None, label: int | None
) -> tuple[tuple[Region, ...], pd.DataFrame | None]:
    if cohort is not None:
        if image is not None:
            raise InputError("a cohort names its own images and masks; leave IMAGE and MASK out, or --cohort")
        regions, table = regions_of(cohort)
        return tuple(Region(one.row, one.image, one.mask, one.label or label) for one in regions), table
    if image is None or mask is None:
        raise InputError("radiomics needs IMAGE and MASK, or --cohort TABLE with a column for each")
    return (Region(0, str(image), str(mask), label),), None


def _save(found: Measured, table: pd.DataFrame | None, out: Path, notes: Path, *, overwrite: bool) -> None:
    """Write the features, beside a cohort's own columns, and the remarks; rows are numbered as a cohort's table shows them."""
    features = found.features.drop(columns="row") if table is None else joined(found, table)
    save_table(features, out, overwrite=overwrite)
    if len(found.remarks):
        first = 0 if table is None else 2
        save_table(found.remarks.assign(row=found.remarks["row"] + first), notes, overwrite=True)


def _folder(path: Path | None) -> Path | None:
    if path is None:
        return None
    path.mkdir(parents=True, exist_ok=True)
    return path.absolute()


def _told(found: Measured, regions: int, out: Path, notes: Path) -> str:
    rows, columns = (
        len(found.features),
        sum(name not in ("row", "label", "label_name", "picture") for name in found.features),
    )
    lines = [f"{rows} region{'s' * (rows != 1)}, {columns} features: {out}"]
    if found.failed:
        first = found.remarks[found.remarks["severity"] == "block"].iloc[0]
        lines.append(f"{found.failed} of {regions} rows failed (first: row {first['row'] + 2}: {first['says']})")
    undefined = found.remarks[found.remarks["severity"] == "info"]
    lines += [str(says) for says in undefined["says"].unique()[:3]]
    if len(found.remarks):
        lines.append(f"all remarks: {notes}")
    return "\n".join(lines)
