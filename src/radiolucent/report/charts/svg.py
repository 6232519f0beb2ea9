"""The few SVG elements that the charts need, escaped, and a straight axis.

Sizes are in the units of the drawing (one unit is one CSS pixel at full size). Colours are classes, not values, so that
the page's light and dark themes reach into every chart: see templates/style.css.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

Anchor = Literal["start", "middle", "end"]
LETTER = 6.7
"""Mean width of a letter of the charts' 13-pixel text."""


def drawing(key: str, title: str, says: str, size: tuple[float, float], parts: Iterable[Markup], css: str) -> Markup:
    """A whole picture with its name and description for those who cannot see it."""
    width, height = size
    return Markup(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>'
    ).format(css, _n(width), _n(height), key, key, key, title, key, says, Markup("").join(parts))


def text(x: float, y: float, words: object, css: str = "", anchor: Anchor = "start") -> Markup:
    """Words at a point; `y` is the line they stand on."""
    return Markup('<text x="{}" y="{}"{}{}>{}</text>').format(
        _n(x), _n(y), _class(css), "" if anchor == "start" else Markup(' text-anchor="{}"').format(anchor), words
    )


def fitted(x: float, y: float, words: str, width: float, css: str = "", anchor: Anchor = "start") -> Markup:
    """Text cut to a width; the whole of it is shown on hovering."""
    most = max(3, int(width / LETTER))
    if len(words) <= most:
        return text(x, y, words, css, anchor)
    shown = Markup("{}<title>{}</title>").format(words[: most - 1].rstrip() + "…", words)
    return text(x, y, shown, css, anchor)


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    """A straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}"{}/>').format(_n(x1), _n(y1), _n(x2), _n(y2), _class(css))


def rect(x: float, y: float, width: float, height: float, css: str, *, opacity: float | None = None) -> Markup:
    """A rectangle; negative sizes are none."""
    shade = "" if opacity is None else Markup(' fill-opacity="{}"').format(_n(opacity))
    return Markup('<rect x="{}" y="{}" width="{}" height="{}"{}{}/>').format(
        _n(x), _n(y), _n(max(0.0, width)), _n(max(0.0, height)), _class(css), shade
    )


def circle(x: float, y: float, radius: float, css: str) -> Markup:
    """A disc."""
    return Markup('<circle cx="{}" cy="{}" r="{}"{}/>').format(_n(x), _n(y), _n(radius), _class(css))


def diamond(x: float, y: float, radius: float, css: str) -> Markup:
    """A square on its corner, as tall as a circle of this radius looks."""
    r = radius * 1.25
    corners = [(x - r, y), (x, y - r), (x + r, y), (x, y + r)]
    return Markup('<polygon points="{}"{}/>').format(_points(corners), _class(css))


def polyline(points: Sequence[tuple[float, float]], css: str) -> Markup:
    """A line through points."""
    return Markup('<polyline points="{}"{}/>').format(_points(points), _class(css))


@dataclass(frozen=True)
class Axis:
    """A straight map from values to positions."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)

    def ticks(self, about: int = 5) -> list[float]:
        """Round values inside the axis."""
        step = round_step((self.high - self.low) / max(1, about))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(k * step, 10) for k in range(first, last + 1)]


def round_step(raw: float) -> float:
    """The next step of 1, 2, 2.5 or 5 times a power of ten."""
    if raw <= 0 or not math.isfinite(raw):
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))


def tick_text(value: float, step_digits: int | None = None) -> str:
    """A tick's label: no superfluous zeros, a true minus sign."""
    shown = f"{value:.{step_digits}f}" if step_digits is not None else f"{value:g}"
    return shown.replace("-", "−")


def tick_digits(ticks: Sequence[float]) -> int:
    """Decimals so that all labels of an axis have the same number of them."""
    return max((len(f"{t:g}".partition(".")[2]) for t in ticks), default=0)


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _class(css: str) -> Markup:
    return Markup(' class="{}"').format(css) if css else Markup("")


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"
