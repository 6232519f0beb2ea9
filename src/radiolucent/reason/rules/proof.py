"""Proof that a guideline's tables are whole: no gap, no overlap, every row reachable, monotone where declared.

Rows are boxes in the space of their variables, so everything is proven exactly by arithmetic on boxes: two rows overlap
where their boxes do, and a gap is what is left of the whole space when the boxes of all rows are cut out of it. A number
counts as real, so every threshold is looked at from below, at it, and from above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, groupby, permutations
from typing import Literal

from .read import domain, reach, sums
from .sets import Box, Interval, Values, closed, is_empty, meets, spelled, uncovered
from .types import Guideline, Monotone, Row, Score, Table

Subject = Literal["gap", "overlap", "unreachable", "monotone", "unused", "order"]


@dataclass(frozen=True)
class Complaint:
    """What is wrong with which table, and the inputs that show it."""

    subject: Subject
    table: str
    says: str
    example: str = ""

    def __str__(self) -> str:
        return f"{self.subject} in {self.table}: {self.says}" + (
            f"; counter-example: {self.example}" if self.example else ""
        )


def prove(guideline: Guideline) -> tuple[Complaint, ...]:
    """Everything that is wrong with a guideline; nothing, where it is proven whole."""
    space = domains(guideline)
    found: list[Complaint] = []
    for _, group in groupby(guideline.tables, key=lambda table: (table.gives, table.modifier)):
        tables = list(group)
        for way in dict.fromkeys(table.way for table in tables):
            found += _group([table for table in tables if table.way == way], guideline, space)
    for one in guideline.monotone:
        found += _monotone(one, guideline, space)
    return (*found, *_unused(guideline))


def domains(guideline: Guideline) -> dict[str, Values]:
    """Every variable's possible values: of inputs by their definition, of others by what gives them."""
    space = {name: domain(entry) for name, entry in guideline.inputs.items() if entry.kind != "choices"}
    space |= {score.gives: reach(score) for score in guideline.scores}
    for table in guideline.tables:
        for name in table.gives:
            words = frozenset(row.then[name] for row in table.rows)
            known = space.get(name, frozenset())
            space[name] = words | known if isinstance(known, frozenset) else words
    return space


def whole(guideline: Guideline) -> frozenset[str]:
    """The variables that are whole numbers."""
    inputs = {name for name, entry in guideline.inputs.items() if entry.kind == "integer"}
    return frozenset(inputs | {score.gives for score in guideline.scores})


def size(guideline: Guideline) -> tuple[int, int]:
    """How many tables and rows there are."""
    return len(guideline.tables), sum(len(table.rows) for table in guideline.tables)


def _group(tables: list[Table], guideline: Guideline, space: Mapping[str, Values]) -> Iterator[Complaint]:
    name = " + ".join(table.id for table in tables)
    integers = whole(guideline)
    rows = [(table, row) for table in tables for row in table.rows]
    excluded = [one.when for one in guideline.contradictions if one.when] + [one.when for one in guideline.guards]
    for (one, first), (other, second) in combinations(rows, 2):
        both = _within(first.when, second.when, integers)
        if both is not None and _left(both, excluded, space, integers) is not None:
            yield Complaint(
                "overlap", name, f"rows {one.id}/{first.id} and {other.id}/{second.id}", _point(both, integers)
            )
    for table, row in rows:
        yield from _reached(table, row, guideline, space, excluded)
    if not tables[0].modifier:
        asked = {key for _, row in rows for key in row.when}
        pieces = uncovered({key: space[key] for key in asked}, [row.when for _, row in rows], integers)
        gaps = (_left(piece, excluded, space, integers) for piece in pieces)
        gap = next((one for one in gaps if one is not None), None)
        if gap is not None:
            told = {key: values for key, values in gap.items() if key in asked and values != space[key]}
            yield Complaint("gap", name, f"no row is for {spelled(told)}", _point(told, integers))


def _left(box: Box, excluded: list[Box], space: Mapping[str, Values], integers: frozenset[str]) -> Box | None:
    """A part of a box that is neither impossible nor outside the guideline."""
    near = [one for one in excluded if meets(box, one) is not None]
    wide = meets({key: space[key] for key in {*box, *(key for one in near for key in one)}}, box)
    return None if wide is None else next(iter(uncovered(wide, near, integers)), None)


def _within(one: Box, other: Box, integers: frozenset[str]) -> Box | None:
    both = meets(one, other)
    if both is None:
        return None
    tight = {key: closed(v) if key in integers and isinstance(v, Interval) else v for key, v in both.items()}
    return None if any(is_empty(values) for values in tight.values()) else tight


def _reached(
    table: Table, row: Row, guideline: Guideline, space: Mapping[str, Values], excluded: list[Box]
) -> Iterator[Complaint]:
    integers = whole(guideline)
    inside = _within(row.when, {key: space[key] for key in row.when}, integers)
    if inside is None or (row.when and _left(inside, excluded, space, integers) is None):
        yield Complaint("unreachable", table.id, f"row {row.id} ({spelled(row.when)}) can never hold")
        return
    for score in guideline.scores:
        if score.gives in row.when and not _attained(score, row.when[score.gives]):
            yield Complaint("unreachable", table.id, f"row {row.id}: no sum of points gives {row.when[score.gives]}")


def _attained(score: Score, values: Values) -> bool:
    return any(float(total) in values for total in sums(score))


def _monotone(one: Monotone, guideline: Guideline, space: Mapping[str, Values]) -> Iterator[Complaint]:
    order = guideline.orders.get(one.gives)
    tables = [table for table in guideline.tables if one.gives in table.gives and not table.modifier]
    if order is None:
        yield Complaint("order", one.gives, f"monotone in {one.along}, but [orders] has no order of {one.gives}")
        return
    integers = whole(guideline)
    scale = guideline.orders.get(one.along, ())
    for way in dict.fromkeys(table.way for table in tables):
        rows = [(table, row) for table in tables if table.way == way for row in table.rows]
        for (_, low), (table, high) in permutations(rows, 2):
            ranks = [order.index(row.then[one.gives]) if row.then[one.gives] in order else None for row in (low, high)]
            if None in ranks or (ranks[0] <= ranks[1]) == one.rises or ranks[0] == ranks[1]:  # type: ignore[operator]
                continue
            example = _below(low, high, one.along, space, scale, integers)
            if example:
                says = f"{one.gives} goes from {low.then[one.gives]} (row {low.id}) to {high.then[one.gives]} (row {high.id})"
                yield Complaint("monotone", table.id, f"{says} as {one.along} grows", example)


def _below(
    low: Row, high: Row, along: str, space: Mapping[str, Values], scale: tuple[str, ...], integers: frozenset[str]
) -> str:
    """Inputs alike but for `along`, which is less in the first row than in the second; empty where there are none."""
    others = [{key: values for key, values in row.when.items() if key != along} for row in (low, high)]
    shared = _within(others[0], others[1], integers)
    first, second = (row.when.get(along, space[along]) for row in (low, high))
    if shared is None:
        return ""
    if isinstance(first, Interval) and isinstance(second, Interval):
        if not first.low < second.high:
            return ""
        ends = f"{along} {first} and then {second}"
    else:
        pairs = [(a, b) for a in scale for b in scale if scale.index(a) < scale.index(b) and a in first and b in second]
        if not pairs:
            return ""
        ends = f"{along} = {pairs[0][0]} and then {pairs[0][1]}"
    return ", ".join(filter(None, [_point(shared, integers), ends]))


def _unused(guideline: Guideline) -> Iterator[Complaint]:
    used = {name for table in guideline.tables for row in table.rows for name in row.when}
    used |= {name for score in guideline.scores for name in score.points}
    used |= {name for guard in guideline.guards for name in guard.when}
    used |= {name for one in guideline.contradictions for name in (*one.when, *one.greater)}
    used |= {part for entry in guideline.inputs.values() if entry.source for part in entry.source.of}
    for name in sorted(set(guideline.inputs) - used - set(guideline.answer)):
        yield Complaint("unused", guideline.name, f"input {name} decides nothing")
    given = {name for table in guideline.tables for name in table.gives} | {score.gives for score in guideline.scores}
    for name in sorted(set(guideline.answer) - given):
        yield Complaint("unused", guideline.name, f"nothing gives the answer {name}")


def _point(box: Box, integers: frozenset[str]) -> str:
    """One example out of a box."""
    return ", ".join(f"{name} = {_one(values, name in integers)}" for name, values in box.items()) or "anything"


def _one(values: Values, integer: bool) -> str:
    if isinstance(values, frozenset):
        return min(values)
    if values.low_closed:
        return f"{values.low:g}"
    if values.high_closed or integer:
        return f"{values.high:g}"
    return f"{(values.low + values.high) / 2:g}"
