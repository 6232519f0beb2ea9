"""How nets learned: their loss over the steps, what ended training early, and how far nets swing that start otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..blocks import Block, Figure, Prose
from ..charts.curves import Curve
from ..charts.learning import learning_curve
from ..numbers import number
from ..reading import Reading

SHOWN = 5
"""Nets whose lines are drawn."""


def learning(r: Reading) -> list[Block]:
    """A drawing and its remarks for every candidate that is a net; nothing where there is none."""
    blocks: list[Block] = []
    for name, scores in r.candidates.items():
        folds: Sequence[Mapping[str, Any]] = scores.get("learning") or ()
        if folds and folds[0].get("curve"):
            blocks += _one(r, name, folds)
    return blocks


def _one(r: Reading, name: str, folds: Sequence[Mapping[str, Any]]) -> list[Block]:
    points = folds[0]["curve"]
    is_held = any("held_loss" in point for point in points)
    curves = []
    for member in sorted({point["member"] for point in points})[:SHOWN]:
        mine = [point for point in points if point["member"] == member]
        label = r.say("learning.net", {"k": member + 1})
        curves.append(Curve(label, f"c{member % 3}", _line(mine, "loss")))
        if is_held:
            held = f"{label}, {r.say('learning.held')}"
            curves.append(Curve(held, f"c{member % 3} dashed", _line(mine, "held_loss")))
    title = f"{r.say('learning.title')}: {r.name(name)}"
    says = r.say("learning.says_held" if is_held else "learning.says")
    axes = (r.say("learning.axes_x"), r.say("learning.axes_y"))
    picture = learning_curve(f"learning-{name}", title, says, curves, axes=axes)
    return [Prose(title, "heading"), Figure((picture,), says), *_alone(r, folds), *_remarks(r, folds)]


def _line(points: Sequence[Mapping[str, Any]], key: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(point["step"]), float(point[key])) for point in points if point.get(key) is not None)


def _alone(r: Reading, folds: Sequence[Mapping[str, Any]]) -> list[Block]:
    """The least and the greatest figure that any single net reached on tuning rows."""
    each = [abs(value) for fold in folds for value in fold.get("alone") or ()]
    if not each:
        return []
    values = {"low": number(min(each)), "high": number(max(each)), "folds": r.say.count("folds", len(folds))}
    return [Prose(r.say("learning.alone", values))]


def _remarks(r: Reading, folds: Sequence[Mapping[str, Any]]) -> list[Block]:
    told = list(dict.fromkeys(remark for fold in folds for remark in fold.get("remarks") or ()))
    return [Prose(r.say("learning.remarks", {"remarks": r.say.listed(told, most=4)}), "warn")] if told else []
