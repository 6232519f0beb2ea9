"""The graph in memory, and queries on it: an answer is a table, an error says where in the query it is."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Store

from radiolucent.core import InputError

from .names import PREFIXES, full, short

MOST = 10_000
"""Rows that an answer has at most."""

_APART = re.compile(r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*', re.S)
"""What is no keyword in a query: texts, IRIs, remarks."""


@dataclass(frozen=True)
class Answer:
    """A table of texts; nodes are written in short (`oifm:OIFM_GMTS_004244`)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@cache
def graph() -> Store:
    """The whole graph, read once; nobody writes to it."""
    store = Store()
    packed = (files(__package__) / "graph.trig.gz").read_bytes()
    store.load(gzip.decompress(packed), format=RdfFormat.TRIG, lenient=True)  # our own file: nothing to validate
    return store


def query(text: str, about: Mapping[str, str] | None = None, *, most: int = MOST) -> Answer:
    """Put a SPARQL query to the graph (all sources as one; `GRAPH ?source` tells them apart).

    `about` says for which nodes variables stand. SELECT gives its columns, ASK yes or no, CONSTRUCT triples. A query
    that cannot be read, or that would leave this machine (SERVICE), is refused.
    """
    if not text.strip():
        raise InputError(
            "the query is empty; for example: SELECT ?name WHERE { ?it a rl:Guideline ; skos:prefLabel ?name }"
        )
    if re.search(r"\bSERVICE\b", _APART.sub(" ", text), re.I):
        raise InputError(
            "the query asks another machine (SERVICE); the graph answers from what is here, leave that out"
        )
    for name, node in (about or {}).items():
        text = re.sub(rf"\?{name}\b", f"<{full(node)}>", text)
    try:
        found = graph().query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise InputError(_where(text, str(error))) from None
    if isinstance(found, QueryBoolean):
        return Answer(("answer",), (("yes" if found else "no",),))
    if isinstance(found, QuerySolutions):
        columns = tuple(variable.value for variable in found.variables)
        return Answer(columns, tuple(tuple(_text(row[name]) for name in columns) for row in islice(found, most)))
    triples = tuple((_text(t.subject), _text(t.predicate), _text(t.object)) for t in islice(found, most))
    return Answer(("subject", "predicate", "object"), triples)


def _text(term: object) -> str:
    if term is None:
        return ""
    return short(term.value) if isinstance(term, NamedNode) else term.value if isinstance(term, Literal) else str(term)


def _where(text: str, message: str) -> str:
    place = re.match(r"error at (\d+):(\d+): (.*)", message, re.S)
    if place is None:
        return f"the query cannot be read: {message}; the prefixes there are: {', '.join(PREFIXES)}"
    line, column = int(place[1]), int(place[2])
    lines = text.splitlines()
    near = lines[line - 1][max(0, column - 1) :][:30].strip() if line <= len(lines) else ""
    at = f"at {near!r}" if near else "at its end"
    if "Prefix not found" in place[3]:
        return f"the query cannot be read, line {line}, column {column}: an unknown prefix; there are: {', '.join(PREFIXES)}"
    wanted = [
        word for word in place[3].removeprefix("expected ").removeprefix("one of ").split(", ") if "[" not in word
    ]
    hint = f"; expected {' or '.join(wanted[:6])}" if wanted else ""
    return f"the query cannot be read, line {line}, column {column}, {at}{hint}"
