"""What it looks at: heat maps of the best, worst and least certain cases, the errors, and the weight of features."""

from __future__ import annotations

from ..blocks import Block, Cell, Figure, Pictures, Prose, Row, Table, figure_cell, figure_head, name_cell
from ..charts import Mark, forest
from ..numbers import has_interval
from ..reading import Reading
from ..study import Importance

SHOWN, SHOWN_LOCAL = 15, 7
"""Features drawn of a candidate, and of one case; the table of a candidate has them all."""


def looks(r: Reading) -> tuple[Block, ...]:
    """Where the model looks: heat maps of the surest, the most wrong and the least certain cases, and what columns matter."""
    galleries = [Pictures(gallery) for gallery in r.study.galleries if not gallery.is_pairs]
    if not galleries and not r.study.importances:
        return (Prose(r.say("looks.none" if r.is_given else "looks.none_model")),)
    blocks: list[Block] = [Prose(r.say("looks.lead"))] if galleries else []
    blocks += galleries
    local = [_local(r, i, shares) for i, shares in enumerate(r.study.importances) if not _is_global(shares)]
    for i, shares in enumerate(r.study.importances):
        blocks += _global(r, i, shares) if _is_global(shares) else []
    if local:
        blocks += [Prose(r.say("looks.local"), "heading"), Row(tuple(local))]
    return tuple(blocks)


def _is_global(shares: Importance) -> bool:
    """Weights of a whole candidate have intervals; those of one case are exact sums."""
    return any(has_interval(row) for row in shares.rows)


def _marks(shares: Importance, most: int) -> list[Mark]:
    rows = sorted(shares.rows, key=lambda row: -abs(row["value"]))[:most]
    return [Mark(str(row["name"]), {"low": None, "high": None, **row}) for row in rows]


def _says(r: Reading, shares: Importance, most: int) -> str:
    if len(shares.rows) <= most:
        return shares.sentence
    return r.say("looks.importance_says", {"sentence": shares.sentence, "n": most})


def _global(r: Reading, i: int, shares: Importance) -> list[Block]:
    says, axis = _says(r, shares, SHOWN), r.say("looks.importance_axis")
    marks = _marks(shares, SHOWN)
    drawings = forest(f"weights{i}", shares.title, says, marks, axis_label=axis, references=[(0.0, "0")], digits=3)
    head = (Cell(r.say("head.feature")), figure_head(r.say("head.weight"), r.say))
    rows = sorted(shares.rows, key=lambda row: -abs(row["value"]))
    table = Table(r.say("looks.table"), head, tuple((name_cell(row["name"]), figure_cell(row, 4)) for row in rows))
    return [Prose(shares.title, "heading"), Figure(drawings, says), table]


def _local(r: Reading, i: int, shares: Importance) -> Figure:
    says = f"{shares.title}. {_says(r, shares, SHOWN_LOCAL)}"
    marks = _marks(shares, SHOWN_LOCAL)
    axis = r.say("looks.importance_axis")
    drawings = forest(
        f"weights{i}",
        shares.title,
        says,
        marks,
        axis_label=axis,
        references=[(0.0, "0")],
        digits=3,
        is_compact=True,
    )
    return Figure(drawings, says)
