"""Guidelines from TOML files; what is wrong in a file is told with its line and column.

A file has a head (`name`, `title`, `version`, `status`, `source`, `about`, `answer`), `[inputs.NAME]`, `[[guards]]`,
`[[contradictions]]`, `[[scores]]`, `[[tables]]`, `[[monotone]]` and `[orders]`. A table's rows are text, a row a line::

    rows = '''
    row | type  | size_mm -> management
    A1  | solid | <6      -> no routine follow-up
    '''

Left of the arrow stand conditions: `<6`, `>=6 <8`, `solid`, `solid/part-solid`, `yes`; an empty cell holds always. Right
of it stands what follows, a cell for each variable that the table gives; later tables may ask for these.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from radiolucent.core import InputError, unknown

from .form import check_form
from .place import Text
from .sets import Interval, Values, interval
from .table import read_rows
from .types import YES_NO, Contradiction, Entry, Guard, Guideline, Kind, Monotone, Score, Source, Table

FOLDER = Path(__file__).parents[1] / "guidelines"
UNIT_ENDS = {
    "mm": "_mm", "mm²": "_mm2", "mm³": "_mm3", "years": "_years", "months": "_months", "HU": "_hu", "°": "_deg",
    "%": "_percent", "kV": "_kv",
}  # fmt: skip
"""How the name of an input ends that has a unit; `1` is the unit of what has none."""

Domains = dict[str, Values]


def names() -> tuple[str, ...]:
    """The guidelines that ship with the package."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def shipped(name: str) -> Guideline:
    """The guideline of that name."""
    if name not in names():
        raise unknown("guideline", name, names())
    return read(FOLDER / f"{name}.toml")


def read(path: Path) -> Guideline:
    """The guideline in a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"rules {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"rules {path}: not a text file in UTF-8; rules are TOML") from error
    return parse(text, name=str(path))


def parse(text: str, *, name: str = "rules") -> Guideline:
    """The guideline in a text; `name` is what errors call it."""
    place = Text(text, name)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: not valid TOML: {error}") from None
    check_form(content, place)
    inputs = {key: _entry(key, item, place) for key, item in content["inputs"].items()}
    _check_sources(inputs, place)
    domains = {key: domain(entry) for key, entry in inputs.items() if entry.kind != "choices"}
    scores = tuple(_score(item, inputs, place) for item in content.get("scores", ()))
    domains |= {score.gives: reach(score) for score in scores}
    tables = tuple(_table(item, domains, place) for item in content["tables"])
    head = {key: content[key] for key in ("name", "title", "version", "status", "source", "about")}
    return Guideline(
        **head,
        answer=_answer(content["answer"], domains, place),
        inputs=inputs,
        tables=tables,
        guards=tuple(_guard(item, domains, place) for item in content.get("guards", ())),
        contradictions=tuple(_contradiction(item, domains, place) for item in content.get("contradictions", ())),
        scores=scores,
        monotone=tuple(_monotone(item, domains, place) for item in content.get("monotone", ())),
        orders={key: tuple(words) for key, words in content.get("orders", {}).items()},
        doi=content.get("doi", ""),
        note=content.get("note", ""),
    )


def domain(entry: Entry) -> Values:
    """Everything that an input may be."""
    if entry.kind in ("choice", "choices"):
        return frozenset(entry.choices)
    if entry.kind == "flag":
        return frozenset(YES_NO)
    low, high = entry.range or (-math.inf, math.inf)
    return Interval(low, high, True, True)


def sums(score: Score) -> set[int]:
    """Every sum that a score can come to; several words of one input add up."""
    found = {score.start}
    for name, points in score.points.items():
        one = set(points.values())
        if name in score.several:
            one = {0}
            for value in points.values():
                one |= {total + value for total in one}
        found = {total + value for total in found for value in one}
    return found | ({score.fixed} if score.fixed_when else set())


def reach(score: Score) -> Interval:
    """From the least to the greatest sum."""
    low, high = min(sums(score)), max(sums(score))
    return Interval(low, high, True, True)


def _entry(name: str, item: Mapping[str, Any], place: Text) -> Entry:
    where = f"[inputs.{name}]"
    kind = item["type"]
    if kind not in get_args(Kind):
        raise place.caused(unknown("type of input", kind, get_args(Kind)), where, "type")
    if kind in ("number", "integer"):
        _check_unit(name, item, place)
    if kind.startswith("choice") and not item.get("choices"):
        raise place.error(f"input {name} needs `choices`", where)
    told = item.get("source")
    source = None if told is None else Source(told["how"], tuple(told["of"]), told.get("to"))
    return Entry(
        name,
        kind,
        item["help"],
        unit=item.get("unit", ""),
        range=tuple(map(float, item["range"])) if "range" in item else None,  # type: ignore[arg-type]
        choices=tuple(item.get("choices", ())),
        code=item.get("code", ""),
        features=tuple(item.get("features", ())),
        fact=item.get("fact", ""),
        source=source,
        measured_to=item.get("measured_to"),
    )


def _check_sources(inputs: Mapping[str, Entry], place: Text) -> None:
    numbers = [name for name, entry in inputs.items() if entry.range is not None]
    for entry in inputs.values():
        for name in entry.source.of if entry.source else ():
            if name not in numbers:
                raise place.caused(unknown("input that is a number", name, numbers), f"[inputs.{entry.name}]", name)


def _check_unit(name: str, item: Mapping[str, Any], place: Text) -> None:
    where = f"[inputs.{name}]"
    unit = item.get("unit")
    if unit is None:
        raise place.error(f'input {name} is a number without a unit; give `unit` ("1" where it has none)', where)
    end = UNIT_ENDS.get(unit)
    if unit != "1" and end is None:
        raise place.caused(unknown("unit", unit, [*UNIT_ENDS, "1"]), where, "unit")
    if end is not None and not name.endswith(end):
        raise place.error(f"input {name} is in {unit}, so its name must end with {end}", where)
    if unit == "1" and name.endswith(tuple(UNIT_ENDS.values())):
        raise place.error(f"the name of input {name} speaks of a unit, and its unit is 1", where, "unit")
    if "range" not in item:
        raise place.error(f"input {name} is a number without a range; give the least and greatest allowed", where)


def _conditions(item: Mapping[str, Any], domains: Domains, place: Text, where: str) -> dict[str, Values]:
    found = {}
    for name, told in item.items():
        if name not in domains:
            raise place.caused(unknown("input or variable", name, domains), where, name)
        try:
            found[name] = condition_of(str(told), domains[name])
        except InputError as error:
            raise place.caused(error, where, name) from None
    return found


def condition_of(text: str, allowed: Values) -> Values:
    """The values that a cell allows, out of those that the variable may have."""
    if isinstance(allowed, Interval):
        try:
            return interval(text)
        except ValueError as error:
            raise InputError(str(error)) from None
    words = [word.strip() for word in text.split("/")]
    for word in words:
        if word not in allowed:
            raise unknown("choice", word, sorted(allowed))
    return frozenset(words)


def _guard(item: Mapping[str, Any], domains: Domains, place: Text) -> Guard:
    when = _conditions(item["when"], domains, place, item["id"])
    return Guard(item["id"], when, item["says"], bool(item.get("needed", False)))


def _contradiction(item: Mapping[str, Any], domains: Domains, place: Text) -> Contradiction:
    when = _conditions(item.get("when", {}), domains, place, item["id"])
    greater = tuple(item.get("greater", ()))
    for name in greater:
        if name not in domains:
            raise place.caused(unknown("input or variable", name, domains), item["id"], name)
    if bool(when) == bool(greater):
        raise place.error(f"contradiction {item['id']} needs either `when` or `greater`", item["id"])
    return Contradiction(item["id"], item["says"], when, greater, bool(item.get("undefined", False)))


def _score(item: Mapping[str, Any], inputs: Mapping[str, Entry], place: Text) -> Score:
    for name, points in item["points"].items():
        if name not in inputs:
            raise place.caused(unknown("input", name, inputs), item["gives"], name)
        allowed = domain(inputs[name])
        for word in points:
            if not isinstance(allowed, frozenset) or word not in allowed:
                raise place.caused(unknown(f"choice of {name}", word, inputs[name].choices), item["gives"], word)
        if isinstance(allowed, frozenset) and set(points) != allowed:
            raise place.error(f"{name}: no points for {', '.join(sorted(allowed - set(points)))}", item["gives"], name)
    domains = {name: domain(entry) for name, entry in inputs.items()}
    fixed_when = _conditions(item.get("fixed_when", {}), domains, place, item["gives"])
    several = frozenset(name for name in item["points"] if inputs[name].kind == "choices")
    return Score(item["gives"], item["points"], fixed_when, item.get("fixed", 0), item.get("start", 0), several)


def _table(item: Mapping[str, Any], domains: Domains, place: Text) -> Table:
    shared = _conditions(item.get("where", {}), domains, place, item["id"])
    takes, gives, rows = read_rows(item["rows"], domains, shared, place, condition_of)
    for name in gives:
        words = frozenset(row.then[name] for row in rows)
        known = domains.get(name, frozenset())
        domains[name] = words | known if isinstance(known, frozenset) else known
    way, modifier = item.get("way", ""), bool(item.get("modifier", False))
    return Table(item["id"], item.get("title", item["id"]), takes, gives, rows, way, modifier)


def _monotone(item: Mapping[str, Any], domains: Domains, place: Text) -> Monotone:
    for key in ("gives", "along"):
        if item[key] not in domains:
            raise place.caused(unknown("variable", item[key], domains), item[key])
    return Monotone(item["gives"], item["along"], bool(item.get("rises", True)))


def _answer(told: list[str], domains: Domains, place: Text) -> tuple[str, ...]:
    for name in told:
        if name not in domains:
            raise place.caused(unknown("variable", name, domains), "answer", name)
    return tuple(told)
