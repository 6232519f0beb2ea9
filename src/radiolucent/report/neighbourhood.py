"""The page of one node of the knowledge graph: a picture of what stands around it, and the statements with their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .blocks import Block, Cell, Figure, Prose, Table, name_cell
from .charts.neighbours import Group, kinds_shown, legend, neighbours
from .shell import rendered
from .texts import Texts, texts

SHOWN = 12
"""Nodes of one relation that the picture shows; the table has all."""


@dataclass(frozen=True)
class Statement:
    """One statement about the node: relation, whether the node is its subject, the other node, its kind, the source."""

    relation: str
    outgoing: bool
    node: str
    name: str
    kind: str
    source: str


@dataclass(frozen=True)
class Subject:
    """The node that the page is about: name, kind, id, other names by language, plain values."""

    name: str
    kind: str
    node: str
    names: Mapping[str, Sequence[str]]
    values: Sequence[tuple[str, str]]


def neighbourhood_page(
    subject: Subject,
    statements: Sequence[Statement],
    sources: Mapping[str, tuple[str, str]],
    *,
    answer: Table | None = None,
    version: str,
    language: str = "en",
) -> str:
    """One self-contained HTML file; `sources` gives title and licence of each; `answer` is what was asked, if anything."""
    say = texts(language)
    parts = [(say("neighbourhood.around"), [_picture(say, subject, statements)])]
    if answer is not None:
        parts.insert(0, (say("neighbourhood.answer"), [answer]))
    parts.append((say("neighbourhood.statements"), [_table(say, statements)]))
    parts.append((say("neighbourhood.sources"), [_sources(say, statements, sources)]))
    about = {"name": subject.name, "kind": say.name("node_kind", subject.kind), "node": subject.node}
    values = {
        "title": say("neighbourhood.title", about),
        "next": say.sentences_of([say("neighbourhood.lead", about), *_called(say, subject)]),
        "parts": parts,
        "made": say("page.made", {"version": version}),
    }
    return rendered("check.html", say, values)


def answer_table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """An answer's rows as a table of the page."""
    return Table(caption, tuple(map(Cell, columns)), tuple(tuple(map(name_cell, row)) for row in rows), "")


def _called(say: Texts, subject: Subject) -> list[str]:
    told = [
        say(f"neighbourhood.called.{language}", {"names": say.listed(list(names), most=12)})
        for language, names in subject.names.items()
        if names and say.has(f"neighbourhood.called.{language}")
    ]
    return told + [f"{say.name('relation_out', relation)}: {value}." for relation, value in subject.values]


def _picture(say: Texts, subject: Subject, statements: Sequence[Statement]) -> Block:
    by_side: dict[tuple[bool, str], list[Statement]] = {}
    for one in statements:
        by_side.setdefault((one.outgoing, one.relation), []).append(one)
    groups = [_group(say, to_right, relation, own) for (to_right, relation), own in by_side.items()]
    if not groups:
        return Prose(say("neighbourhood.alone", {"name": subject.name}), "soft")
    title = say("neighbourhood.around")
    sentence = say("neighbourhood.sentence", {"name": subject.name, "n": len(statements)})
    drawn = neighbours("around", title, sentence, subject.name, groups)
    kinds = {kind: say.name("node_kind", kind) for kind in kinds_shown(groups)}
    return Figure((*drawn, legend("kinds", say("neighbourhood.kinds"), kinds)), sentence)


def _group(say: Texts, to_right: bool, relation: str, own: Sequence[Statement]) -> Group:
    nodes = list(dict.fromkeys((_shown(one), one.kind) for one in own))
    words = say.name("relation_out" if to_right else "relation_in", relation)
    more = [(say("neighbourhood.more", {"n": len(nodes) - SHOWN}), "")] if len(nodes) > SHOWN else []
    return Group(words, tuple(nodes[:SHOWN] + more), to_right)


def _shown(one: Statement) -> str:
    """A code needs its number beside its meaning."""
    return f"{one.name} ({one.node})" if one.kind == "Code" else one.name


def _table(say: Texts, statements: Sequence[Statement]) -> Table:
    head = tuple(Cell(say(f"neighbourhood.{key}")) for key in ("relation", "node", "kind", "source", "id"))
    rows = tuple(
        (
            name_cell(say.name("relation_out" if one.outgoing else "relation_in", one.relation)),
            Cell(one.name),
            Cell(say.name("node_kind", one.kind)),
            Cell(one.source),
            Cell(one.node),
        )
        for one in statements
    )
    return Table(say("neighbourhood.statements"), head, rows, "")


def _sources(say: Texts, statements: Sequence[Statement], sources: Mapping[str, tuple[str, str]]) -> Table:
    head = tuple(Cell(say(f"neighbourhood.{key}")) for key in ("source", "title_of", "licence"))
    used = sorted({one.source for one in statements} & sources.keys())
    rows = tuple((name_cell(name), Cell(sources[name][0]), Cell(sources[name][1])) for name in used)
    return Table(say("neighbourhood.sources"), head, rows, say("neighbourhood.note"))
