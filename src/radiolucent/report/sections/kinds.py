"""What grades, numbers and labels show in place of an operating point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..blocks import (
    Block,
    Cell,
    Figure,
    Prose,
    Row,
    Table,
    count_cell,
    figure_cell,
    figure_head,
    name_cell,
    number_cell,
)
from ..charts import Mark, confusion_matrix, forest
from ..charts.forest import span_of
from ..charts.scatter import agreement_scatter, bland_altman
from ..numbers import defined, interval, number, percent
from ..reading import Reading

ERRORS = ("mae", "rmse", "r2", "pearson", "spearman", "bias", "limit_low", "limit_high", "coverage")
EACH = ("auc", "average_precision", "sensitivity", "specificity", "ppv", "npv", "brier")


def grades(r: Reading) -> list[Block]:
    """Matrix of grades, and how far off they are."""
    blocks: list[Block] = [Prose(r.say("grades.lead"))]
    matrix = r.best.get("confusion")
    if matrix:
        says = r.say("grades.confusion_says")
        title = r.say("operating.confusion_title", {"best": r.best_label})
        axes = (r.say("operating.truth"), r.say("operating.predicted"))
        blocks.append(Figure((confusion_matrix("confusion", title, says, matrix, r.classes, axes=axes),), says))
    head = (
        Cell(r.say("head.candidate")),
        *(figure_head(r.say(f"metric.{k}"), r.say) for k in ("kappa", "mae", "within_one")),
    )
    rows = tuple(
        (name_cell(r.name(name)), *(figure_cell(scores.get(key), 2) for key in ("kappa", "mae", "within_one")))
        for name, scores in r.candidates.items()
    )
    return [*blocks, Table(r.say("grades.table"), head, rows)]


def numbers(r: Reading) -> list[Block]:
    """Told against true, Bland-Altman, and every error with its interval."""
    best = r.best
    values = {"best": r.best_label, "mae": interval(best.get("mae")), "reach": number(best.get("reach"))}
    values |= {"coverage": _share(best.get("coverage")), "target": r.target}
    blocks: list[Block] = [Prose(r.say("number.lead", values)), Prose(r.say("number.bands", values), "soft")]
    points = [(float(a), float(b)) for a, b in (best.get("curves") or {}).get("points") or ()]
    if points:
        blocks.append(Row((_scatter(r, points), _bland(r, points))))
    head = (Cell(r.say("head.measure")), figure_head(r.best_label, r.say))
    rows = tuple((name_cell(r.say(f"metric.{key}")), figure_cell(best.get(key), 2)) for key in ERRORS)
    title = r.say("number.table", values)
    return [*blocks, Table(title, head, rows, r.say("number.table_note", values))]


def _scatter(r: Reading, points: list[tuple[float, float]]) -> Figure:
    values = {"target": r.target, "best": r.best_label}
    values |= {key: interval(r.best.get(key)) for key in ("pearson", "spearman")}
    says, title = r.say("number.scatter_says", values), r.say("number.scatter_title", values)
    axes = (r.say("number.scatter_x", values), r.say("number.scatter_y", values))
    return Figure((agreement_scatter("scatter", title, says, points, axes=axes),), says)


def _bland(r: Reading, points: list[tuple[float, float]]) -> Figure:
    figures = [r.best[key] for key in ("bias", "limit_low", "limit_high")]
    values = {"target": r.target} | dict(zip(("bias", "low", "high"), map(interval, figures), strict=True))
    says, title = r.say("number.bland_says", values), r.say("number.bland_title")
    axes = (r.say("number.bland_x"), r.say("number.bland_y"))
    bias, low, high = (float(figure["value"]) for figure in figures)
    return Figure((bland_altman("bland", title, says, points, axes=axes, lines=(bias, low, high)),), says)


def labels(r: Reading) -> list[Block]:
    """Every label with its figures."""
    per_label: Mapping[str, Any] = r.best.get("per_label") or {}
    marks = [
        Mark(name, scores["auc"], note=r.say("subgroups.n", {"n": f"{scores['n']:,}"}))
        for name, scores in per_label.items()
    ]
    title, says = r.say("several.title"), r.say("several.says", {"best": r.best_label})
    limits = span_of(marks, [0.5], (0.0, 1.0))
    references = [(0.5, r.say("candidates.chance"))]
    drawings = forest(
        "labels", title, says, marks, axis_label=r.say("metric.auc"), references=references, limits=limits
    )
    head = [
        Cell(r.say("several.head")),
        Cell(r.say("head.n"), is_number=True),
        Cell(r.say("head.threshold"), is_number=True),
    ]
    head += [figure_head(r.say(f"metric.{key}"), r.say) for key in EACH]
    rows = tuple(
        (
            name_cell(name),
            count_cell(scores["n"]),
            number_cell(scores["threshold"], 2),
            *(figure_cell(scores.get(key), 2) for key in EACH),
        )
        for name, scores in per_label.items()
    )
    table = Table(r.say("several.table"), tuple(head), rows)
    return [Prose(r.say("several.lead")), Prose(title, "heading"), Figure(drawings, says), table]


def intervals_hold(r: Reading) -> list[Block]:
    """Calibration of a number: whether its intervals hold what they should."""
    coverage = r.best.get("coverage")
    if not defined(coverage):
        return [Prose(r.say("calibration.none"))]
    return [Prose(r.say("number.calibration_lead", {"best": r.best_label, "coverage": _share(coverage)}))]


def briers(r: Reading) -> list[Block]:
    """Calibration of labels."""
    rows = tuple(
        (name_cell(name), figure_cell(scores.get("brier"), 3))
        for name, scores in (r.best.get("per_label") or {}).items()
    )
    head = (Cell(r.say("several.head")), figure_head(r.say("metric.brier"), r.say))
    return [Prose(r.say("several.calibration")), Table(r.say("metric.brier"), head, rows)]


def _share(figure: Mapping[str, Any] | None) -> str:
    if figure is None or not defined(figure):
        return "–"
    ends = [percent(figure.get(key)) for key in ("low", "high")]
    return f"{percent(figure['value'])} [{ends[0]}, {ends[1]}]"
