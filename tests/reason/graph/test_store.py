"""The graph itself: every statement has a source and a licence, every relation joins what it should; and queries on it."""

import gzip
import importlib.util
from importlib.resources import files

import pydicom
import pytest
from pyoxigraph import RdfFormat, parse
from shared import ROOT, shared

from radiolucent.core import InputError
from radiolucent.reason.graph import graph, query
from radiolucent.reason.graph.names import KINDS, short
from radiolucent.reason.rules.read import names, shipped


def test_every_statement_has_a_source_with_title_licence_and_origin():
    sources = {short(quad.graph_name.value) for quad in graph()}
    for predicate in ("dct:title", "dct:license", "dct:source"):
        told = query(
            f"SELECT ?source ?what WHERE {{ ?source {predicate} ?what FILTER(STRSTARTS(STR(?source), STR(source:))) }}"
        )
        assert sources <= {row[0] for row in told.rows if row[1]}


def test_every_node_has_a_kind_and_one_preferred_name():
    twice = query("SELECT ?it WHERE { ?it skos:prefLabel ?one, ?other FILTER(STR(?one) < STR(?other)) }")
    nameless = query("SELECT DISTINCT ?it WHERE { { ?it ?p ?x } UNION { ?x ?q ?it FILTER(isIRI(?it) && ?q != rdf:type) } "
                     "FILTER NOT EXISTS { ?it skos:prefLabel ?name } FILTER(!STRSTARTS(STR(?it), STR(source:))) }")  # fmt: skip
    kinds = {row[0] for row in query("SELECT DISTINCT ?kind WHERE { ?it a ?kind }").rows}
    assert twice.rows == nameless.rows == ()
    assert kinds == {f"rl:{kind}" for kind in KINDS}


RELATIONS = {
    "rl:explainedBy": ("finding", "finding"),
    "rl:contradicts": ("finding", "finding"),
    "rl:seenIn": ("finding", "Anatomy"),
    "rl:namedFor": ("finding", "Anatomy"),
    "rl:shownBy": ("finding", "Modality"),
    "rl:notShownBy": ("finding", "Modality"),
    "rl:needs": ("finding", "Measurement"),
    "rl:partOf": ("Anatomy", "Anatomy"),
    "rl:borders": ("Anatomy", "Anatomy"),
    "rl:appliesTo": ("Guideline", "finding"),
    "rl:uses": ("Guideline", "Measurement"),
    "rl:readOn": ("Guideline", "Modality"),
    "skos:member": ("ContextGroup", "Code"),
}


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_joins_the_kinds_that_it_should(relation):
    for place, kind in zip(("s", "o"), RELATIONS[relation]):
        allowed = "rl:Finding, rl:Condition" if kind == "finding" else f"rl:{kind}"
        wrong = query(
            f"SELECT ?{place} WHERE {{ ?s {relation} ?o FILTER NOT EXISTS {{ ?{place} a ?kind FILTER(?kind IN ({allowed})) }} }}"
        )
        assert wrong.rows == ()
    assert query(f"ASK {{ ?s {relation} ?o }}").rows == (("yes",),)


@pytest.mark.parametrize("relation", ["rl:partOf", "rl:explainedBy", "rl:contradicts"])
def test_nothing_is_part_of_explained_by_or_against_itself(relation):
    assert query(f"SELECT ?it WHERE {{ ?it {relation} ?it }}").rows == ()


def test_no_part_is_a_part_of_its_own_parts():
    assert query("ASK { ?it rl:partOf+ ?it }").rows == (("no",),)


def test_no_modality_both_shows_a_finding_and_cannot():
    assert query("SELECT ?it WHERE { ?it rl:shownBy ?by ; rl:notShownBy ?by }").rows == ()


@pytest.mark.parametrize(
    ("finding", "organs"),
    [
        ("porcelain gallbladder", {"gallbladder"}),
        ("slipped capital femoral epiphysis", {"femur"}),
        ("flat femoral head", {"femoral head"}),
        ("extradural lesion with normal adjacent bone", {"bone"}),
    ],
)
def test_a_finding_is_named_for_the_organ_in_its_name_the_longest_name_first(finding, organs):
    told = query(f"SELECT ?name WHERE {{ ?it skos:prefLabel '{finding}'@en ; rl:namedFor/skos:prefLabel ?name }}")
    assert {row[0] for row in told.rows} == organs


def test_what_is_told_by_words_alone_is_of_a_source_of_its_own_and_never_beside_a_curated_place():
    assert query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?it rl:namedFor ?organ } }").rows == (("source:words",),)
    assert query("ASK { ?it rl:namedFor ?organ ; rl:seenIn ?place }").rows == (("no",),)


def test_all_anatomy_lies_in_the_body():
    adrift = query(
        "SELECT ?it WHERE { ?it a rl:Anatomy FILTER(?it != term:body) FILTER NOT EXISTS { ?it rl:partOf+ term:body } }"
    )
    assert adrift.rows == ()


def test_every_guideline_that_has_rules_stands_in_the_graph_with_the_version_of_the_rules():
    told = query("SELECT ?rule ?version WHERE { ?it rl:rule ?rule ; rl:version ?version }")
    assert dict(told.rows) == {name: shipped(name).version for name in names()}


def test_at_least_two_hundred_terms_have_chinese_names():
    named = query("SELECT DISTINCT ?it WHERE { ?it skos:altLabel ?name FILTER(LANG(?name) = 'zh') }")
    assert len(named.rows) >= 200


def test_select_ask_and_construct_all_give_a_table():
    assert query("SELECT ?n WHERE { term:liver skos:prefLabel ?n }").rows == (("liver",),)
    assert query("ASK { term:liver rl:partOf term:head }").rows == (("no",),)
    assert query("CONSTRUCT { ?a rl:partOf ?b } WHERE { ?a rl:partOf ?b }", most=3).columns[1] == "predicate"
    assert len(query("SELECT ?a WHERE { ?a ?b ?c }", most=7).rows) == 7


def test_what_is_unbound_is_an_empty_cell():
    assert query("SELECT ?a ?b WHERE { BIND(1 AS ?a) }").rows == (("1", ""),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("SELECT ?s WHERE {\n ?s ?p \n}", "line 3, column 2"),
        ("SELECT ?s WHERE { ?s nowhere:x ?o }", "an unknown prefix; there are: rl, term"),
        ("PREFER x", "line 1, column"),
        ("SELECT * { SERVICE <http://example.org> { ?s ?p ?o } }", "another machine"),
        ("SELECT * { # \n service silent <http://example.org> { ?s ?p ?o } }", "another machine"),
        ("DELETE WHERE { ?s ?p ?o }", "line 1"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o } ORDER", "cannot be read"),
    ],
)
def test_a_query_that_cannot_be_answered_says_where_or_why(text, words):
    with pytest.raises(InputError, match=words):
        query(text)


def test_the_word_service_in_a_text_or_an_iri_is_no_request():
    assert query("SELECT ?s WHERE { ?s ?p 'a SERVICE', <urn:SERVICE> }").rows == ()


def test_nobody_can_write_to_the_graph_by_a_query():
    before = len(graph())
    with pytest.raises(InputError):
        query("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert len(graph()) == before


def test_what_is_shipped_is_what_its_sources_make():
    stated = query("SELECT ?title WHERE { source:dicom dct:title ?title }").rows[0][0]
    if f"pydicom {pydicom.__version__} " not in stated:
        pytest.skip(f"built from another version: {stated}")
    spec = importlib.util.spec_from_file_location("graph_script", ROOT / "scripts/graph.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    _, texts = script.built(shared("reference/kg-oifm/oifm-index.json"))
    packed = {name: (files("radiolucent.reason.graph") / f"{name}.gz").read_bytes() for name in texts}
    assert gzip.decompress(packed["lexicon.tsv"]) == texts["lexicon.tsv"], "run `make graph`"
    assert set(graph()) == set(parse(texts["graph.trig"], format=RdfFormat.TRIG)), "run `make graph`"
