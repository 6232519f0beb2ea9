"""What a study's table and question say of the rows that classical candidates learn from."""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...core import InputError, unknown
from ...learn.embedding import embedded
from ...learn.harmonise import Harmonised
from ...learn.model import Model, load
from ...learn.picture_net import PictureNet
from ...learn.spaces import SPACES
from ...measure.harmonise import Combat
from ...read.cohort import Cohort
from ...read.table import typed
from ..describe import SITE, Description, parts_of, refuse_own_cohort
from ..predict_table import EMBEDDING
from .design import Design
from .from_text import source_table
from .question import Question

SETTINGS = 24
"""Settings that a search compares at most in one fold."""


def description_of(question: Question, cohort: Cohort) -> Description:
    """What rows hold, or the error that says what is amiss with the question; nothing is measured yet."""
    parts = parts_of(question.describe)
    if question.embed is not None and "embedding" not in parts:
        parts = (*parts, "embedding")
    if "embedding" in parts and question.embed is None:
        raise InputError("--describe embedding needs a trained net; name the folder of its model with --embed")
    if "columns" in parts and not question.features:
        raise InputError("--describe columns takes the table's measured features; name them with --features")
    columns = tuple(map(str, measured_features(question, cohort))) if "columns" in parts else ()
    length = _length(net_of(question, cohort)) if "embedding" in parts else 0
    if question.harmonise is None:
        return Description(parts, columns, length)
    sites = site_column(question, cohort).dropna().unique()
    if len(sites) < 2:
        raise InputError(f"--harmonise {question.harmonise}: the column has {len(sites)} site(s), and 2 are needed")
    return Description(parts, columns, length, question.harmonise, tuple(sorted(map(str, sites))))


def net_of(question: Question, cohort: Cohort) -> Model | None:
    """The model whose vectors are wanted, if one is."""
    if question.embed is None:
        return None
    model = load(question.embed)
    if (Path(question.embed) / EMBEDDING).exists():
        raise InputError(f"--embed {question.embed}: name the model of a net itself, not one that rests on a net")
    if not isinstance(model.estimator, PictureNet):
        raise InputError(f"--embed {question.embed}: this model holds no net that looks at pictures; give one of a cnn")
    refuse_own_cohort(model.manifest, cohort.source_hash)
    return model


def _length(model: Model | None) -> int:
    assert model is not None
    return int(embedded(model.estimator, np.zeros((1, 8, 8), np.uint8)).shape[1])


def site_column(question: Question, cohort: Cohort) -> pd.Series:
    """The site of every row as words, as the table has it."""
    if cohort.kind != "table":
        raise InputError("--harmonise names a column of a table; this cohort is a folder or a file of pictures")
    table = source_table(question)
    if question.harmonise not in table:
        raise unknown("column", question.harmonise, table.columns)
    return table[question.harmonise].reset_index(drop=True)


def known_of_rows(question: Question, cohort: Cohort, description: Description) -> NDArray[Any]:
    """Rows that hold what the table knows of them: columns of features and the site."""
    columns = measured_features(question, cohort).reset_index(drop=True) if description.columns else None
    sites = site_column(question, cohort) if description.site else None
    return description.filled(len(cohort), columns=columns, sites=sites)


def harmonised(question: Question, cohort: Cohort, description: Description, design: Design) -> dict[str, Any]:
    """What metrics.json says of harmonising, with how many tested rows are of no site known from training rows."""
    if description.site is None:
        return {}
    numbers = description.number_of(site_column(question, cohort))
    least, unknown_rows = Harmonised(Combat()).least, 0
    for fit, test in zip(design.fit, design.test, strict=True):
        sites, counts = np.unique(numbers[fit], return_counts=True)
        unknown_rows += int((~np.isin(numbers[test], sites[(counts >= least) & (sites >= 0)])).sum())
    return {
        "harmonised": {"column": description.site, "sites": list(description.sites), "left_as_they_are": unknown_rows}
    }


def feature_table(question: Question, cohort: Cohort, description: Description) -> pd.DataFrame:
    """What the candidate `features` learns from: measured features and, where they are harmonised, the site's number."""
    found = measured_features(question, cohort).reset_index(drop=True)
    if description.site is None or not question.features:
        return found
    return found.assign(**{SITE: description.number_of(site_column(question, cohort))})


def measured_features(question: Question, cohort: Cohort) -> pd.DataFrame:
    """The columns of measured features that the question names; none where it names none."""
    if not question.features:
        return pd.DataFrame(index=cohort.table.index)
    if cohort.kind != "table":
        raise InputError("--features names columns of a table; this cohort is a folder or a file of pictures")
    table = source_table(question)
    found = table[feature_columns(question, cohort, table)].apply(typed)
    words = [str(name) for name in found if not pd.api.types.is_numeric_dtype(found[name])]
    if words:
        raise InputError(f"features are numbers; column {words[0]!r} holds words")
    return found


def feature_columns(question: Question, cohort: Cohort, table: pd.DataFrame) -> list[str]:
    """Columns by name or pattern (`glcm_*`); what has another meaning is none of them."""
    taken = {cohort.target_name, cohort.patient_column, question.split, question.image, *cohort.group_columns}
    taken.add(question.harmonise)
    for pattern in question.features:
        if not fnmatch.filter(table.columns, pattern):
            raise unknown("feature column", pattern, table.columns)
    names = [str(name) for name in table if name not in taken]
    return [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in question.features)]


def search_of(question: Question, names: tuple[str, ...], *, fits: int, kind: str = "classes") -> dict[str, Any] | None:
    """Budget [s] and settings of one search: the study's budget is shared evenly among all that it fits."""
    if not question.search:
        return None
    if kind in ("number", "labels"):
        raise InputError(f"--search compares settings by AUC, which a target of the kind {kind} has not; leave it out")
    searched = [name for name in names if name in SPACES]
    if not searched:
        raise InputError(f"--search looks for settings of classical candidates; name one of {', '.join(SPACES)}")
    return {"budget_s": question.budget_s / (len(searched) * fits), "settings": SETTINGS}
