"""Codes that we emit beside DICOM's own (PS3.16 as pydicom's dictionaries, 2026): each exists, with the meaning we give it."""

import json
from functools import cache

import pytest
from shared import shared

from radiolucent.deid.pixels import CLEAN_PIXEL_DATA, CLEAN_VISUAL_FEATURES
from radiolucent.deid.profile import BASIC, CLEAN, KEEP
from radiolucent.measure.radiomics import IBSI_CODES
from radiolucent.reason.graph import query
from radiolucent.reason.graph.names import scheme_and_value
from radiolucent.reason.graph.words import key

OWN_IDS = ("GAMUTS", "RADELEMENT")
"""Schemes that DICOM does not use: their ids come from the finding models."""

ALIAS = {
    "first": "1", "second": "2", "rms": "", "of": "", "measure": "", "index": "", "in": "", "a": "", "from": "", "the": "",
    "3d": "", "gray": "grey", "nonuniformity": "non uniformity", "10th": "10", "90th": "90",
    "kurtosis": "excess kurtosis", "centre": "center",
}  # fmt: skip
"""Words that the two ways of naming features differ in."""


@cache
def dicom():
    """Every meaning that the reference has for a code."""
    meanings = {}
    for scheme, words in json.loads(shared("reference/kg-pydicom-sr/concepts.json").read_text()).items():
        for codes in words.values():
            for value, (meaning, _) in codes.items():
                meanings.setdefault((scheme, value), set()).add(meaning)
    return meanings


def told(record_property, wrong, n):
    record_property("difference", len(wrong) / n)
    assert wrong == [], f"{len(wrong)} of {n}"


@pytest.mark.parametrize("scheme", ["SCT", "DCM", "LN", "RADLEX", "IBSI", "UCUM"])
def test_every_code_that_the_graph_has_from_dicom_has_the_meaning_that_it_has_there(scheme, record_property):
    rows = query(
        "SELECT ?code ?meaning WHERE { GRAPH source:dicom { ?code a rl:Code ; skos:prefLabel ?meaning } }"
    ).rows
    codes = [(scheme_and_value(code), meaning) for code, meaning in rows]
    own = [(pair, meaning) for pair, meaning in codes if pair[0] == scheme]
    told(record_property, [pair for pair, meaning in own if meaning not in dicom().get(pair, ())], len(own))


def test_no_code_of_dicoms_schemes_stands_in_the_graph_without_a_source_that_says_so(record_property):
    rows = query("SELECT ?code ?source WHERE { GRAPH ?source { ?code a rl:Code } }").rows
    pairs = [(scheme_and_value(code), source) for code, source in rows]
    kept = [(pair, source) for pair, source in pairs if pair[0] not in OWN_IDS]
    strange = [pair for pair, source in kept if pair not in dicom() and source == "source:dicom"]
    told(record_property, strange, len(kept))


def test_terms_are_coded_by_codes_of_their_own_name(record_property):
    rows = query("""SELECT ?name ?code WHERE { GRAPH source:equal { ?it skos:exactMatch ?code } ?it skos:prefLabel ?name .
        FILTER NOT EXISTS { ?it a rl:Anatomy } }""").rows
    wrong = [(name, code) for name, code in rows
             if key(name) not in {key(meaning) for meaning in dicom()[scheme_and_value(code)]}]  # fmt: skip
    told(record_property, wrong, len(rows))


def test_the_codes_of_deidentification_are_those_of_context_group_7050(record_property):
    emitted = {BASIC, CLEAN_PIXEL_DATA, CLEAN_VISUAL_FEATURES, *KEEP.values(), *CLEAN.values()}
    group = json.loads(shared("reference/kg-pydicom-sr/cid.json").read_text())["cid_concepts"]["7050"]["DCM"]
    words = json.loads(shared("reference/kg-pydicom-sr/concepts.json").read_text())["DCM"]
    members = {(value, meaning) for word in group for value, (meaning, _) in words[word].items()}
    told(record_property, sorted(emitted - members), len(emitted))


def test_the_derivation_code_of_lossy_compression_exists():
    assert "Lossy Compression" in dicom()["DCM", "113040"]


FAMILIES = {"glrlm": "run", "glszm": "size zone", "gldzm": "distance zone", "enclosing": "minimum volume enclosing"}
EXTREMES = {"histogram_minimum": "histogram_minimum grey level", "histogram_maximum": "histogram_maximum grey level"}
"""What our names leave to the family, and DICOM's spell out."""


def named(text, *, ours=False):
    """A feature's words, as DICOM would write them."""
    words = key(EXTREMES.get(text, text)).split()
    words = [part for word in words for part in (FAMILIES.get(word, word) if ours else word).split()]
    return frozenset(part for word in words for part in ALIAS.get(word, word).split() if part)


def test_the_ibsi_codes_of_features_mean_those_features(record_property):
    """Of all meanings of IBSI codes in DICOM, the one with most words of our name is that of our code, or as good."""
    scored = {value: {named(m) for m in meanings} for (scheme, value), meanings in dicom().items() if scheme == "IBSI"}
    both = {name: value for name, value in IBSI_CODES.items() if value in scored}
    wrong = []
    for name, value in both.items():
        likeness = {
            code: max(overlap(named(name, ours=True), words) for words in all_) for code, all_ in scored.items()
        }
        if likeness[value] < max(likeness.values()):
            wrong.append((name, value, max(likeness, key=likeness.get)))
    assert len(both) >= 147
    told(record_property, wrong, len(both))


def overlap(one, other):
    return len(one & other) / len(one | other)
