"""Sets of values that a condition allows: one interval of numbers, or some words; and what is left between them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TERM = re.compile(r"(<=|>=|<|>|=)?\s*(-?\d+(?:\.\d+)?)(?=[\s<>=]|$)\s*")


@dataclass(frozen=True)
class Interval:
    """The numbers between two ends, each of them within (closed) or not."""

    low: float = -math.inf
    high: float = math.inf
    low_closed: bool = False
    high_closed: bool = False

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int | float):
            return False
        above = value > self.low or (self.low_closed and value == self.low)
        return above and (value < self.high or (self.high_closed and value == self.high))

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:g}"
        parts = [f"{'>=' if self.low_closed else '>'}{self.low:g}"] if self.low > -math.inf else []
        parts += [f"{'<=' if self.high_closed else '<'}{self.high:g}"] if self.high < math.inf else []
        return " ".join(parts) or "any"


Values = Interval | frozenset[str]
Box = Mapping[str, Values]
"""A condition on several variables at once; one that is not named may be anything."""


def interval(text: str, *, whole: bool = False) -> Interval:
    """The numbers that `>=6 <8`, `<6` or `7` allow; whole numbers get closed ends. Raises `ValueError`."""
    found = Interval()
    rest = text.strip()
    while rest:
        term = TERM.match(rest)
        if term is None:
            raise ValueError(f"{text!r} is no condition on a number; write `<6`, `>=6 <8` or `7`")
        found = overlap(found, _term(term.group(1) or "=", float(term.group(2))))
        rest = rest[term.end() :]
    found = closed(found) if whole else found
    if is_empty(found):
        raise ValueError(f"{text!r} allows no number at all")
    return found


def _term(sign: str, value: float) -> Interval:
    if sign == "=":
        return Interval(value, value, True, True)
    if sign.startswith("<"):
        return Interval(high=value, high_closed=sign == "<=")
    return Interval(low=value, low_closed=sign == ">=")


def closed(numbers: Interval) -> Interval:
    """The same whole numbers with ends that belong to them."""
    low, high = numbers.low, numbers.high
    if math.isfinite(low):
        low = math.ceil(low) + (0 if numbers.low_closed or low % 1 else 1)
    if math.isfinite(high):
        high = math.floor(high) - (0 if numbers.high_closed or high % 1 else 1)
    return Interval(low, high, math.isfinite(low), math.isfinite(high))


def is_empty(values: Values) -> bool:
    """Whether nothing is allowed."""
    if isinstance(values, frozenset):
        return not values
    return values.low > values.high or (values.low == values.high and not (values.low_closed and values.high_closed))


def overlap(one: Interval, other: Interval) -> Interval:
    """The numbers in both."""
    low, low_closed = max((one.low, not one.low_closed), (other.low, not other.low_closed))
    high, high_closed = min((one.high, one.high_closed), (other.high, other.high_closed))
    return Interval(low, high, not low_closed, high_closed)


def common(one: Values, other: Values) -> Values:
    """What both allow."""
    if isinstance(one, Interval) and isinstance(other, Interval):
        return overlap(one, other)
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other
    raise TypeError(f"numbers and words have nothing in common: {one}, {other}")


def without(one: Values, other: Values) -> tuple[Values, ...]:
    """What `one` allows and `other` does not, in parts."""
    if isinstance(one, frozenset):
        left = one - other if isinstance(other, frozenset) else one
        return (left,) if left else ()
    if isinstance(other, frozenset):
        return (one,)
    below = overlap(one, Interval(high=other.low, high_closed=not other.low_closed))
    above = overlap(one, Interval(low=other.high, low_closed=not other.high_closed))
    return tuple(part for part in (below, above) if not is_empty(part))


def meets(one: Box, other: Box) -> Box | None:
    """The condition that both say, or `None` where they exclude each other."""
    both = {name: common(one[name], other[name]) if name in one and name in other else one.get(name, other.get(name))
            for name in {**one, **other}}  # fmt: skip
    return None if any(is_empty(values) for values in both.values() if values is not None) else both  # type: ignore[return-value]


def uncovered(domain: Box, boxes: Iterable[Box], whole: frozenset[str] = frozenset()) -> list[Box]:
    """All of `domain` that lies in none of the `boxes`, in parts; `whole` names variables of whole numbers.

    Exact: whatever a box leaves of the domain is cut into boxes, at its thresholds and nowhere else, and those are asked
    of the next one; a part that no box touches is never cut.
    """
    left = [dict(domain)]
    for box in boxes:
        left = [piece for part in left for piece in _cut(part, box, whole)]
    return list(left)


def _cut(part: dict[str, Values], box: Box, whole: frozenset[str]) -> list[dict[str, Values]]:
    if meets(part, box) is None:
        return [part]
    pieces, inside = [], dict(part)
    for name, values in box.items():
        for rest in without(inside[name], values):
            rest = closed(rest) if name in whole and isinstance(rest, Interval) else rest
            if not is_empty(rest):
                pieces.append({**inside, name: rest})
        inside[name] = common(inside[name], values)
    return pieces


def spelled(box: Box) -> str:
    """A condition as a person writes it: `size_mm >=6 <8, type = solid or part-solid`."""
    return ", ".join(f"{name} {condition(values)}" for name, values in box.items()) or "anything"


def condition(values: Values) -> str:
    """One condition without its variable."""
    if isinstance(values, frozenset):
        return "= " + " or ".join(sorted(values))
    return str(values) if values.low != values.high else f"= {values}"
