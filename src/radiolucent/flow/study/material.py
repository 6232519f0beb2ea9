"""All that is known of a cohort before anything is learned: pictures, leaks, design, and what the workers need."""

from __future__ import annotations

import fnmatch
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...core import InputError, unknown
from ...learn.candidates import CANDIDATES
from ...read.cohort import Cohort
from ...read.table import typed
from ..candidates import candidate
from .design import Design
from .from_text import source_table
from .leaks import Leaks, examined
from .people import kinds
from .pictures import Prepared, prepared
from .progress import bar
from .question import Question, write_json


@dataclass(frozen=True)
class Material:
    """What a study works on; `names` are its candidates, `left_out` says why others are not among them."""

    question: Question
    cohort: Cohort
    work: Path
    prepared: Prepared
    y: NDArray[np.intp]
    patients: NDArray[np.intp]
    groups: pd.DataFrame
    leaks: Leaks
    names: tuple[str, ...]
    left_out: dict[str, str]

    @property
    def design(self) -> Design:
        return self.leaks.design

    @property
    def classes(self) -> tuple[str, ...]:
        return self.cohort.classes

    @property
    def usable(self) -> NDArray[np.bool_]:
        return usable(self.prepared, len(self.y))

    @property
    def n_patients(self) -> int:
        return len(np.unique(self.patients[self.usable]))


def gathered(question: Question, cohort: Cohort, work: Path, *, threads: int, shown: bool) -> Material:
    """Read the pictures, check for leaks, draw the design; raises InputError for whatever is wrong with the input."""
    names, left_out = entered(question)
    table = cohort.table
    with bar("read images", len(table), shown=shown) as advance:
        ready = prepared(
            table["reference"].tolist(),
            work,
            size=question.size,
            skip=question.skip_unreadable,
            allow_blocked=question.allow_blocked,
            workers=threads,
            progress=advance,
        )
    y = pd.Categorical(table["target"], categories=list(cohort.classes)).codes.astype(np.intp)
    people = table["patient"] if cohort.patient_column else pd.Series(np.arange(len(table)))
    patients = pd.factorize(people)[0].astype(np.intp)
    groups = table[list(cohort.group_columns)]
    found = examined(
        question,
        y=y,
        classes=cohort.classes,
        patients=patients,
        split=table["split"].to_numpy(str) if table["split"].notna().all() else None,
        usable=usable(ready, len(y)),
        pictures=ready.pictures,
        metadata=_metadata(question, cohort),
        made=ready.made,
        target=cohort.target_name,
    )
    return Material(question, cohort, work, ready, y, patients, groups, found, names, left_out)


def _metadata(question: Question, cohort: Cohort) -> pd.DataFrame:
    """Every other column of the table: one of them may give the target away."""
    if cohort.kind != "table":
        return pd.DataFrame(index=cohort.table.index)
    table = source_table(question)
    return table.drop(columns=[cohort.target_name, *_feature_columns(question, cohort, table)]).apply(typed)


def measured_features(question: Question, cohort: Cohort) -> pd.DataFrame:
    """The columns of measured features that the question names; none where it names none."""
    if not question.features:
        return pd.DataFrame(index=cohort.table.index)
    if cohort.kind != "table":
        raise InputError("--features names columns of a table; this cohort is a folder or a file of pictures")
    table = source_table(question)
    found = table[_feature_columns(question, cohort, table)].apply(typed)
    words = [str(name) for name in found if not pd.api.types.is_numeric_dtype(found[name])]
    if words:
        raise InputError(f"features are numbers; column {words[0]!r} holds words")
    return found


def _feature_columns(question: Question, cohort: Cohort, table: pd.DataFrame) -> list[str]:
    """Columns by name or pattern (`glcm_*`); what has another meaning is none of them."""
    taken = {cohort.target_name, cohort.patient_column, question.split, question.image, *cohort.group_columns}
    for pattern in question.features:
        if not fnmatch.filter(table.columns, pattern):
            raise unknown("feature column", pattern, table.columns)
    names = [str(name) for name in table if name not in taken]
    return [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in question.features)]


def usable(ready: Prepared, n: int) -> NDArray[np.bool_]:
    """Rows whose picture could be read."""
    mask = np.ones(n, bool)
    mask[list(ready.skipped)] = False
    return mask


def entered(question: Question) -> tuple[tuple[str, ...], dict[str, str]]:
    """The candidates of a study: those asked for, or all that can run here."""
    missing = {}
    if not question.features:
        missing["features"] = "no --features columns were given, so there are no measured features to learn from"
    if not question.groups:
        missing["metadata"] = "no --group column was given, so there is no metadata to learn from"
    if find_spec("tensorflow") is None:
        missing["cnn"] = "TensorFlow is not installed; `pip install 'radiolucent[deep]'` brings it"
    if find_spec("lightgbm") is None:
        missing["lightgbm"] = "LightGBM is not installed; `pip install 'radiolucent[lightgbm]'` brings it"
    asked = tuple(candidate(name).name for name in question.candidates)
    for name in asked:
        if name in missing:
            raise InputError(f"candidate {name} cannot run: {missing[name]}")
    if asked:
        unasked = {name: "not asked for" for name in CANDIDATES if CANDIDATES[name].default and name not in asked}
        return tuple(dict.fromkeys(asked)), unasked
    ordinary = [name for name in CANDIDATES if CANDIDATES[name].default]
    return tuple(name for name in ordinary if name not in missing), {n: w for n, w in missing.items() if n in ordinary}


def hand_over(material: Material) -> None:
    """Write what the workers read: the job, the design, and the table of metadata."""
    cohort, question, ready = material.cohort, material.question, material.prepared
    material.design.save(material.work / "design.npz")
    material.groups.reset_index(drop=True).to_parquet(material.work / "table.parquet")
    features = measured_features(question, cohort)
    features.reset_index(drop=True).to_parquet(material.work / "features.parquet")
    manifest: dict[str, Any] = {
        "classes": list(cohort.classes),
        "target": cohort.target_name,
        "size": int(ready.pictures.shape[1]),
        "seen": asdict(ready.seen),
        "preparation": "0.5 to 99.5 percentile to 8 bits (8-bit sources as they are), padded to a square, resized",
        "training": {"images": int(material.usable.sum()), "cohort_sha256": cohort.source_hash, "seed": question.seed},
        "use": "research only, not for diagnosis",
    }
    job = {
        "y": material.y.tolist(),
        "classes": list(cohort.classes),
        "seed": question.seed,
        "columns": kinds(material.groups),
        "features": list(features.columns),
        "manifest": manifest,
    }
    write_json(material.work / "job.json", job)
