"""Which features survive small changes: every region measured again and again, and the agreement of each feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from ..core import Image, InputError, Mask
from ..measure.perturb import USUAL, Perturbation, perturbed
from ..measure.radiomics import Settings
from ..measure.stability import Form, icc
from .progress import bar
from .radiomics import Filter, features_of
from .radiomics_cohort import Region, Work, present, read_region


def repeats_of(
    image: Image, mask: Mask, label: int, chosen: Settings,
    *, filters: Sequence[Filter] = (), changes: Sequence[Perturbation] = USUAL,
) -> pd.DataFrame:  # fmt: skip
    """Features (columns) of a region as it is (row 0) and after each change."""
    rows = [features_of(image, mask, label, chosen, filters)[0]]
    rows += [features_of(*perturbed(image, mask, label, change), label, chosen, filters)[0] for change in changes]
    return pd.DataFrame(rows)


def repeats_of_all(work: Work, *, threads: int = 1, shown: bool = False) -> tuple[pd.DataFrame, list[str]]:
    """`repeats_of` many regions below one another with the columns `subject` and `repeat`; and what failed, with why."""
    tables: list[pd.DataFrame] = []
    failed: list[str] = []
    with (
        bar("perturb", len(work.regions), shown=shown) as advance,
        Parallel(n_jobs=threads, return_as="generator") as parallel,
    ):
        for one in parallel(delayed(_repeats)(region, replace(work, regions=())) for region in work.regions):
            if isinstance(one, str):
                failed.append(one)
            else:
                tables.append(one)
            advance(1)
    if not tables:
        raise InputError(f"nothing could be measured: {failed[0]}")
    return pd.concat(tables, ignore_index=True), failed


def agreement(table: pd.DataFrame, *, subject: str, repeat: str, form: Form = "1,1") -> pd.DataFrame:
    """Agreement of every feature over the repeats of each subject: `icc` with its interval, and what that means.

    A subject that lacks a repeat, or the feature in one, does not count for that feature.
    """
    features = [name for name in table if name not in (subject, repeat) and pd.api.types.is_numeric_dtype(table[name])]
    if table.duplicated([subject, repeat]).any():
        twice = table.loc[table.duplicated([subject, repeat]), [subject, repeat]].iloc[0].tolist()
        raise InputError(f"{subject} {twice[0]} has {repeat} {twice[1]} twice; keep one row for each")
    wide = table.set_index([subject, repeat])[features]
    rows = []
    for name in features:
        ratings = wide[name].unstack().dropna().to_numpy(np.float64)  # noqa: PD010 - an index of two levels is at hand
        n, k = ratings.shape
        if n < 2 or k < 2:
            rows.append((name, np.nan, np.nan, np.nan, "undefined", n, k))
            continue
        found = icc(ratings, form=form)
        rows.append((name, found.value[0], found.low[0], found.high[0], found.bands[0], n, k))
    columns = ["feature", "icc", "low", "high", "agreement", "subjects", "repeats"]
    return pd.DataFrame(rows, columns=columns).sort_values("low", ascending=False, kind="stable", ignore_index=True)


def _repeats(region: Region, work: Work) -> pd.DataFrame | str:
    try:
        image, mask = read_region(region, allow_blocked=work.allow_blocked)
        tables = []
        for label in present(region, mask):
            one = repeats_of(image, mask, label, work.chosen, filters=work.filters)
            one.insert(0, "subject", f"{region.row}/{label}")
            one.insert(1, "repeat", range(len(one)))
            tables.append(one)
        return pd.concat(tables)
    except InputError as error:
        return f"row {region.row + 2}: {error}"
