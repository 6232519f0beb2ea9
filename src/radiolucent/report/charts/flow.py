"""Flow of inclusion: how many were there, and how many were left at each step."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..numbers import number
from . import svg


def flow_of_inclusion(
    key: str, title: str, says: str, steps: Sequence[tuple[str, int]], *, between: Sequence[str]
) -> Markup:
    """Boxes from top to bottom; `between` says beside each arrow how many were left out (empty: none)."""
    box, gap = 44.0, 30.0
    parts: list[Markup] = []
    for i, (label, n) in enumerate(steps):
        y = 1 + i * (box + gap)
        parts += [
            svg.rect(1, y, 348, box, "box"),
            svg.fitted(14, y + 27, label, 250, ""),
            svg.text(336, y + 27.5, number(n, 0), "strong figures", "end"),
        ]
        if i + 1 < len(steps):
            parts += _arrow(y + box, gap)
            parts.append(svg.text(190, y + box + 19, between[i], "tick"))
    return svg.drawing(key, title, says, (350, len(steps) * (box + gap) - gap + 2), parts, "square")


def _arrow(y: float, gap: float) -> list[Markup]:
    tip = [(171.0, y + gap - 6), (175.0, y + gap), (179.0, y + gap - 6)]
    return [svg.line(175, y, 175, y + gap, "axis"), svg.polyline(tip, "arrow")]
