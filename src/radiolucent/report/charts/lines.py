"""A quantity over a ratio, one line for each of several things: the ratio's axis doubles from mark to mark."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from . import svg
from .curves import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Curve


def line_chart(
    key: str, title: str, says: str, curves: Sequence[Curve], *, axes: tuple[str, str], level: float | None = None
) -> Markup:
    """Lines with a mark at each point; `level` is a dotted line. The key stands below the plot."""
    points = [point for curve in curves for point in curve.points] or [(1.0, 0.0), (2.0, 1.0)]
    heights = [y for _, y in points] + ([] if level is None else [level])
    octaves = [math.log2(x) for x, _ in points]
    room = 0.06 * (max(heights) - min(heights)) or 0.05
    x = svg.Axis(math.floor(min(octaves)), max(math.ceil(max(octaves)), math.floor(min(octaves)) + 1), LEFT, RIGHT)
    y = svg.Axis(min(heights) - room, max(heights) + room, BOTTOM, TOP)
    parts = _frame(x, y, axes)
    if level is not None:
        parts.append(svg.line(LEFT, y(level), RIGHT, y(level), "reference"))
    for curve in curves:
        placed = [(x(math.log2(a)), y(b)) for a, b in curve.points]
        parts.append(svg.polyline(placed, f"curve {curve.css}"))
        parts += [svg.circle(a, b, 3.5, f"mark {curve.css}") for a, b in placed]
    rows = math.ceil(len(curves) / 3)
    return svg.drawing(key, title, says, (WIDTH, HEIGHT + 4 + 20 * rows), [*parts, *_key(curves)], "square")


def _frame(x: svg.Axis, y: svg.Axis, names: tuple[str, str]) -> list[Markup]:
    parts: list[Markup] = []
    for octave in range(int(x.low), int(x.high) + 1):
        parts.append(svg.line(x(octave), TOP, x(octave), BOTTOM, "grid"))
        parts.append(svg.text(x(octave), BOTTOM + 16, f"{2**octave:g}", "tick", "middle"))
    ticks = y.ticks(5)
    for tick in ticks:
        parts.append(svg.line(LEFT, y(tick), RIGHT, y(tick), "grid"))
        parts.append(svg.text(LEFT - 6, y(tick) + 4, svg.tick_text(tick, svg.tick_digits(ticks)), "tick", "end"))
    parts.append(svg.text((LEFT + RIGHT) / 2, BOTTOM + 36, names[0], "tick", "middle"))
    turned = Markup('<g transform="translate(11 {}) rotate(-90)">{}</g>')
    parts.append(turned.format(f"{(TOP + BOTTOM) / 2:g}", svg.text(0, 0, names[1], "tick", "middle")))
    return parts


def _key(curves: Sequence[Curve]) -> list[Markup]:
    """Names of the lines, three a row."""
    parts: list[Markup] = []
    for k, curve in enumerate(curves):
        left, at = LEFT + 100 * (k % 3), HEIGHT + 14 + 20 * (k // 3)
        parts.append(svg.line(left, at - 4, left + 20, at - 4, f"curve {curve.css}"))
        parts.append(svg.fitted(left + 26, at, curve.label, 70))
    return parts
