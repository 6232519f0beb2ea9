"""The page of a detector of anomalies: how well it tells, beside simple scores, and what it points at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .blocks import Block, Cell, Figure, Pictures, Prose, Table, figure_cell, figure_head, name_cell
from .charts.forest import Mark, forest
from .numbers import interval, number, p_value, percent
from .shell import rendered
from .study import Gallery, Picture
from .texts import Texts, texts


def anomalies_page(told: Mapping[str, Any], shots: Mapping[str, Sequence[Picture]], *, language: str = "en") -> str:
    """One self-contained HTML file out of `metrics.json`, with the highest scores and the worst errors in pictures."""
    say = texts(language)
    values = {
        "title": _title(say, told),
        "next": say("anomalies.lead"),
        "parts": [
            (say("anomalies.scores"), _scores(say, told)),
            (say("anomalies.rates"), [Prose(_rates(say, told))]),
            (say("anomalies.pictures"), _pictures(say, shots)),
            (say("anomalies.methods"), [Prose(_methods(say, told), "quote")]),
        ],
        "made": say("page.made", {"version": told["radiolucent"]}),
    }
    return rendered("check.html", say, values)


def _title(say: Texts, told: Mapping[str, Any]) -> str:
    about = {
        "normal": told["normal"], "auc": interval(told["scores"]["f_anogan"], 2),
        "images": say.count("test_images", told["n"]["test"]), "abnormal": told["n"]["abnormal"],
        "than": say.listed([_than(say, one) for one in told["differences"]]),
    }  # fmt: skip
    return say("anomalies.title", about)


def _than(say: Texts, one: Mapping[str, Any]) -> str:
    figure = one["auc"]
    word = (
        "like"
        if figure["low"] is None or figure["low"] <= 0 <= figure["high"]
        else "better"
        if figure["value"] > 0
        else "worse"
    )
    return say(f"anomalies.{word}", {"name": say(f"anomalies.by_{one['b']}")})


def _scores(say: Texts, told: Mapping[str, Any]) -> list[Block]:
    marks = [
        Mark(say(f"anomalies.score_{name}"), one, shape="best" if name == "f_anogan" else "baseline")
        for name, one in told["scores"].items()
    ]
    says = say("anomalies.chart", {"k": told["neighbours"]})
    if told["deviation_turned"]:
        says = say.sentences_of([says, say("anomalies.turned")])
    chart = forest(
        "auc",
        say("anomalies.scores"),
        says,
        marks,
        axis_label=say("anomalies.auc"),
        references=[(0.5, say("anomalies.chance"))],
    )
    head = (
        Cell(say("anomalies.against")), figure_head(say("anomalies.difference"), say), Cell(say("anomalies.p"), is_number=True)
    )  # fmt: skip
    rows = tuple(
        (
            name_cell(say(f"anomalies.score_{one['b']}")),
            figure_cell(one["auc"], 3),
            Cell(p_value(one["p"]), is_number=True),
        )
        for one in told["differences"]
    )
    return [Figure(chart, says), Table(say("anomalies.differences"), head, rows, say("anomalies.note"))]


def _rates(say: Texts, told: Mapping[str, Any]) -> str:
    if told["rates"] is None:
        return say("anomalies.no_threshold")
    about = {
        "threshold": number(told["threshold"], 3), "alarms": percent(told["alarms"]),
        "held_out": told["n"]["held_out_normals"], "sensitivity": interval(told["rates"]["sensitivity"], 2),
        "false_alarms": interval(told["rates"]["false_alarms"], 2),
    }  # fmt: skip
    return say("anomalies.threshold", about)


def _pictures(say: Texts, shots: Mapping[str, Sequence[Picture]]) -> list[Block]:
    return [
        Pictures(Gallery(say(f"anomalies.{kind}"), say("anomalies.pictures_note"), "other", tuple(each)))
        for kind, each in shots.items()
    ]


def _methods(say: Texts, told: Mapping[str, Any]) -> str:
    asked = told["asked"]
    about = {
        "normals": f"{told['n']['normals']:,}", "normal": told["normal"], "size": told["size"], "steps": f"{asked['steps']:,}",
        "encoder_steps": f"{asked['encoder_steps']:,}", "batch": asked["batch"], "width": asked["width"], "seed": asked["seed"],
        "people": say("generated.people_known" if told["patients_known"] else "generated.people_unknown"),
    }  # fmt: skip
    return say("anomalies.told", about)
