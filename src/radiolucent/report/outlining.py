"""The page of a segmentation study: how well the masks agree, case by case, with the worst in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .blocks import Cell, Pictures, Prose, Table, count_cell, figure_cell, figure_head, name_cell, number_cell
from .numbers import interval
from .shell import rendered
from .study import Gallery, Picture
from .texts import Texts, texts

SCORES = ("dice", "nsd", "hd95_mm", "hd95_px", "assd_mm", "assd_px", "sensitivity", "precision", "volume_difference")
"""What is shown of each label, in this order, where it was measured."""


def outlining_page(told: Mapping[str, Any], shots: Sequence[Picture], *, language: str = "en") -> str:
    """One self-contained HTML file out of what `metrics.json` holds, with pictures of the worst to the best case."""
    say = texts(language)
    cases = sorted(told["cases"], key=lambda case: lowest_dice(case["scores"]))
    pictures = Gallery(say("outlining.gallery"), say("outlining.gallery_note"), "other", tuple(shots))
    values = {
        "title": _title(say, told),
        "next": say("outlining.lead"),
        "parts": [
            (say("outlining.scores"), [_scores(say, told), Prose(_empty(say, told), "soft")]),
            (say("outlining.pictures"), [Pictures(pictures)]),
            (say("outlining.worst"), [_cases(say, told, cases[:12])]),
            (say("outlining.methods"), [Prose(_methods(say, told), "quote")]),
        ],
        "made": say("page.made", {"version": told["radiolucent"]}),
    }
    return rendered("check.html", say, values)


def _title(say: Texts, told: Mapping[str, Any]) -> str:
    each = [f"{one['name']} {interval(one['mean']['dice'], 2)}" for one in told["labels"].values()]
    counts = {"images": say.count("images", told["n"]), "patients": say.count("patients", told["patients"])}
    return say("outlining.title", counts | {"each": "; ".join(each)})


def _scores(say: Texts, told: Mapping[str, Any]) -> Table:
    names = [name for name in SCORES if any(name in one["mean"] for one in told["labels"].values())]
    head = (Cell(say("outlining.label")), *(figure_head(say(f"outlining_score.{name}"), say) for name in names))
    rows = tuple(
        (name_cell(one["name"]), *(figure_cell(one["mean"].get(name), 2 if "_" in name else 3) for name in names))
        for one in told["labels"].values()
    )
    return Table(
        say("outlining.table"), head, rows, say("outlining.note", {"tolerance": told["asked"]["tolerance_mm"]})
    )


def _empty(say: Texts, told: Mapping[str, Any]) -> str:
    both = sum(one["both_empty"] for one in told["labels"].values())
    return say("outlining.empty", {"both": both, "one": sum(one["one_empty"] for one in told["labels"].values())})


def _cases(say: Texts, told: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]) -> Table:
    labels = told["labels"]
    numbers = (say("outlining.row"), *(one["name"] for one in labels.values()))
    head = (Cell(say("outlining.case")), *(Cell(name, is_number=True) for name in numbers))
    rows = tuple(
        (
            name_cell(case["key"]),
            count_cell(case["row"] + 1),
            *(number_cell(case["scores"][k]["dice"], 3) for k in labels),
        )
        for case in cases
    )
    return Table(say("outlining.cases"), head, rows)


def lowest_dice(scores: Mapping[str, Any]) -> float:
    """The lowest Dice of a case's labels, and more than any where there was nothing to find."""
    return min((one["dice"] for one in scores.values() if one["dice"] is not None), default=2.0)


def _methods(say: Texts, told: Mapping[str, Any]) -> str:
    asked, net = told["asked"], told["asked"]["net"]
    values = {
        "patch": " x ".join(str(side) for side in told["patch"]),
        "steps": net["steps"],
        "batch": net["batch"],
        "folds": asked["folds"],
        "seed": asked["seed"],
        "minutes": f"{told['seconds']['fit_s'] / 60:.0f}",
    }
    return say("outlining.told_split" if asked["split"] else "outlining.told_folds", values)
