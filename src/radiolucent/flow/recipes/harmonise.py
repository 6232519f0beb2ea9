"""The mark of site or scanner in a table of features."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from ...core import InputError, unknown
from ...measure.harmonise import Combat, batch_effect
from ...read.table import open_table, typed
from ..radiomics_cohort import check_table, save_table
from .parameters import Overwrite

SURE = 0.05
"""False discovery rate at which a feature counts as differing between batches."""


def harmonise(
    source: Annotated[Path, Field(description="a table of features, a row for each region")],
    *,
    out: Annotated[Path, Field(description="the table with harmonised features, .csv or .parquet")],
    batch: Annotated[str, Field(description="the column that names site or scanner")],
    keep: Annotated[
        tuple[str, ...], Field(description="columns whose effect is real and is kept, such as age and outcome")
    ] = (),
    drop: Annotated[tuple[str, ...], Field(description="columns of numbers that are no features, such as an id")] = (),
    fit_on: Annotated[
        str | None, Field(description="fit only on rows where this column says train (others are only transformed)")
    ] = None,
    overwrite: Overwrite = False,
) -> str:
    """Say how much of each feature is the mark of site or scanner, and take it out by ComBat.

    Fitting on all rows lets the test rows of a study into its training: use `fit_on`, or
    `radiolucent.measure.harmonise.Combat` within each training fold. Features with gaps stay as they are.
    """
    check_table(out)
    table = open_table(source)
    for name in (batch, *keep, *drop, *([fit_on] if fit_on else [])):
        if name not in table:
            raise unknown(f"column in {source.name}", name, list(table))
    whole = table.apply(typed)
    others = {batch, fit_on, *keep, *drop, "label", "row"}
    numbers = whole.drop(columns=[name for name in whole if name in others]).select_dtypes("number")
    features = list(numbers.columns[numbers.notna().all()])
    if not features:
        raise InputError(f"{source} has no column of numbers without gaps beside those that were named")
    sites = table[batch].fillna("unknown").to_numpy(str)
    kept = _numbers(whole, keep)
    values = numbers[features].to_numpy(np.float64)
    fitted = _fitted_on(table, fit_on)
    model = Combat().fit(values[fitted], batch=sites[fitted], covariates=None if kept is None else kept[fitted])
    made = model.transform(values, batch=sites, covariates=kept)
    result = table.copy()
    result[features] = made
    save_table(result, out, overwrite=overwrite)
    left = numbers.shape[1] - len(features)
    return "\n".join(
        [
            f"{batch}: {len(np.unique(sites))} batches, {len(table)} rows, {len(features)} features"
            + (f" ({left} with gaps stay as they are)" if left else ""),
            f"before: {_mark(values, sites)}",
            f"after:  {_mark(made, sites)}: {out}",
            *(["fitted on all rows: for a study, fit on training rows only"] if fit_on is None else []),
        ]
    )


def _fitted_on(table: pd.DataFrame, column: str | None) -> np.ndarray:
    """The rows of which the column says train; all where none is named."""
    if column is None:
        return np.ones(len(table), bool)
    fitted = (table[column].str.lower() == "train").fillna(False).to_numpy(bool)
    if not fitted.any():
        raise InputError(f"no row of column {column} says train")
    return fitted


def _numbers(table: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray | None:
    """Columns to be kept as numbers: words become 0 and 1 for each but the first."""
    if not names:
        return None
    chosen = table[list(names)]
    if chosen.isna().any().any():
        raise InputError(f"column {chosen.columns[chosen.isna().any()][0]} has gaps; fill them in, or do not keep it")
    return pd.get_dummies(chosen, drop_first=True).to_numpy(np.float64)


def _mark(values: np.ndarray, sites: np.ndarray) -> str:
    share, p = batch_effect(values, sites)
    return f"{np.median(share):.0%} of the median feature's variance, {(p < SURE).sum()} features differ (FDR 5 %)"
