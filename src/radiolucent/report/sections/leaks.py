"""Leaks and twins: what the check found, the pictures side by side, and every figure with and without twins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..blocks import (
    Block,
    Cell,
    Figure,
    Pictures,
    Prose,
    Table,
    Tone,
    count_cell,
    figure_cell,
    figure_head,
    name_cell,
    text_cell,
)
from ..charts import Mark, forest
from ..charts.forest import Shape, span_of
from ..numbers import defined
from ..problems import leak_sentence
from ..reading import Reading
from ..texts import Texts

PAIRS = 12
"""Row pairs listed in the table; metrics.json has the others."""


UNBROKEN = "\u2011"
"""A hyphen at which no line breaks."""


def leaks(r: Reading) -> tuple[Block, ...]:
    """What training and test share that they must not, with the pairs beside each other."""
    found = [leak for leak in r.leaks() if leak["count"]]
    blocks: list[Block] = [Prose(r.say("leaks.unchecked" if r.is_given else "leaks.lead"))]
    if found:
        blocks.append(leak_table(r.say, found))
    elif not r.is_given:
        blocks.append(Prose(r.say("leaks.none")))
    blocks += [Pictures(gallery) for gallery in r.study.galleries if gallery.is_pairs]
    return (*blocks, *_twin_free(r))


def leak_table(say: Texts, found: Sequence[Mapping[str, Any]]) -> Table:
    """One row for each finding of the leak check."""
    heads = [say(f"head.{key}") for key in ("kind", "flag", "count", "says", "rows")]
    head = tuple(Cell(text, is_number=i == 2) for i, text in enumerate(heads))
    rows = []
    for leak in found:
        kind = say.name("leak_kind", leak["kind"])
        severity = say.name("severity", leak["severity"])
        says = text_cell(leak_sentence(say, leak))
        rows.append((name_cell(kind), text_cell(severity), _count(leak), says, _pairs(leak)))
    return Table(say("leaks.table"), head, tuple(rows), say("leaks.pairs_note", {"n": PAIRS}))


def _count(leak: Mapping[str, Any]) -> Cell:
    """How many; what is found of a column concerns all rows, and is not counted."""
    return count_cell(None if leak.get("column") else leak["count"])


def _pairs(leak: Mapping[str, Any]) -> Cell:
    rows = leak.get("rows") or ()
    more = ", …" if len(rows) > PAIRS else ""
    plain = ", ".join("-".join(str(i + 1) for i in pair) for pair in rows[:PAIRS]) + more
    return Cell(plain.replace("-", UNBROKEN), (plain,))


def _twin_free(r: Reading) -> list[Block]:
    twin_free = r.metrics.get("twin_free")
    if twin_free is None:
        return []
    inside: Mapping[str, Any] = twin_free["candidates"]
    same = twin_free["n"] == r.n_evaluated
    tone: Tone = "warn" if r.design.get("allow_leaks") and not same else "plain"
    lead = r.say("leaks.twins_lead_none" if same else "leaks.twins_lead", {"n": r.say.count("rows", twin_free["n"])})
    blocks: list[Block] = [Prose(r.say("leaks.twins_title"), "heading"), Prose(lead, tone)]
    if not same:
        blocks.append(_figure(r, inside))
    head: list[Cell] = [Cell(r.say("head.candidate")), Cell(r.say("head.measure"))]
    head += [figure_head(r.say(f"head.{key}"), r.say) for key in ("all_rows", "twin_free")]
    rows = [
        (
            name_cell(r.name(name)),
            text_cell(r.say(f"metric.{key}")),
            figure_cell(r.candidates[name][key], 2),
            figure_cell(figure),
        )
        for name, scores in inside.items()
        for key, figure in _figures(scores)
        if name in r.candidates and key in r.candidates[name]
    ]
    return [*blocks, Table(r.say("leaks.twins_title"), tuple(head), tuple(rows))]


def _figures(scores: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    wanted = ("auc", "sensitivity", "specificity", "ppv", "npv")
    return [(key, scores[key]) for key in wanted if isinstance(scores.get(key), Mapping)]


def _figure(r: Reading, inside: Mapping[str, Any]) -> Figure:
    marks = []
    for name, scores in inside.items():
        if not defined(scores.get("auc")) or name not in r.candidates:
            continue
        shape: Shape = "best" if name == r.best_name else "plain"
        marks.append(Mark(r.name(name), r.candidates[name]["auc"], shape=shape))
        marks.append(Mark("", scores["auc"], note=r.say("leaks.twins_short"), shape="second"))
    says = r.say("leaks.twins_figure")
    limits = span_of(marks, (), (0.0, 1.0))
    title = r.say("leaks.twins_title")
    return Figure(forest("twins", title, says, marks, axis_label=r.say("metric.auc"), limits=limits), says)
