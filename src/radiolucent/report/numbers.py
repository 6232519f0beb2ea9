"""Numbers as people read them, and what may be said of a figure with its 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeGuard

Fig = Mapping[str, Any]
"""`{"value", "low", "high"}`, each possibly None."""

UNKNOWN = "–"
MINUS = "−"
TIED = "\u00a0"
"""A space at which no line breaks."""


def number(value: float | None, digits: int = 2) -> str:
    """Fixed decimals with a true minus sign; a dash where there is no value."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{value:,.{digits}f}"
    if text.lstrip("-").strip("0.,") == "":
        return text.lstrip("-")  # never "-0.00"
    return text.replace("-", MINUS)


def percent(share: float | None) -> str:
    """A share as whole per cent; with one decimal close to 0 and to 100 %, where that makes a difference."""
    if share is None or not math.isfinite(share):
        return UNKNOWN
    points = 100 * share
    close = 0 < points < 9.95 or 99 < points < 100
    return f"{number(points, 1 if close else 0).removesuffix('.0')}{TIED}%"


def interval(figure: Fig | None, digits: int = 2) -> str:
    """`0.74 [0.70, 0.78]`; a dash where the figure is not defined."""
    if not defined(figure):
        return UNKNOWN
    value = number(figure["value"], digits)
    if not has_interval(figure):
        return value
    return f"{value}{TIED}[{number(figure['low'], digits)},{TIED}{number(figure['high'], digits)}]"


def defined(figure: Fig | None) -> TypeGuard[Fig]:
    """Whether a figure has a value."""
    return figure is not None and _real(figure.get("value"))


def has_interval(figure: Fig | None) -> TypeGuard[Fig]:
    """Whether both ends of a figure's interval are known."""
    return figure is not None and _real(figure.get("low")) and _real(figure.get("high"))


def holds(figure: Fig, value: float) -> bool:
    """Whether the interval holds `value`; without an interval nothing can be excluded."""
    return not has_interval(figure) or figure["low"] <= value <= figure["high"]


def overlap(a: Fig, b: Fig) -> bool:
    """Whether two intervals share a value; without intervals they may."""
    return not (has_interval(a) and has_interval(b)) or (a["low"] <= b["high"] and b["low"] <= a["high"])


def p_value(p: float | None) -> str:
    """`0.03`, `0.004`, `< 0.001`."""
    if p is None or not math.isfinite(p):
        return UNKNOWN
    return "< 0.001" if p < 0.001 else number(p, 3 if p < 0.01 else 2)


def duration(seconds: float | None) -> str:
    """`0.4 s`, `35 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    if seconds < 10:
        return f"{number(seconds, 1 if seconds >= 0.1 else 2)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _real(value: Any) -> bool:
    return value is not None and math.isfinite(value)
