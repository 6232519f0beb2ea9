"""From a term to its nodes, from the command line."""

import json

import pytest

from radiolucent.cli import main
from radiolucent.core import InputError
from radiolucent.flow.recipes.link import link


def test_a_term_is_linked_to_its_nodes_the_likeliest_first(capsys):
    assert main(["reason", "link", "Pleural effusions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["node", "kind", "name", "by"]
    assert lines[1].startswith("oifm:OIFM_CDE_000254")


def test_kinds_narrow_the_nodes_and_json_has_them_all():
    assert [row["kind"] for row in json.loads(link("lung", kind="Anatomy", form="json"))] == ["Anatomy"]


def test_an_unknown_term_is_an_error_with_the_nearest_names():
    with pytest.raises(InputError, match="the nearest are: Pleural Effusion"):
        link("pleural efusion")
