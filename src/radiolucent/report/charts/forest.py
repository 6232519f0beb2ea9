"""Forest plot: one dot with its interval per row, the numbers beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ..numbers import Fig, defined, has_interval, interval
from . import svg

Shape = Literal["plain", "best", "baseline", "heading", "second"]


@dataclass(frozen=True)
class Mark:
    """A row: its name, a note in small grey (n), the figure, and fine ticks (the folds)."""

    label: str
    figure: Fig | None = None
    note: str = ""
    shape: Shape = "plain"
    ticks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Frame:
    """Where things stand in one of the two layouts."""

    css: str
    width: float
    row: float
    axis: svg.Axis
    is_wide: bool


def forest(
    key: str,
    title: str,
    says: str,
    marks: Sequence[Mark],
    *,
    axis_label: str,
    references: Sequence[tuple[float, str]] = (),
    limits: tuple[float, float] | None = None,
    digits: int = 2,
    is_compact: bool = False,
) -> tuple[Markup, ...]:
    """The plot twice: for a wide page (names left, numbers right), for a phone (names and numbers above the line).

    A compact one is drawn once, as for a phone: several of them stand side by side.
    """
    low, high = limits or span_of(marks, [value for value, _ in references])
    wide = Frame("wide", 720, 28, svg.Axis(low, high, 262, 566), True)
    narrow = Frame("square" if is_compact else "narrow", 350, 44, svg.Axis(low, high, 8, 342), False)
    small = _draw(narrow, f"{key}-n", title, says, marks, axis_label, references, digits)
    if is_compact:
        return (small,)
    return (
        _draw(wide, f"{key}-w", title, says, marks, axis_label, references, digits),
        small,
    )


def span_of(
    marks: Sequence[Mark], also: Iterable[float] = (), hard: tuple[float, float] | None = None
) -> tuple[float, float]:
    """Round limits that hold every interval and every reference value."""
    values = [value for mark in marks for value in _values(mark)] + list(also)
    if not values:
        return (0.0, 1.0)
    low, high = min(values), max(values)
    step = svg.round_step(max(high - low, 0.02) / 5)
    low = round(step * math.floor(low / step + 1e-9), 10)
    high = round(step * math.ceil(high / step - 1e-9), 10)
    if low == high:
        low, high = low - step, high + step
    if hard is None:
        return (low, high)
    return (max(low, hard[0]), min(high, hard[1]))


def _values(mark: Mark) -> list[float]:
    figure = mark.figure
    inside = (
        [figure[k] for k in ("value", "low", "high") if figure[k] is not None] if figure and defined(figure) else []
    )
    return [*inside, *mark.ticks]


def _draw(
    frame: Frame,
    key: str,
    title: str,
    says: str,
    marks: Sequence[Mark],
    axis_label: str,
    references: Sequence[tuple[float, str]],
    digits: int,
) -> Markup:
    top = 22.0 if any(label for _, label in references) else 6.0
    heights = [26.0 if mark.shape == "heading" else frame.row for mark in marks]
    bottom = top + sum(heights)
    parts = [_scale(frame, top, bottom, axis_label), *_references(frame, references, top, bottom)]
    y = top
    for mark, height in zip(marks, heights, strict=True):
        parts += _row(frame, mark, y, height, digits)
        y += height
    return svg.drawing(key, title, says, (frame.width, bottom + 42), parts, f"forest {frame.css}")


def _scale(frame: Frame, top: float, bottom: float, label: str) -> Markup:
    ticks = frame.axis.ticks(5)
    digits = svg.tick_digits(ticks)
    parts = [svg.line(frame.axis(t), top, frame.axis(t), bottom, "grid") for t in ticks]
    parts += [svg.line(frame.axis.start, bottom, frame.axis.end, bottom, "axis")]
    for t in ticks:
        parts.append(svg.text(frame.axis(t), bottom + 16, svg.tick_text(t, digits), "tick", "middle"))
    middle = (frame.axis.start + frame.axis.end) / 2
    return Markup("").join([*parts, svg.text(middle, bottom + 34, label, "tick", "middle")])


def _references(frame: Frame, references: Sequence[tuple[float, str]], top: float, bottom: float) -> list[Markup]:
    parts: list[Markup] = []
    for value, label in references:
        x = frame.axis(value)
        parts.append(svg.line(x, top - 4, x, bottom, "reference"))
        room = (frame.axis.end - frame.axis.start) / 6
        anchor: svg.Anchor = (
            "start" if x < frame.axis.start + room else "end" if x > frame.axis.end - room else "middle"
        )
        parts.append(svg.text(x, top - 8, label, "tick", anchor))
    return parts


def _row(frame: Frame, mark: Mark, y: float, height: float, digits: int) -> list[Markup]:
    if mark.shape == "heading":
        return [svg.fitted(0, y + 19, mark.label, frame.width, "strong")]
    name = "strong" if mark.shape == "best" else ""
    figure = interval(mark.figure, digits)
    if frame.is_wide:
        base = y + height / 2 + 4.5
        note_width = svg.LETTER * 0.92 * len(mark.note)
        parts = [
            svg.fitted(0, base, mark.label, 250 - note_width - 10, name),
            svg.text(250, base, mark.note, "tick", "end"),
            svg.text(frame.width, base, figure, f"{name} figures".strip(), "end"),
        ]
        return [*parts, *_dot(frame.axis, mark, y + height / 2)]
    label_width = frame.width - svg.LETTER * (len(figure) + 2) - svg.LETTER * 0.92 * (len(mark.note) + 1)
    label = svg.fitted(0, y + 17, mark.label, label_width, name)
    note = svg.text(frame.width - svg.LETTER * (len(figure) + 2), y + 17, mark.note, "tick", "end")
    numbers = svg.text(frame.width, y + 17, figure, f"{name} figures".strip(), "end")
    return [label, note, numbers, *_dot(frame.axis, mark, y + 31)]


def _dot(axis: svg.Axis, mark: Mark, y: float) -> list[Markup]:
    figure = mark.figure
    if figure is None or not defined(figure):
        return []
    parts = [svg.line(axis(t), y + 5, axis(t), y + 9, "fold") for t in mark.ticks]
    if has_interval(figure):
        parts.append(svg.line(axis(figure["low"]), y, axis(figure["high"]), y, f"whisker {mark.shape}"))
    shape = svg.diamond if mark.shape in ("baseline", "second") else svg.circle
    return [*parts, shape(axis(figure["value"]), y, 4.5, f"dot {mark.shape}")]
