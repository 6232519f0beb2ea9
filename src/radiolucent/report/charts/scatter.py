"""Told against true numbers, and their differences: square plots that a phone can show at full size."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from . import svg
from .curves import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, frame

Points = Sequence[tuple[float, float]]


def agreement_scatter(key: str, title: str, says: str, points: Points, *, axes: tuple[str, str]) -> Markup:
    """True (across) and told (up) on the same scale; on the dotted diagonal both agree."""
    low, high = _span([value for point in points for value in point])
    x, y = svg.Axis(low, high, LEFT, RIGHT), svg.Axis(low, high, BOTTOM, TOP)
    parts = [*frame(x, y, axes), svg.line(x(low), y(low), x(high), y(high), "reference"), *_dots(x, y, points)]
    return svg.drawing(key, title, says, (WIDTH, HEIGHT), parts, "square")


def bland_altman(
    key: str, title: str, says: str, points: Points, *, axes: tuple[str, str], lines: tuple[float, float, float]
) -> Markup:
    """Differences (told less true) over means; `lines` are the bias and the two limits of agreement.

    Bland & Altman 1986, doi:10.1016/S0140-6736(86)90837-8.
    """
    pairs = [((truth + told) / 2, told - truth) for truth, told in points]
    x = svg.Axis(*_span([mean for mean, _ in pairs]), LEFT, RIGHT)
    y = svg.Axis(*_span([gap for _, gap in pairs] + [*lines, 0.0]), BOTTOM, TOP)
    parts = [*frame(x, y, axes), svg.line(LEFT, y(0), RIGHT, y(0), "reference"), *_dots(x, y, pairs)]
    for value, css in zip(lines, ("curve c0", "curve c1 dashed", "curve c1 dashed"), strict=True):
        parts.append(svg.line(LEFT, y(value), RIGHT, y(value), css))
        parts.append(svg.text(RIGHT, y(value) - 4, svg.tick_text(value, 1), "tick ink", "end"))
    return svg.drawing(key, title, says, (WIDTH, HEIGHT), parts, "square")


def _dots(x: svg.Axis, y: svg.Axis, points: Points) -> list[Markup]:
    return [svg.circle(x(a), y(b), 2.2, "point") for a, b in points]


def _span(values: Sequence[float]) -> tuple[float, float]:
    """The values' range with a little room."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.04 * (high - low) or 0.5
    return low - room, high + room
