"""Guidelines as pages for people: tables, source, version, status; made from the rule files."""

from __future__ import annotations

from collections.abc import Iterator

from .findings import DISCLAIMER
from .read import names, shipped
from .sets import condition, spelled
from .types import Entry, Guideline, Table


def page() -> str:
    """The page docs/guidelines.md: every guideline that ships."""
    known = [shipped(name) for name in names()]
    head = [
        "# Guidelines",
        "",
        "Made by `python -m radiolucent.cli.handbook docs` from the rule files in `src/radiolucent/reason/guidelines`; do "
        "not edit.",
        "",
        f"Not a diagnosis: what these tables conclude is {DISCLAIMER}. RADS names are trademarks of the American College of "
        "Radiology, which did not make or check these files; tables are paraphrased from the sources that each names.",
        "",
        "| guideline | version | status | what it does |",
        "|---|---|---|---|",
    ]
    rows = [f"| [{one.name}](#{one.name}) | {one.version} | {one.status} | {_cell(one.about)} |" for one in known]
    return "\n".join([*head, *rows, "", *(line for one in known for line in section(one))])


def section(guideline: Guideline) -> Iterator[str]:
    """One guideline: where it is from, what it asks, when it applies, and all its tables."""
    source = guideline.source + (f", [doi:{guideline.doi}](https://doi.org/{guideline.doi})" if guideline.doi else "")
    yield from (
        f"## {guideline.name}",
        "",
        f"**{guideline.title}**, version {guideline.version}. {guideline.about}",
        "",
    )
    off = "; off unless `--unverified` is given" if guideline.status == "unverified" else ""
    yield from (f"- Status: {guideline.status}{off}", f"- Source: {source}", f"- Not a diagnosis: {DISCLAIMER}")
    if guideline.note:
        yield f"- {guideline.note}"
    yield from ("", "| input | unit | allowed | what it is |", "|---|---|---|---|")
    for entry in guideline.inputs.values():
        yield f"| `{entry.name}` | {entry.unit} | {_cell(_allowed(entry))} | {_cell(_explained(entry))} |"
    yield ""
    yield from _limits(guideline)
    for score in guideline.scores:
        yield from (f"Points ({score.gives}), summed from {score.start}:", "", "| input | points |", "|---|---|")
        for name, points in score.points.items():
            yield f"| `{name}` | {', '.join(f'{word} {value}' for word, value in points.items())} |"
        if score.fixed_when:
            yield f"| {_cell(spelled(score.fixed_when))} | {score.fixed} in all |"
        yield ""
    for table in guideline.tables:
        yield from _table(table)


def _limits(guideline: Guideline) -> Iterator[str]:
    lines = [f"- Not where {spelled(one.when)}: {one.says}." for one in guideline.guards]
    for one in guideline.contradictions:
        when = f"{one.greater[0]} above {one.greater[1]}" if one.greater else spelled(one.when)
        lines.append(f"- {'Not classified' if one.undefined else 'Contradictory'}: {when}: {one.says}.")
    if lines:
        yield from (*lines, "")


def _table(table: Table) -> Iterator[str]:
    takes = list(dict.fromkeys(name for row in table.rows for name in row.when))
    changes = " (changes what the tables above gave, where its inputs are given)" if table.modifier else ""
    yield from (f"{table.title}{changes}:", "", f"| row | {' | '.join((*takes, *table.gives))} |")
    yield "|---" * (1 + len(takes) + len(table.gives)) + "|"
    for row in table.rows:
        cells = [condition(row.when[name]).removeprefix("= ") if name in row.when else "" for name in takes]
        cells += [row.then[name] for name in table.gives]
        yield f"| {row.id} | {' | '.join(map(_cell, cells))} |"
    yield ""


def _allowed(entry: Entry) -> str:
    if entry.kind == "flag":
        return "yes, no"
    if entry.range is not None:
        return f"{entry.range[0]:g} to {entry.range[1]:g}"
    return ", ".join(entry.choices) + (" (all that apply)" if entry.kind == "choices" else "")


def _explained(entry: Entry) -> str:
    extra = ""
    if entry.source is not None:
        to = f" to the nearest {entry.source.to:g} {entry.unit}" if entry.source.to else ""
        extra = f"; or the {entry.source.how.replace('_', ' ')} of {' and '.join(entry.source.of)}{to}"
    return entry.help + extra + (f" ({entry.code})" if entry.code else "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
