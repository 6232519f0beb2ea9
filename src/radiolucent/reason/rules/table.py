"""The rows of a decision table, from lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from radiolucent.core import InputError, unknown

from .place import Text
from .sets import Values, common, is_empty
from .types import Row

Cell = tuple[str, int]
"""What stands in a cell, and where in the file."""

Read = Callable[[str, Values], Values]


def read_rows(
    text: str, domains: Mapping[str, Values], shared: Mapping[str, Values], place: Text, condition_of: Read
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Row, ...]]:
    """The variables a table takes, those it gives, and its rows; `shared` conditions hold for every row."""
    start = place.text.find(text)
    lines = list(_lines(text, max(start, 0)))
    if len(lines) < 2:
        raise place.error_at("a table has a line of names and at least one row", max(start, 0))
    takes, gives = _head(*lines[0], domains, place)
    rows: list[Row] = []
    for left, right in lines[1:]:
        if len(left) != len(takes) + 1 or len(right) != len(gives):
            asked = f"{len(takes) + 1} cells, an arrow and {len(gives)}"
            raise place.error_at(f"this row has {len(left)} and {len(right)} cells; wanted are {asked}", left[0][1])
        if left[0][0] in {row.id for row in rows} or not left[0][0]:
            raise place.error_at(f"row {left[0][0]!r} is there already, or has no name", left[0][1])
        rows.append(_row(left, right, takes, gives, domains, shared, place, condition_of))
    return takes, gives, tuple(rows)


def _lines(text: str, start: int) -> Iterator[tuple[list[Cell], list[Cell]]]:
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith("#"):
            left, arrow, right = line.partition("->")
            yield _cells(left, start), _cells(right, start + len(left) + 2) if arrow else []
        start += len(line)


def _cells(text: str, start: int) -> list[Cell]:
    cells = []
    for part in text.split("|"):
        blank = len(part) - len(part.lstrip()) if part.strip() else 0
        cells.append((part.strip(), start + blank))
        start += len(part) + 1
    return cells


def _head(
    left: list[Cell], right: list[Cell], domains: Mapping[str, Values], place: Text
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if left[0][0] != "row" or not right or not right[0][0]:
        raise place.error_at("the first line names the columns: `row | input | ... -> variable`", left[0][1])
    for name, where in left[1:]:
        if name not in domains:
            raise place.error_at(str(unknown("input or variable", name, domains)), where)
    return tuple(name for name, _ in left[1:]), tuple(name for name, _ in right)


def _row(
    left: list[Cell],
    right: list[Cell],
    takes: tuple[str, ...],
    gives: tuple[str, ...],
    domains: Mapping[str, Values],
    shared: Mapping[str, Values],
    place: Text,
    condition_of: Read,
) -> Row:
    when = dict(shared)
    for name, (cell, where) in zip(takes, left[1:], strict=True):
        if not cell:
            continue
        try:
            values = condition_of(cell, domains[name])
        except InputError as error:
            raise place.error_at(f"row {left[0][0]}, {name}: {error}", where) from None
        when[name] = common(when[name], values) if name in when else values
        if is_empty(when[name]):
            raise place.error_at(f"row {left[0][0]}: {name} = {cell} is outside the table's `where`", where)
    for cell, where in right:
        if not cell:
            raise place.error_at(f"row {left[0][0]} says nothing here", where)
    then = {name: cell for name, (cell, _) in zip(gives, right, strict=True)}
    return Row(left[0][0], when, then, place.at(left[0][1]))
