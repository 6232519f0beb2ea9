"""Stacked bars: how a column's values are shared out in each fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..numbers import percent
from . import svg

COLOURS = 6
"""Values with a colour of their own; the rest is drawn grey together."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name and the count of each value, in the order of the colours."""

    label: str
    counts: tuple[int, ...]


def stacked_bars(key: str, title: str, says: str, name: str, values: Sequence[str], bars: Sequence[Bar]) -> Markup:
    """One bar of 100 % per row (all, then each fold), one colour per value of the column `name`, in the given order."""
    left, right, row = 58.0, 350.0, 22.0
    legend, lines = _legend(name, values)
    top = 20.0 * lines + 6
    parts = list(legend)
    for i, bar in enumerate(bars):
        y = top + i * row
        parts.append(svg.fitted(left - 8, y + 14, bar.label, left - 8, "strong" if i == 0 else "", "end"))
        parts += _bar(bar, left, right, y)
    return svg.drawing(key, title, says, (350, top + len(bars) * row), parts, "square")


def _bar(bar: Bar, left: float, right: float, y: float) -> list[Markup]:
    total = sum(bar.counts)
    parts: list[Markup] = []
    x = left
    for k, count in enumerate(bar.counts):
        width = (right - left) * count / total if total else 0.0
        parts.append(svg.rect(x, y, max(0.0, width - 1), 18, _colour(k)))
        if width > 40:
            parts.append(svg.text(x + width / 2, y + 13.5, percent(count / total), f"tick on-{_colour(k)}", "middle"))
        x += width
    return parts


def _legend(name: str, values: Sequence[str]) -> tuple[list[Markup], int]:
    parts = [svg.text(0, 14, name, "strong")]
    x, lines = 0.0, 2
    for k, value in enumerate(values):
        width = 26 + svg.LETTER * min(len(value), 40)
        if x and x + width > 350:
            x, lines = 0.0, lines + 1
        parts.append(svg.rect(x, 20 * lines - 16, 12, 12, _colour(k)))
        parts.append(svg.fitted(x + 17, 20 * lines - 6, value, 300, "tick ink"))
        x += width
    return parts, lines


def _colour(k: int) -> str:
    return f"fill{k}" if k < COLOURS else "fillx"
