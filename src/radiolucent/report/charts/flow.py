"""Flow of inclusion: how many were there, how many were left at each step, and what was left out between."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..numbers import number
from . import svg

BOX, GAP = 44.0, 30.0


def flow_of_inclusion(
    key: str, title: str, says: str, steps: Sequence[tuple[str, int]], *, between: Sequence[str]
) -> Markup:
    """Boxes from top to bottom; `between` says beside each arrow what was left out (empty: nothing)."""
    parts: list[Markup] = []
    for i, (label, n) in enumerate(steps):
        y = 1 + i * (BOX + GAP)
        parts += [
            svg.rect(1, y, 348, BOX, "box"),
            svg.fitted(14, y + 27, label, 250, ""),
            svg.text(336, y + 27.5, number(n, 0), "strong figures", "end"),
        ]
        if i + 1 < len(steps):
            parts += [*_arrow(y + BOX), svg.fitted(52, y + BOX + 19, between[i], 290, "tick")]
    return svg.drawing(key, title, says, (350, len(steps) * (BOX + GAP) - GAP + 2), parts, "square")


def _arrow(y: float) -> list[Markup]:
    tip = [(32.0, y + GAP - 6), (36.0, y + GAP), (40.0, y + GAP - 6)]
    return [svg.line(36, y, 36, y + GAP, "axis"), svg.polyline(tip, "arrow")]
