"""The page of one case's findings: conclusions with what they rest on, then remarks, then measures."""

from __future__ import annotations

from collections.abc import Sequence

from radiolucent.core import Finding

from .blocks import Block, Cell, Points, Prose, Table, Tone, name_cell, text_cell
from .shell import rendered
from .texts import Texts, texts


def conclusions_page(found: Sequence[Finding], *, key: str, version: str, language: str = "en") -> str:
    """One self-contained HTML file: each conclusion with its guideline, rows, inputs, and what is missing.

    A conclusion is a finding that says what it rests on and is no measure; it comes first, gravest first.
    """
    say = texts(language)
    measures = [one for one in found if one.code.startswith("measure.") and one.value is not None]
    others = [one for one in found if one not in measures]
    drawn = [one for one in others if one.because and not one.code.startswith("measure.")]
    remarks = [one for one in others if one not in drawn]
    values = {
        "title": drawn[0].says if drawn else say("conclusions.none"),
        "next": say("conclusions.lead", {"key": key or say("conclusions.unnamed")}),
        "parts": [
            part
            for part in (
                (say("conclusions.drawn"), [block for one in drawn for block in _conclusion(one)]),
                (say("conclusions.remarks"), [Points(tuple((Prose(_told(one), _tone(one)), "") for one in remarks))]),
                (say("conclusions.measures"), [_table(say, measures)]),
            )
            if part[0] in _kept(say, drawn, remarks, measures)
        ],
        "made": say("page.made", {"version": version}),
    }
    return rendered("check.html", say, values)


def _kept(say: Texts, drawn: Sequence[Finding], remarks: Sequence[Finding], measures: Sequence[Finding]) -> set[str]:
    lists = {"drawn": drawn, "remarks": remarks, "measures": measures}
    return {say(f"conclusions.{name}") for name, items in lists.items() if items}


def _conclusion(one: Finding) -> list[Block]:
    return [Prose(_told(one), _tone(one)), Points(tuple((Prose(reason, "soft"), "") for reason in one.because))]


def _told(one: Finding) -> str:
    return f"{one.says} [{one.where}]" if one.where else one.says


def _tone(one: Finding) -> Tone:
    tones: dict[str, Tone] = {"block": "stop", "warn": "warn", "info": "plain"}
    return tones[one.severity]


def _table(say: Texts, measures: Sequence[Finding]) -> Table:
    head = tuple(
        Cell(say(f"conclusions.{name}"), is_number=name == "value") for name in ("what", "where", "value", "unit")
    )
    rows = tuple(
        (
            name_cell(one.says.partition(f" {one.value:.4g}")[0]),
            text_cell(one.where),
            Cell(f"{one.value:.4g}", is_number=True),
            text_cell("" if one.unit == "1" else one.unit),
        )
        for one in measures
    )
    return Table(say("conclusions.table"), head, rows)
