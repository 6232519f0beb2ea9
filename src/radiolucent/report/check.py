"""The page of a check: what is wrong with each series, and where its slices lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from radiolucent.core import Finding, Severity

from .blocks import Block, Cell, Figure, Prose, Table, name_cell, text_cell
from .charts.planes import Outline, three_planes
from .numbers import number
from .shell import rendered
from .texts import Texts, texts

MOST_SHOWN = 30
"""So many series are shown in full, the gravest first; the others are listed."""

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
        "parts": _parts(say, series),
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


def _parts(say: Texts, series: Sequence[CheckedSeries]) -> list[tuple[str, list[Block]]]:
    """What is broken, series by series from the gravest on, and what was measured of all."""
    ranked = sorted(series, key=_gravity)
    shown, others = ranked[:MOST_SHOWN], ranked[MOST_SHOWN:]
    several = len(series) > 1
    parts: list[tuple[str, list[Block]]] = []
    if several and any(one.findings for one in series):
        parts.append((say("check.together"), [_summary(say, ranked)]))
    parts += [(one.name, _blocks(say, one, number, with_quality=not several)) for number, one in enumerate(shown)]
    if others:
        parts.append((say("check.others"), [_others(say, others)]))
    if several and any(one.quality for one in series):
        parts.append((say("check.all_quality"), [_all_quality(say, series)]))
    return parts


def _gravity(one: CheckedSeries) -> int:
    return min((SEVERITIES.index(finding.severity) for finding in one.findings), default=len(SEVERITIES))


def _blocks(say: Texts, one: CheckedSeries, k: int, *, with_quality: bool) -> list[Block]:
    blocks: list[Block] = [_table(say, one) if one.findings else Prose(say("check.none"))]
    if one.outlines:
        blocks.append(_geometry(say, one, k))
    if one.quality and with_quality:
        blocks.append(_quality(say, one))
    return blocks


def _summary(say: Texts, ranked: Sequence[CheckedSeries]) -> Table:
    """Each rule that is broken, with the number of series and one of them."""
    where: dict[tuple[int, str], list[str]] = {}
    for one in ranked:
        for severity, code in sorted({(SEVERITIES.index(found.severity), found.code) for found in one.findings}):
            where.setdefault((severity, code), []).append(one.name)
    head = (
        Cell(say("head.rule")), Cell(say("head.severity")), Cell(say("head.series"), is_number=True),
        Cell(say("check.example")),
    )  # fmt: skip
    rows = tuple(
        (
            name_cell(code), text_cell(say.name("severity", SEVERITIES[severity])),
            Cell(number(len(names), 0), is_number=True), text_cell(names[0]),
        )
        for (severity, code), names in sorted(where.items())
    )  # fmt: skip
    return Table(say("check.summary"), head, rows, say("check.summary_note"))


def _others(say: Texts, others: Sequence[CheckedSeries]) -> Table:
    head = (Cell(say("head.series")), Cell(say("head.rule")))
    rows = tuple(
        (name_cell(one.name), text_cell(", ".join(dict.fromkeys(found.code for found in one.findings))))
        for one in others
    )
    return Table(say("check.others"), head, rows, say("check.others_note"))


def _all_quality(say: Texts, series: Sequence[CheckedSeries]) -> Table:
    """A row an image, a column a figure, for a spreadsheet."""
    images = [
        (one.name if len(one.quality) == 1 else f"{one.name}: {image}", figures)
        for one in series
        for image, figures in one.quality.items()
    ]
    names = list(dict.fromkeys(name for _, figures in images for name in figures))
    head = (Cell(say("head.series")), *(Cell(name, is_number=True) for name in names))
    rows = tuple((name_cell(image), *(_figure(figures.get(name)) for name in names)) for image, figures in images)
    return Table(say("check.all_quality"), head, rows, say("check.quality_note"))


def _figure(value: float | None) -> Cell:
    return Cell("" if value is None else f"{value:.4g}", is_number=True)


def _table(say: Texts, one: CheckedSeries) -> Table:
    heads = [say(f"head.{key}") for key in ("rule", "severity", "says", "value", "limit", "where")]
    head = tuple(Cell(text, is_number=k == 3) for k, text in enumerate(heads))
    columns = len(heads) if any(finding.where for finding in one.findings) else len(heads) - 1
    rows = tuple(_row(say, finding)[:columns] for finding in one.findings)
    return Table(say("check.table"), head[:columns], rows)


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
    rows = tuple((name_cell(name), *(_figure(figures.get(name)) for figures in one.quality.values())) for name in names)
    return Table(say("check.quality"), head, rows, say("check.quality_note"))
