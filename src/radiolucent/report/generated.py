"""The page of a generator: how near its pictures come to real ones, what was copied, and whether a classifier gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .blocks import Block, Cell, Figure, Pictures, Prose, Table, figure_cell, figure_head, name_cell
from .charts.forest import Mark, forest
from .numbers import Fig, holds, interval, number, p_value, percent
from .shell import rendered
from .study import Gallery, Picture
from .texts import Texts, texts

ROWS = ("real", "classic", "blurred", "generated")
"""What half of the real pictures is compared with, in the order shown."""

FIGURES = ("kid", "frechet", "precision", "recall")
PASSED = 0.05


def generated_page(
    told: Mapping[str, Any],
    sheets: Mapping[str, tuple[bytes, bytes]],
    pairs: Sequence[Picture],
    *,
    language: str = "en",
) -> str:
    """One self-contained HTML file out of `metrics.json`, a sheet of generated and of real pictures for each class."""
    say = texts(language)
    parts = [
        (say("generated.sheets"), _sheets(say, sheets)),
        (say("generated.quality"), _quality(say, told)),
        (say("generated.copies"), [Prose(_copies(say, told)), _pairs(say, pairs)]),
        (say("generated.downstream"), _downstream(say, told["downstream"])),
        (say("generated.methods"), [Prose(_methods(say, told), "quote"), Prose(say("generated.sources"), "soft")]),
    ]
    values = {
        "title": _title(say, told),
        "next": say("generated.lead"),
        "parts": parts,
        "made": say("page.made", {"version": told["radiolucent"]}),
    }
    return rendered("check.html", say, values)


def _title(say: Texts, told: Mapping[str, Any]) -> str:
    rows = told["quality"]["rows"]
    about = {
        "kid": number(rows["generated"]["kid"]["value"], 3),
        "floor": number(rows["real"]["kid"]["value"], 3),
        "images": say.count("images", told["n"]["training"]),
        "copied": say("generated.not_copied" if told["copied"]["p"] >= PASSED else "generated.copied"),
        "gain": _gain(say, told["downstream"]),
    }
    return say("generated.title", about)


def _gain(say: Texts, told: Mapping[str, Any] | None) -> str:
    """What the generated pictures do for a classifier beside classic augmentation."""
    if told is None:
        return say("generated.gain_unknown")
    figure = _pair(told, "both", "classic")
    word = "none" if holds(figure, 0.0) else "more" if figure["value"] > 0 else "less"
    return say(f"generated.gain_{word}", {"auc": interval(figure, 3)})


def _pair(told: Mapping[str, Any], a: str, b: str) -> Fig:
    found: Fig = next(one["auc"] for one in told["differences"] if (one["a"], one["b"]) == (a, b))
    return found


def _sheets(say: Texts, sheets: Mapping[str, tuple[bytes, bytes]]) -> list[Block]:
    shots = []
    for name, (made, real) in sheets.items():
        shots += [
            Picture(made, say("generated.sheet_made", {"name": name})),
            Picture(real, say("generated.sheet_real", {"name": name})),
        ]
    return [Pictures(Gallery(say("generated.sheet"), say("generated.sheet_note"), "other", tuple(shots)))]


def _quality(say: Texts, told: Mapping[str, Any]) -> list[Block]:
    quality, net = told["quality"], told["embedding"]
    names = {name: say(f"generated.row_{name}") for name in ROWS}
    found = {name: quality["rows"][name] for name in ROWS}
    marks = [
        Mark(names[name], row["kid"], shape="best" if name == "generated" else "plain") for name, row in found.items()
    ]
    about = {
        "n": quality["n"], "splits": quality["splits"], "trained": net["n"], "dimensions": net["dimensions"],
        "auc": number(net["auc"], 2),
    }  # fmt: skip
    chart = forest(
        "kid", say("generated.kid_title"), say("generated.kid_says"), marks, axis_label=say("generated.score_kid"),
        references=[(0.0, say("generated.alike"))], digits=3,
    )  # fmt: skip
    head = (Cell(say("generated.what")), *(figure_head(say(f"generated.score_{key}"), say) for key in FIGURES))
    rows = tuple(
        (
            name_cell(names[name]),
            *(figure_cell(row[key], 2 if key in ("precision", "recall") else 3) for key in FIGURES),
        )
        for name, row in found.items()
    )
    whole = quality["whole"]
    more = {f"{name}_{key}": whole[name][key] for name in whole for key in ("n",)}
    more |= {name: interval(one["kid"], 3) for name, one in whole.items()}
    return [
        Prose(say("generated.about_quality", about)),
        Figure(chart, say("generated.kid_says")),
        Table(say("generated.table"), head, rows, say("generated.note")),
        Prose(say("generated.whole", more), "soft"),
    ]


def _copies(say: Texts, told: Mapping[str, Any]) -> str:
    found = told["copied"]
    about = {
        "n": f"{found['n']:,}", "share": percent(found["share"]), "expected": percent(found["expected"]),
        "low": percent(found["low"]), "high": percent(found["high"]), "p": p_value(found["p"]),
        "training": f"{found['n_training']:,}", "held_out": f"{found['n_held_out']:,}",
    }  # fmt: skip
    said = say("generated.copy_test", about)
    verdict = say("generated.copy_passed" if found["p"] >= PASSED else "generated.copy_failed")
    return say.sentences_of([said, verdict])


def _pairs(say: Texts, pairs: Sequence[Picture]) -> Block:
    shots = tuple(Picture(one.png, say("generated.pair", {"away": one.caption})) for one in pairs)
    return Pictures(Gallery(say("generated.pairs"), say("generated.pairs_note"), "other", shots))


def _downstream(say: Texts, told: Mapping[str, Any] | None) -> list[Block]:
    if told is None:
        return [Prose(say("generated.downstream_none"), "soft")]
    marks = [
        Mark(say(f"generated.arm_{name}"), one["auc"], ticks=tuple(one["per_seed"]))
        for name, one in told["arms"].items()
    ]
    about = {
        "seeds": len(told["seeds"]), "synthetic": f"{told['synthetic']:g}", "images": say.count("test_images", told["n"]),
    }  # fmt: skip
    says = say("generated.downstream_says", about)
    chart = forest("arms", say("generated.downstream"), says, marks, axis_label=say("generated.auc"), digits=3)
    head = (
        Cell(say("generated.compared")), figure_head(say("generated.difference"), say), Cell(say("generated.p"), is_number=True)
    )  # fmt: skip
    rows = tuple(
        (
            name_cell(say("generated.against", {k: say(f"generated.arm_{one[k]}") for k in ("a", "b")})),
            figure_cell(one["auc"], 3),
            Cell(p_value(one["p"]), is_number=True),
        )
        for one in told["differences"]
    )
    return [Figure(chart, says), Table(say("generated.differences"), head, rows, say("generated.differences_note"))]


def _methods(say: Texts, told: Mapping[str, Any]) -> str:
    asked = told["asked"]
    about = {
        "kind": say(f"generated.kind_{asked['kind'].replace('-', '_')}"), "size": told["size"], "steps": f"{asked['steps']:,}",
        "batch": asked["batch"], "width": asked["width"], "seed": asked["seed"], "minutes": f"{told['fit_s'] / 60:.0f}",
        "training": say.count("images", told["n"]["training"]), "held_out": f"{told['n']['held_out']:,}",
        "test": f"{told['n']['test']:,}",
        "people": say("generated.people_known" if told["patients_known"] else "generated.people_unknown"),
    }  # fmt: skip
    return say("generated.told", about)
