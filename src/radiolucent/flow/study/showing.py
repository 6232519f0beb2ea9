"""From an outcome to what the report shows: who is in it, pictures of leaks and cases, methods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...read.key import keyed, secret_key
from ...report.study import Gallery, Importance, Study
from ..candidates import candidate
from ..classical import is_searched
from ..describe import Description
from .features import harmonised
from .fitting import Fitted
from .galleries import case_galleries, importances, leak_galleries
from .looking import chosen
from .material import Material
from .outcome import Outcome
from .people import described
from .sequences import SPARE
from .telling import telling_frames

MOST_CASES = 6


def cases(material: Material, one: Fitted) -> dict[str, list[int]]:
    """Rows on which a candidate was surest, most wrong and least certain."""
    p = one.probabilities
    if material.wanted.name == "number":
        found = chosen(-np.abs(p[:, 0] - material.wanted.y), np.zeros(len(p)), material.patients, most=MOST_CASES)
        return {kind: rows for kind, rows in found.items() if kind != "uncertain"}
    if material.wanted.name == "labels":
        right = np.where(material.wanted.y == 1, p, 1 - p).mean(axis=1)
        return chosen(right, np.abs(p - one.thresholds).min(axis=1), material.patients, most=MOST_CASES)
    true = p[np.arange(len(p)), material.y]
    if material.wanted.name == "classes" and len(material.classes) == 2:
        margin = p[:, 1] - one.thresholds
    else:
        ordered = np.sort(p, axis=1)
        margin = ordered[:, -1] - ordered[:, -2]
    return chosen(true, margin, material.patients, most=MOST_CASES)


def decided(material: Material, one: Fitted) -> Any:
    """The class each row was given, by the threshold of its fold, the largest probability or the mean grade."""
    return material.wanted.kind.decided(one.probabilities, one.thresholds)


def shown_study(material: Material, outcome: Outcome, provenance: dict[str, Any]) -> Study:
    """All that the report shows."""
    labels = np.array(material.classes)[material.y]
    people = described(labels, material.groups, material.design, skipped=len(material.prepared.skipped))
    seen = material.prepared.seen
    sides = f"{seen.shortest}" if seen.shortest == seen.longest else f"{seen.shortest} to {seen.longest}"
    methods = {
        "preprocessing": f"The images have sides of {sides} pixels. {_framed(material)}Each was made grey, reduced to 8 "
        "bits between its 0.5 and 99.5 percentile (8-bit sources were kept), padded to a square and resized to "
        f"{material.prepared.pictures.shape[1]} pixels a side.",
        "candidates": {name: _says(name, material) for name in material.names},
        "metadata_columns": list(material.groups.columns),
        "modality": ", ".join(seen.modalities),
    }
    galleries = leak_galleries(material, material.leaks.found)
    for name in dict.fromkeys([outcome.best, *(n for n in ("cnn",) if n in outcome.fitted)]):
        galleries += _cases(material, outcome, name)
    told = tuple(_importances(material, outcome))
    return Study(outcome.metrics, provenance, people, tuple(galleries), told, methods)


def _says(name: str, material: Material) -> str:
    """What a candidate is, and how a classical one sees, is harmonised and was searched."""
    one, description = candidate(name), material.description
    if one.needs not in ("rows", "features"):
        return one.says
    parts = [one.says.replace(Description().says, description.says)]
    if description.site is not None:
        told = harmonised(material.question, material.cohort, description, material.design)["harmonised"]
        parts.append(
            f"harmonised by {description.site} (ComBat, fitted on training rows; {told['left_as_they_are']} tested rows "
            "are of no site known from them and stayed as they are)"
        )
    if is_searched(name, {} if material.question.search else None):
        parts.append("settings and columns searched for on inner folds of the training patients")
    return ", ".join(parts)


def _framed(material: Material) -> str:
    """How frames were chosen, where the study is of sequences."""
    frames = material.question.frames
    if frames is None:
        return ""
    counts = material.prepared.made["number of frames"]
    return (
        f"Sequences have {counts.min():.0f} to {counts.max():.0f} frames (median {counts.median():.0f}); up to "
        f"{SPARE * frames} frames evenly spaced over each were kept, {frames} were shown to a net at a time (drawn anew at "
        "every step of training), and the prediction is the mean over clips that share no frame; twins were looked for "
        "among the middle frames. "
    )


def _cases(material: Material, outcome: Outcome, name: str) -> tuple[Gallery, ...]:
    one, needs = outcome.fitted[name], candidate(name).needs
    rows = cases(material, one)
    given, secret = decided(material, one), secret_key()
    captions = {}
    for row in {row for listed in rows.values() for row in listed}:
        key = keyed(material.cohort.table["reference"].iloc[row], secret)
        captions[row] = f"{key}: {_caption(material, one, row, int(given[row]))}"
    pictures, captions = telling_frames(material.work, name, material.prepared.pictures, captions)
    return case_galleries(material.work, name, needs, rows, pictures, captions, kind=material.wanted.name)


def _caption(material: Material, one: Fitted, row: int, given: int) -> str:
    """What is true of a row, and what was said of it."""
    wanted, p = material.wanted, one.probabilities[row]
    if wanted.name == "number":
        return f"is {wanted.y[row]:g}, told {p[0]:.4g} [{p[1]:.4g}, {p[2]:.4g}]"
    if wanted.name == "labels":
        names = np.array(wanted.names)
        true, called = (", ".join(names[mask]) or "none" for mask in (wanted.y[row] == 1, p >= one.thresholds[row]))
        return f"is {true}; called {called}"
    return f"is {wanted.names[wanted.y[row]]}, called {wanted.names[given]} (p = {p[given]:.2f})"


def _importances(material: Material, outcome: Outcome) -> Iterator[Importance]:
    secret = secret_key()
    keys = [keyed(reference, secret) for reference in material.cohort.table["reference"]]
    for name in outcome.fitted:
        yield from importances(material.work, name, material.classes[-1], keys)
