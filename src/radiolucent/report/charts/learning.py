"""Loss over the steps of training, a line for each net."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from . import svg
from .curves import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Curve, frame


def learning_curve(key: str, title: str, says: str, curves: Sequence[Curve], *, axes: tuple[str, str]) -> Markup:
    """Lines over a straight axis of steps; the key stands below the plot."""
    points = [point for curve in curves for point in curve.points if math.isfinite(point[1])] or [
        (0.0, 0.0),
        (1.0, 1.0),
    ]
    most = max(y for _, y in points) or 1.0
    x = svg.Axis(0, max(x for x, _ in points), LEFT, RIGHT)
    y = svg.Axis(min(0.0, *(y for _, y in points)), 1.05 * most, BOTTOM, TOP)
    parts = frame(x, y, axes)
    for curve in curves:
        parts.append(svg.polyline([(x(a), y(b)) for a, b in curve.points], f"curve {curve.css}"))
    for k, curve in enumerate(curves):
        left, at = LEFT + 150 * (k % 2), HEIGHT + 14 + 20 * (k // 2)
        parts.append(svg.line(left, at - 4, left + 20, at - 4, f"curve {curve.css}"))
        parts.append(svg.fitted(left + 26, at, curve.label, 120))
    rows = math.ceil(len(curves) / 2)
    return svg.drawing(key, title, says, (WIDTH, HEIGHT + 4 + 20 * rows), parts, "square")
