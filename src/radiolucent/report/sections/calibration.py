"""Calibration: whether a predicted 30 % means 30 %, and how far off chance alone would be."""

from __future__ import annotations

from ..blocks import Block, Cell, Figure, Prose, Table, count_cell, figure_cell, figure_head, number_cell
from ..charts import Mark, forest, reliability_diagram
from ..charts.forest import span_of
from ..numbers import defined, interval, number
from ..problems import is_miscalibrated
from ..reading import Reading
from .candidates import ranked
from .kinds import briers, intervals_hold


def calibration(r: Reading) -> tuple[Block, ...]:
    """How far probabilities can be believed: the reliability curve and its error; of a number, whether intervals hold."""
    if r.kind == "number":
        return tuple(intervals_hold(r))
    if r.kind == "labels":
        return tuple(briers(r))
    ece = r.best.get("ece")
    if not defined(ece):
        return (Prose(r.say("calibration.none")),)
    values = {
        "ece": interval(ece),
        "expected": number(ece.get("expected")),
        "high": number(ece.get("expected_high")),
    }
    if ece.get("expected_high") is None:
        lead = Prose(r.say("calibration.lead_plain", values))
    else:
        bad = is_miscalibrated(ece)
        lead = Prose(
            r.say("calibration.lead_bad" if bad else "calibration.lead_ok", values), "warn" if bad else "plain"
        )
    return (lead, *_diagram(r), *_errors(r))


def _diagram(r: Reading) -> list[Block]:
    bins = (r.best.get("curves") or {}).get("reliability")
    if not bins:
        return []
    title = r.say("calibration.diagram_title", {"best": r.best_label})
    key = "calibration.diagram_says" if r.is_binary else "calibration.diagram_says_many"
    says = r.say(key, {"positive": r.positive_label})
    axes = (r.say("calibration.axes_x"), r.say("calibration.axes_y"))
    picture = reliability_diagram("reliability", title, says, bins, axes=axes)
    head = (
        Cell(r.say("head.predicted"), is_number=True),
        figure_head(r.say("head.observed"), r.say),
        Cell(r.say("head.n"), is_number=True),
    )
    rows = tuple(
        (number_cell(b["mean"], 2), figure_cell(b | {"value": b["observed"]}, 2), count_cell(b["n"]))
        for b in map(dict, bins)
    )
    return [Figure((picture,), says), Table(r.say("calibration.table"), head, rows)]


def _errors(r: Reading) -> list[Block]:
    marks = []
    for name in ranked(r):
        ece = r.candidates[name].get("ece")
        if defined(ece):
            expected = () if ece.get("expected") is None else (ece["expected"],)
            marks.append(Mark(r.name(name), ece, shape="best" if name == r.best_name else "plain", ticks=expected))
    if len(marks) < 2:
        return []
    title, says = r.say("calibration.ece_title"), r.say("calibration.ece_says")
    limits = (0.0, span_of(marks)[1])
    drawings = forest("ece", title, says, marks, axis_label=r.say("calibration.ece_axis"), limits=limits)
    return [Prose(title, "heading"), Figure(drawings, says)]
