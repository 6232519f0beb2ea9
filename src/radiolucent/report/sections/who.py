"""Who is in it: flow of inclusion, demographics per fold, missing data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..blocks import Block, Cell, Figure, Prose, Row, Table, count_cell, name_cell, text_cell
from ..charts import Bar, flow_of_inclusion, stacked_bars
from ..numbers import percent
from ..reading import Reading

LISTED = 20
"""Rows that were left out are listed up to here."""


def who(r: Reading) -> tuple[Block, ...]:
    """Who is in the study: inclusion, demographics, and what is missing or was left out."""
    cohort = r.study.cohort
    demographics = cohort.get("demographics") or ()
    blocks: list[Block] = [Prose(_lead(r)), *_flow(r, cohort.get("flow") or ())]
    if demographics:
        blocks.append(Row(tuple(_bars(r, i, column) for i, column in enumerate(demographics))))
        blocks.append(_table(r, demographics))
    elif not cohort:
        blocks.append(Prose(r.say("who.no_cohort"), "soft"))
    return (*blocks, *_missing(r, cohort), *_skipped(r))


def _lead(r: Reading) -> str:
    counts = {str(name): int(n) for name, n in r.metrics["class_counts"].items()}
    total = sum(counts.values()) or 1
    classes = [
        r.say("who.class_share", {"n": f"{n:,}", "label": r.labels.get(name, name), "share": percent(n / total)})
        for name, n in counts.items()
    ]
    values = {
        "images": r.say.count("images", r.metrics["n"]),
        "patients": r.say.count("patients", r.metrics.get("patients") or 0),
        "classes": r.say.listed(classes),
    }
    lead = r.say("who.lead" if r.knows_patients else "who.lead_unknown", values)
    if r.n_evaluated == r.metrics["n"]:
        return lead
    scored = {"images": r.images, "patients": r.say.count("patients", r.patients_evaluated)}
    return r.say.sentences_of([lead, r.say("who.evaluated" if r.knows_patients else "who.evaluated_unknown", scored)])


def _flow(r: Reading, flow: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Steps with `out` true are what was left out between two others."""
    steps: list[tuple[str, int]] = []
    between: list[list[str]] = []
    for step in flow:
        if step.get("out") and between:
            between[-1].append(r.say("who.flow_out", {"label": step["label"], "n": f"{step['n']:,}"}))
        elif not step.get("out"):
            steps.append((str(step["label"]), int(step["n"])))
            between.append([])
    if len(steps) < 2:
        return []
    says = r.say("who.flow_says")
    lost = [r.say("list.comma").join(items) for items in between]
    return [Figure((flow_of_inclusion("flow", r.say("who.flow_title"), says, steps, between=lost),), says)]


def _bars(r: Reading, i: int, column: Mapping[str, Any]) -> Figure:
    rows = sorted(column["rows"], key=lambda row: -row["all"]) if len(column["rows"]) > 6 else list(column["rows"])
    shown = [str(row["value"]) for row in rows[:6]] + ([r.say("who.other")] if len(rows) > 6 else [])
    folds = max((len(row["folds"]) for row in rows), default=0)
    bars = [Bar(r.say("who.fold_all"), _together([row["all"] for row in rows]))]
    for k, name in enumerate(_fold_names(r, folds)):
        bars.append(Bar(name, _together([row["folds"][k] for row in rows])))
    title = r.say("who.demographics", {"column": column["column"]})
    says = _bars_sentence(r, str(column["column"]), shown, bars[1:])
    return Figure((stacked_bars(f"who{i}", title, says, str(column["column"]), shown, bars),), says)


def _fold_names(r: Reading, folds: int) -> list[str]:
    if folds == 1:
        return [r.say("who.fold_test")]
    return [r.say("who.fold_k", {"k": k + 1}) for k in range(folds)]


def _bars_sentence(r: Reading, column: str, shown: list[str], folds: list[Bar]) -> str:
    if len(folds) < 2:
        return r.say("who.demographics_one", {"column": column})
    spreads = []
    for k, value in enumerate(shown):
        shares = [fold.counts[k] / (sum(fold.counts) or 1) for fold in folds]
        spreads.append((max(shares) - min(shares), value))
    spread, value = max(spreads)
    return r.say("who.demographics_says", {"column": column, "spread": percent(spread), "value": value})


def _together(counts: Sequence[int], most: int = 6) -> tuple[int, ...]:
    """The first counts, and the rest as one."""
    return tuple(counts[:most]) + ((sum(counts[most:]),) if len(counts) > most else ())


def _table(r: Reading, demographics: Sequence[Mapping[str, Any]]) -> Table:
    folds = max(len(row["folds"]) for column in demographics for row in column["rows"])
    names = [name.capitalize() for name in _fold_names(r, folds)]
    heads = [r.say("head.column"), r.say("head.value"), r.say("head.all"), r.say("head.share"), *names]
    rows = []
    for column in demographics:
        total = sum(row["all"] for row in column["rows"]) or 1
        for row in column["rows"]:
            counts = [count_cell(n) for n in row["folds"]]
            share = Cell(percent(row["all"] / total), is_number=True)
            rows.append((name_cell(column["column"]), text_cell(row["value"]), count_cell(row["all"]), share, *counts))
    head = tuple(Cell(text, is_number=i > 1) for i, text in enumerate(heads))
    return Table(r.say("who.table"), head, tuple(rows))


def _missing(r: Reading, cohort: Mapping[str, Any]) -> list[Block]:
    if "missing" not in cohort:
        return []
    rows = [row for row in cohort["missing"] if row["n"]]
    if not rows:
        return [Prose(r.say("who.missing_none"))]
    total = r.metrics["n"]
    head = (Cell(r.say("head.column")), Cell(r.say("head.missing"), is_number=True), Cell("%", is_number=True))
    body = tuple(
        (name_cell(row["column"]), count_cell(row["n"]), Cell(percent(row["n"] / total), is_number=True))
        for row in rows
    )
    return [Table(r.say("who.missing"), head, body, r.say("who.missing_note", {"n": f"{total:,}"}))]


def _skipped(r: Reading) -> list[Block]:
    skipped = r.design.get("skipped") or ()
    if not skipped:
        return []
    head = (Cell(r.say("head.row"), is_number=True), Cell(r.say("head.why")))
    rows = [(count_cell(item["row"] + 1), text_cell(item["why"])) for item in skipped[:LISTED]]
    if len(skipped) > LISTED:
        rows.append((Cell("…", is_number=True), text_cell(r.say.count("others", len(skipped) - LISTED))))
    return [Table(r.say("who.skipped"), head, tuple(rows), r.say("who.skipped_note"))]
