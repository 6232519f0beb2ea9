"""The page of a check: what is wrong with each series, and where its slices lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from radiolucent.core import Finding, Severity

from .blocks import Block, Cell, Figure, Prose, Table, name_cell, number_cell, text_cell
from .charts.planes import Outline, three_planes
from .numbers import number
from .shell import rendered
from .texts import Texts, texts

SEVERITIES: tuple[Severity, ...] = ("block", "warn", "info")


@dataclass(frozen=True)
class CheckedSeries:
    """One series: what it is, its findings, the outline of each slice, the slices that stand out, quality by image."""

    name: str
    files: int
    findings: tuple[Finding, ...] = ()
    outlines: tuple[Outline, ...] = ()
    odd: frozenset[int] = frozenset()
    quality: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def check_page(series: Sequence[CheckedSeries], *, version: str, language: str = "en") -> str:
    """One self-contained HTML file; it names files, so it is for those who may see the data."""
    say = texts(language)
    values = {
        "title": title(say, series),
        "next": say("check.lead"),
        "parts": [(one.name, _blocks(say, one, number)) for number, one in enumerate(series)],
        "made": say("page.made", {"version": version}),
    }
    return rendered("check.html", say, values)


def title(say: Texts, series: Sequence[CheckedSeries]) -> str:
    """What was found, in one sentence."""
    n = counted(series)
    what = {"series": say.count("series", len(series)), "files": say.count("files", sum(one.files for one in series))}
    if not n["block"] and not n["warn"]:
        return say("check.clean", what)
    return say(
        "check.title", {**what, "block": say.count("serious", n["block"]), "warn": say.count("warnings", n["warn"])}
    )


def counted(series: Sequence[CheckedSeries]) -> dict[Severity, int]:
    """How many findings there are of each severity."""
    return {word: sum(f.severity == word for one in series for f in one.findings) for word in SEVERITIES}


def _blocks(say: Texts, one: CheckedSeries, k: int) -> list[Block]:
    blocks: list[Block] = [_table(say, one) if one.findings else Prose(say("check.none"))]
    if one.outlines:
        blocks.append(_geometry(say, one, k))
    if one.quality:
        blocks.append(_quality(say, one))
    return blocks


def _table(say: Texts, one: CheckedSeries) -> Table:
    heads = [say(f"head.{key}") for key in ("rule", "severity", "says", "value", "limit", "where")]
    head = tuple(Cell(text, is_number=k == 3) for k, text in enumerate(heads))
    return Table(say("check.table"), head, tuple(_row(say, finding) for finding in one.findings))


def _row(say: Texts, finding: Finding) -> tuple[Cell, ...]:
    value = "" if finding.value is None else f"{finding.value:g} {finding.unit}".strip()
    limit = "; ".join(words.removeprefix("limit: ") for words in finding.because)
    words = [say.name("severity", finding.severity), finding.says]
    return (
        name_cell(finding.code), *map(text_cell, words), Cell(value, is_number=True), text_cell(limit),
        text_cell(finding.where),
    )  # fmt: skip


def _geometry(say: Texts, one: CheckedSeries, k: int) -> Figure:
    names = [say(f"check.{plane}") for plane in ("axial", "coronal", "sagittal")]
    heading = say("check.geometry")
    sentence = say("check.odd" if one.odd else "check.even", {"n": number(len(one.outlines), 0), "odd": len(one.odd)})
    return Figure(three_planes(f"planes{k}", heading, sentence, one.outlines, one.odd, names), sentence)


def _quality(say: Texts, one: CheckedSeries) -> Table:
    names = list(dict.fromkeys(name for figures in one.quality.values() for name in figures))
    head = (Cell(say("head.measure")), *(Cell(image, is_number=True) for image in one.quality))
    rows = tuple(
        (name_cell(name), *(number_cell(figures.get(name)) for figures in one.quality.values())) for name in names
    )
    return Table(say("check.quality"), head, rows, say("check.quality_note"))
