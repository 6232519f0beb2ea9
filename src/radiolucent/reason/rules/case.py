"""A guideline applied to a case: its measurements and facts are the inputs, and a plan may add more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from radiolucent.core import Case, Finding, InputError

from .findings import findings
from .read import UNIT_ENDS, names, read, shipped
from .types import Entry, Guideline


def guideline(
    case: Case,
    *,
    name: Annotated[
        str | None, Field(description="which guideline; none: every verified one whose measurements the case holds")
    ] = None,
    given: Annotated[
        tuple[str, ...],
        Field(description="further inputs, such as number=single or size_mm=7; they go before the case's own"),
    ] = (),
    of: Annotated[
        str | None, Field(description="take only measurements stored under this name, such as nodule; none: all")
    ] = None,
    rules: Annotated[Path | None, Field(description="a rule file of your own (.toml) instead of a guideline")] = None,
    unverified: Annotated[bool, Field(description="use a guideline that is marked unverified")] = False,
) -> tuple[Finding, ...]:
    """Conclude from a case's measurements and facts what a guideline says of them.

    Every conclusion cites guideline, version, rows, inputs and what is missing; where an input is missing the finding
    says what is needed, and nothing is guessed. Decision support for research, not a diagnosis.
    """
    told = _told(given)
    if rules is not None and name is not None:
        raise InputError("give either the name of a guideline or a rule file, not both")
    if rules is None and name is None:
        if told:
            raise InputError(f"inputs were given ({', '.join(told)}), but no guideline; give its name")
        known = [shipped(one) for one in names()]
        chosen = [one for one in known if one.status == "verified" and measured(one, case, of=of)]
    else:
        chosen = [read(rules) if rules is not None else shipped(str(name))]
    found: list[Finding] = []
    for one in chosen:
        inputs = {**facts(one, case), **measured(one, case, of=of, strict=name is not None), **told}
        found += findings(one, inputs, unverified=unverified)
    return tuple(found)


def facts(rules: Guideline, case: Case) -> dict[str, float | str]:
    """The inputs that the case's facts answer; a fact that is none of the choices answers nothing."""
    entries = [entry for entry in rules.inputs.values() if entry.fact and case.facts.get(entry.fact) is not None]
    return {
        entry.name: case.facts[entry.fact]
        for entry in entries
        if not entry.choices or case.facts[entry.fact] in entry.choices
    }


def measured(rules: Guideline, case: Case, *, of: str | None = None, strict: bool = False) -> dict[str, float | str]:
    """The inputs that the case's measurements answer, by the last part of their names."""
    known = available(case)
    found: dict[str, float | str] = {}
    for entry in rules.inputs.values():
        keys = _keys(entry.features, known, of)
        if len(keys) > 1:
            raise InputError(
                f"{rules.name}: {', '.join(keys)} could all be {entry.name}; say which by `of` (such as "
                f"{keys[0].rpartition('.')[0] or keys[0]})"
            )
        if keys:
            found[entry.name] = known[keys[0]]
        elif strict:
            _refuse_unitless(rules, entry, known, of)
    return found


def available(case: Case) -> dict[str, float]:
    """What was measured, as `place.name_unit`: features by their names, and findings of `measure` by where they are."""
    told = dict(case.features)
    for finding in case.findings:
        if finding.code.startswith("measure.") and finding.value is not None:
            unit, times = ("mm³", 1000) if finding.unit == "ml" else (finding.unit, 1)
            name = finding.code.removeprefix("measure.") + UNIT_ENDS.get(unit, "")
            place = finding.where.partition(",")[0]  # what follows the comma is the slice
            told[f"{place}.{name}" if place else name] = finding.value * times
    return told


def _keys(wanted: Iterable[str], known: Mapping[str, float], of: str | None) -> list[str]:
    """The measurements of the first of the wanted names that there are; what is of `all` stands for its parts."""
    under = [key for key in known if of is None or key == of or key.startswith(f"{of}.")]
    for name in wanted:
        keys = [key for key in under if key.rpartition(".")[2] == name]
        if keys:
            return [f"all.{name}"] if f"all.{name}" in keys else keys
    return []


def _refuse_unitless(rules: Guideline, entry: Entry, known: Mapping[str, float], of: str | None) -> None:
    end = UNIT_ENDS.get(entry.unit)
    bare = _keys([name.removesuffix(end) for name in entry.features if name.endswith(end)], known, of) if end else []
    if bare:
        raise InputError(
            f"{rules.name}: the measurement {bare[0]} has no unit in its name; {entry.name} is in {entry.unit}"
        )


def _told(given: Iterable[str]) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise InputError(f"an input is given as name=value, such as number=single, got {text!r}")
        if told.setdefault(name, value) != value:
            raise InputError(f"{name} is given twice: {told[name]} and {value}")
    return told
