"""Candidates: forest plot with the baseline in view, paired differences, the choice itself, and the cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..blocks import (
    Block,
    Cell,
    Figure,
    Prose,
    Table,
    figure_cell,
    figure_head,
    name_cell,
    number_cell,
    text_cell,
)
from ..charts import Mark, forest
from ..charts.forest import Shape, span_of
from ..numbers import defined, duration, interval, number, p_value
from ..reading import Reading, differs
from ..sentences import what_it_beats
from .learning import learning
from .searching import searching

SCORES = (
    *("kappa", "within_one", "mae", "rmse", "r2", "pearson", "spearman", "bias", "limit_low", "limit_high", "coverage"),
    *("auc", "average_precision", "sensitivity", "specificity", "ppv", "npv", "f1", "mcc"),
    *("accuracy", "balanced_accuracy", "brier", "ece", "delong"),
)

HARD: Mapping[str, tuple[float, float]] = {"auc": (0.0, 1.0), "kappa": (-1.0, 1.0), "mae": (0.0, float("inf"))}
"""Values that a figure cannot pass."""


def candidates(r: Reading) -> tuple[Block, ...]:
    """Who did how well: the forest of the candidates, their differences, scores, settings that were searched, cost."""
    lead = [] if len(r.candidates) < 2 else [Prose(r.say.sentences_of([_lead(r), _spread(r)]))]
    blocks: list[Block] = [*lead, Prose(what_it_beats(r)), *_left_out(r), *_forest(r), *_differences(r)]
    return (*blocks, *_scores(r), *_nested(r), *searching(r, ranked(r)), *learning(r), *_cost(r))


def _lead(r: Reading) -> str:
    key = "candidates.lead_given_many" if r.is_given else "candidates.lead"
    return r.say(key, {"k": len(r.candidates), "best": r.best_label})


def _left_out(r: Reading) -> list[Block]:
    """Candidates that were asked for and could not run, each with the reason."""
    left_out: Mapping[str, str] = r.design.get("left_out") or {}
    names = [r.say("candidates.left_out_one", {"name": r.name(name), "why": why}) for name, why in left_out.items()]
    return [Prose(r.say("candidates.left_out", {"names": r.say.listed(names)}))] if names else []


def _spread(r: Reading) -> str:
    per_fold = (r.best.get(f"{r.headline}_fold_mean") or {}).get("per_fold") or ()
    folds = [value for value in per_fold if value is not None]
    if len(folds) < 2:
        return ""
    return r.say("candidates.spread", {"best": r.best_label, "low": number(min(folds)), "high": number(max(folds))})


def ranked(r: Reading) -> list[str]:
    """Names of the candidates, the best figure first, the baseline last."""

    def rank(name: str) -> tuple[bool, float]:
        figure = r.candidates[name].get(r.headline)
        return (name == r.study.baseline, -r.gain(figure)["value"] if defined(figure) else 0.0)

    return sorted(r.candidates, key=rank)


def _forest(r: Reading) -> list[Block]:
    marks: list[Mark] = []
    for name in ranked(r):
        scores = r.candidates[name]
        per_fold = (scores.get(f"{r.headline}_fold_mean") or {}).get("per_fold") or ()
        folds = tuple(value for value in per_fold if value is not None)
        marks.append(
            Mark(r.name(name), scores.get(r.headline), shape=_shape(r, name), ticks=folds if len(folds) > 1 else ())
        )
    if r.choice is not None and len(marks) > 1:
        marks.append(Mark(r.say("candidates.procedure"), r.choice, shape="second"))
    if not any(defined(mark.figure) for mark in marks):
        return []
    references = [] if r.nothing is None else [(r.nothing, r.say("candidates.chance"))]
    if r.headline == "mae":
        references = [(value, r.say("number.without")) for value, _ in references]
    limits = span_of(marks, [value for value, _ in references], HARD[r.headline])
    says = r.say("candidates.forest_says" if r.baseline else "candidates.forest_says_plain", {"images": r.images})
    drawings = forest(
        "candidates",
        r.say("candidates.forest_title"),
        says,
        marks,
        axis_label=r.say("candidates.axis"),
        references=references,
        limits=limits,
    )
    absent = [] if r.baseline or r.is_given else [Prose(r.say("candidates.forest_baseline_absent"), "warn")]
    return [Figure(drawings, says), *absent]


def _shape(r: Reading, name: str) -> Shape:
    if name == r.best_name:
        return "best"
    return "baseline" if name == r.study.baseline else "plain"


def _differences(r: Reading) -> list[Block]:
    rows = [row for row in r.metrics.get("differences") or () if row["a"] == r.best_name and defined(row[r.headline])]
    if not rows:
        return []
    marks = [Mark(_minus(r, row["b"]), row[r.headline], shape=_shape(r, row["b"])) for row in rows]
    says = r.say("candidates.differences_says", {"best": r.best_label})
    title = r.say("candidates.differences_title")
    drawings = forest(
        "differences",
        title,
        says,
        marks,
        axis_label=r.say("candidates.differences_axis"),
        references=[(0.0, "0")],
        digits=3,
    )
    head = (
        Cell(r.say("head.against")),
        figure_head(r.say("head.difference"), r.say),
        Cell(r.say("head.p"), is_number=True),
        Cell(r.say("candidates.verdict")),
    )
    body = tuple(
        (
            name_cell(r.name(row["b"])),
            figure_cell(row[r.headline]),
            Cell(p_value(row.get("p")), is_number=True),
            text_cell(r.say("candidates.beyond" if differs(row[r.headline]) else "candidates.within")),
        )
        for row in rows
    )
    return [Prose(title, "heading"), Figure(drawings, says), Table(r.say("candidates.differences_table"), head, body)]


def _minus(r: Reading, other: str) -> str:
    return r.say("candidates.difference_of", {"best": r.best_label, "other": r.name(other)})


def _scores(r: Reading) -> list[Block]:
    """A row per measure, for they are many more than the candidates; a single candidate's stand in the next section."""
    names = ranked(r)
    head = [Cell(r.say("head.measure")), *(figure_head(r.name(name), r.say) for name in names)]
    rows = []
    for key in SCORES:
        figures = [r.candidates[name].get(key) for name in names]
        if any(defined(figure) for figure in figures):
            rows.append((name_cell(r.say(f"metric.{key}")), *(figure_cell(figure, 2) for figure in figures)))
    if len(names) < 2 or not rows:
        return []
    return [Table(r.say("candidates.table"), tuple(head), tuple(rows), r.say("candidates.table_note"))]


def _nested(r: Reading) -> list[Block]:
    tuning: Mapping[str, Any] = r.metrics.get("tuning") or {}
    choice = r.metrics.get("choice") or {}
    picked = list(choice.get("picked") or ())
    if len(tuning) < 2 or not picked:
        return []
    folds = len(picked)
    marks = []
    for name in sorted(tuning, key=lambda name: -r.gain({"value": tuning[name].get(r.headline) or 0.0})["value"]):
        note = r.say("candidates.nested_note", {"n": picked.count(name), "k": folds}) if folds > 1 else ""
        figure = {"value": tuning[name].get(r.headline), "low": None, "high": None}
        marks.append(Mark(r.name(name), figure, note=note, shape=_shape(r, name)))
    values = {"k": folds, "auc": interval(choice.get(r.headline))}
    says = r.say("candidates.nested_says" if folds > 1 else "candidates.nested_says_one", values)
    title = r.say("candidates.nested_title" if folds > 1 else "head.tuning")
    limits = span_of(marks, [] if r.nothing is None else [r.nothing], HARD[r.headline])
    drawings = forest("nested", title, says, marks, axis_label=r.say("candidates.nested_axis"), limits=limits)
    return [Prose(title, "heading"), Figure(drawings, says)]


def _cost(r: Reading) -> list[Block]:
    if r.is_given:
        return []
    heads = [r.say(f"head.{key}") for key in ("candidate", "seconds", "fit", "predict", "memory", "size")]
    head = tuple(Cell(text, is_number=i > 0) for i, text in enumerate(heads))
    rows = []
    for name in ranked(r):
        scores = r.candidates[name]
        times = [_time_cell(scores.get(key)) for key in ("seconds", "fit_seconds", "predict_seconds")]
        sizes = [number_cell(scores.get("peak_mb"), 0), number_cell(scores.get("size_mb"), 1)]
        rows.append((name_cell(r.name(name)), *times, *sizes))
    return [Table(r.say("candidates.cost"), head, tuple(rows), r.say("candidates.cost_note"))]


def _time_cell(seconds: float | None) -> Cell:
    """Minutes to read, seconds to copy."""
    return Cell(duration(seconds), ("" if seconds is None else f"{seconds:.6g}",), is_number=True)
