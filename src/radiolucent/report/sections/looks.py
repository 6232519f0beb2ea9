"""What it looks at: heat maps of the best, worst and least certain cases, the errors, and the weight of features."""

from __future__ import annotations

from ..blocks import Block, Cell, Figure, Pictures, Prose, Table, figure_cell, figure_head, name_cell
from ..charts import Mark, forest
from ..reading import Reading
from ..study import Importance

SHOWN = 15
"""Features drawn; the table has them all."""


def looks(r: Reading) -> tuple[Block, ...]:
    galleries = [Pictures(gallery) for gallery in r.study.galleries if not gallery.is_pairs]
    if not galleries and not r.study.importances:
        return (Prose(r.say("looks.none" if r.is_given else "looks.none_model")),)
    blocks: list[Block] = [Prose(r.say("looks.lead"))] if galleries else []
    blocks += galleries
    for i, importance in enumerate(r.study.importances):
        blocks += _importance(r, i, importance)
    return tuple(blocks)


def _importance(r: Reading, i: int, importance: Importance) -> list[Block]:
    rows = sorted(importance.rows, key=lambda row: -abs(row["value"]))
    shown = rows[:SHOWN]
    marks = [Mark(str(row["name"]), {"low": None, "high": None, **row}, shape="best") for row in shown]
    says = importance.sentence
    if len(rows) > SHOWN:
        says = r.say("looks.importance_says", {"sentence": importance.sentence, "n": SHOWN})
    axis = r.say("looks.importance_axis")
    drawings = forest(
        f"importance{i}", importance.title, says, marks, axis_label=axis, references=[(0.0, "0")], digits=3
    )
    head = (
        Cell(r.say("head.feature")),
        figure_head(r.say("head.weight"), r.say),
    )
    table = Table(importance.title, head, tuple((name_cell(row["name"]), figure_cell(row, 4)) for row in rows))
    return [Prose(importance.title, "heading"), Figure(drawings, says), table]
