"""What stands around a node: everything that is said of it, in both directions, with the source of each statement."""

from __future__ import annotations

from dataclasses import dataclass

from .linking import Link
from .names import KINDS
from .store import query

NAMES = ("skos:prefLabel", "skos:altLabel", "rdf:type")
"""What a node is called and is; told apart from what it has to do with others."""

_AROUND = """SELECT DISTINCT ?out ?relation ?it ?name ?kind ?source WHERE {
  { GRAPH ?source { ?a ?relation ?it } BIND("out" AS ?out) } UNION { GRAPH ?source { ?it ?relation ?a } BIND("in" AS ?out) }
  ?it skos:prefLabel ?name ; a ?kind
} ORDER BY ?out ?relation ?name"""
_CALLED = """SELECT DISTINCT ?name (LANG(?name) AS ?language) ?source WHERE {
  GRAPH ?source { ?a skos:prefLabel|skos:altLabel ?name } } ORDER BY ?language ?name"""
_VALUES = """SELECT DISTINCT ?relation ?value WHERE {
  ?a ?relation ?value FILTER(isLiteral(?value) && LANG(?value) = "") } ORDER BY ?relation"""


@dataclass(frozen=True)
class Edge:
    """One statement that joins the centre with another node; `outgoing` where the centre is its subject."""

    relation: str
    outgoing: bool
    node: str
    name: str
    kind: str
    source: str


@dataclass(frozen=True)
class Neighbourhood:
    """A node, its edges, its names with language and source, and its plain values (unit, version ...)."""

    centre: Link
    edges: tuple[Edge, ...]
    names: tuple[tuple[str, str, str], ...]
    values: tuple[tuple[str, str], ...]


def neighbourhood(centre: Link) -> Neighbourhood:
    """Everything that the graph says of one node."""
    about = {"a": centre.node}
    found: dict[tuple[str, str, str, str], Edge] = {}
    for out, relation, node, name, kind, source in query(_AROUND, about).rows:
        edge = Edge(relation, out == "out", node, name, kind.removeprefix("rl:"), source)
        place = (out, relation, node, source)
        # a node of two kinds is shown once, as the kind that is nearer to a person's words
        if place not in found or KINDS.index(edge.kind) < KINDS.index(found[place].kind):
            found[place] = edge
    names = tuple((name, language, source) for name, language, source in query(_CALLED, about).rows)
    values = tuple((relation, value) for relation, value in query(_VALUES, about).rows)
    return Neighbourhood(centre, tuple(found.values()), names, values)
