"""All that is known of a cohort before anything is learned: pictures, leaks, design, and what the workers need."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...core import InputError
from ...learn.candidates import CANDIDATES, CONTROL, RECURRENT
from ...read.cohort import Cohort
from ...read.table import typed
from ..candidates import candidate
from ..describe import Description
from ..progress import bar
from .design import Design
from .features import description_of, feature_columns, feature_table, net_of, search_of
from .from_text import source_table
from .leaks import Leaks, examined
from .people import kinds
from .pictures import Prepared, prepared
from .question import Question, write_json
from .sequences import kinds as kinds_of
from .sequences import prepared_sequences
from .wanted import Wanted, able, complete, wanted


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
    description: Description
    wanted: Wanted

    @property
    def design(self) -> Design:
        return self.leaks.design

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of what `y` holds: the classes, bands of a number, or the rarest label of a row."""
        return self.wanted.bands

    @property
    def usable(self) -> NDArray[np.bool_]:
        return usable(self.prepared, len(self.y))

    @property
    def n_patients(self) -> int:
        return len(np.unique(self.patients[self.usable]))


def gathered(question: Question, cohort: Cohort, work: Path, *, threads: int, shown: bool) -> Material:
    """Read the pictures, check for leaks, draw the design; raises InputError for whatever is wrong with the input."""
    names, left_out = entered(question)
    description = description_of(question, cohort)
    table = cohort.table
    ready = _read(question, table["reference"].tolist(), work, threads=threads, shown=shown)
    people = table["patient"] if cohort.patient_column else pd.Series(np.arange(len(table)))
    patients = pd.factorize(people)[0].astype(np.intp)
    parts = 2 if table["split"].notna().all() else question.folds
    asked = wanted(question, cohort, patients, parts=parts)
    names, left_out = able(asked.name, question, names, left_out)
    groups = table[list(cohort.group_columns)]
    found = examined(
        question,
        wanted=asked,
        patients=patients,
        split=table["split"].to_numpy(str) if table["split"].notna().all() else None,
        usable=usable(ready, len(table)),
        pictures=ready.pictures,
        metadata=_metadata(question, cohort),
        made=ready.made,
        target=cohort.target_name,
    )
    complete(asked, found.design)
    return Material(
        question, cohort, work, ready, asked.strata, patients, groups, found, names, left_out, description, asked
    )


def _read(question: Question, references: list[str], work: Path, *, threads: int, shown: bool) -> Prepared:
    """Pictures, or, where --frames asks for them, sequences with their middle frames as pictures."""
    how = partial(prepared, references, work)
    if question.frames is not None:
        how = partial(prepared_sequences, references, work, frames=question.frames)
    with bar("read images", len(references), shown=shown) as advance:
        return how(
            size=question.size,
            skip=question.skip_unreadable,
            allow_blocked=question.allow_blocked,
            workers=threads,
            progress=advance,
        )


def _metadata(question: Question, cohort: Cohort) -> pd.DataFrame:
    """Every other column of the table: one of them may give the target away."""
    if cohort.kind != "table":
        return pd.DataFrame(index=cohort.table.index)
    table = source_table(question)
    return table.drop(columns=[cohort.target_name, *feature_columns(question, cohort, table)]).apply(typed)


def usable(ready: Prepared, n: int) -> NDArray[np.bool_]:
    """Rows whose picture could be read."""
    mask = np.ones(n, bool)
    mask[list(ready.skipped)] = False
    return mask


def entered(question: Question) -> tuple[tuple[str, ...], dict[str, str]]:
    """The candidates of a study: those asked for, or all that can run here; recurrence never without its control."""
    missing = _missing(question)
    asked = tuple(candidate(name).name for name in question.candidates)
    for name in asked:
        if name in missing:
            raise InputError(f"candidate {name} cannot run: {missing[name]}")
    if question.start is not None and asked and not any(candidate(name).needs == "pictures" for name in asked):
        raise InputError(
            f"--start gives weights to nets on pictures, and none of {', '.join(asked)} is one; ask for cnn"
        )
    if set(asked) & set(RECURRENT):
        asked = (CONTROL, *asked)
    ordinary = [name for name in CANDIDATES if _is_ordinary(name, question)]
    if asked:
        return tuple(dict.fromkeys(asked)), {name: "not asked for" for name in ordinary if name not in asked}
    return tuple(name for name in ordinary if name not in missing), {n: w for n, w in missing.items() if n in ordinary}


def _is_ordinary(name: str, question: Question) -> bool:
    """Whether a study runs it unless others are asked for."""
    one = CANDIDATES[name]
    if question.frames is None:
        return one.default
    return one.needs == "sequences" or (one.default and one.needs in ("features", "table"))


def _missing(question: Question) -> dict[str, str]:
    """Why candidates cannot run here."""
    missing = {}
    for name, one in CANDIDATES.items():
        if one.needs == "sequences" and question.frames is None:
            missing[name] = "it looks at sequences of frames; say how many at a time with --frames 16"
        if one.needs in ("rows", "pictures", "both") and question.frames is not None:
            missing[name] = "it looks at single pictures; leave --frames out, or ask for candidates that take sequences"
    if not question.features:
        missing["features"] = "no --features columns were given, so there are no measured features to learn from"
    if not question.groups:
        missing["metadata"] = "no --group column was given, so there is no metadata to learn from"
        missing["fusion"] = "no --group column was given, so there is no metadata to stand beside the pictures"
    if find_spec("tensorflow") is None:
        on_pictures = [name for name, one in CANDIDATES.items() if one.needs in ("pictures", "both")]
        for name in (*on_pictures, CONTROL, *RECURRENT):
            missing.setdefault(name, "TensorFlow is not installed; `pip install 'radiolucent[deep]'` brings it")
    if find_spec("lightgbm") is None:
        missing["lightgbm"] = "LightGBM is not installed; `pip install 'radiolucent[lightgbm]'` brings it"
    return missing


def _sealed(question: Question, cohort: Cohort) -> dict[str, str]:
    """The seal of the net that describes pictures, so that no other takes its place."""
    model = net_of(question, cohort)
    return {} if model is None else {"embedding_seal": str(model.manifest["seal"])}


def hand_over(material: Material) -> None:
    """Write what the workers read: the job, the design, and the table of metadata."""
    cohort, question, ready = material.cohort, material.question, material.prepared
    material.design.save(material.work / "design.npz")
    material.groups.reset_index(drop=True).to_parquet(material.work / "table.parquet")
    features = feature_table(question, cohort, material.description)
    features.to_parquet(material.work / "features.parquet")
    manifest: dict[str, Any] = {
        "target_kind": material.wanted.name,
        "classes": list(material.wanted.names),
        "target": cohort.target_name,
        "size": int(ready.pictures.shape[1]),
        "seen": asdict(ready.seen),
        "preparation": "0.5 to 99.5 percentile to 8 bits (8-bit sources as they are), padded to a square, resized",
        "training": {"images": int(material.usable.sum()), "cohort_sha256": cohort.source_hash, "seed": question.seed},
        "use": "research only, not for diagnosis",
        "described": material.description.told(),
        "features": list(features.columns),
        "image": question.image,
        **_sealed(question, cohort),
    }
    if question.frames is not None:
        manifest |= {"frames": question.frames, "kinds": kinds_of(material.work)}
    job = {
        "y": material.wanted.y.tolist(),
        "kind": material.wanted.name,
        "classes": list(material.wanted.names),
        "patience": question.patience,
        "start": question.start and str(Path(question.start).resolve()),
        "seed": question.seed,
        "columns": kinds(material.groups),
        "frames": question.frames,
        "features": list(features.columns),
        "described": material.description.told(),
        "embed": question.embed,
        "people": material.leaks.groups.tolist(),
        "search": search_of(question, material.names, fits=len(material.design.fit), kind=material.wanted.name),
        "manifest": manifest,
    }
    write_json(material.work / "job.json", job)
