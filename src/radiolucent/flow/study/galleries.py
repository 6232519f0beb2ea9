"""The pictures of a report: twins side by side, and what the best candidate looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...report.study import Gallery, Importance, Picture
from ...report.texts import texts
from ...write.picture import overlay, png_bytes
from ..heat import METHODS
from .material import Material

MOST_PAIRS = 6
TITLES = {
    "best": ("Surest and right", "The cases to which {name} gave the true class its highest probability."),
    "worst": ("Most wrong", "The cases to which {name} gave the true class its lowest probability."),
    "uncertain": ("Least certain", "The cases in which {name} was nearest to changing its mind."),
}

OTHER_TITLES = {
    "number": {
        "best": ("Nearest", "The cases whose number {name} told best."),
        "worst": ("Farthest off", "The cases whose number {name} missed by most."),
    },
    "labels": {
        "best": ("Surest and right", "The cases whose labels {name} gave the highest probability on average."),
        "worst": ("Most wrong", "The cases whose labels {name} gave the lowest probability on average."),
        "uncertain": ("Least certain", "The cases in which some label was nearest to its threshold."),
    },
}

PAIRS = {
    "identical": ("Identical pictures", "twins"),
    "twin": ("Twins", "twins"),
    "suspect": ("Suspects", "twins"),
    "label_conflict": ("Twins with different labels", "conflicts"),
    "patient": ("One patient on both sides of the split", "twins"),
}


def leak_galleries(material: Material, leaks: Sequence[dict[str, Any]]) -> list[Gallery]:
    """The pictures of every leak that is one of pairs: of a given split what could leak, of our own folds all but suspects."""
    labels = material.cohort.table["target"].tolist()
    made = []
    for leak in leaks:
        shown = leak["severity"] != "info" if material.design.kind == "official" else leak["kind"] != "suspect"
        if shown and leak["kind"] in PAIRS and leak["rows"]:
            title, kind = PAIRS[leak["kind"]]
            pictures = material.prepared.pictures
            made.append(pair_gallery(pictures, leak["rows"], labels, title=title, sentence=leak["says"], kind=kind))
    return made


def pair_gallery(
    pictures: NDArray[np.uint8],
    pairs: Sequence[Sequence[int]],
    labels: Sequence[str],
    *,
    title: str,
    sentence: str,
    kind: Any,
) -> Gallery:
    """The first pairs side by side, each with its row and label."""
    shown = [row for pair in list(pairs)[:MOST_PAIRS] for row in pair[:2]]
    told = tuple(Picture(png_bytes(pictures[row]), f"row {row + 1}, label {labels[row]}") for row in shown)
    return Gallery(title, sentence, kind, told)


def case_galleries(
    work: Path,
    name: str,
    needs: str,
    chosen: dict[str, list[int]],
    pictures: NDArray[np.uint8],
    captions: dict[int, str],
    *,
    kind: str = "classes",
) -> tuple[Gallery, ...]:
    """Best, worst and least certain cases with the heat maps that `looking` left (none for a table)."""
    heat = _heat(work / name / "heat.npz")
    method = METHODS.get(needs)
    made, shown = [], texts("en").name("candidate", name)
    titles = {**TITLES, **OTHER_TITLES.get(kind, {})}
    warm = "what moves the number" if kind == "number" else "what speaks for the class it decided on"
    explained = f" Warm: {warm} ({method})." if method and heat else ""
    for case, rows in chosen.items():
        title, sentence = titles[case]
        told = tuple(_picture(pictures[row], captions[row], heat.get(row)) for row in rows)
        said = sentence.format(name=shown) + explained
        made.append(Gallery(f"{title}: {shown}", said, case, told))  # type: ignore[arg-type]
    return tuple(made)


def importances(work: Path, name: str, positive: str, keys: Sequence[str]) -> Iterable[Importance]:
    """Global and local shares that `looking` left for a candidate that learns from numbers."""
    path = work / name / "shares.json"
    if not path.exists():
        return
    shares = json.loads(path.read_text())
    rows = [
        {"name": r["name"], "value": r["mean"], "low": r["mean"] - r["sd"], "high": r["mean"] + r["sd"]}
        for r in shares["global"]
    ]
    yield Importance(
        f"What {texts('en').name('candidate', name)} rests on",
        f"Fall of AUC when the values are shuffled among the {shares['n']} test images of the first fold "
        "(mean and standard deviation of 10 shuffles).",
        tuple(rows),
    )
    for case in shares["local"][:4]:
        values = sorted(case["values"].items(), key=lambda item: -abs(item[1]))
        yield Importance(
            f"{texts('en').name('candidate', name)} on case {keys[case['row']]}",
            f"Shapley values: how far each moves the probability of {positive} from its mean of {case['base']:.2f}.",
            tuple({"name": key, "value": value} for key, value in values),
        )


def _picture(picture: NDArray[np.uint8], caption: str, heat: NDArray[np.float32] | None) -> Picture:
    drawn = None if heat is None else png_bytes(overlay(picture, np.clip(heat, 0, None)))
    return Picture(png_bytes(picture), caption, drawn)


def _heat(path: Path) -> dict[int, NDArray[np.float32]]:
    if not path.exists():
        return {}
    with np.load(path) as kept:
        return dict(zip(map(int, kept["rows"]), kept["maps"], strict=True))
