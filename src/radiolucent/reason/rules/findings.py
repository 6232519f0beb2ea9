"""Conclusions as findings: each cites guideline, version, rows, inputs, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from radiolucent.core import Finding, InputError

from .engine import Conclusion, conclude
from .inputs import Told, checked, rounded, spoken
from .types import Given, Guideline

DISCLAIMER = "decision support for research, not a diagnosis"


def findings(guideline: Guideline, given: Mapping[str, Told], *, unverified: bool = False) -> tuple[Finding, ...]:
    """What a guideline says of these inputs: the conclusion first, then remarks."""
    if guideline.status == "unverified" and not unverified:
        raise InputError(
            f"{guideline.name} is unverified (no second source was found for it), and so off; --unverified uses it"
        )
    inputs = checked(guideline, given)
    found = conclude(guideline, inputs)
    return (_main(guideline, found, inputs), *_roundings(guideline, found, inputs))


def _main(guideline: Guideline, found: Conclusion, inputs: Mapping[str, Given]) -> Finding:
    doubt = found.kind != "concluded" or found.unjudged or guideline.status == "unverified"
    number = next((value for value in found.values.values() if isinstance(value, float)), None)
    return Finding(
        says=f"{guideline.title}: {_says(found)}",
        code=f"{guideline.name}:{_verdict(found)}",
        value=number,
        because=tuple(_because(guideline, found, inputs)),
        severity="warn" if doubt else "info",
    )


def _says(found: Conclusion) -> str:
    told = "; ".join(f"{name} {_word(value)}" for name, value in found.values.items())
    if found.kind == "concluded":
        return told
    if found.kind == "needs":
        needs = f"cannot classify, needs {', '.join(found.missing)}"
        return f"{told}; for the rest {needs}" if told else needs
    heads = {
        "not applicable": "does not apply",
        "contradiction": "cannot classify, the inputs contradict each other",
        "conflict": "cannot classify, rows disagree",
        "gap": "cannot classify",
    }
    return f"{heads[found.kind]}: {found.says}"


def _verdict(found: Conclusion) -> str:
    if found.kind == "concluded" and found.rows:
        return found.rows[-1][1].id
    return found.kind.replace(" ", "-")


def _because(guideline: Guideline, found: Conclusion, inputs: Mapping[str, Given]) -> list[str]:
    source = guideline.source + (f", doi:{guideline.doi}" if guideline.doi else "")
    reasons = [f"guideline: {guideline.cited} ({guideline.status}); {source}"]
    reasons += [f"table {table.title}, row {row.id}" for table, row in found.rows]
    cited = {name: value for name, value in found.used.items() if name in guideline.inputs}
    sources = [name for entry in guideline.inputs.values() if entry.source and entry.name in cited
               for name in entry.source.of if name in inputs]  # fmt: skip
    cited |= {name: inputs[name] for name in sources}
    if cited:
        reasons.append("inputs used: " + ", ".join(spoken(guideline, name, value) for name, value in cited.items()))
    if found.missing:
        reasons.append("missing: " + ", ".join(found.missing))
    if found.perhaps and found.missing:
        reasons.append("depending on that perhaps also: " + ", ".join(found.perhaps))
    if found.could and found.kind == "needs":
        reasons.append("it could be: " + "; ".join(found.could))
    reasons += [f"not judged: {remark}" for remark in found.unjudged]
    return [*reasons, DISCLAIMER]


def _roundings(guideline: Guideline, found: Conclusion, inputs: Mapping[str, Given]) -> list[Finding]:
    """A remark where a size, rounded as the guideline measures, would fall into another row."""
    remarks = []
    for name, entry in guideline.inputs.items():
        value = inputs.get(name)
        if entry.measured_to is None or not isinstance(value, float):
            continue
        as_measured = rounded(value, entry.measured_to)
        other = conclude(guideline, {**inputs, name: as_measured})
        if (other.kind, other.values) != (found.kind, found.values):
            remarks.append(
                Finding(
                    f"{guideline.title} measures {name} to the nearest {entry.measured_to:g} {entry.unit}: "
                    f"{as_measured:g} {entry.unit} would give {_says(other)}",
                    code=f"{guideline.name}:rounding",
                    because=(spoken(guideline, name, value), DISCLAIMER),
                    severity="warn",
                )
            )
    return remarks


def _word(value: Given) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
