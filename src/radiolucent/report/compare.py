"""The page on which all segmentation methods stand side by side: scores, costs, and their outlines on some pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .blocks import Block, Cell, Pictures, Prose, Table, count_cell, figure_cell, figure_head, name_cell, number_cell
from .numbers import Fig, interval
from .shell import rendered
from .study import Gallery, Picture
from .texts import Texts, texts


@dataclass(frozen=True)
class Compared:
    """One method: scores with intervals (none without a mask), how often nothing was found, costs, and refusals."""

    method: str
    family: str
    scores: Mapping[str, Fig]
    runs: int
    empty: int
    seconds: float | None
    peak_mb: float | None
    refused: int = 0
    why: str = ""


@dataclass(frozen=True)
class Sheet:
    """One picture of the contact sheet: with the reference's outline, then with each method's."""

    name: str
    reference: bytes
    outlines: Mapping[str, bytes]


def compare_page(
    methods: Sequence[Compared],
    sheets: Sequence[Sheet],
    *,
    pictures: int,
    patients: int,
    seeds: str,
    failed: Sequence[str] = (),
    version: str,
    language: str = "en",
) -> str:
    """One self-contained HTML file; `seeds` says where seeds came from, `failed` which rows were left out and why."""
    say = texts(language)
    ranked = sorted(methods, key=_rank)
    values = {
        "title": _title(say, ranked, pictures, patients),
        "next": f"{say('compare.lead')} {seeds}",
        "parts": [
            (say("compare.scores"), [_table(say, ranked), *_notes(say, ranked, failed)]),
            *((say("compare.sheet", {"name": sheet.name}), [_sheet(say, ranked, sheet)]) for sheet in sheets),
        ],
        "made": say("page.made", {"version": version}),
    }
    return rendered("check.html", say, values)


def _rank(one: Compared) -> tuple[float, str]:
    value = one.scores["dice"]["value"] if "dice" in one.scores else None
    return (-1.0 if value is None else -value, one.method)


def _title(say: Texts, ranked: Sequence[Compared], pictures: int, patients: int) -> str:
    about = {"methods": len(ranked), "n": pictures, "patients": patients}
    best = next((one for one in ranked if one.scores), None)
    if best is None:
        return say("compare.unscored", about)
    return say("compare.title", {**about, "best": best.method, "dice": interval(best.scores["dice"], 2)})


def _table(say: Texts, ranked: Sequence[Compared]) -> Table:
    names = list(dict.fromkeys(name for one in ranked for name in one.scores))
    head = (
        Cell(say("compare.method")),
        Cell(say("compare.family")),
        *(figure_head(say.name("compare_score", name), say) for name in names),
        *(Cell(say(f"compare.{key}"), is_number=True) for key in ("runs", "empty", "seconds", "memory")),
    )
    rows = tuple(
        (
            name_cell(one.method),
            Cell(say.name("compare_family", one.family)),
            *(figure_cell(one.scores.get(name), 2) for name in names),
            count_cell(one.runs),
            count_cell(one.empty),
            number_cell(one.seconds, 3),
            number_cell(one.peak_mb, 1),
        )
        for one in ranked
    )
    return Table(say("compare.table"), head, rows, say("compare.note"))


def _notes(say: Texts, ranked: Sequence[Compared], failed: Sequence[str]) -> list[Block]:
    refused = [
        say("compare.refused", {"method": one.method, "n": one.refused, "why": one.why})
        for one in ranked
        if one.refused
    ]
    left_out = [say("compare.failed", {"n": len(failed), "first": failed[0]})] if failed else []
    return [*(Prose(text, "soft") for text in refused), *(Prose(text, "warn") for text in left_out)]


def _sheet(say: Texts, ranked: Sequence[Compared], sheet: Sheet) -> Pictures:
    shots = [Picture(sheet.reference, say("compare.reference"))]
    shots += [Picture(sheet.outlines[one.method], one.method) for one in ranked if one.method in sheet.outlines]
    return Pictures(Gallery(sheet.name, say("compare.outlines"), "other", tuple(shots)))
