"""The page of reports that were read: labels, and every mention marked where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .blocks import Cell, Prose, Table, count_cell, name_cell
from .shell import rendered
from .texts import Texts, texts

MOST_SHOWN = 200
"""Reports that the page shows with their marks; the tables count all."""


@dataclass(frozen=True)
class Mark:
    """Characters `start` to `end` of a report, what they state ("present", "possible", "absent", "aside"), and a note."""

    start: int
    end: int
    state: str
    note: str


@dataclass(frozen=True)
class ShownReport:
    """One report: its name on the page, its text, its marks, its labels (1, 0, -1), and why it could not be read."""

    name: str
    text: str
    marks: tuple[Mark, ...] = ()
    labels: Mapping[str, int | None] | None = None
    problem: str = ""


def report_text_page(
    shown: Sequence[ShownReport], *, version: str, remarks: Sequence[str] = (), language: str = "en"
) -> str:
    """One self-contained HTML file; it holds the reports' text, which may identify."""
    say = texts(language)
    unread = [one for one in shown if one.problem]
    notes = [Prose(say("report_text.identify"), "warn")]
    notes += [Prose(remark, "warn") for remark in remarks]
    if unread:
        notes.append(Prose(say("report_text.unread", {"n": len(unread), "first": unread[0].problem}), "warn"))
    if len(shown) > MOST_SHOWN:
        notes.append(Prose(say("report_text.more", {"n": MOST_SHOWN, "all": len(shown)}), "soft"))
    values = {
        "title": say("report_text.title", {"reports": say.count("reports", len(shown))}),
        "next": say("report_text.lead"),
        "parts": [(say("report_text.counts"), [_counts(say, shown), *notes])],
        "legend": [(state, say(f"report_text_state.{state}")) for state in ("present", "possible", "absent", "aside")],
        "reports": [_shown(say, one) for one in shown[:MOST_SHOWN]],
        "heading": say("report_text.evidence"),
        "made": say("page.made", {"version": version}),
    }
    return rendered("report_text.html", say, values)


def _counts(say: Texts, shown: Sequence[ShownReport]) -> Table:
    """How many reports state, doubt and deny each label."""
    names = next((list(one.labels) for one in shown if one.labels), [])
    head = [
        Cell(say("report_text.label")),
        *(Cell(say(f"report_text_state.{s}"), is_number=True) for s in ("present", "possible", "absent")),
    ]
    head.append(Cell(say("report_text.blank"), is_number=True))
    rows = []
    for name in names:
        said = [one.labels.get(name) for one in shown if one.labels]
        rows.append((name_cell(name), *(count_cell(sum(value == v for value in said)) for v in (1, -1, 0, None))))
    return Table(say("report_text.counts"), tuple(head), tuple(rows), say("report_text.note"))


def _shown(say: Texts, one: ShownReport) -> dict[str, object]:
    stated = [name for name, value in (one.labels or {}).items() if value == 1]
    doubted = [name for name, value in (one.labels or {}).items() if value == -1]
    line = say("report_text.stated", {"names": ", ".join(stated) or say("report_text.none")})
    if doubted:
        line += " " + say("report_text.doubted", {"names": ", ".join(doubted)})
    return {
        "name": say("report_text.name", {"n": one.name}),
        "line": one.problem or line,
        "pieces": pieces(one.text, one.marks),
    }


def pieces(text: str, marks: Sequence[Mark]) -> list[tuple[str, str, str]]:
    """The text cut into pieces (words, state, note); of marks that overlap the one that begins first is kept, then the longest."""
    out, here = [], 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if mark.start < here:
            continue
        out += [(text[here : mark.start], "", ""), (text[mark.start : mark.end], mark.state, mark.note)]
        here = mark.end
    return [piece for piece in [*out, (text[here:], "", "")] if piece[0]]
