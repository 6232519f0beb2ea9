"""ROC curve, reliability diagram and decision curve: square plots that a phone can show at full size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from . import svg

WIDTH, HEIGHT = 350.0, 344.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 342.0, 10.0, 300.0


@dataclass(frozen=True)
class Curve:
    """A line of a chart: its name in the key, its colour class, its points."""

    label: str
    css: str
    points: tuple[tuple[float, float], ...]


def roc_curve(
    key: str,
    title: str,
    says: str,
    curves: Sequence[Curve],
    *,
    axes: tuple[str, str],
    point: tuple[float, float] | None = None,
    point_label: str = "",
) -> Markup:
    """True against false positive rate; the diagonal is chance, the ring the operating point."""
    x, y = svg.Axis(0, 1, LEFT, RIGHT), svg.Axis(0, 1, BOTTOM, TOP)
    parts = [*frame(x, y, axes), svg.line(x(0), y(0), x(1), y(1), "reference")]
    parts += [svg.polyline([(x(a), y(b)) for a, b in curve.points], f"curve {curve.css}") for curve in reversed(curves)]
    entries = [(curve.label, f"curve {curve.css}", False) for curve in curves]
    if point is not None:
        parts.append(svg.circle(x(point[0]), y(point[1]), 5.5, "ring"))
        entries.append((point_label, "ring", True))
    return svg.drawing(key, title, says, (WIDTH, HEIGHT), [*parts, *_key(entries, BOTTOM - 10)], "square")


def reliability_diagram(
    key: str, title: str, says: str, bins: Sequence[Mapping[str, Any]], *, axes: tuple[str, str]
) -> Markup:
    """Observed share against predicted probability per bin, with intervals; bars below show how many are in each."""
    x, y = svg.Axis(0, 1, LEFT, RIGHT), svg.Axis(0, 1, BOTTOM - 34, TOP)
    parts = [*frame(x, y, axes), svg.line(x(0), y(0), x(1), y(1), "reference")]
    most = max((b["n"] for b in bins), default=1) or 1
    for b in bins:
        height = 26 * b["n"] / most
        parts.append(svg.rect(x(b["mean"]) - 5, BOTTOM - height, 10, height, "histogram"))
    for b in bins:
        if b.get("low") is not None and b.get("high") is not None:
            parts.append(svg.line(x(b["mean"]), y(b["low"]), x(b["mean"]), y(b["high"]), "whisker best"))
    if len(bins) > 1:
        parts.append(svg.polyline([(x(b["mean"]), y(b["observed"])) for b in bins], "curve faint"))
    parts += [svg.circle(x(b["mean"]), y(b["observed"]), 4.5, "dot best") for b in bins]
    return svg.drawing(key, title, says, (WIDTH, HEIGHT), parts, "square")


def decision_curve(key: str, title: str, says: str, curves: Sequence[Curve], *, axes: tuple[str, str]) -> Markup:
    """Net benefit against the threshold; lines that fall far below zero are cut at the frame."""
    best = max((b for curve in curves for _, b in curve.points), default=0.1)
    high = max(0.05, best * 1.3)  # room for the key above the lines
    low = -best / 4 if best > 0 else -0.0125
    thresholds = [a for curve in curves for a, _ in curve.points] or [0.0, 1.0]
    x, y = svg.Axis(min(thresholds), max(thresholds), LEFT, RIGHT), svg.Axis(low, high, BOTTOM, TOP)
    parts = frame(x, y, axes)
    for curve in reversed(curves):
        inside = cut_below(curve.points, low)
        parts.append(svg.polyline([(x(a), y(b)) for a, b in inside], f"curve {curve.css}"))
    entries = [(curve.label, f"curve {curve.css}", False) for curve in curves]
    return svg.drawing(key, title, says, (WIDTH, HEIGHT), [*parts, *_key(entries, TOP + 20, up=False)], "square")


def cut_below(points: Sequence[tuple[float, float]], low: float) -> list[tuple[float, float]]:
    """The part of a line above `low`, ended where it crosses."""
    kept: list[tuple[float, float]] = []
    for before, here in zip([None, *points], points, strict=False):
        if before is not None and (before[1] < low) != (here[1] < low):
            share = (low - before[1]) / (here[1] - before[1])
            kept.append((before[0] + share * (here[0] - before[0]), low))
        if here[1] >= low:
            kept.append(here)
    return kept


def frame(x: svg.Axis, y: svg.Axis, names: tuple[str, str]) -> list[Markup]:
    """Grid, numbers and names of both axes."""
    parts: list[Markup] = []
    for axis, is_x in ((x, True), (y, False)):
        ticks = axis.ticks(5)
        digits = svg.tick_digits(ticks)
        for t in ticks:
            at, words = axis(t), svg.tick_text(t, digits)
            parts.append(svg.line(at, TOP, at, BOTTOM, "grid") if is_x else svg.line(LEFT, at, RIGHT, at, "grid"))
            parts.append(
                svg.text(at, BOTTOM + 16, words, "tick", "middle")
                if is_x
                else svg.text(LEFT - 6, at + 4, words, "tick", "end")
            )
    middle = (x.start + x.end) / 2
    parts.append(svg.text(middle, BOTTOM + 36, names[0], "tick", "middle"))
    turned = Markup('<g transform="translate(11 {}) rotate(-90)">{}</g>')
    parts.append(turned.format(f"{(y.start + y.end) / 2:g}", svg.text(0, 0, names[1], "tick", "middle")))
    return parts


def _key(entries: Sequence[tuple[str, str, bool]], y: float, *, up: bool = True) -> list[Markup]:
    """Names of the lines at the right edge of the plot, where these curves leave room."""
    first = y - 18 * (len(entries) - 1) if up else y
    parts: list[Markup] = []
    for i, (label, css, is_ring) in enumerate(entries):
        at = first + 18 * i
        parts.append(svg.fitted(RIGHT - 32, at, label, 190, "halo", "end"))
        mark = (
            svg.circle(RIGHT - 17, at - 4, 5, css) if is_ring else svg.line(RIGHT - 27, at - 4, RIGHT - 7, at - 4, css)
        )
        parts.append(mark)
    return parts
