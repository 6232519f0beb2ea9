"""Subgroups: how it does in each group, the gaps, and whether a column goes with the label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..blocks import (
    Block,
    Cell,
    Figure,
    Prose,
    Table,
    count_cell,
    figure_cell,
    figure_head,
    name_cell,
    text_cell,
)
from ..charts import Mark, forest
from ..charts.forest import span_of
from ..numbers import defined, number, p_value, percent
from ..problems import alone, confounded, confounder_sentence
from ..reading import Reading


def subgroups(r: Reading) -> tuple[Block, ...]:
    """The same figures for every group of patients, gaps between groups, and columns that go with the target."""
    groups: Mapping[str, Any] = r.metrics.get("groups") or {}
    if not groups:
        return (Prose(r.say("subgroups.none"), "warn"), *_confounding(r))
    blocks: list[Block] = [
        Prose(r.say("number.groups_lead" if r.kind == "number" else "subgroups.lead", {"best": r.best_label}))
    ]
    blocks += _forest(r, groups, "mae" if r.kind == "number" else "auc")
    blocks += _forest(r, groups, "tpr") if r.is_binary else []
    return (*blocks, _table(r, groups), *_gaps(r), *_confounding(r))


def _forest(r: Reading, groups: Mapping[str, Any], key: str) -> list[Block]:
    overall = r.best.get("sensitivity" if key == "tpr" else key)
    counted = "positives" if key == "tpr" else "n"
    marks: list[Mark] = []
    for column, values in groups.items():
        marks.append(Mark(column, shape="heading"))
        for value, group in values.items():
            name = f"{value} *" if group.get("flag") else str(value)
            note = r.say("subgroups.n", {"n": number(group.get(counted), 0)})
            marks.append(Mark(name, group.get(key), note=note, shape="plain"))
    if not any(defined(mark.figure) for mark in marks):
        return []
    references = [(overall["value"], r.say("subgroups.all"))] if defined(overall) else []
    limits = span_of(marks, [value for value, _ in references], (0.0, float("inf") if key == "mae" else 1.0))
    names = ("number.groups_title", "number.groups_says")
    title, says = names if key == "mae" else (f"subgroups.{key}_title", f"subgroups.{key}_says")
    title, says = r.say(title), r.say(says, {"best": r.best_label})
    axis = r.say("subgroups.rate_axis" if key == "tpr" else f"metric.{key}")
    drawings = forest(f"groups-{key}", title, says, marks, axis_label=axis, references=references, limits=limits)
    return [Prose(title, "heading"), Figure(drawings, says)]


def _table(r: Reading, groups: Mapping[str, Any]) -> Table:
    heads = [r.say(f"head.{key}") for key in ("column", "label", "images", "patients", "prevalence")]
    head = [Cell(text, is_number=i > 1) for i, text in enumerate(heads)]
    keys = {"number": ("mae", "bias"), "labels": ("auc",)}.get(r.kind, ("auc", "tpr", "fpr"))
    head += [figure_head(r.say(f"metric.{key}"), r.say) for key in keys]
    head.append(Cell(r.say("head.flag")))
    rows = []
    for column, values in groups.items():
        for value, group in values.items():
            cells = [name_cell(column), text_cell(value), count_cell(group["n"]), count_cell(group.get("patients"))]
            cells.append(Cell(percent(group.get("prevalence")), is_number=True))
            cells += [figure_cell(group.get(key), 2) for key in keys]
            rows.append((*cells, text_cell(group.get("flag") or "")))
    return Table(r.say("subgroups.table"), tuple(head), tuple(rows))


def _gaps(r: Reading) -> list[Block]:
    rows = []
    for column, gaps in (r.metrics.get("gaps") or {}).items():
        for key, gap in gaps.items():
            between = r.say("subgroups.gap_between", {"a": gap["between"][0], "b": gap["between"][1]})
            rows.append((name_cell(column), text_cell(r.say(f"metric.{key}")), text_cell(between), figure_cell(gap, 2)))
    if not rows:
        return []
    head = [Cell(r.say(f"head.{key}")) for key in ("column", "measure", "between")]
    head.append(figure_head(r.say("head.value"), r.say))
    return [Table(r.say("subgroups.gaps"), tuple(head), tuple(rows), r.say("subgroups.gaps_note"))]


def _confounding(r: Reading) -> list[Block]:
    confounding: Mapping[str, Any] = r.metrics.get("confounding") or {}
    if not confounding:
        return []
    blocks: list[Block] = [
        Prose(r.say("subgroups.confounding_title"), "heading"),
        Prose(r.say("subgroups.confounding_lead")),
    ]
    suspects = confounded(r)
    for column, about in confounding.items():
        if column in suspects:
            blocks.append(Prose(confounder_sentence(r, column), "warn"))
        blocks.append(_crosstab(r, column, about))
    return blocks


def _crosstab(r: Reading, column: str, about: Mapping[str, Any]) -> Table:
    totals = {name: sum(row.get(name, 0) for row in about["table"].values()) or 1 for name in r.classes}
    head = [Cell(column)]
    for name in r.classes:
        label = r.labels[name]
        head.append(Cell(label, (label, f"{label} %"), is_number=True))
    rows = []
    for value, row in about["table"].items():
        cells = [name_cell(value)]
        for name in r.classes:
            n, share = row.get(name, 0), row.get(name, 0) / totals[name]
            cells.append(Cell(f"{n:,} ({percent(share)})", (str(n), f"{100 * share:.4g}"), is_number=True))
        rows.append(tuple(cells))
    values = {"v": number(about.get("cramers_v")), "p": p_value(about.get("p")), "alone": alone(r, about)}
    note = r.say("subgroups.confounding_note", values)
    return Table(r.say("subgroups.confounding", {"column": column}), tuple(head), tuple(rows), note)
