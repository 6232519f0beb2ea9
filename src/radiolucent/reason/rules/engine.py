"""From inputs to a conclusion, row by row; where an input is missing, what is needed instead of a guess.

Conditions have three values: a row holds, cannot hold, or might hold once more is known. One row that holds is the
conclusion (tables are proven to have no second one); otherwise the inputs that the possible rows ask for are missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from .sets import Box
from .types import Given, Guideline, Row, Score, Table

Kind = Literal["concluded", "needs", "not applicable", "contradiction", "conflict", "gap"]


@dataclass
class Conclusion:
    """What follows, by which rows, from which inputs; what was missing, and what could not be judged without it."""

    kind: Kind = "concluded"
    says: str = ""
    values: dict[str, Given] = field(default_factory=dict)
    rows: list[tuple[Table, Row]] = field(default_factory=list)
    used: dict[str, Given] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    could: tuple[str, ...] = ()
    unjudged: list[str] = field(default_factory=list)


@dataclass
class _State:
    guideline: Guideline
    known: dict[str, Given]
    out: Conclusion
    lacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    maybe: dict[str, frozenset[str]] = field(default_factory=dict)


def conclude(guideline: Guideline, inputs: Mapping[str, Given]) -> Conclusion:
    """Apply a guideline to inputs that `inputs.checked` has let pass."""
    state = _State(guideline, dict(inputs), Conclusion())
    out = state.out
    if _refused(state) or _contradicted(state):
        return out
    for score in guideline.scores:
        _add_up(score, state)
    for _, group in groupby(guideline.tables, key=lambda table: (table.gives, table.modifier)):
        if not _give(list(group), state) or _contradicted(state):
            return out
    out.values = {name: state.known[name] for name in guideline.answer if name in state.known}
    missing = [need for name in guideline.answer for need in state.lacks.get(name, ())]
    out.missing = tuple(dict.fromkeys(missing))
    out.perhaps = tuple(name for name in dict.fromkeys(out.perhaps) if name not in out.missing)
    out.kind = "needs" if missing else "concluded"
    return out


def holds(when: Box, known: Mapping[str, Given], maybe: Mapping[str, frozenset[str]] | None = None) -> bool | None:
    """Whether a condition holds; `None` where that depends on something unknown.

    `maybe` are the values that a variable can still have: a condition that allows none of them fails, one that allows all
    of them holds already.
    """
    open_ended = False
    for name, values in when.items():
        if name not in known:
            left = (maybe or {}).get(name)
            if left is not None and isinstance(values, frozenset) and not left & values:
                return False
            open_ended = open_ended or left is None or not isinstance(values, frozenset) or not left <= values
        elif known[name] not in values:
            return False
    return None if open_ended else True


def _contradicted(state: _State) -> bool:
    for one in state.guideline.contradictions:
        if one.greater:
            numbers = [state.known.get(name) for name in one.greater]
            bad = None not in numbers and numbers[0] > numbers[1]  # type: ignore[operator]
        else:
            bad = holds(one.when, state.known) is True
        if bad:
            names = one.greater or tuple(one.when)
            state.out.kind, state.out.says = "gap" if one.undefined else "contradiction", one.says
            state.out.used |= {name: state.known[name] for name in names}
            state.out.unjudged.clear()
            return True
    return False


def _refused(state: _State) -> bool:
    needed: list[str] = []
    for guard in state.guideline.guards:
        judged = holds(guard.when, state.known)
        names = [name for name in guard.when if name not in state.known]
        if judged is True:
            state.out.kind, state.out.says = "not applicable", guard.says
            state.out.used |= {name: state.known[name] for name in guard.when}
            return True
        if judged is None and guard.needed:
            needed += names
        elif judged is None:
            state.out.unjudged.append(f"{' and '.join(names)} not given: {guard.says}")
        else:
            state.out.used |= {name: state.known[name] for name in guard.when if name in state.known}
    if needed:
        state.out.kind, state.out.missing = "needs", tuple(dict.fromkeys(needed))
    return bool(needed)


def _add_up(score: Score, state: _State) -> None:
    known = state.known
    if score.fixed_when and holds(score.fixed_when, known):
        known[score.gives] = float(score.fixed)
        state.out.used |= {name: known[name] for name in score.fixed_when}
        return
    missing = tuple(name for name in score.points if name not in known)
    if missing:
        state.lacks[score.gives] = missing
        return
    known[score.gives] = float(score.start + sum(_points(points, known[name]) for name, points in score.points.items()))
    state.out.used |= {name: known[name] for name in score.points}


def _points(points: Mapping[str, int], value: Given) -> int:
    return sum(points[word] for word in (value if isinstance(value, frozenset) else [str(value)]))


def _give(tables: list[Table], state: _State) -> bool:
    """Whether the work can go on after these tables, which all give the same variables."""
    found: dict[str, list[tuple[Table, Row]]] = {}
    possible: dict[str, list[Row]] = {}
    for table in tables:
        for row in table.rows:
            judged = holds(row.when, state.known, state.maybe)
            if judged is True:
                found.setdefault(table.way, []).append((table, row))
            elif judged is None:
                possible.setdefault(table.way, []).append(row)
    hits = [hit for way in found.values() for hit in way]
    if tables[0].modifier:
        return _modify(tables[0], hits, possible, state)
    if any(row.then != hits[0][1].then for _, row in hits[1:]) or any(len(one) > 1 for one in found.values()):
        return _conflict(hits, state)
    if hits:
        _keep(hits, state)
        return True
    return _lack(tables, possible, state)


def _keep(hits: list[tuple[Table, Row]], state: _State) -> None:
    state.out.rows += hits
    for _, row in hits:
        state.known |= row.then
        state.out.used |= {name: state.known[name] for name in row.when if name in state.known}


def _modify(table: Table, hits: list[tuple[Table, Row]], possible: dict[str, list[Row]], state: _State) -> bool:
    if len(hits) > 1:
        return _conflict(hits, state)
    base = [name for name in table.gives if name in state.known]
    if hits:
        before = {name: state.known[name] for name in base}
        state.out.used |= {name: state.known[name] for name in hits[0][1].when if name not in table.gives} | before
        state.known |= hits[0][1].then
        state.out.rows += hits
        return True
    names = sorted({name for rows in possible.values() for row in rows for name in row.when} - set(state.known))
    if names and set(names) <= set(state.guideline.inputs):
        state.out.unjudged.append(f"{' and '.join(names)} not given: {table.title}")
    return True


def _conflict(hits: list[tuple[Table, Row]], state: _State) -> bool:
    told = [f"row {table.id}/{row.id} ({', '.join(row.when)}) says {_then(row)}" for table, row in hits]
    state.out.kind, state.out.says, state.out.could = "conflict", "; ".join(told), tuple(_then(row) for _, row in hits)
    state.out.rows += hits
    state.out.used |= {name: state.known[name] for _, row in hits for name in row.when if name in state.known}
    return False


def _lack(tables: list[Table], possible: dict[str, list[Row]], state: _State) -> bool:
    if not any(possible.values()):
        state.out.kind = "gap"
        state.out.says = f"no row of {' or '.join(table.id for table in tables)} is for these inputs"
        state.out.used |= {name: state.known[name] for table in tables for name in table.takes if name in state.known}
        return False
    needs = _needs(possible, state)
    rows = [row for way in possible.values() for row in way]
    state.maybe |= {name: frozenset(row.then[name] for row in rows) for name in tables[0].gives}
    state.lacks |= dict.fromkeys(tables[0].gives, needs)
    if set(tables[0].gives) & set(state.guideline.answer) and not state.out.could:
        state.out.could = tuple(dict.fromkeys(map(_then, rows)))
    return True


def _needs(possible: dict[str, list[Row]], state: _State) -> tuple[str, ...]:
    """What every possible row asks for, or all that one of them does; of several ways, one is enough."""
    ways = [_asked(rows, state) for rows in possible.values() if rows]
    begun = [way for way in ways if len(way) < max(map(len, ways))] or ways
    if len(begun) == 1 or all(len(way) != 1 for way in begun):
        return begun[0]
    return (" or ".join(dict.fromkeys(name for way in begun for name in way)),)


def _asked(rows: list[Row], state: _State) -> tuple[str, ...]:
    each = [dict.fromkeys(_roots(row, state)) for row in rows]
    names = dict.fromkeys(name for one in each for name in one)
    sure = tuple(name for name in names if all(name in one for one in each))
    state.out.perhaps += tuple(name for name in names if sure and name not in sure)
    return sure or tuple(names)


def _roots(row: Row, state: _State) -> Iterator[str]:
    for name in row.when:
        if name not in state.known:
            yield from state.lacks.get(name, (name,))


def _then(row: Row) -> str:
    return ", ".join(row.then.values())
