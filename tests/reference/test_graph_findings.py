"""Names of findings beside 2,150 finding models (OIFM, MIT): the graph holds their names, so this tries the linking alone."""

import json
from functools import cache

import pytest
from shared import shared

from radiolucent.reason.graph import link
from radiolucent.reason.graph.words import closed, key, loose

BRITISH = {
    "edema": "oedema",
    "hemat": "haemat",
    "hemorr": "haemorr",
    "tumor": "tumour",
    "fetal": "foetal",
    "anemia": "anaemia",
}


@cache
def terms():
    """Every name and synonym of every model with the model's node."""
    models = json.loads(shared("reference/kg-oifm/oifm-index.json").read_text())
    return [(f"oifm:{m['oifm_id']}", text) for m in models for text in (m["name"], *(m["synonyms"] or ()))]


def british(text):
    for american, other in BRITISH.items():
        text = text.replace(american, other)
    return text


def many(text):
    """The plural, where the last word is a plain English singular."""
    if text.endswith(("s", "is", "x", "ly", "ed")) or not text.isascii():
        return text
    if text.endswith("y") and text[-2] not in "aeiou":
        return text[:-1] + "ies"
    return text + ("es" if text.endswith(("ch", "sh")) else "s")


WAYS = {
    "as it is": str,
    "in capitals": str.upper,
    "in the plural": many,
    "with hyphens": lambda text: text.replace(" ", "-"),
    "without hyphens": lambda text: text.replace("-", " "),
    "in British spelling": british,
    "with an article": lambda text: f"the {text}",
}


def test_the_models_names_alone_do_not_give_their_synonyms(record_property):
    """What linking owes to the listed synonyms: by names alone, it finds 3 % of 2,095; it goes by lists and guesses nothing."""
    models = json.loads(shared("reference/kg-oifm/oifm-index.json").read_text())
    names = {change(key(m["name"])): m["oifm_id"] for change in (str, loose, closed) for m in models}
    found = [
        m["oifm_id"] in {names.get(change(key(text))) for change in (str, loose, closed)}
        for m in models
        for text in m["synonyms"] or ()
    ]
    record_property("difference", 1 - sum(found) / len(found))
    assert sum(found) / len(found) < 0.05


@pytest.mark.parametrize("way", WAYS)
def test_each_name_and_synonym_is_linked_to_its_id(way, record_property):
    """Recall over 4,245 names: the id is among the nodes that a name may mean (a synonym may be that of several)."""
    found = [node in {it.node for it in link(WAYS[way](text))} for node, text in terms()]
    record_property("difference", 1 - sum(found) / len(found))
    assert len(found) > 4000
    assert sum(found) / len(found) >= 0.97


def test_the_first_node_is_the_right_one_for_most_names(record_property):
    """Several models share a synonym, and some synonyms are wider than their model: there our own terms come first."""
    first = [link(text)[0].node == node for node, text in terms()]
    record_property("difference", 1 - sum(first) / len(first))
    assert sum(first) / len(first) >= 0.97
